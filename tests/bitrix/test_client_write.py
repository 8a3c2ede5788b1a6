"""Writes: one HTTP request, and never a doubt about whether it may have been done."""

from __future__ import annotations

import asyncio
from typing import Any

import httpx
import pytest

from shared.bitrix.auth import WebhookAuth
from shared.bitrix.client import BitrixClient
from shared.bitrix.encoding import Reference
from shared.bitrix.errors import (
    BadAnswer,
    BitrixError,
    MethodMissing,
    NotFound,
    NotSent,
    OutcomeUnknown,
    PartlyDone,
    RateLimited,
    Refused,
    Verdict,
)
from shared.bitrix.portal import Command, Operation
from tests.support.portal import BASE, FakePortal

UUID = "6a0f7a35-6a55-4b8e-9c1e-0d5a3b6f2c11"


def add(*methods: str, read: Any = None) -> Operation[Any]:
    commands = {f"c{number}": Command(method, {"fields": {"N": number}}) for number, method in enumerate(methods)}
    return Operation(commands, read or (lambda answers: [answer.result for answer in answers.values()]))


async def test_one_command_goes_plain_with_its_key(client: BitrixClient, portal: FakePortal) -> None:
    portal.result(5121, result_data={"payment_url": "u"})
    operation = add("sale.order.add", read=lambda answers: answers["c0"])
    answer = await client.write(operation, UUID)
    assert (answer.result, answer.extra) == (5121, {"result_data": {"payment_url": "u"}})
    (request,) = portal.requests
    assert str(request.url) == BASE + "sale.order.add"
    assert request.headers["Idempotency-Key"] == UUID


async def test_several_commands_are_one_batch_that_halts(client: BitrixClient, portal: FakePortal) -> None:
    portal.result({"result": {"order": 7, "line": 8}})
    commands = {"order": Command("o.add", {}), "line": Command("l.add", {"o": Reference("order")})}
    assert await client.write(Operation(commands, lambda a: a["line"].result), UUID) == 8
    assert portal.body() == {"halt": 1, "cmd": {"order": "o.add", "line": "l.add?o=$result[order]"}}
    assert portal.requests[0].headers["Idempotency-Key"] == UUID


@pytest.mark.parametrize(
    ("reply", "kind", "verdict"),
    [
        (httpx.ConnectError("no"), NotSent, Verdict.TRANSIENT),
        (httpx.ConnectTimeout("no"), NotSent, Verdict.TRANSIENT),
        (httpx.PoolTimeout("no"), NotSent, Verdict.TRANSIENT),
        (httpx.ReadTimeout("no"), OutcomeUnknown, Verdict.UNKNOWN),
        (httpx.WriteTimeout("no"), OutcomeUnknown, Verdict.UNKNOWN),
        (httpx.ReadError("no"), OutcomeUnknown, Verdict.UNKNOWN),
        (httpx.RemoteProtocolError("no"), OutcomeUnknown, Verdict.UNKNOWN),
        (httpx.Response(500, json={"error": "INTERNAL_SERVER_ERROR"}), OutcomeUnknown, Verdict.UNKNOWN),
        (httpx.Response(500, json={"error": "NEVER_SEEN"}), OutcomeUnknown, Verdict.UNKNOWN),
        (httpx.Response(504, html="<html>"), OutcomeUnknown, Verdict.UNKNOWN),
        (httpx.Response(200, html="<html>"), OutcomeUnknown, Verdict.UNKNOWN),
        (httpx.Response(200, json={"time": {}}), BadAnswer, Verdict.UNKNOWN),
        (httpx.Response(503, json={"error": "QUERY_LIMIT_EXCEEDED"}), RateLimited, Verdict.LATER),
        (httpx.Response(400, json={"error": "100"}), Refused, Verdict.REFUSED),
        (httpx.Response(200, json={"error": 0}), Refused, Verdict.REFUSED),
        (httpx.Response(404, json={"error": "ERROR_METHOD_NOT_FOUND"}), MethodMissing, Verdict.OPERATORS),
    ],
)
async def test_what_is_known_of_a_failed_write(
    client: BitrixClient, portal: FakePortal, reply: Any, kind: type[BitrixError], verdict: Verdict
) -> None:
    portal.replies.append(reply)
    with pytest.raises(BitrixError) as caught:
        await client.write(add("sale.order.add"), UUID)
    assert type(caught.value) is kind
    assert caught.value.verdict is verdict
    assert caught.value.methods == ("sale.order.add",)
    assert portal.reports[0].verdict is verdict
    assert len(portal.requests) == 1


async def test_an_answer_that_cannot_be_read_may_be_a_done_write(client: BitrixClient, portal: FakePortal) -> None:
    portal.result({"odd": 1})
    with pytest.raises(BadAnswer) as caught:
        await client.write(add("sale.order.add", read=lambda answers: answers["c0"].result["ORDER_ID"]), UUID)
    assert caught.value.verdict is Verdict.UNKNOWN


async def test_a_readers_no_stays_a_no(client: BitrixClient, portal: FakePortal) -> None:
    def refuse(_: Any) -> Any:
        raise NotFound("gone")

    portal.result(1)
    with pytest.raises(NotFound) as caught:
        await client.write(add("sale.order.add", read=refuse), UUID)
    assert caught.value.verdict is Verdict.REFUSED


async def test_a_batch_that_failed_at_once_did_nothing(client: BitrixClient, portal: FakePortal) -> None:
    portal.result({"result": [], "result_error": {"c0": {"error": "100", "error_description": "bad"}}})
    with pytest.raises(Refused) as caught:
        await client.write(add("l.add", "m.add"), UUID)
    assert caught.value.methods == ("l.add",)


async def test_a_batch_that_failed_later_is_partly_done(client: BitrixClient, portal: FakePortal) -> None:
    portal.result({"result": {"c0": 1}, "result_error": {"c1": {"error": "ERROR_NOT_FOUND"}}})
    with pytest.raises(PartlyDone) as caught:
        await client.write(add("l.add", "m.add", "n.add"), UUID)
    assert caught.value.verdict is Verdict.UNKNOWN
    assert isinstance(caught.value.cause, NotFound)
    assert (caught.value.done, caught.value.methods) == (("c0",), ("m.add",))


@pytest.mark.parametrize(("result", "kind"), [({}, OutcomeUnknown), ({"c0": 1}, PartlyDone)])
async def test_a_batch_that_says_too_little_is_unknown(
    client: BitrixClient, portal: FakePortal, result: Any, kind: type[BitrixError]
) -> None:
    portal.result({"result": result})
    with pytest.raises(BitrixError) as caught:
        await client.write(add("l.add", "m.add"), UUID)
    assert type(caught.value) is kind
    assert caught.value.verdict is Verdict.UNKNOWN


async def test_a_write_has_its_own_time() -> None:
    async def never(_: httpx.Request) -> httpx.Response:
        await asyncio.Event().wait()
        raise AssertionError

    async with httpx.AsyncClient(transport=httpx.MockTransport(never)) as http:
        client = BitrixClient(http, BASE, auth=WebhookAuth(), write_timeout=0.01)
        with pytest.raises(OutcomeUnknown):
            await client.write(add("sale.order.add"), UUID)
