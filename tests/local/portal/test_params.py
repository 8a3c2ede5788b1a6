"""Typed reading of parameters: a refusal names the parameter in full."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest

from infra.local.portal.errors import RestError
from infra.local.portal.params import Params

Reader = Callable[[Params], Any]

GOOD: list[tuple[Reader, Any, Any]] = [
    (lambda p: p.text("x"), "слово", "слово"),
    (lambda p: p.text("x", blank=True), "", ""),
    (lambda p: p.optional_text("y"), None, ""),
    (lambda p: p.id("x"), 17, "17"),
    (lambda p: p.id("x"), "017", "17"),
    (lambda p: p.integer("x"), "50", 50),
    (lambda p: p.flag("x"), 1, True),
    (lambda p: p.flag("x"), "Y", True),
    (lambda p: p.flag("x"), 0, False),
    (lambda p: p.flag("x"), "0", False),
    (lambda p: p.positive("x"), "45.50", Decimal("45.50")),
    (lambda p: p.positive("x"), 0.1, Decimal("0.1")),
    (lambda p: p.whole("x"), "2.0", 2),
    (lambda p: p.values("x"), {"0": "a", "1": "b"}, ["a", "b"]),
    (lambda p: p.texts("x"), [], []),
    (lambda p: p.id_values("x"), [1, "2"], ["1", "2"]),
    (lambda p: p.id_values("x"), {"0": "1"}, ["1"]),
    (lambda p: p.id_values("x"), "1", ["1"]),
    (lambda p: p.sections("x")[0].text("a"), {"0": {"a": "b"}}, "b"),
    (lambda p: p.entries("x"), ["a"], [("0", "a")]),
]

BAD: list[tuple[Reader, Any, str]] = [
    (lambda p: p.text("x"), None, "f[x]"),
    (lambda p: p.text("x"), "  ", "f[x]"),
    (lambda p: p.text("x"), 5, "f[x]"),
    (lambda p: p.id("x"), "12a", "f[x]"),
    (lambda p: p.id("x"), True, "f[x]"),
    (lambda p: p.id("x"), 1.5, "f[x]"),
    (lambda p: p.id("x"), -1, "f[x]"),
    (lambda p: p.id("x"), "9" * 30, "f[x]"),
    (lambda p: p.flag("x"), "maybe", "f[x]"),
    (lambda p: p.positive("x"), 0, "f[x]"),
    (lambda p: p.positive("x"), "-1", "f[x]"),
    (lambda p: p.positive("x"), "many", "f[x]"),
    (lambda p: p.positive("x"), "NaN", "f[x]"),
    (lambda p: p.positive("x"), "1e99999", "f[x]"),
    (lambda p: p.positive("x"), True, "f[x]"),
    (lambda p: p.whole("x"), "1.5", "f[x]"),
    (lambda p: p.section("x"), "text", "f[x]"),
    (lambda p: p.values("x"), {"a": 1}, "f[x]"),
    (lambda p: p.sections("x"), [], "f[x]"),
    (lambda p: p.sections("x"), [{}, "b"], "f[x][1]"),
    (lambda p: p.sections("x")[1].text("NAME"), [{}, {}], "f[x][1][NAME]"),
    (lambda p: p.texts("x"), ["a", 1], "f[x][1]"),
    (lambda p: p.id_values("x"), ["1", "b"], "f[x][1]"),
    (lambda p: p.entries("x"), {}, "f[x]"),
    (lambda p: p.entries("x"), "a", "f[x]"),
]


@pytest.mark.parametrize(("read", "value", "expected"), GOOD)
def test_reads(read, value, expected):
    assert read(Params({"x": value}, "f")) == expected


@pytest.mark.parametrize(("read", "value", "name"), BAD)
def test_refuses_and_names(read, value, name):
    with pytest.raises(RestError) as refusal:
        read(Params({"x": value}, "f"))
    assert refusal.value.status == 400
    assert f"{{{name}}}" in refusal.value.description
