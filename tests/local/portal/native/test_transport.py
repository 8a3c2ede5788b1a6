"""Limits, faults and redirects of a native portal."""

from __future__ import annotations

import asyncio

import httpx
import pytest

from infra.local.clock import ManualClock
from infra.local.portal import NativeOptions, Portal
from infra.local.portal.faults import FaultKind
from tests.local.portal.conftest import KEY
from tests.local.portal.native.conftest import ORDER, NativeClient
from tests.support.clock import Clock
from tests.support.servers import serving

SLOW = {"sale.order.list": 100.0}


async def test_the_idempotency_key_protects_nothing(rest: NativeClient, portal: Portal):
    for key in ("0b8e6f0e-3f0d-4d0c-9c53-6c9f8d3b9b1a", "0b8e6f0e-3f0d-4d0c-9c53-6c9f8d3b9b1a", "no UUID"):
        answer = await rest.call("sale.order.add", {"fields": ORDER}, **{"Idempotency-Key": key})
        assert answer.status_code == 200
        assert "Idempotent-Replayed" not in answer.headers
    assert len(portal.native.ledger.all()) == 3


async def test_work_goes_on_when_the_client_has_gone(make_rest):
    clock = ManualClock()
    rest = make_rest(clock=clock)
    call = asyncio.create_task(rest.call("sale.order.add", {"fields": ORDER}))
    await clock.settle()
    assert rest.portal.native.ledger.all() == []
    call.cancel()
    with pytest.raises(asyncio.CancelledError):
        await call
    await clock.advance(1)
    assert len(rest.portal.native.ledger.all()) == 1


async def test_a_method_uses_up_its_time(make_rest, clock: Clock):
    rest = make_rest(costs=SLOW, request_limit=1000.0, native=NativeOptions(operating_limit=250.0))
    used = [(await rest.body("sale.order.list"))["time"] for _ in range(3)]
    assert [one["operating"] for one in used] == [100, 200, 300]
    assert {one["operating_reset_at"] for one in used} == {1796115660 + 600}
    assert await rest.refusal("sale.order.list") == (429, "OPERATION_TIME_LIMIT")
    assert clock.passed == 300
    assert (await rest.call("sale.status.list")).status_code == 200
    batch = await rest.batch({"a": "sale.order.list", "b": "sale.status.list"})
    assert batch["result_error"]["a"]["error"] == "OPERATION_TIME_LIMIT"
    assert batch["result_time"]["b"]["operating"] > 0


async def test_time_comes_back_bucket_by_bucket(make_rest, clock: Clock):
    rest = make_rest(costs=SLOW, request_limit=1000.0, native=NativeOptions(operating_limit=250.0))
    for _ in range(3):
        await rest.body("sale.order.list")
    reset_at = (await rest.batch({"a": "sale.status.list"}))["result_time"]["a"]["operating_reset_at"]
    assert reset_at == 1796115900 + 600
    clock.passed = 659.0
    assert await rest.refusal("sale.order.list") == (429, "OPERATION_TIME_LIMIT")
    clock.passed = 660.0
    time = (await rest.body("sale.order.list"))["time"]
    assert (time["operating"], time["operating_reset_at"]) == (300, 1796115780 + 600)


async def test_another_caller_has_a_budget_of_his_own(make_rest):
    rest = make_rest(costs=SLOW, request_limit=1000.0, native=NativeOptions(operating_limit=50.0))
    await rest.body("sale.order.list")
    assert await rest.refusal("sale.order.list") == (429, "OPERATION_TIME_LIMIT")
    answer = await rest.http.post("/rest/sale.order.list", json={"auth": "good-token"})
    assert answer.status_code == 200


@pytest.mark.parametrize(
    ("kind", "status", "error"),
    [
        ("overload", 503, "OVERLOAD_LIMIT"),
        ("access_denied", 403, "ACCESS_DENIED"),
        ("insufficient_scope", 403, "insufficient_scope"),
        ("operation_limit", 429, "OPERATION_TIME_LIMIT"),
        ("rate_limit", 503, "QUERY_LIMIT_EXCEEDED"),
    ],
)
async def test_refusals_on_demand_do_no_work(rest: NativeClient, portal: Portal, kind, status, error):
    portal.rest.faults.add(FaultKind(kind))
    assert await rest.refusal("sale.order.add", {"fields": ORDER}) == (status, error)
    assert portal.native.ledger.all() == []
    assert await rest.order() == 5121


async def test_a_budget_fault_strikes_inside_a_batch(rest: NativeClient, portal: Portal):
    portal.rest.faults.add(FaultKind.OPERATION_LIMIT, method="sale.status.list")
    cmd = {"a": "sale.order.list", "b": "sale.status.list"}
    result = await rest.batch(cmd)
    assert set(result["result"]) == {"a"}
    assert result["result_error"]["b"]["error"] == "OPERATION_TIME_LIMIT"
    assert set((await rest.batch(cmd))["result"]) == {"a", "b"}


async def test_the_work_may_be_done_and_the_answer_still_be_500(rest: NativeClient, portal: Portal):
    portal.rest.faults.add(FaultKind.DONE_THEN_5XX)
    assert await rest.refusal("sale.order.add", {"fields": ORDER}) == (500, "INTERNAL_SERVER_ERROR")
    assert len(portal.native.ledger.all()) == 1
    assert portal.rest.calls.since()[0].fault == "done_then_5xx"


async def test_a_fault_for_the_token_end_point_spares_the_methods(rest: NativeClient, portal: Portal):
    portal.rest.faults.add(FaultKind.SERVER_ERROR, method="oauth.token")
    assert await rest.order() == 5121


async def test_a_renamed_portal_sends_every_request_away(make_rest):
    rest = make_rest(renamed_to="https://new.portal.test:8443")
    answer = await rest.http.post(f"/rest/1/{KEY}/sale.order.add?x=1", json={"fields": ORDER})
    assert answer.status_code == 302
    assert answer.headers["location"] == f"https://new.portal.test:8443/rest/1/{KEY}/sale.order.add?x=1"
    assert rest.portal.native.ledger.all() == []
    there = await rest.http.post(f"https://new.portal.test:8443/rest/1/{KEY}/sale.order.add", json={"fields": ORDER})
    assert there.status_code == 200


@pytest.mark.parametrize(
    ("location", "host"), [("", "renamed.portal.test"), ("http://elsewhere.portal.test:81", "elsewhere.portal.test:81")]
)
async def test_a_rename_on_demand(rest: NativeClient, portal: Portal, location, host):
    portal.rest.faults.add(FaultKind.RENAMED, location=location)
    answer = await rest.call("sale.order.add", {"fields": ORDER})
    assert (answer.status_code, portal.native.ledger.all()) == (302, [])
    assert answer.headers["location"] == f"http://{host}/rest/1/{KEY}/sale.order.add"


async def test_over_a_socket_a_rename_leads_back_under_another_name(make_rest):
    portal = make_rest().portal
    portal.rest.faults.add(FaultKind.RENAMED)
    async with serving(portal.app) as address, httpx.AsyncClient() as http:
        answer = await http.post(f"{address}/rest/1/{KEY}/sale.order.add", json={"fields": ORDER})
        assert answer.headers["location"].startswith("http://localhost:")
        again = await http.post(answer.headers["location"], json={"fields": ORDER})
    assert again.status_code == 200


async def test_the_new_faults_are_put_in_force_over_http(rest: NativeClient):
    async def put(**body: object) -> dict[str, object]:
        answer = await rest.http.post("/_sim/faults", json=body)
        assert answer.status_code == 200, answer.text
        fault: dict[str, object] = answer.json()
        return fault

    assert (await put(kind="partial_batch", commands=3))["commands"] == 3
    assert (await put(kind="renamed", location="http://x.portal.test"))["location"] == "http://x.portal.test"
    for kind in (
        "done_then_5xx",
        "operation_limit",
        "overload",
        "access_denied",
        "insufficient_scope",
        "saved_then_refused",
    ):
        assert (await put(kind=kind))["kind"] == kind


async def test_method_names_are_found_in_any_case(rest: NativeClient):
    assert (await rest.call("SALE.Order.LIST.json")).status_code == 200


async def test_ids_are_read_as_php_reads_them(rest: NativeClient):
    assert await rest.refusal("sale.order.get", {"id": True}) == (400, 200540400001)
    assert await rest.refusal("sale.order.get", {"id": 5121.0}) == (400, 200540400001)
    assert (await rest.get(await rest.order()))["id"] == 5121
    assert (await rest.result("sale.order.get", {"id": "5121abc"}))["order"]["id"] == 5121
