"""Faults on demand."""

from __future__ import annotations

import asyncio
import uuid

import httpx
import pytest

from infra.local.portal import Portal
from infra.local.portal.faults import FaultBook, FaultKind
from tests.local.portal.conftest import KEY, RestClient
from tests.support.clock import Clock
from tests.support.door import LONGEST, Door
from tests.support.servers import serving

LINE = {"fields": {"PRODUCT_ID": "1001", "QUANTITY": 1, "FUSER_ID": "17"}}
SEARCH = {"filter": {"q": "бита"}, "select": ["ID"], "start": 0}


@pytest.mark.parametrize(
    ("kind", "status", "error"),
    [
        ("5xx", 500, "INTERNAL_SERVER_ERROR"),
        ("rate_limit", 503, "QUERY_LIMIT_EXCEEDED"),
        ("expired_token", 401, "expired_token"),
    ],
)
async def test_refusals_do_no_work_and_strike_as_often_as_told(rest: RestClient, portal: Portal, kind, status, error):
    portal.rest.faults.add(FaultKind(kind), count=2)
    answers = [await rest.change("sale.basketitem.add", LINE) for _ in range(3)]
    assert [answer.status_code for answer in answers] == [status, status, 200]
    assert answers[0].json()["error"] == error
    assert len(portal.shop.orders.basket("17")) == 1
    assert [record.fault for record in portal.rest.calls.since()] == [kind, kind, None]


async def test_a_gateway_page_is_html(rest: RestClient, portal: Portal):
    portal.rest.faults.add(FaultKind.HTML_502)
    answer = await rest.change("sale.basketitem.add", LINE)
    assert answer.status_code == 502
    assert answer.headers["content-type"].startswith("text/html")
    assert "502 Bad Gateway" in answer.text
    assert portal.shop.orders.basket("17") == []


async def test_slow_is_slow_and_done(rest: RestClient, portal: Portal, clock: Clock):
    portal.rest.faults.add(FaultKind.SLOW, seconds=7)
    assert (await rest.change("sale.basketitem.add", LINE)).status_code == 200
    assert clock.passed == pytest.approx(7.03)


async def test_a_fault_may_concern_one_method_alone_or_inside_a_batch(rest: RestClient, portal: Portal):
    portal.rest.faults.add(FaultKind.SERVER_ERROR, count=2, method="Sale.Order.Get")
    assert (await rest.call("catalog.product.list", SEARCH)).status_code == 200
    assert (await rest.call("sale.order.get", {"id": 1})).status_code == 500
    assert (await rest.call("batch", {"cmd": {"a": "sale.order.get?id=1"}})).status_code == 500
    assert (await rest.call("batch", {"cmd": {"a": "sale.order.get?id=1"}})).status_code == 200


async def test_a_wrong_key_does_not_use_a_fault_up(rest: RestClient, portal: Portal):
    portal.rest.faults.add(FaultKind.SERVER_ERROR)
    assert (await rest.http.post("/rest/1/wrong/catalog.product.list", json=SEARCH)).status_code == 401
    assert (await rest.call("catalog.product.list", SEARCH)).status_code == 500


def test_a_rate_strikes_its_share_the_same_way_each_time():
    def strikes() -> list[bool]:
        book = FaultBook(seed=1)
        book.add(FaultKind.SERVER_ERROR, rate=0.3)
        return [book.strike(["m"]) is not None for _ in range(1000)]

    assert 250 <= sum(strikes()) <= 350
    assert strikes() == strikes()


def test_clearing_ends_all_faults():
    book = FaultBook(seed=1)
    book.add(FaultKind.SERVER_ERROR, rate=1.0)
    assert book.strike(["m"])
    book.clear()
    assert book.strike(["m"]) is None
    assert book.all() == []


async def test_silence_lasts_and_then_a_gateway_gives_up(rest: RestClient, portal: Portal, clock: Clock):
    portal.rest.faults.add(FaultKind.TIMEOUT_BEFORE)
    answer = await rest.change("sale.basketitem.add", LINE)
    assert answer.status_code == 504
    assert clock.passed == 90
    assert portal.shop.orders.basket("17") == []
    assert portal.rest.calls.since()[0].view()["status"] is None


@pytest.mark.parametrize(("kind", "done"), [(FaultKind.TIMEOUT_BEFORE, 0), (FaultKind.TIMEOUT_AFTER, 1)])
async def test_over_a_real_socket_the_client_runs_out_of_patience(make_portal, kind, done):
    class Patient(Clock):
        """A clock that never gets to the end of the silence."""

        async def sleep(self, seconds: float) -> None:
            await (asyncio.Event().wait() if seconds > 60 else super().sleep(seconds))

    portal = make_portal(clock=Patient())
    portal.rest.faults.add(kind)
    async with (
        Door() as door,
        serving(portal.app) as address,
        httpx.AsyncClient(transport=door, timeout=LONGEST) as http,
    ):
        door.leads_to(portal)
        url = f"{address}/rest/1/{KEY}/sale.basketitem.add"
        headers = {"Idempotency-Key": str(uuid.uuid4())}
        with pytest.raises(httpx.ReadTimeout):
            await http.post(url, json=LINE, headers=headers)
        assert len(portal.shop.orders.basket("17")) == done
        again = await http.post(url, json=LINE, headers=headers)
    assert again.status_code == 200
    assert ("Idempotent-Replayed" in again.headers) is bool(done)
    assert len(portal.shop.orders.basket("17")) == 1
