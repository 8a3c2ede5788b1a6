"""Reads: one HTTP request for all, and no operation touches another."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from typing import Any

import httpx
import pytest

from shared.bitrix.auth import TokenAuth
from shared.bitrix.client import PAUSE_WITHOUT_END, BitrixClient
from shared.bitrix.encoding import Reference
from shared.bitrix.errors import (
    AccessDenied,
    AuthFailed,
    BadAnswer,
    BitrixError,
    NotFound,
    NotSent,
    OperationPaused,
    PortalFailed,
    RateLimited,
    TokenExpired,
    Verdict,
)
from shared.bitrix.portal import Answer, Command, Operation
from tests.bitrix.conftest import NOW
from tests.support.portal import BASE, FakePortal


def ask(method: str, *, read: Callable[[Mapping[str, Answer]], Any] | None = None, **params: Any) -> Operation[Any]:
    return Operation({"one": Command(method, params)}, read or (lambda answers: answers["one"].result))


def two(read: Callable[[Mapping[str, Answer]], Any] | None = None) -> Operation[Any]:
    commands = {"find": Command("a.list", {"q": "x"}), "get": Command("a.get", {"id": Reference("find", (0,))})}
    return Operation(commands, read or (lambda answers: [answers["find"].result, answers["get"].result]), weight=2)


async def test_nothing_to_read_sends_nothing(client: BitrixClient, portal: FakePortal) -> None:
    assert await client.read([]) == []
    assert portal.requests == []


async def test_one_command_is_a_plain_call(client: BitrixClient, portal: FakePortal) -> None:
    portal.result({"n": 1.5})
    assert await client.read([ask("a.get", filter={"q": "дрель"}, price=Decimal("1.50"))]) == [{"n": Decimal("1.5")}]
    (request,) = portal.requests
    assert (request.method, str(request.url)) == ("POST", BASE + "a.get")
    assert portal.body() == {"filter": {"q": "дрель"}, "price": "1.50"}
    assert request.headers["Content-Type"] == request.headers["Accept"] == "application/json"
    assert request.headers["User-Agent"].startswith("assistant-mastera/")
    assert "Idempotency-Key" not in request.headers


async def test_what_is_asked_twice_is_sent_once_and_answered_to_all(client: BitrixClient, portal: FakePortal) -> None:
    """Each understands the answer in its own way, as it would by itself."""
    gone = {"error": "ERROR_NOT_FOUND", "error_description": "no"}
    portal.result({"result": {"o0_find": [{"id": 7}], "o0_get": {"n": 1}}, "result_error": {"o1_one": gone}})
    seven = two(lambda answers: f"seven is {answers['find'].result[0]['id']}")
    values = await client.read([two(), ask("a.gone"), seven, *(ask("a.gone") for _ in range(60))])
    assert values[0] == [[{"id": 7}], {"n": 1}]
    assert values[2] == "seven is 7"
    assert all(isinstance(value, NotFound) for value in (values[1], *values[3:]))
    assert list(portal.body()["cmd"]) == ["o0_find", "o0_get", "o1_one"]


async def test_a_get_carries_its_parameters_in_the_query(client: BitrixClient, portal: FakePortal) -> None:
    portal.result({"ID": 5})
    operation = Operation({"one": Command("a.get", {"id": 5, "t": "a b&c"}, verb="GET")}, lambda a: a["one"].result)
    assert await client.read([operation]) == [{"ID": 5}]
    (request,) = portal.requests
    assert (request.method, str(request.url)) == ("GET", BASE + "a.get?id=5&t=a%20b%26c")
    assert request.content == b""
    assert "Content-Type" not in request.headers


async def test_several_operations_are_one_batch_with_prefixed_keys(client: BitrixClient, portal: FakePortal) -> None:
    inner = {"o0_one": 1, "o1_find": 2, "o1_get": 3}
    portal.result({"result": inner, "result_error": [], "result_total": {"o0_one": 9}, "result_next": []})
    first = ask("a.list", read=lambda answers: (answers["one"].result, answers["one"].total), q="x y")
    assert await client.read([first, two()]) == [(1, 9), [2, 3]]
    assert str(portal.requests[0].url) == BASE + "batch"
    assert portal.body() == {
        "halt": 0,
        "cmd": {"o0_one": "a.list?q=x%20y", "o1_find": "a.list?q=x", "o1_get": "a.get?id=$result[o1_find][0]"},
    }


async def test_one_operation_of_two_commands_is_a_batch_too(client: BitrixClient, portal: FakePortal) -> None:
    portal.result({"result": {"o0_find": 2, "o0_get": 3}})
    assert await client.read([two()]) == [[2, 3]]


async def test_the_refusal_of_a_read_of_one_optional_command_is_for_it_to_read(
    client: BitrixClient, portal: FakePortal
) -> None:
    portal.says({"error": 201140400001, "error_description": "shipment is not exists"}, 400)
    optional = replace(ask("a.x", read=lambda answers: type(answers["one"].error)), optional=frozenset({"one"}))
    assert await client.read([optional]) == [NotFound]
    portal.says({"error": "ACCESS_DENIED", "error_description": "no"}, 403)
    (refused,) = await client.read([optional])
    assert isinstance(refused, AccessDenied)


async def test_an_error_of_one_command_touches_its_operation_only(client: BitrixClient, portal: FakePortal) -> None:
    portal.result({"result": {"o0_one": 1, "o2_one": 3}, "result_error": {"o1_one": {"error": "ERROR_NOT_FOUND"}}})
    first, second, third = await client.read([ask("a.x"), ask("a.y"), ask("a.z")])
    assert (first, third) == (1, 3)
    assert isinstance(second, NotFound)
    assert second.methods == ("a.y",)
    assert portal.reports[0].verdict is None


async def test_a_command_without_an_answer_may_be_tried_again(client: BitrixClient, portal: FakePortal) -> None:
    portal.result({"result": {"o0_one": 1}})
    first, second = await client.read([ask("a.x"), ask("a.y")])
    assert first == 1
    assert isinstance(second, PortalFailed)
    assert second.verdict is Verdict.TRANSIENT


@pytest.mark.parametrize(
    "break_it",
    [
        lambda answers: answers["one"].result["missing"],
        lambda answers: answers["one"].result + 1,
        lambda answers: int(answers["one"].result["text"]),
        lambda answers: answers["one"].result.nothing,
        lambda _: Decimal("x"),
        lambda answers: answers["none"],
    ],
)
async def test_a_broken_parser_touches_its_operation_only(
    client: BitrixClient, portal: FakePortal, break_it: Callable[[Any], Any], caplog: pytest.LogCaptureFixture
) -> None:
    portal.result({"result": {"o0_one": {"text": "Ленина 5"}, "o1_one": 2}})
    first, second = await client.read([ask("a.x", read=break_it), ask("a.y")])
    assert second == 2
    assert isinstance(first, BadAnswer)
    assert first.verdict is Verdict.REFUSED
    assert first.methods == ("a.x",)
    assert "Ленина" not in caplog.text + str(first)
    assert "a.x broke its parser" in caplog.text


async def test_a_parsers_own_error_gets_the_methods(client: BitrixClient, portal: FakePortal) -> None:
    def refuse(_: Any) -> Any:
        raise NotFound("no such product")

    portal.result(1)
    (error,) = await client.read([ask("a.x", read=refuse)])
    assert str(error) == "not_found: no such product (a.x)"


@pytest.mark.parametrize(
    ("code", "status", "kind"),
    [
        ("QUERY_LIMIT_EXCEEDED", 503, RateLimited),
        ("expired_token", 401, TokenExpired),
        ("NO_AUTH_FOUND", 401, AuthFailed),
        ("WRONG_CLIENT", 200, AuthFailed),
        ("ACCESS_DENIED", 403, AccessDenied),
    ],
)
async def test_a_top_level_error_is_everyones(
    client: BitrixClient, portal: FakePortal, code: str, status: int, kind: type[Exception]
) -> None:
    portal.says({"error": code, "error_description": "no"}, status)
    answers = await client.read([ask("a.x"), ask("a.y")])
    assert [type(answer) for answer in answers] == [kind, kind]
    assert answers[0].methods == ("a.x", "a.y")
    assert answers[0].http_status == status
    assert portal.reports[0].verdict is answers[0].verdict


async def test_a_paused_method_tells_until_when(client: BitrixClient, portal: FakePortal) -> None:
    portal.says({"error": "OPERATION_TIME_LIMIT", "time": {"operating_reset_at": int(NOW.timestamp()) + 99}}, 429)
    portal.says({"error": "OPERATION_TIME_LIMIT"}, 429)
    (told,), (untold,) = await client.read([ask("a.x")]), await client.read([ask("a.x")])
    assert isinstance(told, OperationPaused)
    assert isinstance(untold, OperationPaused)
    assert told.until == NOW + timedelta(seconds=99)
    assert untold.until == NOW + PAUSE_WITHOUT_END


@pytest.mark.parametrize("status", [502, 504])
async def test_a_page_of_html_is_a_portal_that_failed(client: BitrixClient, portal: FakePortal, status: int) -> None:
    portal.replies.append(httpx.Response(status, html="<html>Bad Gateway</html>"))
    (error,) = await client.read([ask("a.x")])
    assert isinstance(error, PortalFailed)
    assert error.http_status == status


@pytest.mark.parametrize("content", [b"<html>maintenance</html>", b"[]", b"1", b""])
async def test_a_good_status_without_an_object_is_a_portal_that_failed(
    client: BitrixClient, portal: FakePortal, content: bytes
) -> None:
    portal.replies.append(httpx.Response(200, content=content))
    (error,) = await client.read([ask("a.x")])
    assert isinstance(error, PortalFailed)


@pytest.mark.parametrize("operations", [[ask("a.x")], [ask("a.x"), ask("a.y")]])
async def test_an_answer_without_a_result_is_a_bad_answer(
    client: BitrixClient, portal: FakePortal, operations: list[Operation[Any]]
) -> None:
    portal.says({"time": {}})
    for error in await client.read(operations):
        assert isinstance(error, BadAnswer)
        assert error.verdict is Verdict.REFUSED
        assert error.http_status == 200


@pytest.mark.parametrize(
    ("broken", "kind"),
    [
        (httpx.ConnectError("no"), NotSent),
        (httpx.ConnectTimeout("no"), NotSent),
        (httpx.PoolTimeout("no"), NotSent),
        (httpx.ReadTimeout("no"), PortalFailed),
        (httpx.ReadError("no"), PortalFailed),
        (httpx.WriteError("no"), PortalFailed),
        (httpx.RemoteProtocolError("no"), PortalFailed),
        (httpx.DecodingError("no"), PortalFailed),
    ],
)
async def test_a_broken_connection(
    client: BitrixClient, portal: FakePortal, broken: Exception, kind: type[BitrixError]
) -> None:
    portal.replies.append(broken)
    (error,) = await client.read([ask("a.x")])
    assert isinstance(error, BitrixError)
    assert type(error) is kind
    assert error.verdict is Verdict.TRANSIENT
    assert portal.reports[0].http_status is None


async def test_more_than_fifty_commands_are_refused_before_sending(client: BitrixClient, portal: FakePortal) -> None:
    heavy = Operation({"one": Command("crm.product.batch", {})}, lambda _: None, weight=50)
    with pytest.raises(ValueError, match="50 commands, not 51"):
        await client.read([heavy, ask("a.x")])
    assert portal.requests == []


async def test_the_token_goes_with_the_parameters(http: httpx.AsyncClient, portal: FakePortal) -> None:
    tokens = iter(["t0ken-one", "t0ken-two", "t0ken-three"])

    async def get_token() -> str:
        return next(tokens)

    client = BitrixClient(http, "https://masters.example/rest/", auth=TokenAuth(get_token))
    portal.result(1)
    portal.result({"result": {"o0_one": 1, "o1_one": 2}})
    portal.result(3)
    await client.read([ask("a.x", id=1)])
    await client.read([ask("a.x"), ask("a.y")])
    await client.read([Operation({"one": Command("a.x", {"id": 1}, verb="GET")}, lambda a: a["one"].result)])
    assert portal.body(0) == {"id": 1, "auth": "t0ken-one"}
    assert portal.body(1)["auth"] == "t0ken-two"
    assert portal.requests[2].url.query == b"id=1&auth=t0ken-three"


async def test_without_a_token_every_operation_hears_of_it(http: httpx.AsyncClient, portal: FakePortal) -> None:
    async def get_token() -> str:
        raise TokenExpired("being refreshed")

    client = BitrixClient(http, "https://masters.example/rest/", auth=TokenAuth(get_token))
    answers = await client.read([ask("a.x"), ask("a.y")])
    assert [type(answer) for answer in answers] == [TokenExpired, TokenExpired]
    assert portal.requests == []


async def test_each_request_is_reported(client: BitrixClient, portal: FakePortal) -> None:
    times = {"o0_one": {"operating": 1.25}, "o1_one": {"operating": 0.5}}
    portal.result({"result": {"o0_one": 1, "o1_one": 2}, "result_time": times}, time={"duration": 1})
    portal.result(1, time={"operating": 0.75})
    await client.read([ask("a.x"), ask("a.y")])
    await client.read([ask("a.x")])
    batch, plain = portal.reports
    assert batch.methods == ("a.x", "a.y")
    assert batch.operating == {"a.x": Decimal("1.25"), "a.y": Decimal("0.5")}
    assert (batch.http_status, batch.verdict) == (200, None)
    assert batch.per_command == batch.duration / 2 > 0
    assert plain.operating == {"a.x": Decimal("0.75")}


async def test_the_whole_request_has_its_time(portal: FakePortal) -> None:
    async def never(_: httpx.Request) -> httpx.Response:
        await asyncio.Event().wait()
        raise AssertionError

    async with httpx.AsyncClient(transport=httpx.MockTransport(never)) as http:
        client = BitrixClient(http, BASE, auth=TokenAuth(_token), read_timeout=0.01, on_call=portal.reports.append)
        (error,) = await client.read([ask("a.x")])
    assert isinstance(error, PortalFailed)
    assert "no answer in time" in str(error)
    assert portal.reports[0].verdict is Verdict.TRANSIENT


async def _token() -> str:
    return "t0ken"
