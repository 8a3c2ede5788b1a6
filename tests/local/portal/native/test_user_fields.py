"""Own fields of the process of returns: made with codes of one's own, and seen in its items."""

from __future__ import annotations

from typing import Any

import pytest

from infra.local.portal.native.options import NativeOptions
from infra.local.portal.native.user_fields import item_name
from tests.local.portal.native.conftest import NativeClient
from tests.local.portal.native.test_goods_states import sim

ADD = "userfieldconfig.add"


def wanted(**changed: Any) -> dict[str, Any]:
    field = {"entityId": "CRM_12", "fieldName": "UF_CRM_12_ORDER_ID", "userTypeId": "string", "multiple": "N"}
    return {"moduleId": "crm", "field": {**field, **changed}}


async def names(rest: NativeClient) -> set[str]:
    found = await rest.result("crm.item.fields", {"entityTypeId": 1038})
    return {name for name in found["fields"] if name.startswith("uf")}


@pytest.mark.parametrize(
    ("postfix", "name"),
    [
        ("ORDER_ID", "ufCrm12OrderId"),
        ("DIGIT", "ufCrm12Digit"),
        ("1650381632", "ufCrm12_1650381632"),
        ("DIGIT10", "ufCrm_12_DIGIT10"),
        ("DIGIT_10", "ufCrm_12_DIGIT_10"),
    ],
)
def test_a_code_and_its_name_in_items(postfix: str, name: str):
    assert item_name(12, postfix) == name


async def test_a_field_is_made_once_and_holds_what_an_item_is_given(rest: NativeClient):
    await sim(rest, "setup", {"returns_fields": False})
    assert await names(rest) == set()
    made = await rest.result(ADD, wanted(editFormLabel={"ru": "Заказ"}, nonsense=1))
    assert made["field"]["fieldName"] == "UF_CRM_12_ORDER_ID"
    assert "nonsense" not in made["field"]
    assert await names(rest) == {"ufCrm12OrderId"}
    item = {"entityTypeId": 1038, "fields": {"title": "Возврат", "ufCrm12OrderId": "5121", "ufCrm12Reason": "брак"}}
    added = (await rest.result("crm.item.add", item))["item"]
    assert added["ufCrm12OrderId"] == "5121"
    assert "ufCrm12Reason" not in added, "the portal drops what the process does not have"
    assert await rest.refusal(ADD, wanted()) == (400, ""), "it is there"


@pytest.mark.parametrize(
    "changed",
    [
        {"entityId": "CRM_1038"},
        {"fieldName": "UF_CRM_1038_ORDER_ID"},
        {"fieldName": "ORDER_ID"},
        {"fieldName": "UF_CRM_12_order"},
        {"fieldName": "UF_CRM_12_" + "A" * 41},
        {"userTypeId": ""},
    ],
)
async def test_what_makes_no_field_is_refused_without_a_code(rest: NativeClient, changed: dict[str, str]):
    before = await names(rest)
    assert await rest.refusal(ADD, wanted(**changed)) == (400, "")
    assert await names(rest) == before


async def test_the_module_must_be_named(rest: NativeClient):
    status, _ = await rest.refusal(ADD, {"field": wanted()["field"]})
    assert status == 400


async def test_a_key_without_the_scope_makes_nothing(make_rest: Any):
    rest = make_rest(native=NativeOptions(scopes=("crm",)))
    assert await rest.refusal(ADD, wanted()) == (403, "insufficient_scope")


async def test_a_process_is_left_without_its_fields_on_the_settings_page(rest: NativeClient):
    page = await rest.http.post("/desk/setup", data={"returns_fields": "N"})
    assert page.status_code in {200, 303}
    assert await names(rest) == set()
    await sim(rest, "setup", {"returns_fields": True})
    assert "ufCrm12OrderId" in await names(rest)
