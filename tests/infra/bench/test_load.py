"""The parts of `assistant bench load`, small: counts alone."""

from __future__ import annotations

import pytest

from infra.bench import load
from infra.local.skipping import run


def figures(rows: list[load.Row]) -> dict[str, str]:
    return {figure: value for _, figure, value, _ in rows}


def test_ten_events_of_an_order_are_one_look(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(load, "ORDERS", 6)
    monkeypatch.setattr(load, "EVENTS", 60)
    told = figures(run(load.storm(0)))
    assert (told["requests"], told["commands"], told["errors"]) == ("1", "6", "0")


def test_masters_of_some_minutes_are_answered_at_the_portals_pace(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(load, "MASTERS", 20)
    monkeypatch.setattr(load, "SECONDS", 60)
    told = figures(run(load.crowd(0)))
    assert 0 < float(told["requests a second"]) <= load.PACE
    assert told["errors"] == "0"


async def test_what_a_process_holds_is_told_before_and_after(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(load, "UPDATES", 6)
    monkeypatch.setattr(load, "SETTLED", 3)
    monkeypatch.setattr(load, "PEOPLE", 2)
    told = figures(await load.endurance(0))
    before, _, after = told["open files"].partition(" → ")
    assert before == after
    assert told["errors"] == "0"
