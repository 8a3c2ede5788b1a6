"""PHP-style nesting of form fields."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

import pytest
from hypothesis import given
from hypothesis import strategies as st

from infra.local.portal.encoding import MAX_DEPTH, MAX_FIELDS, parse_pairs, parse_query
from infra.local.portal.errors import RestError


@pytest.mark.parametrize(
    ("query", "params"),
    [
        ("", {}),
        ("q=", {"q": ""}),
        ("start=50", {"start": "50"}),
        ("filter[q]=%D1%91%D0%BB%D0%BA%D0%B0+2", {"filter": {"q": "ёлка 2"}}),
        ("filter%5Bq%5D=x", {"filter": {"q": "x"}}),
        ("select[]=ID&select[]=NAME", {"select": ["ID", "NAME"]}),
        ("a[0]=x&a[1]=y", {"a": ["x", "y"]}),
        ("a[0]=x&a[2]=y", {"a": {"0": "x", "2": "y"}}),
        ("a[5]=x&a[]=y", {"a": {"5": "x", "6": "y"}}),
        ("a[x]=1&a[]=2", {"a": {"x": "1", "0": "2"}}),
        ("f[P][0][ID]=1&f[P][0][N]=2&f[P][1][ID]=3", {"f": {"P": [{"ID": "1", "N": "2"}, {"ID": "3"}]}}),
        ("a=1&a=2", {"a": "2"}),
        ("a=1&a[b]=2", {"a": {"b": "2"}}),
        ("a[b]=2&a=1", {"a": "1"}),
        ("a[b]tail=1", {"a": {"b": "1"}}),
        ("a[b=1", {"a": "1"}),
        ("[x]=1", {"[x]": "1"}),
        ("x=a%26b%3Dc%2Bd", {"x": "a&b=c+d"}),
    ],
)
def test_nesting(query, params):
    assert parse_query(query) == params


def test_too_many_fields_are_refused():
    pairs = [(f"a{index}", "1") for index in range(MAX_FIELDS + 1)]
    assert len(parse_pairs(pairs[:-1])) == MAX_FIELDS
    with pytest.raises(RestError, match="too many"):
        parse_pairs(pairs)


def test_too_deep_fields_are_refused():
    parse_pairs([("a" + "[b]" * (MAX_DEPTH - 1), "1")])
    with pytest.raises(RestError, match="deep"):
        parse_pairs([("a" + "[b]" * MAX_DEPTH, "1")])


_names = st.text(alphabet="abcXYZ_", min_size=1, max_size=5)
_values = st.recursive(
    st.text(alphabet=st.characters(exclude_categories=["Cs"])),
    lambda inner: st.lists(inner, min_size=1, max_size=3) | st.dictionaries(_names, inner, min_size=1, max_size=3),
    max_leaves=10,
)


def _flatten(name: str, value: Any) -> list[tuple[str, str]]:
    if isinstance(value, list):
        return [pair for index, item in enumerate(value) for pair in _flatten(f"{name}[{index}]", item)]
    if isinstance(value, dict):
        return [pair for key, item in value.items() for pair in _flatten(f"{name}[{key}]", item)]
    return [(name, value)]


@given(st.dictionaries(_names, _values, max_size=4))
def test_what_a_php_client_builds_is_read_back(params):
    pairs = [pair for name, value in params.items() for pair in _flatten(name, value)]
    assert parse_query(urlencode(pairs)) == params
