"""The section «Performance» of `shared/README.md`, made of the figures that were kept."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from infra.bench.figures import lines, table

RESULTS = Path(__file__).with_name("results")
HEADING = "## Performance"
INTRODUCTION = (
    "Made by `assistant bench page` of what `assistant bench cold --json FILE` and its like wrote into\n"
    "`infra/bench/results/`. A round measures all cases of a table in turns; a ratio is the median of the rounds'\n"
    "ratios to the first case, a figure the median with the middle half of the rounds. Seconds are this machine's,\n"
    "which had other work too; ratios and counts are what to look at."
)


BUSIEST = "9"
LIMITS = ("masters", "pace, 1/s", "p50, s", "p95, s", "p99, s", "order p95, s", "requests, 1/s", "minutes", "searches")


def kept() -> list[Path]:
    """Return the files of figures that are kept."""
    return sorted(RESULTS.glob("*.json"))


def limits() -> str:
    """Return the table of `infra/README.md`, «Limits and scaling»: the busiest hour of the day that was kept."""
    day = json.loads((RESULTS / "day.json").read_text(encoding="utf-8"))
    hour, chosen = day["columns"].index("hour"), [day["columns"].index(name) for name in LIMITS]
    rows = [[row[place] for place in chosen] for row in day["rows"] if row[hour] == BUSIEST]
    return "\n".join(table(LIMITS, rows))


def section(results: Sequence[Path]) -> str:
    """Return the section."""
    parts = [json.loads(path.read_text(encoding="utf-8")) for path in results]
    told = [
        f"### {part['part']}\n\n{part['machine']}; {_rounds(part)}.\n\n"
        + "\n".join([*lines(part), "", *(f"- {note}" for note in part["notes"])])
        for part in parts
    ]
    return "\n\n".join([HEADING, INTRODUCTION, *told])


def _rounds(part: Mapping[str, Any]) -> str:
    return "1 round" if part["rounds"] == 1 else f"{part['rounds']} rounds"
