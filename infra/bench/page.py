"""The section «Performance» of `shared/README.md`, made of the figures that were kept."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

from infra.bench.figures import lines

RESULTS = Path(__file__).with_name("results")
HEADING = "## Performance"
INTRODUCTION = (
    "Made by `assistant bench page` of what `assistant bench cold --json FILE` and its like wrote into\n"
    "`infra/bench/results/`. A round measures all cases of a table in turns; a ratio is the median of the rounds'\n"
    "ratios to the first case, a figure the median with the middle half of the rounds. Seconds are this machine's,\n"
    "which had other work too; ratios are what to look at."
)


def kept() -> list[Path]:
    """Return the files of figures that are kept."""
    return sorted(RESULTS.glob("*.json"))


def section(results: Sequence[Path]) -> str:
    """Return the section."""
    parts = [json.loads(path.read_text(encoding="utf-8")) for path in results]
    told = [
        f"### {part['part']}\n\n{part['machine']}; {part['rounds']} rounds.\n\n"
        + "\n".join([*lines(part), "", *(f"- {note}" for note in part["notes"])])
        for part in parts
    ]
    return "\n\n".join([HEADING, INTRODUCTION, *told])
