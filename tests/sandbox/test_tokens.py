"""`assistant tokens install` against the simulated portal's OAuth server."""

from __future__ import annotations

import asyncio
import io
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest

from infra.cli import main
from infra.local.clock import SystemClock
from infra.local.portal.app import Portal, create_portal
from infra.local.portal.options import PortalOptions
from infra.tokens import Given, install, read_secret
from shared.bitrix.auth import TokenAuth
from shared.bitrix.secrets import VaultUnavailable
from shared.bitrix.tokens import TokenPair
from shared.clock import utc_now
from shared.entry.container import Container
from shared.settings import Settings, SettingsError, read_settings
from tests.bitrix.memory_vault import MemoryVault
from tests.support.logs import same_logging_afterwards

__all__ = ["same_logging_afterwards"]

HOST = "http://portal.test"
OPTIONS = PortalOptions(dialect="native")


@pytest.fixture(autouse=True)
def _environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in Settings.model_fields:
        monkeypatch.delenv(name.upper(), raising=False)
    given = {
        "STORE": "memory",
        "BITRIX_BASE_URL": f"{HOST}/rest/",
        "BITRIX_AUTH": "oauth",
        "BITRIX_OAUTH_URL": f"{HOST}/oauth/token/",
        "BITRIX_CLIENT_ID": OPTIONS.oauth.client_id,
        "BITRIX_CLIENT_SECRET": OPTIONS.oauth.client_secret,
        "BITRIX_TOKEN_SECRET": "assistant-bitrix-token",
    }
    for name, value in given.items():
        monkeypatch.setenv(name, value)


@pytest.fixture
async def portal() -> AsyncIterator[Portal]:
    async with httpx.AsyncClient() as http:
        made = create_portal(OPTIONS, clock=SystemClock(), http=http)
        yield made
        await made.close()


@pytest.fixture
async def here(portal: Portal) -> AsyncIterator[Container]:
    async with httpx.AsyncClient(transport=httpx.ASGITransport(portal.app)) as http:
        yield Container(read_settings(), http=http, vault=MemoryVault())


async def is_let_in(here: Container) -> bool:
    """Whether a call with the kept token is accepted by the portal."""
    auth = here.auth
    assert isinstance(auth, TokenAuth)
    token = (await auth.parameters())["auth"]
    answer = await here.http.post(f"{HOST}/rest/scope", json={"auth": token})
    return answer.is_success


@pytest.mark.parametrize("given", list(Given))
async def test_a_pair_is_installed_and_used(here: Container, portal: Portal, given: Given):
    code = portal.tokens.authorize(OPTIONS.oauth.client_id)
    secret = code if given is Given.CODE else portal.tokens.issue().refresh_token
    pair = await install(here, given, secret)
    assert pair.expires_at - utc_now() > timedelta(minutes=50)
    assert await is_let_in(here)
    assert secret not in repr(pair)


async def test_what_is_not_accepted_is_told_without_it(here: Container):
    with pytest.raises(RuntimeError, match="was not installed: invalid_grant") as refused:
        await install(here, Given.REFRESH_TOKEN, "n0t-0ur-refresh-token")
    assert "n0t-0ur" not in str(refused.value)


async def test_a_vault_that_refuses(here: Container, portal: Portal, monkeypatch: pytest.MonkeyPatch):
    async def refuses(*_: object) -> str:
        raise VaultUnavailable("PermissionDenied")

    monkeypatch.setattr(MemoryVault, "add", refuses)
    with pytest.raises(RuntimeError, match="the vault: PermissionDenied"):
        await install(here, Given.REFRESH_TOKEN, portal.tokens.issue().refresh_token)


async def test_a_webhooks_key_has_no_pair(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("BITRIX_AUTH", "webhook")
    with pytest.raises(SettingsError, match="BITRIX_AUTH"):
        await install(Container(read_settings()), Given.CODE, "c0de")


@pytest.mark.parametrize("typed", ["", "\n", "two words\n", "токен\n", "x" * 1001])
def test_stdin_that_is_none(typed: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]):
    monkeypatch.setattr("sys.stdin", io.StringIO(typed))
    assert main(["tokens", "install", "--code"]) == 1
    assert capsys.readouterr().err == "assistant: stdin must be one line with the code\n"


def test_a_person_types_unseen(monkeypatch: pytest.MonkeyPatch):
    class Terminal(io.StringIO):
        def isatty(self) -> bool:
            return True

    monkeypatch.setattr("sys.stdin", Terminal())
    monkeypatch.setattr("getpass.getpass", lambda prompt: f" {prompt.partition(':')[0].replace(' ', '-')} ")
    assert read_secret(Given.REFRESH_TOKEN) == "refresh-token"


async def test_the_command_says_what_it_did(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]):
    seen: list[Any] = []

    async def installs(_: Container, given: Given, secret: str) -> TokenPair:
        seen.append((given, secret))
        until = datetime(2026, 9, 1, 13, tzinfo=UTC)
        return TokenPair("acc3ss", "r3fresh", until, client_endpoint="masters.example", scope="sale")

    monkeypatch.setattr("infra.cli.install", installs)
    monkeypatch.setattr("sys.stdin", io.StringIO("c0de\n"))
    assert await asyncio.to_thread(main, ["tokens", "install", "--code"]) == 0
    assert seen == [(Given.CODE, "c0de")]
    assert capsys.readouterr().out == "installed: masters.example, scopes sale, good until 13:00 UTC\n"
