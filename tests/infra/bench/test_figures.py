"""Figures: what is compared with what, and how a table says it."""

from __future__ import annotations

import json
from pathlib import Path

from infra.bench import page
from infra.bench.figures import Case, Table, lines
from tests.architecture.sources import ROOT

SLOW = Case("slow", [{"time": 4.0}, {"time": 40.0}, {"time": 2.0}])
FAST = Case("fast", [{"time": 1.0}, {"time": 20.0}, {"time": 0.5}], "≤ 0.30")
TABLE = Table("cold", {"time": "s"}, [SLOW, FAST], ["a note"])


def test_a_ratio_is_the_median_of_the_rounds_own_ratios() -> None:
    """Not that of the medians: a busy moment hits all cases of its round."""
    figure = TABLE.figures(FAST)["time"]
    assert (figure.ratio, figure.median, figure.low, figure.high) == (0.25, 1.0, 0.5, 20.0)
    assert TABLE.figures(SLOW)["time"].ratio == 1.0


def test_one_round_has_no_spread() -> None:
    (figure,) = (
        Table("cold", {"time": "s"}, [Case("only", [{"time": 3.0}])]).figures(Case("x", [{"time": 6.0}])).values()
    )
    assert (figure.median, figure.low, figure.high) == (6.0, 6.0, 6.0)


def test_a_table_has_ratios_first() -> None:
    assert lines(TABLE.as_data()) == [
        "| case | time, ratio | time, s | goal |",
        "| --- | --- | --- | --- |",
        "| slow | 1.00 | 4 (2–40) | – |",
        "| fast | 0.25 | 1 (0.5–20) | ≤ 0.30 |",
    ]


def test_a_page_is_made_of_files(tmp_path: Path) -> None:
    path = tmp_path / "cold.json"
    path.write_text(json.dumps(TABLE.as_data()), encoding="utf-8")
    said = page.section([path])
    assert said.startswith("## Performance\n")
    assert "### cold\n" in said
    assert "3 rounds." in said
    assert "\n- a note" in said


def test_the_page_says_what_was_kept() -> None:
    assert page.kept()
    assert page.section(page.kept()) in (ROOT / "shared" / "README.md").read_text(encoding="utf-8")


def test_the_limits_are_those_of_the_day_that_was_kept() -> None:
    assert page.limits() in (ROOT / "infra" / "README.md").read_text(encoding="utf-8")
