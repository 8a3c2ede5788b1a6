"""`batch`: commands, references, what it refuses."""

from __future__ import annotations

import uuid
from urllib.parse import quote

import pytest

from infra.local.portal import Portal
from infra.local.portal.commands import Maps, resolve
from tests.local.portal.conftest import KEY, RestClient
from tests.support.clock import Clock

SEARCH = "catalog.product.list?filter[q]=%D1%88%D1%83%D1%80%D1%83%D0%BF%D0%BE%D0%B2&select[]=ID&select[]=NAME&start=0"
MANY = "catalog.product.list?filter[q]=%D0%BC&select[]=ID&start=0"
OFFER = "crm.product.batch?cmd[sku_1001]=catalog.product.get%3Fid%3D1001"
BASKET = "sale.basketitem.add?fields[PRODUCT_ID]=1001&fields[QUANTITY]=1&fields[FUSER_ID]=17"
ORDER = (
    "sale.order.add?fields[USER_ID]=17&fields[PAYMENT][0][PAY_SYSTEM_ID]=1"
    "&fields[SHIPMENT][0][DELIVERY_SERVICE_ID]=3&fields[PROPERTY_VALUES][ADDRESS]=%D0%A2%D0%B2%D0%B5%D1%80%D1%8C"
)
MAPS = {"result", "result_error", "result_total", "result_next", "result_time"}


async def test_reads_of_many_pack_into_one(rest: RestClient, portal: Portal):
    answer = await rest.call("batch", {"halt": 0, "cmd": {"a": SEARCH, "b": OFFER, "c": MANY}})
    body = answer.json()
    result = body["result"]
    assert set(result) == MAPS
    assert len(result["result"]["a"]["items"]) == 23
    assert result["result"]["b"]["result"]["sku_1001"]["PRICE"] == "7990.00"
    assert result["result_total"] == {"a": 23, "c": len(portal.shop.catalogue.search("м"))}
    assert result["result_next"] == {"c": 50}
    assert result["result_error"] == []
    assert set(result["result_time"]) == {"a", "b", "c"}
    assert result["result_time"]["b"]["operating"] == 0.06
    assert body["time"]["processing"] == pytest.approx(0.14)
    assert "operating" not in body["time"]
    assert len(portal.rest.calls.since()) == 1


async def test_one_that_fails_does_not_fail_its_neighbours(rest: RestClient):
    cmd = {"bad": "sale.order.get?id=1", "worse": "no.such.method", "good": SEARCH}
    answer = await rest.call("batch", {"cmd": cmd})
    result = answer.json()["result"]
    assert answer.status_code == 200
    assert set(result["result"]) == {"good"}
    assert {key: error["error"] for key, error in result["result_error"].items()} == {
        "bad": "200540400001",
        "worse": "ERROR_METHOD_NOT_FOUND",
    }


async def test_halt_stops_at_the_first_failure(rest: RestClient):
    cmd = {"a": SEARCH, "bad": "sale.order.get?id=1", "after": SEARCH}
    result = (await rest.call("batch", {"halt": 1, "cmd": cmd})).json()["result"]
    assert set(result["result"]) == {"a"}
    assert set(result["result_error"]) == {"bad"}


async def test_all_empty_maps_are_arrays(rest: RestClient):
    result = (await rest.call("batch", {"cmd": {"bad": "nothing"}})).json()["result"]
    assert all(result[name] == [] for name in MAPS - {"result_error"})


async def test_commands_may_be_an_array(rest: RestClient):
    result = (await rest.call("batch", {"cmd": [SEARCH, OFFER]})).json()["result"]
    assert set(result["result"]) == {"0", "1"}


async def test_in_a_form_commands_are_encoded_once_more(rest: RestClient):
    body = f"halt=0&cmd[a]={quote(SEARCH, safe='')}&cmd[b]={quote(OFFER, safe='')}"
    answer = await rest.http.post(
        f"/rest/1/{KEY}/batch", content=body, headers={"Content-Type": "application/x-www-form-urlencoded"}
    )
    result = answer.json()["result"]["result"]
    assert len(result["a"]["items"]) == 23
    assert "sku_1001" in result["b"]["result"]


async def test_the_fifty_first_fails_alone(rest: RestClient):
    cmd = {f"c{number}": "catalog.product.list?filter[q]=x&select[]=ID&start=0" for number in range(51)}
    result = (await rest.call("batch", {"cmd": cmd})).json()["result"]
    assert len(result["result"]) == 50
    assert result["result_error"]["c50"]["error"] == "ERROR_BATCH_LENGTH_EXCEEDED"


async def test_a_batch_inside_is_refused_alone(rest: RestClient):
    result = (await rest.call("batch", {"cmd": {"in": "batch?cmd[a]=x", "ok": SEARCH}})).json()["result"]
    assert result["result_error"]["in"]["error"] == "ERROR_BATCH_METHOD_NOT_ALLOWED"
    assert set(result["result"]) == {"ok"}


async def test_a_chain_uses_earlier_results_and_loses_result_data(rest: RestClient):
    cmd = {
        "line": BASKET,
        "order": ORDER,
        "read": "sale.order.get?id=$result[order]",
        "again": "sale.order.get?id=%24result%5Bread%5D%5BID%5D",
        "offer": "catalog.product.list?filter[q]=&filter[ID]=$result[read][BASKET][0][PRODUCT_ID]"
        "&select[]=NAME&start=0",
    }
    key = str(uuid.uuid4())
    result = (await rest.call("batch", {"halt": 1, "cmd": cmd}, key=key)).json()["result"]
    assert result["result_error"] == []
    assert result["result"]["order"] == 5121
    assert result["result"]["read"] == result["result"]["again"]
    assert result["result"]["offer"]["items"][0]["NAME"] == "Шуруповёрт Makita DF333DWYE"
    assert "payment_url" not in str(result)


async def test_a_reference_that_leads_nowhere_is_passed_on_as_written(rest: RestClient):
    cmd = {"read": "sale.order.get?id=$result[order]"}
    result = (await rest.call("batch", {"cmd": cmd})).json()["result"]
    assert "{id}" in result["result_error"]["read"]["error_description"]


@pytest.mark.parametrize(
    ("value", "resolved"),
    [
        ("$result[a]", 7),
        ("$result[b][items][1][ID]", "y"),
        ("$result[b][items]", [{"ID": "x"}, {"ID": "y"}]),
        ("№ $result[a]!", "№ 7!"),
        ("$result[a]-$total[b]", "7-2"),
        ("$error[c][error]", "100"),
        ("$result[none]", "$result[none]"),
        ("$result[a][deeper]", 7),
        ("$result[b][items][2]", [{"ID": "x"}, {"ID": "y"}]),
        ("x $result[b]", "x $result[b]"),
        ("$result", "$result"),
        ({"id": ["$result[a]", 5]}, {"id": [7, 5]}),
    ],
)
def test_references(value, resolved):
    maps: Maps = {
        "result": {"a": 7, "b": {"items": [{"ID": "x"}, {"ID": "y"}]}},
        "total": {"b": 2},
        "error": {"c": {"error": "100"}},
    }
    assert resolve(value, maps) == resolved


@pytest.mark.parametrize(
    ("params", "name"),
    [
        ({}, "cmd"),
        ({"cmd": []}, "cmd"),
        ({"cmd": "x"}, "cmd"),
        ({"cmd": {"a": 5}}, "cmd[a]"),
        ({"cmd": {"a": SEARCH}, "halt": "maybe"}, "halt"),
    ],
)
async def test_a_bad_batch_is_refused_by_name(rest: RestClient, params, name):
    answer = await rest.call("batch", params)
    assert answer.status_code == 400
    assert f"{{{name}}}" in answer.json()["error_description"]


async def test_a_batch_cut_off_at_the_cap_keeps_what_was_done(make_portal, clock: Clock):
    portal = make_portal(costs={"sale.basketitem.add": 25.0})
    rest = RestClient(portal)
    key = str(uuid.uuid4())
    params = {"cmd": {"a": BASKET, "b": BASKET, "c": BASKET}}
    answer = await rest.call("batch", params, key=key)
    assert answer.status_code == 504
    assert clock.passed == 60
    assert len(portal.shop.orders.basket("17")) == 2
    again = await rest.call("batch", params, key=key)
    assert (again.status_code, again.headers["Idempotent-Replayed"]) == (504, "true")
    assert len(portal.shop.orders.basket("17")) == 2
    await rest.http.aclose()
