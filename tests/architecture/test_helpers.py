"""Helpers stay few, and the programs that prove something stay apart (tests/README.md, «Helpers and programs»)."""

import ast
import re
from pathlib import Path

from tests.architecture.pages import section, text
from tests.architecture.sources import ROOT

LINES = 5500
"""At most, in all helpers."""

TESTS = ROOT / "tests"


def test_helpers_are_few() -> None:
    programs = _programs()
    helpers = [path for path in TESTS.rglob("*.py") if not path.name.startswith("test_")]
    lines = [
        len(path.read_text(encoding="utf-8").splitlines())
        for path in helpers
        if path.relative_to(TESTS).parts[0] not in programs
    ]
    assert len(lines) > 50
    assert sum(lines) <= LINES


def test_only_programs_build_on_programs() -> None:
    programs = _programs()
    arrows = {(path.relative_to(TESTS).parts[0], room) for path in TESTS.rglob("*.py") for room in _imported(path)}
    assert ("stateful", "stateful") in arrows
    assert {arrow for arrow in arrows if arrow[1] in programs and arrow[0] not in programs} == set()


def _programs() -> set[str]:
    """The folders of the page's table."""
    table = section(text("tests/README.md"), "Helpers and programs")
    return set(re.findall(r"^\| `tests/(\w+)/` \|", table, re.MULTILINE))


def _imported(path: Path) -> set[str]:
    """The rooms of the tests that a module imports from."""
    tree = ast.walk(ast.parse(path.read_text(encoding="utf-8")))
    names = [node.module for node in tree if isinstance(node, ast.ImportFrom) and node.module is not None]
    return {name.split(".")[1] for name in names if name.startswith("tests.")}
