"""Every answer of the OAuth server, and every way of giving none (shared/bitrix/README.md, «Tokens»)."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import httpx
import pytest

from shared.bitrix.errors import AccessDenied, AuthFailed, BitrixError, MissingScope, Verdict
from shared.bitrix.tokens.errors import GrantRefused, TokenDead, TokenMissing, TokenUnavailable
from tests.bitrix.test_secrets import traces_of
from tests.bitrix.tokens.conftest import CLIENT_ID, CLIENT_SECRET, URL, World
from tests.support.clock import START
from tests.support.logs import Heard

SECRETS = (CLIENT_SECRET, CLIENT_ID, "refresh-token", "access-token", "oauth.example")


def said(error: str, status: int = 400) -> httpx.Response:
    echo = f"{URL}?client_secret={CLIENT_SECRET}&refresh_token=refresh-token-0 of {CLIENT_ID}"
    return httpx.Response(status, json={"error": error, "error_description": f"no: {echo}"})


async def test_a_new_pair(world: World) -> None:
    pair = await world.server().refresh(world.first_pair())
    assert (pair.access, pair.refresh) == ("access-token-1", "refresh-token-1")
    assert pair.expires_at == START + timedelta(hours=1)
    assert (pair.client_endpoint, pair.member_id, pair.scope) == ("masters.bitrix24.ru", "0f00e1", "catalog,sale")
    [request] = world.oauth.requests
    assert request.method == "GET"
    assert str(request.url).partition("?")[0] == URL
    assert dict(request.url.params) == {
        "grant_type": "refresh_token",
        "refresh_token": "refresh-token-0",
        "client_id": CLIENT_ID,
        "client_secret": CLIENT_SECRET,
    }


@pytest.mark.parametrize(
    ("reply", "kind", "code", "verdict"),
    [
        (said("invalid_grant"), GrantRefused, "invalid_grant", Verdict.OPERATORS),
        (said("INVALID_GRANT", 200), GrantRefused, "invalid_grant", Verdict.OPERATORS),
        (said("invalid_client"), AuthFailed, "invalid_client", Verdict.OPERATORS),
        (said("invalid_request"), AccessDenied, "invalid_request", Verdict.OPERATORS),
        (said("PAYMENT_REQUIRED", 401), AccessDenied, "PAYMENT_REQUIRED", Verdict.OPERATORS),
        (said("invalid_scope"), MissingScope, "invalid_scope", Verdict.OPERATORS),
        (said("insufficient_scope", 403), MissingScope, "insufficient_scope", Verdict.OPERATORS),
        (said("WRONG_CLIENT", 200), AuthFailed, "WRONG_CLIENT", Verdict.OPERATORS),
        (said("NOT_INSTALLED", 403), AuthFailed, "NOT_INSTALLED", Verdict.OPERATORS),
        (said("NO_AUTH_FOUND", 401), AuthFailed, "NO_AUTH_FOUND", Verdict.OPERATORS),
        (said("never_seen"), AuthFailed, "never_seen", Verdict.OPERATORS),
        (said("never_seen", 503), TokenUnavailable, "never_seen", Verdict.TRANSIENT),
        (said("QUERY_LIMIT_EXCEEDED", 503), TokenUnavailable, "QUERY_LIMIT_EXCEEDED", Verdict.TRANSIENT),
        (said("INTERNAL_SERVER_ERROR", 500), TokenUnavailable, "INTERNAL_SERVER_ERROR", Verdict.TRANSIENT),
        (said("expired_token", 401), TokenUnavailable, "expired_token", Verdict.TRANSIENT),
        (httpx.Response(404, html="<html>no</html>"), AuthFailed, "auth_failed", Verdict.OPERATORS),
        (httpx.Response(303, headers={"Location": "https://x.example/"}), AuthFailed, None, Verdict.OPERATORS),
        (httpx.Response(429), TokenUnavailable, "token_unavailable", Verdict.TRANSIENT),
        (httpx.Response(408), TokenUnavailable, "token_unavailable", Verdict.TRANSIENT),
        (httpx.Response(502, html="<html>no</html>"), TokenUnavailable, None, Verdict.TRANSIENT),
        (httpx.Response(200, html="<html>no</html>"), TokenUnavailable, None, Verdict.TRANSIENT),
        (httpx.Response(200, json=[]), TokenUnavailable, None, Verdict.TRANSIENT),
        (httpx.Response(200, json={}), TokenUnavailable, None, Verdict.TRANSIENT),
        (httpx.Response(200, content=b"{" * 70_000), TokenUnavailable, None, Verdict.TRANSIENT),
        (httpx.Response(302, headers={"Location": "https://x.example/"}), TokenUnavailable, None, Verdict.TRANSIENT),
        (httpx.ConnectError(f"no way to {URL}?{CLIENT_SECRET}"), TokenUnavailable, None, Verdict.TRANSIENT),
        (httpx.ReadTimeout(f"{URL}?{CLIENT_SECRET}"), TokenUnavailable, None, Verdict.TRANSIENT),
        (httpx.RemoteProtocolError(f"{URL}?{CLIENT_SECRET}"), TokenUnavailable, None, Verdict.TRANSIENT),
    ],
)
async def test_everything_else(
    world: World, events: Heard, reply: Any, kind: type[BitrixError], code: str | None, verdict: Verdict
) -> None:
    world.oauth.replies.append(reply)
    with pytest.raises(BitrixError) as caught:
        await world.server().refresh(world.first_pair())
    error = caught.value
    assert type(error) is kind
    assert error.code.lower() == (code or kind.usual_code).lower()
    assert error.verdict is verdict
    assert error.methods == ("oauth/token",)
    told = traces_of(error) + events.text()
    assert not [secret for secret in SECRETS if secret in told]


async def test_an_unknown_word_is_logged(world: World, events: Heard) -> None:
    world.oauth.replies.append(said("never_seen"))
    with pytest.raises(AuthFailed):
        await world.server().refresh(world.first_pair())
    assert "never_seen" in events.text()


@pytest.mark.parametrize(
    "changes",
    [
        {"access_token": ""},
        {"access_token": None},
        {"refresh_token": 5},
        {"expires_in": None},
        {"expires_in": 0},
        {"expires_in": -5},
        {"expires_in": "soon"},
        {"expires_in": 10**10},
        {"scope": ["catalog"]},
    ],
)
async def test_an_answer_that_is_no_pair(world: World, changes: dict[str, Any], events: Heard) -> None:
    world.oauth.replies.append(httpx.Response(200, json={**world.oauth.issue(), **changes}))
    with pytest.raises(TokenUnavailable, match=next(iter(changes))) as caught:
        await world.server().refresh(world.first_pair())
    told = traces_of(caught.value) + events.text()
    assert not [secret for secret in SECRETS if secret in told]


@pytest.mark.parametrize(
    ("endpoint", "host"), [("https://a.example/rest/", "a.example"), ("", ""), ("https://[x", ""), ("a.example", "")]
)
async def test_only_the_portals_host_is_kept(world: World, endpoint: str, host: str) -> None:
    world.oauth.replies.append(httpx.Response(200, json={**world.oauth.issue(), "client_endpoint": endpoint}))
    assert (await world.server().refresh(world.first_pair())).client_endpoint == host


async def test_a_lifetime_as_text(world: World) -> None:
    world.oauth.replies.append(httpx.Response(200, json={**world.oauth.issue(), "expires_in": "1800"}))
    assert (await world.server().refresh(world.first_pair())).expires_at == START + timedelta(minutes=30)


async def test_time_the_answer_took_is_not_counted_as_life(world: World) -> None:
    take = world.oauth.answer

    def slow(request: httpx.Request) -> httpx.Response:
        world.clock.advance(seconds=9)
        return take(request)

    async with httpx.AsyncClient(transport=httpx.MockTransport(slow)) as world.http:
        pair = await world.server().refresh(world.first_pair())
    assert pair.expires_at == START + timedelta(hours=1)


def test_a_bad_address_is_refused_at_once(world: World) -> None:
    with pytest.raises(ValueError, match="http"):
        type(world.server())(world.http, "oauth.example", CLIENT_ID, CLIENT_SECRET, now=world.clock)


@pytest.mark.parametrize("kind", [TokenDead, TokenMissing])
def test_who_must_act(kind: type[BitrixError]) -> None:
    assert issubclass(kind, AuthFailed)
    assert kind("x").verdict is Verdict.OPERATORS
