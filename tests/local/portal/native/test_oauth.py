"""The token server."""

from __future__ import annotations

from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from infra.local.portal import OAuthOptions, Portal
from infra.local.portal.faults import FaultKind
from tests.local.portal.native.conftest import NativeClient
from tests.support.clock import Clock

CLIENT = {"client_id": "local.64f0c0ffee0000.12345678", "client_secret": "local-client-secret"}


async def issue(rest: NativeClient) -> dict[str, Any]:
    pair: dict[str, Any] = (await rest.http.post("/_sim/oauth/issue")).json()
    return pair


async def tokens(rest: NativeClient, **params: str) -> tuple[int, dict[str, Any]]:
    answer = await rest.http.get("/oauth/token/", params={**CLIENT, **params})
    return answer.status_code, answer.json()


async def refresh(rest: NativeClient, token: str, **changes: str) -> tuple[int, dict[str, Any]]:
    return await tokens(rest, grant_type="refresh_token", refresh_token=token, **changes)


async def call(rest: NativeClient, token: str) -> tuple[int, str | None]:
    answer = await rest.http.post("/rest/scope", json={"auth": token})
    return answer.status_code, answer.json().get("error")


async def test_consent_gives_a_code_that_works_once(rest: NativeClient):
    consent = await rest.http.get("/oauth/authorize/", params={"client_id": CLIENT["client_id"], "state": "s 1"})
    assert consent.status_code == 302
    link = urlsplit(consent.headers["location"])
    query = {name: values[0] for name, values in parse_qs(link.query).items()}
    assert (link.path, query["state"], query["domain"]) == ("/oauth", "s 1", "portal.test")
    status, pair = await tokens(rest, grant_type="authorization_code", code=query["code"])
    assert status == 200
    assert await call(rest, pair["access_token"]) == (200, None)
    status, error = await tokens(rest, grant_type="authorization_code", code=query["code"])
    assert (status, error["error"]) == (400, "invalid_grant")


async def test_a_code_lives_thirty_seconds(rest: NativeClient, clock: Clock):
    consent = await rest.http.get("/oauth/authorize/", params={"client_id": CLIENT["client_id"]})
    code = parse_qs(urlsplit(consent.headers["location"]).query)["code"][0]
    clock.passed += 31
    assert (await tokens(rest, grant_type="authorization_code", code=code))[1]["error"] == "invalid_grant"


async def test_consent_for_a_stranger(rest: NativeClient):
    answer = await rest.http.get("/oauth/authorize/", params={"client_id": "app.x"})
    assert (answer.status_code, answer.json()["error"]) == (400, "invalid_client")


async def test_a_pair_has_the_shape_of_the_reference(rest: NativeClient):
    pair = await issue(rest)
    assert (pair["expires_in"], pair["expires"]) == (3600, 1796115600 + 3600)
    assert (pair["client_endpoint"], pair["server_endpoint"]) == (
        "http://portal.test/rest/",
        "http://portal.test/rest/",
    )
    assert (pair["scope"], pair["status"], pair["user_id"]) == (
        "catalog,sale,pay_system,salescenter,crm,disk,userfieldconfig",
        "L",
        1,
    )
    assert set(pair) >= {"access_token", "refresh_token", "domain", "member_id"}


async def test_a_refresh_gives_a_new_pair_and_ends_the_old_refresh_token(rest: NativeClient):
    old = await issue(rest)
    status, new = await refresh(rest, old["refresh_token"])
    assert status == 200
    assert not {old["access_token"], old["refresh_token"]} & {new["access_token"], new["refresh_token"]}
    assert await call(rest, old["access_token"]) == await call(rest, new["access_token"]) == (200, None)
    status, error = await refresh(rest, old["refresh_token"])
    assert (status, error["error"]) == (400, "invalid_grant")
    assert (await refresh(rest, new["refresh_token"]))[0] == 200


async def test_a_used_refresh_token_may_have_a_grace_time(make_rest, clock: Clock):
    rest = make_rest(oauth=OAuthOptions(refresh_grace=10))
    old = await issue(rest)
    assert (await refresh(rest, old["refresh_token"]))[0] == 200
    clock.passed += 9
    assert (await refresh(rest, old["refresh_token"]))[0] == 200
    clock.passed += 2
    assert (await refresh(rest, old["refresh_token"]))[1]["error"] == "invalid_grant"


async def test_lifetimes(rest: NativeClient, clock: Clock):
    pair = await issue(rest)
    clock.passed += 3599
    assert await call(rest, pair["access_token"]) == (200, None)
    clock.passed += 1
    assert await call(rest, pair["access_token"]) == (401, "expired_token")
    clock.passed = 180 * 24 * 3600
    assert (await refresh(rest, pair["refresh_token"]))[1]["error"] == "invalid_grant"


@pytest.mark.parametrize(
    ("changes", "error"),
    [
        ({"client_id": "app.x"}, "invalid_client"),
        ({"client_secret": "wrong"}, "invalid_client"),
        ({"client_secret": ""}, "invalid_request"),
        ({"grant_type": "client_credentials"}, "invalid_request"),
        ({"refresh_token": "wrong"}, "invalid_grant"),
        ({"refresh_token": ""}, "invalid_request"),
    ],
)
async def test_refusals(rest: NativeClient, changes, error):
    pair = await issue(rest)
    params = {**CLIENT, "grant_type": "refresh_token", "refresh_token": pair["refresh_token"], **changes}
    answer = await rest.http.post("/oauth/token/", data=params)
    assert (answer.status_code, answer.json()["error"]) == (400, error)
    assert (await refresh(rest, pair["refresh_token"]))[0] == 200


@pytest.mark.parametrize("where", ["auth", "header", "query"])
async def test_a_token_is_taken_from_three_places(rest: NativeClient, where):
    token = (await issue(rest))["access_token"]
    if where == "header":
        answer = await rest.http.post("/rest/scope", headers={"Authorization": f"Bearer {token}"})
    elif where == "query":
        answer = await rest.http.get("/rest/scope", params={"auth": token})
    else:
        answer = await rest.http.post("/rest/scope", data={"auth": token})
    assert answer.status_code == 200


async def test_tokens_are_expired_and_revoked_on_demand(rest: NativeClient):
    pair = await issue(rest)
    (state,) = (await rest.http.post("/_sim/oauth", json={"expire": True})).json()
    assert (state["access"], state["refresh"], state["rotated"]) == ("expired", "good", False)
    assert await call(rest, pair["access_token"]) == (401, "expired_token")
    new = (await refresh(rest, pair["refresh_token"]))[1]
    await rest.http.post("/_sim/oauth", json={"revoke": True})
    assert await call(rest, new["access_token"]) == (401, "invalid_token")
    assert (await refresh(rest, new["refresh_token"]))[1]["error"] == "invalid_grant"
    listed = await rest.http.get("/_sim/oauth")
    assert [one["access"] for one in listed.json()] == ["revoked", "revoked"]
    for token in (pair["access_token"], new["access_token"], new["refresh_token"]):
        assert token not in listed.text
    assert (await rest.http.post("/_sim/oauth", json={})).status_code == 400


async def test_a_used_refresh_token_shows_as_used(rest: NativeClient):
    await refresh(rest, (await issue(rest))["refresh_token"])
    first, second = (await rest.http.get("/_sim/oauth")).json()
    assert (first["refresh"], first["rotated"], second["refresh"]) == ("used or expired", True, "good")


async def test_the_contract_knows_the_same_tokens(make_rest):
    rest = make_rest(dialect="contract")
    pair = await issue(rest)

    async def search() -> int:
        params = {"filter": {"q": "бита"}, "select": ["ID"], "start": 0, "auth": pair["access_token"]}
        answer = await rest.http.post("/rest/catalog.product.list", json=params)
        return int(answer.status_code)

    assert await search() == 200
    rest.portal.tokens.expire()
    assert await search() == 401


async def test_unknown_tokens(rest: NativeClient):
    assert await call(rest, "unheard-of") == (401, "NO_AUTH_FOUND")


@pytest.mark.parametrize(
    ("kind", "rotated"),
    [("5xx", False), ("html_502", False), ("timeout_before", False), ("done_then_5xx", True), ("timeout_after", True)],
)
async def test_the_token_server_may_fail_before_or_after_its_work(rest: NativeClient, portal: Portal, kind, rotated):
    pair = await issue(rest)
    portal.rest.faults.add(FaultKind(kind), method="oauth.token")
    params = {**CLIENT, "grant_type": "refresh_token", "refresh_token": pair["refresh_token"]}
    answer = await rest.http.get("/oauth/token/", params=params)
    assert answer.status_code == 502
    assert portal.tokens.view()[0]["rotated"] is rotated
    assert (await refresh(rest, pair["refresh_token"]))[0] == (400 if rotated else 200)


async def test_requests_are_recorded_without_secrets(rest: NativeClient, portal: Portal):
    pair = await issue(rest)
    await refresh(rest, pair["refresh_token"])
    await refresh(rest, pair["refresh_token"])
    records = (await rest.http.get("/_sim/calls")).json()
    assert [(one["kind"], one["method"], one["status"], one["error"]) for one in records] == [
        ("oauth", "oauth.token", 200, None),
        ("oauth", "oauth.token", 400, "invalid_grant"),
    ]
    assert records[0]["params"] == {"grant_type": "refresh_token"}
    written = str(records) + repr(portal.tokens._pairs) + repr(portal.tokens.options)
    assert pair["refresh_token"] not in written
    assert CLIENT["client_secret"] not in written
