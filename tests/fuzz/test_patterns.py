"""Every pattern of the product against texts that make bad ones take for ever (ReDoS)."""

from __future__ import annotations

import ast
import importlib
import re
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
FUNCTIONS = ("compile", "match", "fullmatch", "search", "sub", "split", "findall", "finditer")
FEWEST = 80
"""The product has more patterns than this, or they are not found any more."""

UNITS = (*"a1 -.,_я\n/:<x=[%0", "a1", "1 ", "a ", "a-", "1,")
LIMITS = {20: 0.05, 200: 1.0}
"""Repetitions, and the seconds of this process's own time that a pattern may take for them.

With 20 a pattern is noticed that doubles its work with each, with 200 one that cubes it; a good one needs a thousandth.
"""


def patterns() -> dict[str, re.Pattern[str]]:
    """Every pattern by its text: those of modules, and those that calls of `re` spell out."""
    found: dict[str, re.Pattern[str]] = {}
    for path in sorted((ROOT / "shared").rglob("*.py")):
        module = importlib.import_module(".".join(path.relative_to(ROOT).with_suffix("").parts))
        for value in vars(module).values():
            for each in value if isinstance(value, tuple | list) else (value,):
                if isinstance(each, re.Pattern) and isinstance(each.pattern, str):
                    found[each.pattern] = each
        found |= {text: re.compile(text) for text in _spelt(path)}
    return found


def _spelt(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in FUNCTIONS:
            module, first = node.func.value, node.args[0] if node.args else None
            if isinstance(module, ast.Name) and module.id == "re" and isinstance(first, ast.Constant):
                yield str(first.value)


def attacks(pattern: str, times: int) -> Iterator[str]:
    """Texts that almost match: a piece over and over, and then what fits nowhere."""
    own = [char for char in dict.fromkeys(pattern) if char.isalnum()][:4]
    units = [*UNITS, *own]
    yield from (start + unit * times + "\x00!" for unit in units for start in ("", "a1"))


def took(pattern: re.Pattern[str], text: str) -> float:
    began = time.process_time()
    pattern.search(text)
    pattern.fullmatch(text)
    return time.process_time() - began


def slow(pattern: re.Pattern[str]) -> Iterator[str]:
    """Texts that the pattern takes too long for."""
    for times, seconds in LIMITS.items():
        yield from (attack for attack in attacks(pattern.pattern, times) if took(pattern, attack) > seconds)


def test_no_pattern_takes_long():
    known = patterns()
    assert len(known) > FEWEST
    assert {text: next(slow(each), None) for text, each in known.items()} == dict.fromkeys(known)


@pytest.mark.parametrize("bad", [r"(a+)+$", r"(?:\d+\s*)+,"])
def test_a_bad_pattern_is_noticed(bad: str):
    assert next(slow(re.compile(bad)), None) is not None
