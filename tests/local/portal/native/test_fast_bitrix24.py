"""The best known third-party client against the simulated portal."""

from __future__ import annotations

import importlib
from collections.abc import AsyncIterator, Callable
from typing import Any
from urllib.parse import quote

import pytest

from infra.local.portal import Portal
from infra.local.portal.faults import FaultKind
from tests.local.portal.conftest import KEY
from tests.local.portal.native.conftest import ORDER
from tests.local.portal.native.test_batch import CHAIN
from tests.support.servers import serving

pytest.importorskip("fast_bitrix24", reason="fast-bitrix24 is a development dependency")

SEARCH = {"select": ["id", "iblockId", "name"], "filter": {"iblockId": 23}}


def client(url: str, **options: Any) -> Any:
    return importlib.import_module("fast_bitrix24").BitrixAsync(url, verbose=False, **options)


@pytest.fixture
async def make_address(make_portal: Callable[..., Portal]) -> AsyncIterator[Callable[..., Any]]:
    servers: list[Any] = []

    async def make(**changes: Any) -> tuple[Portal, str]:
        portal = make_portal(**changes)
        server = serving(portal.app)
        servers.append(server)
        return portal, await server.__aenter__()

    yield make
    for server in servers:
        await server.__aexit__(None, None, None)


async def test_it_pages_the_catalogue_by_batches(make_address):
    portal, address = await make_address()
    found = await client(f"{address}/rest/1/{KEY}/").get_all("catalog.product.list", SEARCH)
    assert sorted(product["id"] for product in found) == [int(product.id) for product in portal.shop.catalogue.all()]
    assert [record.method for record in portal.rest.calls.since()] == ["catalog.product.list", "batch"]


async def test_it_makes_an_order_in_one_batch(make_address):
    portal, address = await make_address()
    batch = {"halt": 1, "cmd": CHAIN}
    result = await client(f"{address}/rest/1/{KEY}/").call_batch(batch)
    assert "/pay/" in result["link"]["payment"]["url"]
    assert len(portal.native.ledger.all()) == 1


async def test_many_writes_become_batches(make_address):
    portal, address = await make_address()
    items = [{"fields": {**ORDER, "xmlId": f"tg-{n}", "userDescription": "Позвонить & ждать"}} for n in range(60)]
    made = await client(f"{address}/rest/1/{KEY}/").call("sale.order.add", items)
    assert len(made) == 60
    orders = portal.native.ledger.all()
    assert {order.xml_id for order in orders} == {f"tg-{n}" for n in range(60)}
    assert {order.fields["userDescription"] for order in orders} == {"Позвонить & ждать"}
    assert len(portal.rest.calls.since()) == 2


async def test_it_asks_for_a_new_token_on_401(make_address):
    portal, address = await make_address()
    asked: list[str] = []

    async def token() -> str:
        asked.append(portal.tokens.issue().access_token)
        return asked[-1]

    bitrix = client(f"{address}/rest/", token_func=token)
    await bitrix.get_all("sale.status.list")
    portal.tokens.expire()
    statuses = await bitrix.get_all("sale.status.list")
    assert len(statuses) == 9
    assert len(asked) == 2
    assert [record.error for record in portal.rest.calls.since()] == [None, "expired_token", None]


async def test_it_hits_the_rate_limit_and_gets_through(make_address):
    portal, address = await make_address()
    portal.rest.faults.add(FaultKind.RATE_LIMIT, count=2)
    bitrix = client(f"{address}/rest/1/{KEY}/")
    name = quote("шуруповёрт")
    found = await bitrix.call_batch({"cmd": {"a": f"catalog.product.list?{query(name)}"}})
    assert found
    assert [record.error for record in portal.rest.calls.since()] == ["QUERY_LIMIT_EXCEEDED"] * 2 + [None]


async def test_it_repeats_writes_which_a_native_portal_does_twice(make_address):
    portal, address = await make_address()
    portal.rest.faults.add(FaultKind.DONE_THEN_5XX)
    await client(f"{address}/rest/1/{KEY}/").call("sale.order.add", {"fields": ORDER}, raw=True)
    assert [order.xml_id for order in portal.native.ledger.all()] == ["tg-1", "tg-1"]


def query(name: str) -> str:
    return f"select[0]=id&select[1]=iblockId&filter[iblockId]=23&filter[%25name]={name}"
