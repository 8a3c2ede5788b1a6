"""Returns as items of a smart process."""

from __future__ import annotations

from typing import Any

import pytest

from tests.local.portal.native.conftest import NativeClient
from tests.support.clock import Clock

PROCESS = {"entityTypeId": 1038}
FIELDS = {
    "title": "Возврат по заказу 5121",
    "xmlId": "rma-1",
    "stageId": "DT1038_12:NEW",
    "contactId": 4,
    "ufCrm12OrderId": "5121",
    "ufCrm12Reason": "брак",
    "ufCrm12Items": '[{"productId":1001,"quantity":1}]',
    "ufCrm12DiskFiles": ["8901", "8902"],
}


async def add(rest: NativeClient, **fields: Any) -> dict[str, Any]:
    item: dict[str, Any] = (await rest.result("crm.item.add", {**PROCESS, "fields": {**FIELDS, **fields}}))["item"]
    return item


async def test_the_process_is_found(rest: NativeClient):
    (kind,) = (await rest.result("crm.type.list"))["types"]
    assert (kind["id"], kind["entityTypeId"]) == (12, 1038)
    (category,) = (await rest.result("crm.category.list", PROCESS))["categories"]
    assert (category["id"], category["isDefault"]) == (12, "Y")
    stages = await rest.result("crm.status.list", {"filter": {"ENTITY_ID": "DYNAMIC_1038_STAGE_12"}})
    assert {one["STATUS_ID"]: one["SEMANTICS"] for one in stages} == {
        "DT1038_12:NEW": None,
        "DT1038_12:CHECK": None,
        "DT1038_12:SUCCESS": "S",
        "DT1038_12:FAIL": "F",
    }
    fields = (await rest.result("crm.item.fields", PROCESS))["fields"]
    assert fields["ufCrm12Photos"] == {"type": "file", "isMultiple": True}
    assert fields["xmlId"]["type"] == "string"


async def test_an_item_is_made_and_read(rest: NativeClient):
    item = await add(rest)
    assert (item["id"], item["entityTypeId"], item["stageId"], item["xmlId"]) == (342, 1038, "DT1038_12:NEW", "rma-1")
    assert (item["ufCrm12DiskFiles"], item["contactId"]) == (["8901", "8902"], 4)
    assert item["createdTime"] == "2026-12-01T12:00:00+03:00"
    assert (await rest.result("crm.item.get", {**PROCESS, "id": 342}))["item"] == item


async def test_names_it_does_not_have_are_ignored(rest: NativeClient):
    item = await add(rest, ufCrm12Reasson="x", UF_CRM_12_REASON="y", nonsense=[1])
    assert not {"ufCrm12Reasson", "UF_CRM_12_REASON", "nonsense"} & set(item)


async def test_xml_id_finds_and_is_not_unique(rest: NativeClient):
    await add(rest)
    await add(rest)
    await add(rest, xmlId="rma-2", stageId="DT1038_12:FAIL")
    params = {**PROCESS, "select": ["id", "xmlId"], "filter": {"=xmlId": "rma-1"}}
    found = await rest.body("crm.item.list", params)
    assert found["result"]["items"] == [{"id": 342, "xmlId": "rma-1"}, {"id": 343, "xmlId": "rma-1"}]
    assert found["total"] == 2
    by_stage = {**PROCESS, "filter": {"@stageId": ["DT1038_12:FAIL"]}, "order": {"id": "desc"}}
    assert [one["id"] for one in (await rest.result("crm.item.list", by_stage))["items"]] == [344]
    by_order = {**PROCESS, "filter": {"ufCrm12OrderId": "5121", "!stageId": "DT1038_12:FAIL"}}
    assert len((await rest.result("crm.item.list", by_order))["items"]) == 2


async def test_an_item_moves_on(rest: NativeClient, clock: Clock):
    await add(rest, stageId=None)
    clock.passed += 60
    fields = {"stageId": "DT1038_12:FAIL", "ufCrm12RejectReason": "Следы вскрытия"}
    item = (await rest.result("crm.item.update", {**PROCESS, "id": 342, "fields": fields}))["item"]
    assert (item["stageId"], item["previousStageId"]) == ("DT1038_12:FAIL", "DT1038_12:NEW")
    assert (item["ufCrm12RejectReason"], item["title"]) == ("Следы вскрытия", FIELDS["title"])
    assert item["updatedTime"] == "2026-12-01T12:01:00+03:00"


async def test_files_of_an_item(rest: NativeClient):
    item = await add(rest, ufCrm12Photos=[["1.jpg", "eHl6"], {"0": "2.jpg", "1": "eHl6"}])
    assert [one["name"] for one in item["ufCrm12Photos"]] == ["1.jpg", "2.jpg"]


@pytest.mark.parametrize("photo", ["1.jpg", ["1.jpg"], ["1.jpg", "not base64!"]])
async def test_files_that_are_refused(rest: NativeClient, photo):
    params = {**PROCESS, "fields": {"ufCrm12Photos": [photo]}}
    assert await rest.refusal("crm.item.add", params) == (400, "ERROR_ARGUMENT")
    assert (await rest.body("crm.item.list", PROCESS))["total"] == 0


async def test_what_is_not_there(rest: NativeClient):
    assert await rest.refusal("crm.item.list") == (400, 100)
    assert await rest.refusal("crm.item.add", {"entityTypeId": 2, "fields": FIELDS}) == (400, "NOT_FOUND")
    assert await rest.refusal("crm.item.get", {**PROCESS, "id": 1}) == (400, "NOT_FOUND")
    assert await rest.refusal("crm.item.add", PROCESS) == (400, 100)
    bad = {**PROCESS, "fields": {"stageId": "NEW"}}
    assert await rest.refusal("crm.item.add", bad) == (400, "BX_INVALID_VALUE")


async def test_items_refuse_an_order_by_what_they_do_not_have(rest: NativeClient):
    for params in ({"order": {"nonsense": "ASC"}}, {"filter": {"nonsense": 1}}):
        assert await rest.refusal("crm.item.list", {"entityTypeId": 1038, **params}) == (400, "INVALID_ARG_VALUE")
