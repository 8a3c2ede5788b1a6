"""Rules for stored values that hold for all data, not only for the examples of the contract."""

from datetime import UTC, datetime, timedelta, timezone
from typing import Any

from google.api_core.datetime_helpers import DatetimeWithNanoseconds
from hypothesis import given
from hypothesis import strategies as st

from shared.store.values import plain, utc

names = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=8).filter(
    lambda name: not (name.startswith("__") and name.endswith("__"))
)
# Zones with clock changes have times that Python finds unequal to themselves elsewhere (PEP 495).
zones = st.integers(-14 * 60, 14 * 60).map(lambda minutes: timezone(timedelta(minutes=minutes)))
scalars = (
    st.none()
    | st.booleans()
    | st.integers(-(2**63), 2**63 - 1)
    | st.floats(allow_nan=False)
    | st.text(st.characters(exclude_categories=["Cs"]))
    | st.binary()
    | st.datetimes(datetime(1000, 1, 2), datetime(9998, 1, 1), timezones=zones)  # noqa: DTZ001
)


def maps(values: st.SearchStrategy[Any]) -> st.SearchStrategy[dict[str, Any]]:
    return st.dictionaries(names, values, max_size=4)


documents = maps(
    st.recursive(scalars, lambda inner: maps(inner) | st.lists(scalars | maps(inner), max_size=4), max_leaves=12)
)


def containers(value: Any) -> list[int]:
    """Ids of all maps and lists inside a value."""
    if isinstance(value, dict):
        return [id(value), *(found for item in value.values() for found in containers(item))]
    if isinstance(value, list):
        return [id(value), *(found for item in value for found in containers(item))]
    return []


@given(documents)
def test_a_plain_copy_is_equal_and_shares_nothing(data: dict[str, Any]) -> None:
    copy = plain(data)
    assert copy == data
    assert not set(containers(copy)) & set(containers(data))
    assert plain(copy) == copy


def test_subclasses_become_their_plain_type() -> None:
    class Amount(int):
        pass

    class Name(str):
        __slots__ = ()

    moment = DatetimeWithNanoseconds(2026, 11, 23, nanosecond=123456789, tzinfo=UTC)
    copy = plain({"amount": Amount(7), "name": Name("x"), "at": moment, "raw": b"x"})
    assert copy == {"amount": 7, "name": "x", "at": datetime(2026, 11, 23, 0, 0, 0, 123456, UTC), "raw": b"x"}
    assert [type(value) for value in copy.values()] == [int, str, datetime, bytes]


def test_utc_keeps_the_moment() -> None:
    moment = datetime.fromisoformat("2026-10-25T02:30:00.000001+03:00")
    assert utc(moment, "at") == moment
    assert utc(moment, "at").isoformat() == "2026-10-24T23:30:00.000001+00:00"
