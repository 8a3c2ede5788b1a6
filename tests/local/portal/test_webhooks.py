"""Events: signed, in order, repeated on 5xx, never in the way."""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import json
import uuid
from collections.abc import AsyncIterator, Callable
from datetime import date

import httpx
import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from infra.local.portal import Portal
from infra.local.portal.orders import OrderChange
from infra.local.portal.shop import event_of
from infra.local.portal.webhooks import Event
from shared.status import Status
from tests.local.portal.conftest import RestClient
from tests.support.servers import serving

SECRET = "local-webhook-secret"


class Bot:
    """Receives events; `answer` decides the status by the number of the request."""

    def __init__(self) -> None:
        self.bodies: list[bytes] = []
        self.headers: list[dict[str, str]] = []
        self.answer: Callable[[int], int] = lambda _number: 200
        self.app = Starlette(routes=[Route("/webhook/bitrix", self._take, methods=["POST"])])

    async def _take(self, request: Request) -> Response:
        self.bodies.append(await request.body())
        self.headers.append(dict(request.headers))
        return Response(status_code=self.answer(len(self.bodies)))

    def events(self) -> list[dict[str, object]]:
        return [json.loads(body) for body in self.bodies]


@pytest.fixture
def bot() -> Bot:
    return Bot()


@pytest.fixture
async def told(bot: Bot, make_portal) -> AsyncIterator[RestClient]:
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app=bot.app)) as http:
        rest = RestClient(make_portal(http, webhook_url="http://bot.test/webhook/bitrix"))
        yield rest
        await rest.http.aclose()


async def move(rest: RestClient, order_id: str, **change: str) -> None:
    assert (await rest.http.post(f"/_sim/orders/{order_id}", json=change)).status_code == 200


async def test_over_a_real_socket_an_event_arrives_signed(bot: Bot, make_portal, outbound: httpx.AsyncClient):
    async with serving(bot.app) as address:
        rest = RestClient(make_portal(outbound, webhook_url=f"{address}/webhook/bitrix"))
        order_id = await rest.order()
        await move(rest, order_id, status="PAYED")
        await rest.portal.webhooks.settle()
        await rest.http.aclose()
    event = bot.events()[0]
    assert event["event"] == "ONSALEORDERPAYMENT_PAID"
    assert event["data"] == {"ORDER_ID": "5121", "STATUS_ID": "PAYED"}
    assert uuid.UUID(str(event["event_id"])).version == 4
    assert event["ts"] == 1796115600
    expected = hmac.new(SECRET.encode(), bot.bodies[0], hashlib.sha256).hexdigest()
    assert bot.headers[0]["x-webhook-signature"] == expected
    assert bot.headers[0]["content-type"] == "application/json"


@pytest.mark.parametrize(
    ("change", "event"),
    [
        (OrderChange(status=Status.PAYED), Event.PAID),
        (OrderChange(status=Status.WAITING_FOR_DELIVERY), Event.DELIVERY),
        (OrderChange(status=Status.SHIPPED, tracking="1"), Event.DELIVERY),
        (OrderChange(status=Status.DELIVERED), Event.DELIVERY),
        (OrderChange(tracking="1"), Event.DELIVERY),
        (OrderChange(eta=date(2026, 12, 3)), Event.DELIVERY),
        (OrderChange(status=Status.CANCELED, reason="x", tracking=""), Event.SAVED),
        (OrderChange(status=Status.FINISHED), Event.SAVED),
        (OrderChange(status=Status.NEW), Event.SAVED),
        (OrderChange(reason="x"), Event.SAVED),
        (OrderChange(status=Status.RETURN_COMPLETED), Event.SAVED),
    ],
)
def test_events_of_changes(change, event):
    assert event_of(change) is event


async def test_a_return_has_its_own_event(told: RestClient, bot: Bot):
    order_id = await told.order(lines={"1070": 2})
    params = {"order_id": order_id, "items": [{"PRODUCT_ID": 1070, "QUANTITY": 1}], "photos": []}
    rma = await told.result("app.rma.add", params)
    change = {"status": "RETURN_REJECTED", "reason": "Следы вскрытия"}
    assert (await told.http.post(f"/_sim/returns/{rma['RMA_ID']}", json=change)).status_code == 200
    await told.portal.webhooks.settle()
    (event,) = bot.events()
    assert event["event"] == "RMA_STATUS_CHANGED"
    assert event["data"] == {
        "RMA_ID": "77",
        "ORDER_ID": order_id,
        "STATUS": "RETURN_REJECTED",
        "REASON": "Следы вскрытия",
    }


async def test_5xx_is_tried_again_with_growing_pauses_and_the_same_event(told: RestClient, bot: Bot, clock):
    bot.answer = lambda number: 503 if number < 4 else 200
    order_id = await told.order()
    before = clock.passed
    await move(told, order_id, status="PAYED")
    await told.portal.webhooks.settle()
    assert len(bot.bodies) == 4
    assert len(set(bot.bodies)) == 1
    assert clock.passed - before == 1 + 2 + 4
    (delivery,) = [item.view() for item in told.portal.webhooks.all()]
    assert delivery["state"] == "delivered"
    assert [attempt["status"] for attempt in delivery["attempts"]] == [503, 503, 503, 200]


async def test_it_gives_up_after_a_bounded_number_of_times(told: RestClient, bot: Bot):
    bot.answer = lambda _number: 500
    await move(told, await told.order(), status="PAYED")
    await told.portal.webhooks.settle()
    assert len(bot.bodies) == 6
    assert told.portal.webhooks.all()[0].view()["state"] == "given_up"


@pytest.mark.parametrize("status", [302, 400, 401, 413])
async def test_other_refusals_are_final(told: RestClient, bot: Bot, status):
    bot.answer = lambda _number: status
    await move(told, await told.order(), status="PAYED")
    await told.portal.webhooks.settle()
    assert len(bot.bodies) == 1
    assert told.portal.webhooks.all()[0].view()["state"] == "refused"


async def test_a_broken_connection_is_tried_again(make_portal):
    tries = 0

    def answer(request: httpx.Request) -> httpx.Response:
        nonlocal tries
        tries += 1
        if tries == 1:
            raise httpx.ConnectError("refused", request=request)
        return httpx.Response(200)

    async with httpx.AsyncClient(transport=httpx.MockTransport(answer)) as http:
        rest = RestClient(make_portal(http, webhook_url="http://bot.test/"))
        await move(rest, await rest.order(), status="PAYED")
        await rest.portal.webhooks.settle()
        await rest.http.aclose()
    (delivery,) = [item.view() for item in rest.portal.webhooks.all()]
    assert [{key: value for key, value in attempt.items() if key != "time"} for attempt in delivery["attempts"]] == [
        {"error": "ConnectError"},
        {"status": 200},
    ]


async def test_events_of_an_order_do_not_overtake(told: RestClient, bot: Bot):
    bot.answer = lambda number: 503 if number % 3 else 200
    order_id = await told.order()
    statuses = ["PAYED", "WAITING_FOR_DELIVERY", "SHIPPED", "DELIVERED", "FINISHED"]
    for status in statuses:
        await move(told, order_id, status=status)
    await told.portal.webhooks.settle()
    seen = [event["data"]["STATUS_ID"] for event in bot.events()]  # type: ignore[index]  # JSON
    assert seen == [status for status in statuses for _ in range(3)]
    ids = [event["event_id"] for event in bot.events()]
    assert len(set(ids)) == 5


async def test_one_order_does_not_wait_for_another_and_a_change_for_nobody(make_portal):
    stuck, arrived = asyncio.Event(), asyncio.Event()

    async def answer(request: httpx.Request) -> httpx.Response:
        if b'"5121"' in request.content:
            await stuck.wait()
        else:
            arrived.set()
        return httpx.Response(200)

    async with httpx.AsyncClient(transport=httpx.MockTransport(answer)) as http:
        rest = RestClient(make_portal(http, webhook_url="http://bot.test/"))
        first, second = await rest.order(), await rest.order()
        await move(rest, first, status="PAYED")
        await move(rest, second, status="PAYED")
        await arrived.wait()
        assert rest.portal.webhooks.all()[0].view()["state"] == "pending"
        stuck.set()
        await rest.portal.webhooks.settle()
        await rest.http.aclose()
    assert {item.view()["state"] for item in rest.portal.webhooks.all()} == {"delivered"}


async def test_the_address_may_become_known_later_and_none_sends_nothing(rest: RestClient, portal: Portal):
    order_id = await rest.order()
    await move(rest, order_id, status="PAYED")
    assert portal.webhooks.all() == []
    portal.webhooks.url = "http://127.0.0.1:9/"
    await move(rest, order_id, status="SHIPPED")
    await portal.webhooks.settle()
    assert [item.view()["data"]["STATUS_ID"] for item in portal.webhooks.all()] == ["SHIPPED"]


async def test_shutting_down_stops_what_is_on_its_way(make_portal):
    reached = asyncio.Event()

    async def answer(_request: httpx.Request) -> httpx.Response:
        reached.set()
        await asyncio.Event().wait()
        return httpx.Response(200)

    async with httpx.AsyncClient(transport=httpx.MockTransport(answer)) as http:
        rest = RestClient(make_portal(http, webhook_url="http://bot.test/"))
        async with rest.portal.app.router.lifespan_context(rest.portal.app):
            await move(rest, await rest.order(), status="PAYED")
            await reached.wait()
        await rest.portal.webhooks.settle()
        await rest.http.aclose()
    assert rest.portal.webhooks.all()[0].view()["state"] == "pending"


async def test_a_stop_ends_those_that_others_wait_for(make_portal):
    reached, left = asyncio.Event(), asyncio.Event()

    async def answer(_request: httpx.Request) -> httpx.Response:
        reached.set()
        try:
            await asyncio.Event().wait()
        finally:
            left.set()
        return httpx.Response(200)

    async with httpx.AsyncClient(transport=httpx.MockTransport(answer)) as http:
        rest = RestClient(make_portal(http, webhook_url="http://bot.test/"))
        order = await rest.order()
        await move(rest, order, status="PAYED")
        await reached.wait()
        await move(rest, order, status="SHIPPED")
        await rest.portal.close()
        assert left.is_set()
        await rest.http.aclose()
