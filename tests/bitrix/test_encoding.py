"""Commands on their way out, judged by a decoder written from PHP's rules."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.bitrix.encoding import (
    Reference,
    batch_parameters,
    command_line,
    disarmed,
    json_parameters,
    normal,
    query_string,
)
from shared.bitrix.portal import Command
from tests.bitrix.php import parse_line, parse_str

TEXT = st.text(st.characters(exclude_categories=["Cs"]))
NAMES = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="[]"), min_size=1, max_size=8)
TOP_NAMES = st.from_regex(r"[A-Za-z_][A-Za-z0-9_]{0,8}", fullmatch=True)
LEAVES = TEXT | st.integers() | st.booleans() | st.decimals(allow_nan=False, allow_infinity=False)
VALUES = st.recursive(
    LEAVES,
    lambda inner: st.lists(inner, min_size=1, max_size=3) | st.dictionaries(NAMES, inner, min_size=1, max_size=3),
    max_leaves=8,
)
PARAMS = st.dictionaries(TOP_NAMES, VALUES, min_size=1, max_size=4)


def as_php_sees(value: Any) -> Any:
    """What PHP holds after decoding: dicts with string keys and string leaves."""
    if isinstance(value, dict):
        return {str(key): as_php_sees(item) for key, item in value.items()}
    if isinstance(value, list):
        return {str(index): as_php_sees(item) for index, item in enumerate(value)}
    if isinstance(value, bool):
        return "1" if value else "0"
    return f"{value:f}" if isinstance(value, Decimal) else str(value)


@given(PARAMS)
def test_a_query_survives_the_way_to_php(params: dict[str, Any]) -> None:
    assert parse_str(query_string(params)) == as_php_sees(params)


@given(PARAMS)
def test_a_batch_line_survives_the_way_to_php(params: dict[str, Any]) -> None:
    method, parsed = parse_line(command_line(Command("sale.order.add", params)))
    assert method == "sale.order.add"
    assert parsed == as_php_sees(_disarmed_everywhere(params))


def _disarmed_everywhere(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _disarmed_everywhere(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_disarmed_everywhere(item) for item in value]
    return disarmed(value) if isinstance(value, str) else value


@given(PARAMS)
def test_parameters_survive_json(params: dict[str, Any]) -> None:
    decoded = json.loads(json.dumps(json_parameters(params)))
    assert as_php_sees(decoded) == as_php_sees(params)


def test_a_batch_line_is_as_the_reference_shows_it() -> None:
    params = {
        "fields": {
            "orderId": Reference("order", ("order", "id")),
            "propertyValues": [{"orderPropsId": 26, "value": "Тверь & Ко"}],
        }
    }
    assert command_line(Command("sale.propertyvalue.modify", params)) == (
        "sale.propertyvalue.modify?fields[orderId]=$result[order][order][id]"
        "&fields[propertyValues][0][orderPropsId]=26"
        "&fields[propertyValues][0][value]=%D0%A2%D0%B2%D0%B5%D1%80%D1%8C%20%26%20%D0%9A%D0%BE"
    )


def test_a_reference_follows_the_prefix_of_its_operation() -> None:
    command = Command("sale.order.get", {"id": Reference("find", ("orders", 0, "id"))})
    assert command_line(command, "o3_") == "sale.order.get?id=$result[o3_find][orders][0][id]"
    assert Reference("one").render() == "$result[one]"


@pytest.mark.parametrize(
    "text", ["$result[order][id]", "see $RESULT[x]", "$next[a]", "$total[a]", "$time[a]", "$error[a]"]
)
def test_text_that_looks_like_a_reference_is_disarmed_in_a_batch_only(text: str) -> None:
    _, parsed = parse_line(command_line(Command("m", {"comment": text})))
    assert parsed["comment"] == text.replace("$", "$ ")
    assert json_parameters({"comment": text}) == {"comment": text}
    assert parse_str(query_string({"comment": text})) == {"comment": text}


def test_other_dollars_stay() -> None:
    assert disarmed("100 $ за штуку, $5") == "100 $ за штуку, $5"


def test_a_reference_outside_a_batch_is_refused() -> None:
    params = {"id": Reference("order")}
    with pytest.raises(TypeError):
        query_string(params)
    with pytest.raises(TypeError):
        json.dumps(json_parameters(params))


@pytest.mark.parametrize(
    ("value", "sent"),
    [
        (Decimal("1E+3"), "1000"),
        (Decimal("10.50"), "10.50"),
        (date(2026, 9, 1), "2026-09-01"),
        (datetime(2026, 9, 1, 12, tzinfo=UTC), "2026-09-01T12:00:00+00:00"),
        ({"a": None, "b": 1}, {"b": 1}),
        (("x", True), ["x", True]),
        ("half \ud83d", "half ?"),
    ],
)
def test_values_in_the_types_that_travel(value: Any, sent: Any) -> None:
    assert normal(value) == sent


@pytest.mark.parametrize("value", [1.5, b"x", object(), [None], {"a": [None]}])
def test_values_that_cannot_travel(value: Any) -> None:
    with pytest.raises(TypeError):
        normal(value)


@pytest.mark.parametrize("value", [Decimal("NaN"), Decimal("Infinity"), {"a[b]": 1}, {"": 1}, {"a]": 1}])
def test_values_that_make_no_sense(value: Any) -> None:
    with pytest.raises(ValueError, match="must"):
        normal(value)


def test_empty_maps_and_lists_are_absent_from_a_query() -> None:
    assert query_string({"a": {}, "b": [], "c": ""}) == "c="
    assert command_line(Command("scope", {})) == "scope"


def test_a_batch_takes_fifty_commands_under_plain_keys() -> None:
    lines = {f"c{number}": "scope" for number in range(50)}
    assert batch_parameters(lines, halt=True) == {"halt": 1, "cmd": lines}
    with pytest.raises(ValueError, match="50 commands, not 51"):
        batch_parameters({**lines, "one_more": "scope"}, halt=False)
    for key in ("1", "a b", "a[b]", ""):
        with pytest.raises(ValueError, match="key"):
            batch_parameters({key: "scope"}, halt=False)
