"""The scheduled renewal: in time, only if somebody uses the token, and without a word of it in the log."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import httpx
import pytest

from infra.local.cloud_tasks import ManualClock
from infra.local.secret_manager import SecretManagerEmulator
from shared.bitrix.secrets import SecretManagerVault
from shared.bitrix.tokens import TokenManager, TokenPair
from shared.entry.container import Container
from tests.entry.conftest import Environment, Lines, Outside
from tests.entry.world import PORTAL_HOST, call
from tests.infra.alerts import log_alerts
from tests.pipeline.bench import NOW
from tests.support.clock import Clock
from tests.support.stores import FaultyStore

NAME = "bitrix-token"
SECRET = f"projects/shop/secrets/{NAME}"
CLIENT_SECRET = "client-secret-1"
OAUTH_HOST = "oauth.test"
LIFE = timedelta(hours=1)
SOON = (LIFE - timedelta(minutes=5)).total_seconds()
"""Seconds after which a token counts as about to end (spec §1)."""
SECRETS = ("access-", "refresh-", CLIENT_SECRET)


@dataclass
class OAuth:
    """A token server that takes each refresh token once, or answers with `refusal`."""

    requests: list[httpx.Request] = field(default_factory=list)
    refusal: httpx.Response | None = None
    issued: int = 1

    def __call__(self, request: httpx.Request) -> httpx.Response:
        assert request.url.host == OAUTH_HOST, "only the token server is asked"
        self.requests.append(request)
        if self.refusal is not None:
            return self.refusal
        said = request.url.params
        known = ("app.1", CLIENT_SECRET, f"refresh-{self.issued}")
        if (said["client_id"], said["client_secret"], said["refresh_token"]) != known:
            return httpx.Response(400, json={"error": "invalid_grant"})
        self.issued += 1
        pair = {"access_token": f"access-{self.issued}", "refresh_token": f"refresh-{self.issued}"}
        return httpx.Response(200, json=pair | {"expires_in": int(LIFE.total_seconds())})


@pytest.fixture
async def emulator() -> AsyncIterator[SecretManagerEmulator]:
    emulator = SecretManagerEmulator(latest_lag=timedelta(hours=1), clock=ManualClock())
    emulator.add_secret(SECRET)
    yield emulator
    await emulator.stop()


@pytest.fixture
async def configured(configured: Environment, emulator: SecretManagerEmulator) -> Environment:
    """What makes parts that have a token, kept by the emulator."""
    settings = {
        "SECRET_MANAGER_EMULATOR_HOST": await emulator.start(),
        "BITRIX_AUTH": "oauth",
        "BITRIX_BASE_URL": f"https://{PORTAL_HOST}/rest/",
        "BITRIX_OAUTH_URL": f"https://{OAUTH_HOST}/oauth/token/",
        "BITRIX_CLIENT_ID": "app.1",
        "BITRIX_CLIENT_SECRET": CLIENT_SECRET,
        "BITRIX_TOKEN_SECRET": NAME,
    }
    return lambda **environment: configured(**(settings | environment))


@pytest.fixture
def oauth() -> OAuth:
    """The token server."""
    return OAuth()


@pytest.fixture
def outside(oauth: OAuth) -> Outside:
    """The token server, in the place of the whole outside world."""
    return oauth


@pytest.fixture
async def here(here: Container) -> AsyncIterator[Container]:
    """In the end the vault is closed."""
    yield here
    await here.close()


@pytest.fixture
async def token_manager(here: Container, oauth: OAuth) -> TokenManager:
    """This instance's token manager, with a fresh pair."""
    assert oauth.issued == 1
    assert here.token_manager is not None
    await here.token_manager.install(TokenPair("access-1", "refresh-1", NOW + LIFE))
    return here.token_manager


def said(lines: Lines) -> list[dict[str, Any]]:
    """Return the entries about the scheduled run; no entry at all may hold a secret."""
    entries = lines()
    assert not [secret for secret in SECRETS if secret in str(entries)]
    return [entry for entry in entries if entry["event"] == "token_refresh"]


async def refresh(here: Container) -> int:
    """Call the function as Cloud Scheduler does."""
    return (await call(here, "token_refresh")).status_code


@pytest.mark.parametrize("here", [{"BITRIX_AUTH": "webhook"}], indirect=True)
async def test_a_webhooks_key_is_never_renewed(here: Container, oauth: OAuth, store: FaultyStore, lines: Lines):
    response = await call(here, "token_refresh")
    assert (response.status_code, response.text) == (200, "ok")
    [entry] = said(lines)
    assert (entry["did"], entry["function"]) == ("webhook", "token_refresh")
    assert oauth.requests == []
    assert store.commits == 0


async def test_a_token_in_use_is_renewed_when_it_is_about_to_end(
    here: Container, token_manager: TokenManager, oauth: OAuth, clock: Clock, lines: Lines
):
    assert await token_manager.current() == "access-1"
    clock.advance(SOON)
    assert await refresh(here) == 200
    assert len(oauth.requests) == 1
    assert await token_manager.current() == "access-2"
    [entry] = said(lines)
    assert (entry["did"], entry["code"], entry["destroyed"]) == ("renewed", "", 0)
    assert not any(log_alerts()[name].fires(lines()) for name in ("token-lost", "token-not-refreshed"))


async def test_it_is_not_renewed_before_that(
    here: Container, token_manager: TokenManager, oauth: OAuth, clock: Clock, lines: Lines
):
    await token_manager.current()
    clock.advance(SOON - 1)
    assert await refresh(here) == 200
    assert oauth.requests == []
    [entry] = said(lines)
    assert entry["did"] == "fresh"


@pytest.mark.usefixtures("token_manager")
async def test_a_token_nobody_uses_is_left_to_end(here: Container, oauth: OAuth, clock: Clock, lines: Lines):
    clock.advance(SOON)
    assert await refresh(here) == 200
    assert oauth.requests == []
    [entry] = said(lines)
    assert entry["did"] == "idle"


async def test_a_token_that_was_left_to_end_is_renewed_by_the_next_call(
    here: Container, token_manager: TokenManager, oauth: OAuth, clock: Clock
):
    clock.advance(2 * LIFE.total_seconds())
    assert await refresh(here) == 200
    assert await token_manager.current() == "access-2"
    assert len(oauth.requests) == 1


@pytest.mark.usefixtures("token_manager")
@pytest.mark.parametrize("here", [{"BITRIX_TOKEN_REFRESH": "always"}], indirect=True)
async def test_if_wanted_it_is_renewed_all_the_same(here: Container, oauth: OAuth, clock: Clock, lines: Lines):
    clock.advance(SOON)
    assert await refresh(here) == 200
    assert len(oauth.requests) == 1
    [entry] = said(lines)
    assert entry["did"] == "renewed"


@pytest.mark.parametrize("here", [{"BITRIX_TOKEN_REFRESH": "never"}], indirect=True)
async def test_if_wanted_it_is_never_renewed_ahead(
    here: Container, token_manager: TokenManager, oauth: OAuth, clock: Clock, lines: Lines
):
    await token_manager.current()
    clock.advance(SOON)
    assert await refresh(here) == 200
    assert oauth.requests == []
    [entry] = said(lines)
    assert entry["did"] == "never"


async def test_what_was_superseded_is_destroyed_later(
    here: Container, token_manager: TokenManager, clock: Clock, lines: Lines
):
    await token_manager.current()
    clock.advance(SOON)
    await refresh(here)
    clock.advance(LIFE.total_seconds())
    await refresh(here)
    assert [entry["destroyed"] for entry in said(lines)] == [0, 1]


@pytest.mark.usefixtures("oauth")
async def test_without_a_pair_there_is_nothing_to_renew(here: Container, lines: Lines):
    assert await refresh(here) == 200
    [entry] = said(lines)
    assert entry["did"] == "missing"


async def test_a_refusal_is_no_trouble_of_the_scheduler(
    here: Container, token_manager: TokenManager, oauth: OAuth, clock: Clock, lines: Lines
):
    """Calling again would not help, and the token manager has told the operators."""
    await token_manager.current()
    oauth.refusal = httpx.Response(400, json={"error": "invalid_grant", "error_description": "refresh-1 is used up"})
    clock.advance(SOON)
    assert await refresh(here) == 200
    asked = len(oauth.requests)
    assert await refresh(here) == 200
    assert len(oauth.requests) == asked
    assert [(entry["did"], entry["code"]) for entry in said(lines)] == [("failed", "token_dead"), ("refused", "")]
    assert [entry["severity"] for entry in lines() if entry["event"] == "token_dead"] == ["ERROR"]
    alerts = log_alerts()
    assert alerts["token-lost"].fires(lines())
    assert alerts["token-not-refreshed"].fires(lines()), "runs that come to nothing are none"


async def test_without_the_vault_the_next_run_tries_again(
    here: Container,
    token_manager: TokenManager,
    emulator: SecretManagerEmulator,
    oauth: OAuth,
    clock: Clock,
    lines: Lines,
):
    """Of an instance that has not read the pair yet: it cannot, and so asks nobody for another one."""
    await token_manager.current()
    clock.advance(SOON)
    await here.vault.close()
    await emulator.stop()
    nobody = here.settings.secret_manager_emulator_host
    late = here.override(vault=SecretManagerVault(SECRET, nobody, timeout_seconds=0.2))
    assert await refresh(late) == 200
    assert oauth.requests == []
    [entry] = said(lines)
    assert (entry["did"], entry["code"]) == ("failed", "token_unavailable")


async def test_without_a_store_the_scheduler_tries_again(
    here: Container, token_manager: TokenManager, store: FaultyStore, oauth: OAuth
):
    await token_manager.current()
    store.down = True
    response = await call(here, "token_refresh")
    assert (response.status_code, response.json()) == (503, {"error": "try_again"})
    assert oauth.requests == []


@pytest.mark.usefixtures("oauth")
@pytest.mark.parametrize("here", [{"BITRIX_CLIENT_ID": ""}], indirect=True)
async def test_what_is_not_configured_is_named_in_the_log(here: Container, lines: Lines):
    response = await call(here, "token_refresh")
    assert (response.status_code, response.json()) == (500, {"error": "misconfigured"})
    [entry] = lines()
    assert "BITRIX_CLIENT_ID" in entry["message"]
