"""The `assistant bench` command."""

from __future__ import annotations

import argparse
import asyncio
from pathlib import Path

from infra.bench import search


def add_bench(parser: argparse.ArgumentParser) -> None:
    """Add what can be measured."""
    what = parser.add_subparsers(required=True, metavar="what")
    finding = what.add_parser("search", help="how well goods are found by what masters type")
    finding.add_argument("--corpus", type=Path, default=search.CORPUS, help="a folder with catalogue and queries")
    finding.add_argument("--misses", action="store_true", help="print each query that is not answered rightly")
    finding.set_defaults(run=run_search)


def run_search(arguments: argparse.Namespace) -> int:
    """Print the numbers of the search."""
    score = asyncio.run(search.run(arguments.corpus))
    for one in score.results if arguments.misses else ():
        if one.recall < 1 or one.wrong_at_first:
            print(f"{one.recall:.2f}  {one.query.text} → {'; '.join(one.shown) or '–'}")  # noqa: T201 - a command
    print("\n".join(score.lines()))  # noqa: T201 - a command talks to its user
    return 0
