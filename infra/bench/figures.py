"""Figures of a measurement: cases compared round by round with the first of them, as a table, JSON and a page's rows.

A round measures every case once, one after another, so that whatever else the machine does hits all of them alike. A
ratio is the median of the rounds' own ratios.
"""

from __future__ import annotations

import os
import platform
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from statistics import median, quantiles
from typing import Any

Round = Mapping[str, float]
"""Measure → value."""


@dataclass(frozen=True)
class Case:
    """What was measured in each round. `goal` says what its ratios are to be, in words."""

    name: str
    rounds: Sequence[Round]
    goal: str = ""


@dataclass(frozen=True)
class Figure:
    """One measure of one case: the median, the middle half of the rounds, and the ratio to the baseline."""

    median: float
    low: float
    high: float
    ratio: float


@dataclass(frozen=True)
class Table:
    """A part's cases, the baseline first. `units`: measure → unit; `notes`: what the numbers do not say."""

    part: str
    units: Mapping[str, str]
    cases: Sequence[Case]
    notes: Sequence[str] = field(default=())

    def figures(self, case: Case) -> dict[str, Figure]:
        """Return a case's figures by measure."""
        return {measure: _figure(measure, case, self.cases[0]) for measure in self.units}

    def as_data(self) -> dict[str, Any]:
        """Return what the JSON file has."""
        rows = [
            {"case": case.name, "goal": case.goal, "figures": {m: vars(f) for m, f in self.figures(case).items()}}
            for case in self.cases
        ]
        rounds = len(self.cases[0].rounds)
        return {"part": self.part, "machine": machine(), "rounds": rounds, "units": dict(self.units), "rows": rows,
                "notes": list(self.notes)}  # fmt: skip


@dataclass(frozen=True)
class Sheet:
    """A part whose figures are compared with nothing: columns and rows of words."""

    part: str
    columns: Sequence[str]
    rows: Sequence[Sequence[str]]
    rounds: int = 1
    notes: Sequence[str] = field(default=())

    def as_data(self) -> dict[str, Any]:
        """Return what the JSON file has."""
        rows = [list(row) for row in self.rows]
        return {"part": self.part, "machine": machine(), "rounds": self.rounds, "columns": list(self.columns),
                "rows": rows, "notes": list(self.notes)}  # fmt: skip


def _figure(measure: str, case: Case, baseline: Case) -> Figure:
    values = [one[measure] for one in case.rounds]
    ratios = [value / base[measure] for value, base in zip(values, baseline.rounds, strict=True) if base[measure]]
    low, _, high = quantiles(values, n=4) if len(values) > 1 else (values[0],) * 3
    return Figure(round(median(values), 4), round(low, 4), round(high, 4), round(median(ratios or [0.0]), 3))


def machine() -> str:
    """Return what was measured on, in general words."""
    return f"{os.cpu_count()} cores, Python {platform.python_version()}, {platform.system()}"


def lines(data: Mapping[str, Any]) -> list[str]:
    """Return a part's data as a Markdown table: ratios first, then medians with the middle half of the rounds."""
    if "columns" in data:
        return table(data["columns"], data["rows"])
    units: Mapping[str, str] = data["units"]
    heads = ["case", *(f"{measure}, ratio" for measure in units), *(_head(*one) for one in units.items()), "goal"]
    return table(heads, [_row(row, units) for row in data["rows"]])


def table(heads: Sequence[str], rows: Sequence[Sequence[str]]) -> list[str]:
    """Return a Markdown table."""
    return [f"| {' | '.join(cells)} |" for cells in [heads, ["---"] * len(heads), *rows]]


def _head(measure: str, unit: str) -> str:
    return f"{measure}, {unit}" if unit else measure


def _row(row: Mapping[str, Any], units: Mapping[str, str]) -> list[str]:
    figures = [row["figures"][measure] for measure in units]
    ratios = [f"{one['ratio']:.2f}" for one in figures]
    medians = [f"{_short(one['median'])} ({_short(one['low'])}–{_short(one['high'])})" for one in figures]
    return [row["case"], *ratios, *medians, row["goal"] or "–"]


def _short(value: float) -> str:
    """Return a number with three digits that count, and no more."""
    return f"{value:,.0f}" if value >= 100 else f"{value:.3g}"  # noqa: PLR2004 - from here on whole numbers say enough
