"""Contacts of a native portal: found by phone, made, in companies, and the clients of orders."""

from __future__ import annotations

from typing import Any

import pytest

from infra.local.portal.native.contact_book import normal_phone
from tests.local.portal.native.conftest import NativeClient
from tests.local.portal.native.test_goods_states import sim

PHONE = "+79123456789"


async def find(rest: NativeClient, *numbers: str) -> Any:
    params = {"type": "PHONE", "entity_type": "CONTACT", "values": list(numbers)}
    return await rest.result("crm.duplicate.findbycomm", params)


@pytest.mark.parametrize(
    ("written", "compared"),
    [
        ("+7 (912) 345-67-89", "79123456789"),
        ("8 912 345 67 89", "79123456789"),
        ("9123456789", "9123456789"),
        ("+375 29 123-45-67", "375291234567"),
        ("80 29 123-45-67", "80291234567"),
        ("+86 10 1234 5678", "861012345678"),
        ("00 44 20 7946 0000", "442079460000"),
        ("+7 912 345-67-89;12", "79123456789"),
        ("+7 912 345-67-89#4,5", "79123456789"),
        ("112", "112"),
    ],
)
def test_numbers_are_compared_in_one_form(written: str, compared: str) -> None:
    assert normal_phone(written) == compared


async def test_a_contact_is_found_however_the_number_is_written(rest: NativeClient):
    assert await find(rest, PHONE) == []
    added = await sim(rest, "contacts", {"name": "Иван", "phones": ["8 (912) 345-67-89"]})
    assert await find(rest, PHONE) == {"CONTACT": [int(added["id"])]}


async def test_two_contacts_may_have_one_number(rest: NativeClient):
    ids = [int((await sim(rest, "contacts", {"name": name, "phones": [PHONE]}))["id"]) for name in ("Иван", "Пётр")]
    assert await find(rest, PHONE, "8 912 345-67-89") == {"CONTACT": ids}


async def test_a_contact_is_made_read_and_changed(rest: NativeClient):
    fields = {"NAME": "Иван", "PHONE": [{"VALUE": PHONE, "VALUE_TYPE": "MOBILE"}], "SOURCE_ID": "WEB"}
    made = await rest.result("crm.contact.add", {"fields": fields})
    card = await rest.result("crm.contact.get", {"id": made})
    assert (card["ID"], card["NAME"], card["COMPANY_ID"]) == (str(made), "Иван", None)
    (phone,) = card["PHONE"]
    change = {"NAME": "Иван Петрович", "PHONE": [{"ID": phone["ID"], "VALUE": "+79990000000"}]}
    assert await rest.result("crm.contact.update", {"id": made, "fields": change}) is True
    card = await rest.result("crm.contact.get", {"id": made})
    assert (card["NAME"], [one["VALUE"] for one in card["PHONE"]]) == ("Иван Петрович", ["+79990000000"])


async def test_a_contact_is_listed_by_its_id_and_by_where_it_comes_from(rest: NativeClient):
    ids = [int((await sim(rest, "contacts", {"name": name, "phones": [PHONE]}))["id"]) for name in ("Иван", "Пётр")]
    fields = {"NAME": "Олег", "ORIGINATOR_ID": "tg", "ORIGIN_ID": "k1"}
    made = await rest.result("crm.contact.add", {"fields": fields})
    wanted = {"filter": {"ORIGINATOR_ID": "tg", "ORIGIN_ID": "k1"}, "select": ["ID", "NAME", "COMPANY_ID"]}
    assert await rest.result("crm.contact.list", wanted) == [{"ID": str(made), "NAME": "Олег", "COMPANY_ID": None}]
    wanted = {"filter": {"ID": ids[1]}, "select": ["ID"]}
    assert await rest.result("crm.contact.list", wanted) == [{"ID": str(ids[1])}]
    assert await rest.result("crm.contact.list", {"filter": {"ID": 404}}) == []


async def test_a_contacts_company_has_requisites(rest: NativeClient):
    body = {"name": "Иван", "phones": [PHONE], "company": "ООО «Ремонт»", "inn": "7701234567"}
    company = (await sim(rest, "contacts", body))["company_id"]
    assert (await rest.result("crm.company.get", {"id": company}))["TITLE"] == "ООО «Ремонт»"
    wanted = {"filter": {"ID": company}, "select": ["ID", "TITLE"]}
    assert await rest.result("crm.company.list", wanted) == [{"ID": company, "TITLE": "ООО «Ремонт»"}]
    wanted = {"filter": {"ENTITY_TYPE_ID": 4, "ENTITY_ID": company}, "select": ["ENTITY_ID", "RQ_INN"]}
    assert await rest.result("crm.requisite.list", wanted) == [{"ENTITY_ID": company, "RQ_INN": "7701234567"}]


@pytest.mark.parametrize(
    ("method", "params"),
    [
        ("crm.contact.get", {"id": 404}),
        ("crm.company.get", {"id": 404}),
        ("crm.contact.get", {}),
        ("crm.contact.add", {}),
        ("crm.duplicate.findbycomm", {"type": "PHONE"}),
        ("crm.duplicate.findbycomm", {"values": [PHONE]}),
    ],
)
async def test_what_makes_no_sense_is_refused_without_a_code(rest: NativeClient, method: str, params: dict[str, Any]):
    assert await rest.refusal(method, params) == (400, "")


async def test_the_source_telegram_is_the_shops_own(rest: NativeClient):
    wanted = {"filter": {"ENTITY_ID": "SOURCE"}}
    assert "Telegram" not in {one["NAME"] for one in await rest.result("crm.status.list", wanted)}
    await sim(rest, "setup", {"telegram_source": True})
    assert "Telegram" in {one["NAME"] for one in await rest.result("crm.status.list", wanted)}


async def test_an_orders_clients_are_set_by_modify_alone(rest: NativeClient):
    """`sale.order.add` drops them; what `sale.order.modify` is not given stays as it was."""
    clients = [{"entityTypeId": 3, "entityId": 901, "isPrimary": "Y"}]
    made = await rest.whole_order()
    dropped = await rest.order(xmlId="tg-2", clients=clients)
    assert (await rest.get(dropped))["clients"] == []
    before = await rest.get(made.id)
    await rest.result("sale.order.modify", {"fields": {"order": {"id": made.id, "clients": clients}}})
    after = await rest.get(made.id)
    (client,) = after["clients"]
    assert (client["entityTypeId"], client["entityId"], client["isPrimary"]) == (3, 901, "Y")
    assert [after[part] for part in ("basketItems", "payments", "shipments")] == [
        before[part] for part in ("basketItems", "payments", "shipments")
    ]


async def test_a_timeline_takes_comments_of_who_is_there(rest: NativeClient):
    await sim(rest, "contacts", {"name": "Иван", "phones": []})
    (contact,) = (await rest.http.get("/_sim/contacts")).json()
    fields = {"ENTITY_TYPE": "contact", "ENTITY_ID": contact["id"], "COMMENT": "Где заказ?"}
    assert await rest.result("crm.timeline.comment.add", {"fields": fields}) == 7001
    assert (await rest.http.get("/_sim/timeline")).json() == [
        {"id": 7001, "owner_type": "contact", "owner_id": int(contact["id"]), "text": "Где заказ?"}
    ]
    add = "crm.timeline.comment.add"
    assert (await rest.refusal(add, {"fields": {**fields, "ENTITY_ID": 9}}))[1] == "OWNER_NOT_FOUND"
    assert (await rest.refusal(add, {"fields": {**fields, "ENTITY_TYPE": "moon"}}))[1] == "OWNER_NOT_FOUND"
    assert (await rest.refusal(add, {"fields": {**fields, "COMMENT": ""}}))[1] == "INVALID_ARG_VALUE"
    assert (await rest.refusal(add, {"fields": {"ENTITY_ID": 1}}))[0] == 400
    assert (await rest.refusal(add, {"FIELDS": fields}))[0] == 400
