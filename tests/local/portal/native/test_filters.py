"""How one entry of a filter compares."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal

import pytest

from infra.local.portal.native.filters import read_condition, split_key

ROW = {
    "id": 7,
    "name": "Шуруповёрт Makita",
    "price": Decimal("100.50"),
    "at": datetime(2026, 12, 1, 9, tzinfo=UTC),
    "none": None,
    "blank": "",
    "property105": {"value": "A-17", "valueId": "1"},
}


@pytest.mark.parametrize(
    ("key", "wanted", "passes"),
    [
        ("id", 7, True),
        ("id", "7", True),
        ("id", "7.0", True),
        ("id", "sNaN", False),
        ("id", None, False),
        ("@id", [1, 7], True),
        ("@id", {"0": "1", "1": "7"}, True),
        ("!@id", [1, 7], False),
        ("@id", [], False),
        (">id", 6, True),
        (">id", 7, False),
        (">=id", 7, True),
        ("<id", "x", False),
        ("<=id", [], False),
        ("name", "шуруповерт makita", True),
        ("=name", "Шуруповёрт", False),
        ("%name", "ВЕРТ", True),
        ("!%name", "верт", False),
        ("=%name", "шуруп%", True),
        ("%=name", "%руп", False),
        ("!=%name", "шуруп%", False),
        ("%name", ["дрель", "makita"], True),
        (">name", "а", True),
        ("price", "100.5", True),
        ("price", 100.5, True),
        ("<price", 100.51, True),
        (">=at", "2026-12-01T12:00:00+03:00", True),
        (">at", "2026-12-01T12:00:00+03:00", False),
        ("at", "2026-12-01T09:00:00", True),
        ("<at", "tomorrow", False),
        ("none", "", True),
        ("blank", None, True),
        ("!none", "", False),
        (">none", 1, False),
        ("%none", "x", False),
        ("property105", "a-17", True),
        ("property105", ["a-17"], True),
        ("%property105", "17", True),
        ("!property105", "A-17", False),
    ],
)
def test_conditions(key, wanted, passes):
    assert read_condition(key, wanted).passes(ROW) is passes


@pytest.mark.parametrize(
    ("key", "parts"),
    [
        ("xmlId", ("", "xmlId")),
        ("=xmlId", ("=", "xmlId")),
        (">=dateUpdate", (">=", "dateUpdate")),
        ("!=%name", ("!=%", "name")),
        ("!@id", ("!@", "id")),
        ("", ("", "")),
    ],
)
def test_keys(key, parts):
    assert split_key(key) == parts
