"""Events of a native portal."""

from __future__ import annotations

from collections.abc import AsyncIterator

import httpx
import pytest

from infra.local.portal import NativeOptions
from infra.local.portal.native.options import EVENTS
from tests.local.portal.native.conftest import Bot, NativeClient

URL = "http://bot.test/webhook/bitrix"


@pytest.fixture
async def bot() -> Bot:
    return Bot()


@pytest.fixture
async def told(bot: Bot, make_portal) -> AsyncIterator[NativeClient]:
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app=bot.app)) as http:
        rest = NativeClient(make_portal(http, webhook_url=URL, public_url="https://masters.portal.test"))
        yield rest
        await rest.http.aclose()


async def test_an_event_is_a_form_with_the_portals_token(told: NativeClient, bot: Bot):
    await told.order()
    await told.portal.webhooks.settle()
    assert bot.names() == ["ONSALEORDERSAVED", "ONORDERENTITYSAVED"]
    assert bot.posts[0] == {
        "event": "ONSALEORDERSAVED",
        "event_handler_id": "975",
        "data[FIELDS][ID]": "5121",
        "data[FIELDS][XML_ID]": "tg-1",
        "data[FIELDS][ACTION]": "save",
        "ts": "1796115600",
        "auth[domain]": "masters.portal.test",
        "auth[client_endpoint]": "https://masters.portal.test/rest/",
        "auth[server_endpoint]": "https://masters.portal.test/rest/",
        "auth[member_id]": "0f5a4ec1b1c64f6fa0dd0d9f9d1a30e1",
        "auth[application_token]": "local-application-token",
    }
    assert bot.headers[0]["content-type"] == "application/x-www-form-urlencoded"
    assert "x-webhook-signature" not in bot.headers[0]
    assert bot.posts[1]["data[FIELDS][ID]"] == "5121"


async def test_every_sub_call_has_its_own(told: NativeClient, bot: Bot):
    made = await told.whole_order(lines={1001: 1, 1070: 1})
    await told.portal.webhooks.settle()
    names = bot.names()
    assert names.count("ONSALEORDERSAVED") == 7  # order, two lines, shipment, two positions, payment
    assert names.count("ONSHIPMENTENTITYSAVED") == 5  # the system's own shipment changes with every line
    assert names.count("ONPAYMENTENTITYSAVED") == 1
    payment = next(post for post in bot.posts if post["event"] == "ONPAYMENTENTITYSAVED")
    assert payment["data[FIELDS][ID]"] == str(made.payment)


async def test_a_saved_order_is_told_once_in_a_request(told: NativeClient, bot: Bot):
    first, second = await told.order(xmlId="tg-1"), await told.order(xmlId="tg-2")
    await told.portal.webhooks.settle()
    bot.posts.clear()
    await told.batch({str(one): f"sale.order.update?id={one}&fields[comments]=x" for one in (first, second)})
    await told.portal.webhooks.settle()
    assert bot.names() == ["ONSALEORDERSAVED", "ONORDERENTITYSAVED", "ONORDERENTITYSAVED"]
    assert bot.posts[0]["data[FIELDS][ID]"] == str(first)


async def test_of_a_mass_change_only_the_first_order_is_told(told: NativeClient, bot: Bot):
    orders = [(await told.whole_order()).id, (await told.whole_order()).id]
    await told.portal.webhooks.settle()
    bot.posts.clear()
    answer = await told.http.post("/_sim/orders", json={"ids": orders, "status": "SHIPPED"})
    assert answer.json() == [str(one) for one in orders]
    await told.portal.webhooks.settle()
    saved = [post["data[FIELDS][ID]"] for post in bot.posts if post["event"] == "ONSALEORDERSAVED"]
    assert saved == [str(orders[0])]
    assert bot.names().count("ONSHIPMENTENTITYSAVED") == 2
    nobody = await told.http.post("/_sim/orders", json={"ids": [9], "status": "SHIPPED"})
    assert nobody.status_code == 404


async def test_a_mass_change_that_makes_no_sense_in_one_part_changes_nothing(told: NativeClient, bot: Bot):
    made = await told.whole_order()
    await told.portal.webhooks.settle()
    bot.posts.clear()
    before = await told.get(made.id)
    answer = await told.http.post("/_sim/orders", json={"ids": [made.id, 9], "status": "SHIPPED"})
    assert answer.status_code == 404
    await told.portal.webhooks.settle()
    assert (await told.get(made.id), bot.posts) == (before, [])


async def test_a_request_that_deletes_tells_of_no_saved_orders(told: NativeClient, bot: Bot):
    first, second = await told.order(), await told.order()
    await told.portal.webhooks.settle()
    bot.posts.clear()
    await told.batch({"a": f"sale.order.delete?id={first}", "b": f"sale.order.update?id={second}&fields[comments]=x"})
    await told.portal.webhooks.settle()
    assert sorted(bot.names()) == ["ONORDERDELETED", "ONORDERENTITYSAVED"]


async def test_a_portal_as_documented_tells_of_every_save(make_portal):
    bot = Bot()
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app=bot.app)) as http:
        rest = NativeClient(make_portal(http, webhook_url=URL, native=NativeOptions(core_rules=False)))
        await rest.batch(
            dict.fromkeys("ab", "sale.order.add?fields[lid]=s1&fields[personTypeId]=3&fields[currency]=RUB")
        )
        await rest.portal.webhooks.settle()
        await rest.http.aclose()
    assert bot.names().count("ONSALEORDERSAVED") == 2


async def test_system_shipments_are_announced_and_not_shown(told: NativeClient, bot: Bot):
    order_id = await told.order()
    await told.line(order_id)
    await told.portal.webhooks.settle()
    (shipment,) = [post["data[FIELDS][ID]"] for post in bot.posts if post["event"] == "ONSHIPMENTENTITYSAVED"]
    assert await told.refusal("sale.shipment.get", {"id": shipment}) == (400, 201140400001)
    assert (await told.body("sale.shipment.list", {"filter": {"orderId": order_id}}))["total"] == 0
    assert [one["system"] for one in (await told.get(order_id))["shipments"]] == ["Y"]


async def test_an_event_is_never_repeated(make_portal):
    bot = Bot(status=503)
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app=bot.app)) as http:
        rest = NativeClient(make_portal(http, webhook_url=URL))
        await rest.order()
        await rest.portal.webhooks.settle()
        sent = (await rest.http.get("/_sim/webhooks")).json()
        await rest.http.aclose()
    assert len(bot.posts) == 2
    assert [(one["event"], one["event_id"], one["state"], len(one["attempts"])) for one in sent] == [
        ("ONSALEORDERSAVED", "", "given_up", 1),
        ("ONORDERENTITYSAVED", "", "given_up", 1),
    ]


async def test_a_return_that_moves_is_announced(told: NativeClient, bot: Bot):
    process = {"entityTypeId": 1038}
    await told.result("crm.item.add", {**process, "fields": {"title": "x"}})
    await told.portal.webhooks.settle()
    assert bot.posts == []
    await told.result("crm.item.update", {**process, "id": 342, "fields": {"stageId": "DT1038_12:SUCCESS"}})
    await told.portal.webhooks.settle()
    (post,) = bot.posts
    assert post["event"] == "ONCRMDYNAMICITEMUPDATE"
    assert (post["data[FIELDS][ID]"], post["data[FIELDS][ENTITY_TYPE_ID]"]) == ("342", "1038")


async def test_only_what_is_subscribed_is_sent(make_portal):
    bot = Bot()
    wanted = frozenset({"ONORDERDELETED", "ONPROPERTYVALUEENTITYSAVED", "ONCRMDYNAMICITEMADD"})
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app=bot.app)) as http:
        rest = NativeClient(make_portal(http, webhook_url=URL, native=NativeOptions(events=wanted)))
        order_id = await rest.order()
        values = [{"orderPropsId": 26, "value": "Тверь"}, {"orderPropsId": 22, "value": "+79990000000"}]
        fields = {"order": {"id": order_id, "propertyValues": values}}
        await rest.result("sale.propertyvalue.modify", {"fields": fields})
        await rest.result("sale.order.delete", {"id": order_id})
        await rest.result("crm.item.add", {"entityTypeId": 1038, "fields": {"title": "x"}})
        await rest.portal.webhooks.settle()
        await rest.http.aclose()
    assert bot.names() == ["ONPROPERTYVALUEENTITYSAVED"] * 2 + ["ONORDERDELETED", "ONCRMDYNAMICITEMADD"]
    assert "ONSALEORDERSAVED" in EVENTS


async def test_nowhere_to_send(rest: NativeClient):
    await rest.order()
    assert rest.portal.webhooks.all() == []


async def test_the_payment_page_announces_payment_and_order(told: NativeClient, bot: Bot):
    made = await told.whole_order()
    link = (await told.result("salescenter.payment.getPublicUrl", {"id": made.payment}))["payment"]["shortUrl"]
    await told.portal.webhooks.settle()
    bot.posts.clear()
    await told.http.post(link.removeprefix("https://masters.portal.test"))
    await told.portal.webhooks.settle()
    assert bot.names() == ["ONPAYMENTENTITYSAVED", "ONSALEORDERSAVED", "ONORDERENTITYSAVED"]
