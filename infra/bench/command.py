"""The `assistant bench` command."""

from __future__ import annotations

import argparse
import asyncio
import json
import logging
from collections.abc import Callable, Coroutine
from pathlib import Path
from typing import Any, get_args

from infra.bench import clients, cold, day, growth, ingress, load, page, pipeline, rush, search
from infra.bench.figures import Sheet, Table, lines
from infra.local.sandbox.options import number

PARTS: dict[str, tuple[str, Callable[[int], Coroutine[Any, Any, Table | Sheet]], int]] = {
    "cold": ("from nothing to a function's first answer", cold.run, 7),
    "pipeline": ("how long masters wait who all search at once, and the requests it takes", pipeline.run, 3),
    "clients": ("a thousand prices by our client and two others, from the same portal", clients.run, 5),
    "day": ("how long masters wait on an ordinary day, by how many there are", day.run, 10),
    "growth": ("how work grows with what there is: jobs, masters, orders, lines, goods", growth.run, 5),
    "load": ("a crowd for minutes, a storm of events, thousands of updates of one process", load.run, 1),
    "rush": ("the same as pipeline by the pace alone, on a clock that skips", rush.run, 1),
    "ingress": ("how many requests a second the public functions take", ingress.run, 15),
}
"""Part → what it measures, what measures it in so many rounds, and how many are usual."""

MOST_ROUNDS = 200


def add_bench(parser: argparse.ArgumentParser) -> None:
    """Add what can be measured."""
    what = parser.add_subparsers(required=True, metavar="what")
    finding = what.add_parser("search", help="how well goods are found by what masters type")
    finding.add_argument("--corpus", type=Path, default=search.CORPUS, help="a folder with catalogue and queries")
    finding.add_argument(
        "--dialect", choices=get_args(search.Dialect), default="contract", help="how the portal speaks"
    )
    finding.add_argument("--misses", action="store_true", help="print each query that is not answered rightly")
    finding.set_defaults(run=run_search)
    for name, (about, _, usual) in PARTS.items():
        part = what.add_parser(name, help=about)
        part.add_argument("--rounds", type=number(1, MOST_ROUNDS), default=usual, help="how often, in turns")
        part.add_argument("--json", type=Path, metavar="FILE", help="write the figures there")
        part.set_defaults(run=run_part, part=name)
    said = what.add_parser("page", help="print the section «Performance» of shared/README.md, made of figures kept")
    said.add_argument("results", type=Path, nargs="*", default=page.kept(), help="files that --json wrote")
    said.set_defaults(run=run_page)


def run_search(arguments: argparse.Namespace) -> int:
    """Print the numbers of the search."""
    score = asyncio.run(search.run(arguments.dialect, arguments.corpus))
    for one in score.results if arguments.misses else ():
        if one.recall < 1 or one.wrong_at_first:
            print(f"{one.recall:.2f}  {one.query.text} → {'; '.join(one.shown) or '–'}")  # noqa: T201 - a command
    print("\n".join([f"dialect         {arguments.dialect}", *score.lines()]))  # noqa: T201 - a command talks to its user
    return 0


def run_part(arguments: argparse.Namespace) -> int:
    """Measure one part. What the functions log meanwhile is not looked at."""
    logging.getLogger().addHandler(logging.NullHandler())
    data = asyncio.run(PARTS[arguments.part][1](arguments.rounds)).as_data()
    print("\n".join([*lines(data), data["machine"], *data["notes"]]))  # noqa: T201 - a command talks to its user
    if arguments.json is not None:
        arguments.json.parent.mkdir(parents=True, exist_ok=True)
        arguments.json.write_text(json.dumps(data, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    return 0


def run_page(arguments: argparse.Namespace) -> int:
    """Print the section of the page."""
    print(page.section(arguments.results))  # noqa: T201 - a command talks to its user
    return 0
