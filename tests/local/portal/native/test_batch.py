"""`batch` over native methods: an order in one batch, and what can go wrong in it."""

from __future__ import annotations

from urllib.parse import quote

import pytest

from infra.local.portal import Portal
from infra.local.portal.faults import FaultKind
from infra.local.portal.native.options import DOCUMENTED_COSTS
from tests.local.portal.native.conftest import NativeClient
from tests.support.clock import Clock

CHAIN = {
    "order": "sale.order.add?fields[lid]=s1&fields[personTypeId]=3&fields[currency]=RUB&fields[userId]=17"
    f"&fields[xmlId]=tg-2f6c&fields[externalOrder]=Y&fields[userDescription]={quote('Позвонить & подождать')}",
    "i1": "sale.basketitem.addCatalogProduct?fields[orderId]=$result[order][order][id]&fields[productId]=1001"
    "&fields[quantity]=2&fields[currency]=RUB",
    "i2": "sale.basketitem.addCatalogProduct?fields[orderId]=$result[order][order][id]&fields[productId]=1070"
    "&fields[quantity]=1&fields[currency]=RUB",
    "prop": "sale.propertyvalue.modify?fields[order][id]=$result[order][order][id]"
    f"&fields[order][propertyValues][0][orderPropsId]=26&fields[order][propertyValues][0][value]={quote('Тверь')}"
    "&fields[order][propertyValues][1][orderPropsId]=22&fields[order][propertyValues][1][value]=%2B79990000000",
    "ship": "sale.shipment.add?fields[orderId]=$result[order][order][id]&fields[allowDelivery]=N&fields[deducted]=N"
    "&fields[deliveryId]=3",
    "s1": "sale.shipmentitem.add?fields[orderDeliveryId]=$result[ship][shipment][id]"
    "&fields[basketId]=$result[i1][basketItem][id]&fields[quantity]=2",
    "s2": "sale.shipmentitem.add?fields[orderDeliveryId]=$result[ship][shipment][id]"
    "&fields[basketId]=$result[i2][basketItem][id]&fields[quantity]=1",
    "tot": "sale.order.get?id=$result[order][order][id]",
    "pay": "sale.payment.add?fields[orderId]=$result[order][order][id]&fields[paySystemId]=1"
    "&fields[sum]=$result[tot][order][price]",
    "link": "salescenter.payment.getPublicUrl?id=$result[pay][payment][id]",
}


async def test_an_order_in_one_batch(rest: NativeClient, portal: Portal):
    result = await rest.batch(CHAIN, halt=1)
    assert result["result_error"] == []
    assert result["result_total"] == {"i1": 1, "i2": 1}
    assert set(result["result"]) == set(CHAIN)
    order = await rest.get(result["result"]["order"]["order"]["id"])
    assert order["userDescription"] == "Позвонить & подождать"
    assert order["payments"][0]["sum"] == order["price"] == result["result"]["tot"]["order"]["price"]
    assert {one["code"]: one["value"] for one in order["propertyValues"]} == {
        "ADDRESS": "Тверь",
        "PHONE": "+79990000000",
    }
    assert "/pay/" in result["result"]["link"]["payment"]["url"]
    assert len(portal.rest.calls.since()) == 2


async def test_a_warning_of_what_is_saved_may_be_an_error(rest: NativeClient, portal: Portal):
    portal.rest.faults.add(FaultKind.SAVED_THEN_REFUSED, method="sale.shipmentItem.add")
    assert (await rest.batch(CHAIN, halt=1))["result_error"]["s1"]["error"] == "ERROR_NOT_ENOUGH_QUANTITY"
    (order,) = portal.native.ledger.all()
    assert [len(shipment.items) for shipment in order.own_shipments] == [1]
    assert order.payments == []


@pytest.mark.parametrize("method", ["sale.payment.add", "sale.order.add", "sale.basketitem.addCatalogProduct"])
async def test_what_makes_no_errors_of_its_warnings_never_does(rest: NativeClient, portal: Portal, method: str):
    portal.rest.faults.add(FaultKind.SAVED_THEN_REFUSED, method=method)
    assert (await rest.batch(CHAIN, halt=1))["result_error"] == []


async def test_what_is_saved_alone_may_be_refused_too(rest: NativeClient, portal: Portal):
    made = await rest.whole_order()
    portal.rest.faults.add(FaultKind.SAVED_THEN_REFUSED)
    paid = {"id": made.payment, "fields": {"paySystemId": 1, "paid": "Y"}}
    assert await rest.refusal("sale.payment.update", paid) == (400, "ERROR_NOT_ENOUGH_QUANTITY")
    assert (await rest.get(made.id))["payed"] == "Y"


async def test_halt_leaves_a_half_made_order_behind(rest: NativeClient, portal: Portal):
    broken = {**CHAIN, "i2": CHAIN["i2"].replace("1070", "1")}
    result = await rest.batch(broken, halt=1)
    assert result["result_error"]["i2"]["error"] == "200140400007"
    assert set(result["result"]) == {"order", "i1"}
    (order,) = portal.native.ledger.all()
    assert (len(order.basket), order.payments, order.own_shipments) == (1, [], [])


async def test_without_halt_references_that_lead_nowhere_travel_on_as_text(rest: NativeClient):
    broken = {**CHAIN, "order": CHAIN["order"].replace("lid", "lidd")}
    errors = (await rest.batch(broken))["result_error"]
    assert errors["order"]["error"] == "0"
    assert errors["i1"]["error"] == "200140400009"
    assert errors["s1"]["error"] == "201240400002"
    assert errors["tot"]["error"] == "200540400001"


async def test_search_by_name_and_by_article_in_one_batch(rest: NativeClient):
    head = "catalog.product.list?select[0]=id&select[1]=iblockId&select[2]=name&filter[iblockId]=23&filter[active]=Y"
    query = quote("df333")
    result = await rest.batch({"n": f"{head}&filter[%25name]={query}", "a": f"{head}&filter[%25property105]={query}"})
    both = [result["result"][key]["products"] for key in ("n", "a")]
    assert [[product["id"] for product in found] for found in both] == [[1001], [1001]]
    assert result["result_total"] == {"n": 1, "a": 1}


async def test_prices_and_stock_of_fifty_in_one_batch(rest: NativeClient):
    ids = "&".join(f"filter[@productId][{n}]={1001 + n}" for n in range(50))
    cmd = {"p": f"catalog.price.list?{ids}&filter[catalogGroupId]=1", "s": f"catalog.storeproduct.list?{ids}"}
    result = await rest.batch(cmd)
    assert len(result["result"]["p"]["prices"]) == 50
    assert result["result_total"] == {"p": 50, "s": 150}
    assert result["result_next"] == {"s": 50}


async def test_downloads_are_not_for_batches(rest: NativeClient):
    cmd = {"d": "catalog.product.download?fields[fileId]=21001&fields[productId]=1001", "b": "batch?cmd[a]=scope"}
    errors = (await rest.batch(cmd))["result_error"]
    assert {key: one["error"] for key, one in errors.items()} == dict.fromkeys(cmd, "ERROR_BATCH_METHOD_NOT_ALLOWED")


async def test_on_a_portal_as_slow_as_documented_two_lines_fit_into_a_request(make_rest, clock: Clock):
    rest = make_rest(costs=DOCUMENTED_COSTS)
    result = await rest.batch(CHAIN, halt=1)
    assert len(result["result"]) == len(CHAIN)
    assert 20 < clock.passed < 25


async def test_on_a_portal_as_slow_as_documented_ten_lines_do_not_fit(make_rest):
    rest = make_rest(costs=DOCUMENTED_COSTS)
    lines = {f"i{n}": CHAIN["i1"] for n in range(10)}
    items = {f"s{n}": CHAIN["s1"].replace("$result[i1]", f"$result[i{n}]") for n in range(10)}
    cmd = {"order": CHAIN["order"], **lines, "ship": CHAIN["ship"], **items, "link": CHAIN["link"]}
    answer = await rest.call("batch", {"cmd": cmd, "halt": 1})
    assert answer.status_code == 504
    (order,) = rest.portal.native.ledger.all()
    assert len(order.basket) == 10
    assert 0 < len(order.own_shipments[0].items) < 10


@pytest.mark.parametrize("done", [0, 1, 6])
async def test_a_batch_may_die_half_way(rest: NativeClient, portal: Portal, done):
    portal.rest.faults.add(FaultKind.PARTIAL_BATCH, commands=done)
    await rest.result("sale.order.list")  # not a batch, so not struck
    answer = await rest.call("batch", {"cmd": CHAIN, "halt": 1})
    assert answer.status_code == 504
    assert answer.headers["content-type"].startswith("text/html")
    orders = portal.native.ledger.all()
    assert len(orders) == min(done, 1)
    if done == 6:
        assert [len(shipment.items) for shipment in orders[0].own_shipments] == [1]
        assert orders[0].payments == []
    assert (await rest.call("batch", {"cmd": {"a": "scope"}})).status_code == 200
