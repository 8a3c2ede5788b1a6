"""How each family of lists reads a filter: by the core's own rules, not by the documentation's."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest

from infra.local.portal.errors import RestError
from infra.local.portal.native.families import (
    CRM_ITEM,
    DELIVERIES,
    DICTIONARY,
    ENTITY,
    GOODS,
    PAY_SYSTEMS,
    VIEW,
    Family,
)
from infra.local.portal.native.field_kinds import Kind, fields, view_field

KINDS = {
    **fields(ints="id zero none", floats="price", texts="name blank code", flags="active", moments="at"),
    "one": Kind.PROPERTY,
    "some": Kind.PROPERTIES,
}
ROW: dict[str, Any] = {
    "id": 7,
    "zero": 0,
    "none": None,
    "name": "Шуруповёрт Makita DF333",
    "blank": "",
    "code": "5012",
    "active": "Y",
    "price": Decimal("100.50"),
    "at": datetime(2026, 12, 1, 9, tzinfo=UTC),
    "one": {"value": "A-17", "valueId": "1"},
    "some": [{"value": "A-17", "valueId": "1"}, {"value": "50%", "valueId": "2"}],
}


def passes(family: Family, key: str, wanted: object) -> bool | None:
    """Say whether the row passes; None when the condition is dropped."""
    conditions = list(family.read({key: wanted}, KINDS))
    return all(condition(ROW) for condition in conditions) if conditions else None


@pytest.mark.parametrize(
    "key", ["=%name", "%=name", "!=%name", "!%=name", "@id", "!@id", "!>=id", "+name", "><id", "==id"]
)
def test_an_information_block_drops_what_it_does_not_know(key):
    assert passes(GOODS, key, ["nothing"]) is None


def test_a_portal_of_the_documentation_knows_patterns():
    assert GOODS.lenient is not None
    (condition,) = GOODS.lenient({"=%name": "%makita%df3%"}, KINDS)
    assert condition(ROW)
    (condition,) = GOODS.lenient({"!%=name": "%makita%"}, KINDS)
    assert not condition(ROW)


@pytest.mark.parametrize(
    ("key", "wanted", "found"),
    [
        ("id", 7, True),
        ("id", "7x", True),
        ("id", [1, 7], True),
        ("id", {"0": "1", "1": "7"}, True),
        ("id", [], False),  # REST makes it 1
        ("!id", [1, 7], False),
        ("%id", 7, True),  # equal, for a number
        ("!%id", 7, False),
        (">id", 6, True),
        ("<id", "many", False),
        ("zero", "", True),
        ("none", "", False),
        ("!none", 1, True),
        ("name", "шуруповерт makita df333", True),
        ("name", "шуруп%", True),
        ("name", "_уруп%", True),
        ("=name", "шуруп%", False),
        ("=name", "Шуруповёрт makita DF333", True),
        ("!name", "шуруп%", False),
        ("!=name", "шуруп%", True),
        ("%name", "ВЕРТ", True),
        ("%name", "шуруп%", False),  # a sign like any other
        ("%name", ["дрель", "makita"], True),
        ("!%name", ["дрель", "makita"], False),
        ("%name", "", None),
        ("%name", [], None),
        ("name", None, None),
        ("name", False, False),
        ("blank", False, True),
        ("code", "50%", True),
        ("?name", "df333 makita", True),
        ("?name", "makita дрель", False),
        ("?name", "makita | дрель", True),
        ("?name", "makita ~дрель", True),
        ("?name", "makita+df333", True),
        ("?name", '"makita df"', True),
        ("?name", "'makita  df'", False),
        ("?name", "(дрель | шуруповерт) & df333", True),
        ("?name", "df_33", True),
        ("?name", "df%33", True),
        ("?name", "& makita |", True),
        ("?name", '" " makita', True),
        ("?name", "", None),
        ("?name", "(makita", None),
        ("?name", "makita)", None),
        ("?name", "makita | & df", None),
        ("*name", "шуруп%", True),
        ("*%name", "DF333, makita!", True),
        ("*%name", "...", None),
        (">name", "а", True),
        ("active", "y", True),
        ("active", "%", False),
        ("active", True, False),
        ("%active", "Y", True),
        ("price", "100.5", True),
        ("<price", 100.51, True),
        ("price", [100.5], False),  # floatval of an array
        (">=at", "2026-12-01T12:00:00+03:00", True),
        (">at", "2026-12-01T12:00:00+03:00", False),
        ("at", "2026-12-01T09:00:00", True),
        ("at", "tomorrow", None),
        ("one", "a-17", True),
        ("one", "a%", True),
        ("=one", "a%", False),
        ("one", ["a-17"], True),
        ("%one", "17", True),
        ("!one", "A-17", False),
        ("some", "A-17", None),  # a scalar on a property with many values
        ("=some", "A-17", None),
        ("=some", {"value": "A-17"}, None),
        ("=some", ["50%"], True),
        ("=some", {"0": "a-17"}, True),
        ("some", ["50%"], True),
        ("=some", ["5"], False),
        ("name", [["nested"]], None),
        ("nonsense", 1, None),
        ("ID", 7, None),
    ],
)
def test_information_blocks(key, wanted, found):
    assert passes(GOODS, key, wanted) is found


@pytest.mark.parametrize(
    ("key", "wanted", "found"),
    [
        ("id", "7", True),
        ("@id", [1, 7], True),
        ("@id", {"0": "1", "1": "7"}, True),
        ("@id", 7, True),
        ("!@id", [1, 7], False),
        ("!@id", [1], True),
        (">id", [6, 9], True),
        ("?id", 7, None),
        ("none", 0, True),
        ("zero", "x", True),
        ("!none", 5, False),  # a row without a value is not different either
        ("!zero", 0, False),
        ("=%name", "шуруп%", True),
        ("%=name", "%df333", True),
        ("!=%name", "шуруп%", False),
        ("!%=name", "дрель%", True),
        ("name", "шуруп%", True),
        ("=name", "шуруп%", False),
        ("%name", "%", False),
        ("code", "5012", True),
        ("code", "50%", True),
        ("@name", ["nothing", "шуруповёрт makita df333"], True),
        ("name", "", False),
        ("blank", "", True),
        ("!blank", "", False),
        ("?name", "df333 makita", True),
        ("?name", "", None),
        ("?name", ["x"], None),
        ("?name", ")", None),
        ("*name", "makita", True),
        (">name", "а", True),
        (">name", [], False),
        ("active", True, False),
        ("price", 100.5, True),
        ("<at", "2026-12-01T12:00:01+03:00", True),
        ("!at", "2026-12-01T09:00:00Z", False),
        ("at", ["2026-12-01T09:00:00Z", "x"], True),
        ("at", "", None),
        ("><id", [1, 9], None),  # REST takes it for a field «<id»
        ("nonsense", 1, None),
    ],
)
@pytest.mark.parametrize("family", [VIEW, ENTITY])
def test_lists_behind_the_orm(family, key, wanted, found):
    assert passes(family, key, wanted) is found


def test_only_views_turn_lists_into_numbers_above_zero():
    assert passes(VIEW, "id", []) is False
    assert passes(VIEW, "zero", [0, 5]) is False
    assert passes(ENTITY, "zero", [0, 5]) is True
    assert passes(ENTITY, "id", []) is False
    assert passes(ENTITY, "!id", []) is True
    assert passes(ENTITY, "none", [0]) is True


@pytest.mark.parametrize(("family", "key", "wanted"), [(VIEW, "+name", "x"), (ENTITY, "!>=id", 1), (ENTITY, "@id", [])])
def test_the_orm_refuses_what_only_rest_knows(family, key, wanted):
    with pytest.raises(RestError) as refusal:
        passes(family, key, wanted)
    assert refusal.value.code == 0


@pytest.mark.parametrize(
    ("key", "wanted", "found"),
    [
        ("=name", "nothing", False),
        ("%name", "makita", True),
        ("><id", [1, 9], None),
        ("@id", [7], True),
        ("one", "A-17", False),
        ("at", "x", None),
    ],
)
def test_items(key, wanted, found):
    if key == "><id":
        with pytest.raises(RestError):
            passes(CRM_ITEM, key, wanted)
    elif key == "one":
        assert [condition({"one": "A-17"}) for condition in CRM_ITEM.read({key: wanted}, KINDS)] == [True]
    else:
        assert passes(CRM_ITEM, key, wanted) is found


@pytest.mark.parametrize(
    ("key", "wanted"), [("nonsense", 1), ("?name", "x"), ("==id", 1), ("%name", ["a"]), (">id", [1])]
)
def test_items_refuse_what_they_do_not_know(key, wanted):
    with pytest.raises(RestError) as refusal:
        passes(CRM_ITEM, key, wanted)
    assert refusal.value.code == "INVALID_ARG_VALUE"


def test_pay_systems_throw_the_operation_away():
    assert passes(PAY_SYSTEMS, "!active", "Y") is True
    assert passes(PAY_SYSTEMS, "=%name", "%makita%") is True
    assert passes(DELIVERIES, "!active", "Y") is False
    for family in (PAY_SYSTEMS, DELIVERIES):
        with pytest.raises(RestError) as refusal:
            passes(family, "nonsense", 1)
        assert refusal.value.code == "ERROR_CHECK_FAILURE"


def test_dictionaries_know_equality_only():
    assert passes(DICTIONARY, "code", "5012") is True
    assert passes(DICTIONARY, "=code", "x") is None
    assert passes(DICTIONARY, "code", "") is None
    with pytest.raises(RestError):
        passes(DICTIONARY, "code", ["5012"])


@pytest.mark.parametrize(
    ("key", "field"),
    [
        ("xmlId", "xmlId"),
        ("=xmlId", "xmlId"),
        (">=dateUpdate", "dateUpdate"),
        ("!=%name", "name"),
        ("!@id", "id"),
        ("><price", "<price"),
        ("", ""),
    ],
)
def test_keys(key, field):
    assert view_field(key) == field
