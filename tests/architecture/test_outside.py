"""Sources lead nowhere outside the repository, and name no module that is not there."""

from __future__ import annotations

import re
from pathlib import Path

from tests.architecture.pages import pages
from tests.architecture.sources import ROOT
from tests.architecture.test_citations import SOURCES, dead_modules, dead_paths

# Written so that a search for what is forbidden does not find this line.
OUTSIDE = re.compile(r"ARCHI[T]ECTURE|VOICE[.]md|reference(?:'s)? [§]|(?<![\w/.])README, [«]")


def _found(path: Path) -> list[str]:
    return OUTSIDE.findall(path.read_text(encoding="utf-8"))


def test_nothing_cites_a_document_that_is_not_here():
    found = {str(path.relative_to(ROOT)): _found(path) for path in [*SOURCES, *pages().values()]}
    assert {name: cited for name, cited in found.items() if cited} == {}


def test_modules_in_backticks_are_there():
    found = {str(path.relative_to(ROOT)): dead_modules(path.read_text(encoding="utf-8")) for path in SOURCES}
    assert {name: dead for name, dead in found.items() if dead and name != "tests/architecture/test_citations.py"} == {}


def test_paths_in_backticks_are_there():
    found = {str(path.relative_to(ROOT)): dead_paths(path.read_text(encoding="utf-8")) for path in SOURCES}
    assert {name: dead for name, dead in found.items() if dead} == {}
