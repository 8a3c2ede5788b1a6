"""Stamps of messengers: each shape is taken off, and what only looks like one stays."""

from __future__ import annotations

import pytest

from shared.domain.pasted_lists.stamps import without_stamp


@pytest.mark.parametrize(
    "stamp",
    [
        "[29.11.2026, 10:12] Вася: ",
        "[10:12, 29.11.2026] Вася: ",
        "29/11/26, 10:12\u202fPM - +7 900 123-45-67: ",
        "[11/29/26, 9:12 a.m.] Вася: ",
        "2026-11-29, 10:12 - Вася: ",
        "[29.11.2026 в 10:12] Вася: ",
        "29 нояб. 2026 г., 10:12 - Вася: ",
    ],
)
def test_the_line_behind_a_stamp_is_left(stamp: str):
    assert without_stamp(f"{stamp}HR2470 2 шт") == "HR2470 2 шт"


@pytest.mark.parametrize("line", ["Вася, [29.11.2026 10:12]", "Вася Петров, [29 нояб. 2026 г. в 10:12:05]:"])
def test_nothing_is_left_of_a_stamp_alone(line: str):
    assert without_stamp(line) == ""


@pytest.mark.parametrize("line", ["круг 125, [M14]: 3", "HR2470 - 2: срочно", "2026-11-29 круг", "10:12 редуктор"])
def test_what_is_no_stamp_stays(line: str):
    assert without_stamp(line) == line
