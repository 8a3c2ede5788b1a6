"""Deals of a native portal: made by orders, moved by people, read and told of."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import httpx
import pytest

from tests.local.portal.native.conftest import Bot, NativeClient
from tests.local.portal.native.test_goods_states import sim
from tests.support.clock import Clock

DEALS = {"entityTypeId": 2}


async def of(rest: NativeClient, order_id: int) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = (await rest.result("crm.orderentity.list", {"filter": {"orderId": order_id}}))[
        "orderEntity"
    ]
    return found


async def test_every_order_makes_a_deal(rest: NativeClient):
    alone = await rest.whole_order()
    await sim(rest, "setup", {"deals": True})
    made = await rest.whole_order()
    assert await of(rest, alone.id) == []
    assert await of(rest, made.id) == [{"ownerId": 301, "ownerTypeId": 2, "orderId": made.id}]
    item = (await rest.result("crm.item.get", {**DEALS, "id": 301}))["item"]
    assert (item["stageId"], item["stageSemanticId"], item["title"]) == ("NEW", "P", f"Сделка по заказу {made.id}")
    assert item["opportunity"] == (await rest.get(made.id))["price"]


async def test_a_deal_is_found_by_a_reference_in_the_orders_batch(rest: NativeClient):
    await sim(rest, "setup", {"deals": True})
    made = await rest.whole_order()
    chain = {
        "link": f"crm.orderentity.list?filter[orderId]={made.id}",
        "deal": "crm.item.list?entityTypeId=2&select[]=id&select[]=stageId"
        "&filter[%3Did]=$result[link][orderEntity][0][ownerId]",
    }
    assert (await rest.batch(chain))["result"]["deal"]["items"] == [{"id": 301, "stageId": "NEW"}]
    nobody = {**chain, "link": "crm.orderentity.list?filter[orderId]=9"}
    assert (await rest.batch(nobody))["result"]["deal"]["items"] == []


async def test_a_deal_is_changed_and_found_by_when_it_moved(rest: NativeClient, clock: Clock):
    await sim(rest, "setup", {"deals": True})
    await rest.whole_order()
    clock.advance(600)
    since = (clock.now() - timedelta(seconds=60)).isoformat()
    asked = {**DEALS, "filter": {">=movedTime": since}, "select": ["id"]}
    assert (await rest.result("crm.item.list", asked))["items"] == []
    fields = {"title": "Заказ мастера", "nonsense": "x"}
    await rest.result("crm.item.update", {**DEALS, "id": 301, "fields": fields})
    assert (await rest.result("crm.item.list", asked))["items"] == []
    await rest.result("crm.item.update", {**DEALS, "id": 301, "fields": {"stageId": "WON"}})
    assert (await rest.result("crm.item.list", asked))["items"] == [{"id": 301}]
    item = (await rest.result("crm.item.get", {**DEALS, "id": 301}))["item"]
    assert (item["title"], item["stageId"], item["previousStageId"]) == ("Заказ мастера", "WON", "NEW")
    assert "nonsense" not in item
    refused = {**DEALS, "id": 301, "fields": {"stageId": "DT1038_12:NEW"}}
    assert (await rest.refusal("crm.item.update", refused))[0] == 400
    assert await rest.refusal("crm.item.get", {**DEALS, "id": 9}) == (400, "NOT_FOUND")


async def test_the_funnel_and_its_stages(rest: NativeClient):
    assert [it["id"] for it in (await rest.result("crm.category.list", DEALS))["categories"]] == [0]
    stages = await rest.result("crm.status.list", {"filter": {"ENTITY_ID": "DEAL_STAGE"}})
    assert {it["STATUS_ID"]: it["SEMANTICS"] for it in stages}["LOSE"] == "F"
    assert stages[0]["STATUS_ID"] == "NEW"
    assert {it["ENTITY_ID"] for it in stages} == {"DEAL_STAGE"}


async def test_a_payment_changes_the_deal_and_a_stage_changes_no_order(make_portal):
    bot = Bot()
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app=bot.app)) as http:
        rest = NativeClient(make_portal(http, webhook_url="http://bot.test/webhook/bitrix"))
        await sim(rest, "setup", {"deals": True})
        made = await rest.whole_order()
        await rest.portal.webhooks.settle()
        assert "ONCRMDEALUPDATE" not in bot.names()
        await sim(rest, f"orders/{made.id}", {"paid": True})
        await rest.portal.webhooks.settle()
        assert bot.names().count("ONCRMDEALUPDATE") == 1
        before, bot.posts = await rest.get(made.id), []
        await sim(rest, "deals/301", {"stage": "EXECUTING"})
        await rest.portal.webhooks.settle()
        assert [(post["event"], post["data[FIELDS][ID]"]) for post in bot.posts] == [("ONCRMDEALUPDATE", "301")]
        assert await rest.get(made.id) == before
        await rest.http.aclose()


async def test_who_deletes_a_deal_deletes_its_order(rest: NativeClient):
    await sim(rest, "setup", {"deals": True})
    made, paid = await rest.whole_order(), await rest.whole_order()
    assert await sim(rest, "deals/301", {"delete": True}) == [
        {"id": "302", "order_id": str(paid.id), "stage": "NEW", "title": f"Сделка по заказу {paid.id}"}
    ]
    assert await rest.refusal("sale.order.get", {"id": made.id}) == (400, 200540400001)
    await sim(rest, f"orders/{paid.id}", {"paid": True})
    refused = await rest.http.post("/_sim/deals/302", json={"delete": True})
    assert refused.json()["error"] == "SALE_ORDER_CANCEL_PAYMENT_EXIST_ACTIVE"
    assert await of(rest, paid.id) != []
    await sim(rest, f"orders/{paid.id}", {"paid": False})
    await rest.result("sale.order.delete", {"id": paid.id})
    assert await of(rest, paid.id) == []
    assert [it["id"] for it in (await rest.http.get("/_sim/deals")).json()] == ["302"]


@pytest.mark.parametrize("body", [{}, {"stage": "NONSENSE"}])
async def test_what_makes_no_sense_moves_nothing(rest: NativeClient, body: dict[str, str]):
    await sim(rest, "setup", {"deals": True})
    await rest.whole_order()
    assert (await rest.http.post("/_sim/deals/301", json=body)).status_code == 400
    assert (await rest.http.post("/_sim/deals/9", json={"stage": "WON"})).status_code == 404


async def test_a_deal_is_moved_and_deleted_on_the_desk(rest: NativeClient):
    await sim(rest, "setup", {"deals": True})
    made = await rest.whole_order()
    assert "Сделка 301: Новая" in (await rest.http.get("/")).text
    assert (await rest.http.post("/desk/deals/301", data={"stage": "UC_COURIER"})).status_code == 303
    assert "Сделка 301: Передан курьеру" in (await rest.http.get("/")).text
    await rest.http.post("/desk/deals/301", data={"delete": "Y"})
    assert f"order-{made.id}" not in (await rest.http.get("/")).text
