"""Reference data, and what a caller may know of itself."""

from __future__ import annotations

import pytest

from infra.local.portal import NativeOptions
from tests.local.portal.native.conftest import NativeClient


async def test_payer_types_and_properties(rest: NativeClient):
    params = {"select": ["id", "name", "code"], "filter": {"active": "Y"}}
    (person,) = (await rest.result("sale.persontype.list", params))["personTypes"]
    assert person == {"id": 3, "name": "Физическое лицо", "code": "CRM_CONTACT"}
    properties = (await rest.result("sale.property.list", {"filter": {"personTypeId": 3}}))["properties"]
    assert {one["code"]: one["id"] for one in properties} == {"PHONE": 22, "ADDRESS": 26, "ETA": 30}
    assert [one["code"] for one in properties if one["isAddress"] == "Y"] == ["ADDRESS"]
    assert [one["code"] for one in properties if one["isPhone"] == "Y"] == ["PHONE"]


async def test_pay_systems_and_deliveries_are_bare_arrays_in_upper_case(rest: NativeClient):
    params = {"SELECT": ["ID", "IS_CASH"], "FILTER": {"ACTIVE": "Y", "ENTITY_REGISTRY_TYPE": "ORDER"}}
    systems = await rest.result("sale.paysystem.list", params)
    assert systems == [{"ID": 1, "IS_CASH": "A"}, {"ID": 2, "IS_CASH": "Y"}]
    dropped = await rest.result("sale.paysystem.list", {"filter": {"ID": 2}})
    assert len(dropped) == 2
    (delivery,) = await rest.result("sale.delivery.getlist", {"FILTER": {"ACTIVE": "Y"}, "ORDER": {"ID": "DESC"}})
    assert (delivery["ID"], delivery["PARENT_ID"]) == (3, 0)


async def test_statuses(make_rest):
    rest = make_rest(native=NativeOptions(delivered_status="MD"))
    statuses = (await rest.result("sale.status.list"))["statuses"]
    by_type = {kind: [one["id"] for one in statuses if one["type"] == kind] for kind in "OD"}
    assert by_type == {"O": ["N", "P", "S", "D", "F"], "D": ["DN", "DF", "DD", "MD"]}


async def test_what_the_caller_may_do(rest: NativeClient):
    assert await rest.result("scope") == [
        "catalog",
        "sale",
        "pay_system",
        "salescenter",
        "crm",
        "disk",
        "userfieldconfig",
    ]
    assert (await rest.result("profile"))["ID"] == "1"
    assert await rest.result("server.time") == "2026-12-01T12:00:00+03:00"


@pytest.mark.parametrize(
    ("name", "exists"),
    [
        ("sale.order.add", True),
        ("batch", True),
        ("sale.order.nonsense", True),
        ("sale.nonsense.add", False),
        ("catalog.priceType.list", True),
        ("disk.storage.getlist", True),
        ("disk.storage.getList", False),
        ("disk.storage.nonsense", False),
        ("sale.delivery.getList", False),
    ],
)
async def test_method_get_looks_at_the_letter_and_never_at_the_action(rest: NativeClient, name, exists):
    assert await rest.result("method.get", {"name": name}) == {"isExisting": exists, "isAvailable": exists}


@pytest.mark.parametrize(("name", "exists"), [("catalog.priceType.list", True), ("sale.order.tryAdd", False)])
async def test_method_get_as_documented(make_rest, name, exists):
    rest = make_rest(native=NativeOptions(core_rules=False))
    assert await rest.result("method.get", {"name": name}) == {"isExisting": exists, "isAvailable": exists}


async def test_method_get_wants_a_name(rest: NativeClient):
    assert await rest.refusal("method.get") == (400, 100)


async def test_app_info_tells_a_webhook_less(rest: NativeClient):
    assert (await rest.result("app.info")).keys() == {"SCOPE", "LICENSE"}
    answer = await rest.http.get("/rest/app.info", headers={"Authorization": "Bearer good-token"})
    assert answer.json()["result"]["STATUS"] == "L"


async def test_a_scope_that_was_not_given(make_rest):
    rest = make_rest(native=NativeOptions(scopes=("catalog", "sale")))
    assert await rest.result("scope") == ["catalog", "sale"]
    assert await rest.refusal("sale.paysystem.list") == (403, "insufficient_scope")
    assert await rest.refusal("crm.item.add", {"entityTypeId": 1038}) == (403, "insufficient_scope")
    batch = await rest.batch({"a": "disk.storage.getList", "b": "sale.status.list"})
    assert batch["result_error"]["a"]["error"] == "insufficient_scope"
    assert set(batch["result"]) == {"b"}


@pytest.mark.parametrize("method", ["sale.paysystem.list", "sale.delivery.getlist"])
@pytest.mark.parametrize(
    "params", [{"SELECT": ["NONSENSE"]}, {"FILTER": {"NONSENSE": 1}}, {"ORDER": {"NONSENSE": "ASC"}}]
)
async def test_lists_in_capitals_refuse_what_they_do_not_know(rest: NativeClient, method, params):
    assert await rest.refusal(method, params) == (400, "ERROR_CHECK_FAILURE")


async def test_lists_in_capitals_come_whole_and_uncounted(rest: NativeClient):
    for method in ("sale.paysystem.list", "sale.delivery.getlist"):
        assert not {"total", "next"} & set(await rest.body(method, {"start": 50}))
