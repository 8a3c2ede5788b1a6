"""What comes back: plain and batch envelopes, errors in every shape."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.bitrix.envelope import Redactor, as_map, count, fault_in, operating, parse_json, read_batch, read_plain
from shared.bitrix.error_codes import PortalError
from shared.bitrix.errors import BadAnswer
from shared.bitrix.portal import Answer

OPEN = Redactor()


def test_numbers_are_exact() -> None:
    assert parse_json(b'{"a": 0.1, "b": 7}') == {"a": Decimal("0.1"), "b": 7}


@pytest.mark.parametrize("body", [b"", b"<html>502</html>", b"{", b'{"a": NaN}', b"\xff\xfe", b"[" * 200_000])
def test_what_is_not_json_is_none(body: bytes) -> None:
    assert parse_json(body) is None


@pytest.mark.parametrize(
    ("error", "code"),
    [
        ("expired_token", "expired_token"),
        (0, "0"),
        ("0", "0"),
        (100, "100"),
        (200540400001, "200540400001"),
        ({"code": "BITRIX_REST_X", "message": "m"}, "BITRIX_REST_X"),
        ("see https://x/rest/1/k/", "unreadable_code"),
        (["odd"], "unreadable_code"),
        (True, "True"),
    ],
)
def test_errors_in_every_shape(error: Any, code: str) -> None:
    fault = fault_in({"error": error, "error_description": "text"}, 200, OPEN)
    assert fault is not None
    assert (fault.code, fault.status) == (code, 200)


@pytest.mark.parametrize(
    "body", [None, [], "text", {}, {"result": 1}, {"error": None}, {"error": ""}, {"error": False}, {"error": []}]
)
def test_what_is_no_error(body: Any) -> None:
    assert fault_in(body, 200, OPEN) is None


@pytest.mark.parametrize(
    ("time", "until"),
    [
        ({"operating_reset_at": 1788000600}, datetime.fromtimestamp(1788000600, UTC)),
        ({"operating_reset_at": "1788000600"}, datetime.fromtimestamp(1788000600, UTC)),
        ({"operating_reset_at": 0}, None),
        ({"operating_reset_at": "soon"}, None),
        ({"operating_reset_at": 10**30}, None),
        ({"operating_reset_at": {}}, None),
        ([], None),
        (None, None),
    ],
)
def test_when_the_time_budget_comes_back(time: Any, until: datetime | None) -> None:
    fault = fault_in({"error": "OPERATION_TIME_LIMIT", "time": time}, 429, OPEN)
    assert fault is not None
    assert fault.until == until


def test_a_description_repeats_neither_secrets_nor_the_request() -> None:
    fault = fault_in(
        {"error": "100", "error_description": "bad Тверь for k3yk3y"}, 400, Redactor(frozenset({"тверь"}), ["k3yk3y"])
    )
    assert fault == PortalError("100", "bad … for …", 400)


def test_a_plain_answer() -> None:
    body = {"result": [1], "total": "137", "next": 50, "time": {}, "result_data": {"payment_url": "u"}}
    assert read_plain(body) == Answer([1], 137, 50, {"result_data": {"payment_url": "u"}})
    with pytest.raises(BadAnswer, match="result"):
        read_plain({"time": {}})


@pytest.mark.parametrize(
    ("value", "number"),
    [
        (5, 5),
        ("5", 5),
        (Decimal(5), 5),
        (None, None),
        ("x", None),
        (True, None),
        ([], None),
        (Decimal("Infinity"), None),
        (Decimal("1E+999999999"), None),
        (-1, None),
    ],
)
def test_counts(value: Any, number: int | None) -> None:
    assert count(value) == number


def test_a_batch_answer_as_the_reference_shows_it() -> None:
    envelope = {
        "result": {"order": {"order": {"id": 5121}}},
        "result_error": {"i1": {"error": "200140400007", "error_description": "bad data"}},
        "result_total": {"order": 1},
        "result_next": [],
        "result_time": {"order": {"operating": Decimal("2.2")}},
    }
    outcomes = read_batch({"result": envelope}, ("order", "i1", "i2"), OPEN)
    assert outcomes == {"order": Answer({"order": {"id": 5121}}, 1), "i1": PortalError("200140400007", "bad data")}


def test_an_error_goes_before_a_result_and_a_null_result_is_an_answer() -> None:
    envelope = {"result": {"a": [], "b": None}, "result_error": {"a": {"error": "0", "error_description": ""}}}
    outcomes = read_batch({"result": envelope}, ("a", "b"), OPEN)
    assert outcomes == {"a": PortalError("0"), "b": Answer(None)}


def test_a_batch_where_everything_is_empty() -> None:
    empty: dict[str, Any] = {
        name: [] for name in ("result", "result_error", "result_total", "result_next", "result_time")
    }
    assert read_batch({"result": empty}, ("a",), OPEN) == {}


@pytest.mark.parametrize("error", ["ACCESS_DENIED", {"error": "ACCESS_DENIED"}])
def test_inner_errors_in_both_shapes(error: Any) -> None:
    outcomes = read_batch({"result": {"result": [], "result_error": {"a": error}}}, ("a",), OPEN)
    assert outcomes == {"a": PortalError("ACCESS_DENIED")}


def test_an_inner_error_without_a_code_is_an_error() -> None:
    outcomes = read_batch({"result": {"result": {"a": 1}, "result_error": {"a": {}}}}, ("a",), OPEN)
    assert outcomes == {"a": PortalError("unreadable_code", "an error without a code")}


def test_an_inner_pause_takes_its_end_from_the_times() -> None:
    envelope = {
        "result_error": {"a": {"error": "OPERATION_TIME_LIMIT"}},
        "result_time": {"a": {"operating_reset_at": 1788000600}},
    }
    fault = read_batch({"result": envelope}, ("a",), OPEN)["a"]
    assert isinstance(fault, PortalError)
    assert fault.until == datetime.fromtimestamp(1788000600, UTC)


@pytest.mark.parametrize("body", [{}, {"result": []}, {"result": {"result": [1, 2]}}, {"result": {"result": 7}}])
def test_a_batch_answer_that_makes_no_sense(body: Any) -> None:
    with pytest.raises(BadAnswer):
        read_batch(body, ("a",), OPEN)


def test_maps() -> None:
    assert as_map(None) == as_map([]) == {}


@pytest.mark.parametrize(
    ("body", "used"),
    [
        ({"time": {"operating": Decimal("0.21")}}, {"plain": Decimal("0.21")}),
        ({"time": {"operating": True}}, {}),
        ({"time": {}}, {}),
        ({"time": []}, {}),
        ({"result": {"result_time": []}}, {}),
        (
            {"result": {"result_time": {"a": {"operating": 3}, "b": {"operating": 2}, "other": {"operating": 9}}}},
            {"m": 3},
        ),
        (None, {}),
    ],
)
def test_time_budgets(body: Any, used: dict[str, Decimal]) -> None:
    assert operating(body, {"": "plain", "a": "m", "b": "m"}) == used


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(["a", "error", "result", "result_error", "code"]), inner)
    ),
    max_leaves=10,
)


@given(JSON)
def test_no_body_breaks_the_decoders(body: Any) -> None:
    fault = fault_in(body, 200, OPEN)
    assert fault is None or fault.code
    if isinstance(body, dict):
        try:
            outcomes = read_batch(body, ("a",), OPEN)
        except BadAnswer:
            return
        assert set(outcomes) <= {"a"}
