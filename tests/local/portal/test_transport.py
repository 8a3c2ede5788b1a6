"""Paths, credentials, encodings and envelopes of REST."""

from __future__ import annotations

import asyncio
import json

import pytest

from infra.local.portal import Portal
from tests.local.portal.conftest import HOST, KEY, RestClient
from tests.support.clock import Clock

SEARCH = {"filter": {"q": "бита PH2"}, "select": ["ID", "NAME", "PRICE", "DETAIL_PICTURE"], "start": 0}
FORM = "filter[q]=%D0%B1%D0%B8%D1%82%D0%B0+PH2&select[]=ID&select[]=NAME&select[]=PRICE&select[]=DETAIL_PICTURE&start=0"
FORM_TYPE = {"Content-Type": "application/x-www-form-urlencoded"}


async def test_every_encoding_is_understood_alike(rest: RestClient):
    url = f"/rest/1/{KEY}/catalog.product.list"
    fields = {
        "filter[q]": "бита PH2",
        "select[0]": "ID",
        "select[1]": "NAME",
        "select[2]": "PRICE",
        "select[3]": "DETAIL_PICTURE",
        "start": "0",
    }
    answers = [
        await rest.http.post(url, json=SEARCH),
        await rest.http.post(url, content=FORM, headers=FORM_TYPE),
        await rest.http.post(url, data=fields),
        await rest.http.post(url, files={name: (None, value) for name, value in fields.items()}),
        await rest.http.post(f"{url}?{FORM}"),
        await rest.http.get(f"{url}?{FORM}"),
        await rest.http.post(f"{url}?start=0", json={key: SEARCH[key] for key in ("filter", "select")}),
    ]
    assert [answer.status_code for answer in answers] == [200] * len(answers)
    first = answers[0].json()["result"]
    assert [item["NAME"] for item in first["items"]][:1] == ["Бита PH2 50 мм"]
    assert all(answer.json()["result"] == first for answer in answers)


@pytest.mark.parametrize("path", ["Catalog.Product.List", "catalog.product.list.json", "CATALOG.PRODUCT.LIST.json"])
async def test_names_are_case_insensitive_and_may_end_in_json(rest: RestClient, path):
    assert (await rest.call(path, SEARCH)).status_code == 200


async def test_the_envelope_has_its_times(rest: RestClient, clock: Clock):
    body = (await rest.call("catalog.product.list", SEARCH)).json()
    time = body["time"]
    assert set(body) == {"result", "total", "time"}
    assert time["duration"] == time["processing"] == time["operating"] == 0.04
    assert time["finish"] - time["start"] == pytest.approx(0.04, abs=0.001)
    assert time["date_start"] == "2026-12-01T12:00:00+03:00"
    assert time["operating_reset_at"] == int(time["start"]) + 600
    assert clock.passed == pytest.approx(0.04)


@pytest.mark.parametrize("path", ["/rest/1/wrong/", "/rest/2/local-webhook-key/", "/rest/", "/rest/1/%D1%91/"])
async def test_a_wrong_key_reaches_nothing(rest: RestClient, path):
    answer = await rest.http.post(f"{path}catalog.product.list", json=SEARCH)
    assert (answer.status_code, answer.json()["error"]) == (401, "NO_AUTH_FOUND")
    assert "result" not in answer.json()


async def test_a_token_is_taken_from_the_body_the_query_or_the_header(rest: RestClient):
    url = "/rest/catalog.product.list"
    answers = [
        await rest.http.post(url, json={**SEARCH, "auth": "good-token"}),
        await rest.http.post(f"{url}?auth=good-token", json=SEARCH),
        await rest.http.post(url, json=SEARCH, headers={"Authorization": "Bearer good-token"}),
        await rest.http.get(f"{url}?{FORM}&access_token=good-token"),
    ]
    assert [answer.status_code for answer in answers] == [200] * 4


@pytest.mark.parametrize(
    ("token", "error"), [("old-token", "expired_token"), ("other", "NO_AUTH_FOUND"), (["good-token"], "NO_AUTH_FOUND")]
)
async def test_other_tokens_are_refused(rest: RestClient, token, error):
    answer = await rest.http.post("/rest/catalog.product.list", json={**SEARCH, "auth": token})
    assert (answer.status_code, answer.json()["error"]) == (401, error)


async def test_tokens_may_be_expired_and_accepted_while_it_runs(rest: RestClient, portal: Portal):
    async def error() -> object:
        answer = await rest.http.post("/rest/catalog.product.list", json={**SEARCH, "auth": "good-token"})
        return answer.json().get("error")

    assert await error() is None
    portal.rest.credentials.expire("good-token")
    assert await error() == "expired_token"
    portal.rest.credentials.accept("good-token")
    assert await error() is None


async def test_an_unknown_method_is_not_found(rest: RestClient):
    answer = await rest.call("catalog.product.lst", SEARCH)
    assert answer.status_code == 404
    assert answer.json()["error"] == "ERROR_METHOD_NOT_FOUND"
    assert answer.json()["error_description"]


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        ("{", "application/json"),
        ("[1]", "application/json"),
        ("[" * 5000, "application/json"),
        ("x", "multipart/form-data"),
        ("x", "multipart/form-data; boundary=b"),
    ],
)
async def test_an_unreadable_body_is_refused(rest: RestClient, content, kind):
    answer = await rest.http.post(
        f"/rest/1/{KEY}/catalog.product.list", content=content, headers={"Content-Type": kind}
    )
    assert (answer.status_code, answer.json()["error"]) == (400, "INVALID_REQUEST")


async def test_a_huge_body_is_refused(make_portal):
    rest = RestClient(make_portal(body_limit=1000))
    answer = await rest.call("catalog.product.list", {"filter": {"q": "ж" * 1000}})
    assert (answer.status_code, answer.json()["error"]) == (413, "INVALID_REQUEST")
    await rest.http.aclose()


async def test_other_verbs_are_not_allowed(rest: RestClient):
    assert (await rest.http.put(f"/rest/1/{KEY}/catalog.product.list", json=SEARCH)).status_code == 405


async def test_links_repeat_the_host_or_the_public_address(rest: RestClient, make_portal):
    picture = (await rest.call("catalog.product.list", SEARCH)).json()["result"]["items"][0]["DETAIL_PICTURE"]
    assert picture == f"{HOST}/upload/1070.jpg"
    other = RestClient(make_portal(public_url="https://shop.example/"))
    picture = (await other.call("catalog.product.list", SEARCH)).json()["result"]["items"][0]["DETAIL_PICTURE"]
    assert picture == "https://shop.example/upload/1070.jpg"
    await other.http.aclose()


async def test_a_request_over_the_cap_is_cut_off(make_portal, clock: Clock):
    rest = RestClient(make_portal(costs={"catalog.product.list": 61.0}))
    answer = await rest.call("catalog.product.list", SEARCH)
    assert answer.status_code == 504
    assert "Gateway Time-out" in answer.text
    assert clock.passed == 60
    await rest.http.aclose()


async def test_calls_are_recorded_without_secrets(rest: RestClient, portal: Portal):
    await rest.call("catalog.product.list", SEARCH)
    await rest.http.post(
        "/rest/sale.order.get?access_token=good-token",
        json={"id": "1", "auth": "good-token"},
        headers={"Authorization": "Bearer good-token"},
    )
    await rest.call("batch", {"cmd": {"a": "sale.order.get?id=1", "b": "catalog.product.list?" + FORM}})
    await rest.http.get("/upload/1001.jpg")
    first, second, third, fourth = [record.view() for record in portal.rest.calls.since()]
    assert first["path"] == "/rest/1/***/catalog.product.list"
    assert first["params"] == SEARCH
    assert (first["status"], first["error"], first["duration"]) == (200, None, 0.04)
    assert (second["status"], second["error"], second["params"]) == (400, "200540400001", {"id": "1"})
    assert [(c["key"], c["method"], c.get("error")) for c in third["commands"]] == [
        ("a", "sale.order.get", "200540400001"),
        ("b", "catalog.product.list", None),
    ]
    assert (fourth["kind"], fourth["path"], fourth["status"]) == ("picture", "/upload/1001.jpg", 200)
    text = json.dumps([first, second, third, fourth])
    assert KEY not in text
    assert "good-token" not in text


async def test_a_fault_in_the_portal_itself_is_not_hidden(rest: RestClient, portal: Portal, monkeypatch):
    def broken(_query: str) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr(portal.shop.catalogue, "search", broken)
    with pytest.raises(ZeroDivisionError):
        await rest.call("catalog.product.list", SEARCH)


async def test_many_at_once_are_answered_each_its_own(rest: RestClient):
    async def price(product_id: int) -> tuple[str, str]:
        params = {**SEARCH, "filter": {"q": "", "ID": product_id}}
        item = (await rest.call("catalog.product.list", params)).json()["result"]["items"][0]
        return item["ID"], item["PRICE"]

    found = await asyncio.gather(*(price(product_id) for product_id in range(1001, 1041)))
    assert [product_id for product_id, _ in found] == [str(number) for number in range(1001, 1041)]
