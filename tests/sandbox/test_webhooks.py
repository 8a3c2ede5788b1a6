"""`assistant webhooks` against the simulated Telegram over HTTP."""

from __future__ import annotations

import asyncio
import os
from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest
import pytest_asyncio

from infra.cli import main
from infra.local.clock import SystemClock
from infra.local.serving import Serving, bind
from infra.local.telegram.options import TelegramOptions
from infra.local.telegram.sim import TelegramSim, create_telegram
from infra.webhooks import UPDATES, BotApi
from shared.assistant.operators import commands
from shared.assistant.routers import build
from shared.assistant.texts import profile
from shared.telegram.api import Command, Router
from tests.assistant.stage import ZONE

TOKEN = "123456:the-secret-half-of-a-token"
SECRET = "a-secret-of-the-webhook"
GROUP = -100500
URL = "https://telegram-update.example.test"


@pytest.fixture(autouse=True)
def _clean_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("TELEGRAM_BOT_TOKEN", "TELEGRAM_API_BASE", "TELEGRAM_WEBHOOK_SECRET", "TELEGRAM_OPERATORS_CHAT_ID"):
        monkeypatch.delenv(name, raising=False)


@pytest_asyncio.fixture
async def telegram(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[TelegramSim]:
    serving = Serving(bind(0))
    async with httpx.AsyncClient() as http:
        options = TelegramOptions(token=TOKEN, groups={GROUP: "Операторы"})
        simulated = create_telegram(options, clock=SystemClock(), http=http)
        await simulated.start()
        await serving.start(simulated.app)
        monkeypatch.setenv("TELEGRAM_BOT_TOKEN", TOKEN)
        monkeypatch.setenv("TELEGRAM_API_BASE", serving.url)
        monkeypatch.setenv("TELEGRAM_WEBHOOK_SECRET", SECRET)
        monkeypatch.setenv("TELEGRAM_OPERATORS_CHAT_ID", str(GROUP))
        try:
            yield simulated
        finally:
            await serving.stop()
            await simulated.stop()


async def run(*arguments: str) -> int:
    return await asyncio.to_thread(main, ["webhooks", *arguments])


async def asked(method: str, **params: object) -> Any:
    """What Telegram says now."""
    async with httpx.AsyncClient() as http:
        url = f"{os.environ['TELEGRAM_API_BASE']}/bot{TOKEN}/{method}"
        return (await http.post(url, json=params)).json()["result"]


def listed(commands: tuple[tuple[str, str], ...]) -> list[dict[str, str]]:
    return [{"command": name, "description": text} for name, text in commands]


@pytest.mark.usefixtures("telegram")
async def test_all_is_set(capsys: pytest.CaptureFixture[str]):
    for _ in range(2):
        assert await run("set", "--url", URL) == 0
    webhook = await asked("getWebhookInfo")
    assert webhook["url"] == URL
    assert webhook["allowed_updates"] == sorted(UPDATES)
    assert await asked("getMyCommands", scope={"type": "all_private_chats"}) == listed(profile.COMMANDS)
    assert await asked("getMyCommands", scope={"type": "chat", "chat_id": GROUP}) == listed(profile.OPERATORS)
    assert await asked("getMyCommands") == []
    assert (await asked("getMyDescription"))["description"] == profile.description()
    assert (await asked("getMyShortDescription"))["short_description"] == profile.short_description()
    assert await asked("getChatMenuButton") == {"type": "commands"}
    said = capsys.readouterr()
    assert f"webhook:  {URL}\n" in said.out
    assert TOKEN not in said.out + said.err
    assert SECRET not in said.out + said.err


async def test_the_secret_goes_with_every_update(telegram: TelegramSim):
    await run("set", "--url", URL)
    webhook = telegram.core.delivery.webhook
    assert webhook is not None
    assert webhook.secret == SECRET


@pytest.mark.usefixtures("telegram")
async def test_without_operators_there_are_only_masters_commands(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.delenv("TELEGRAM_OPERATORS_CHAT_ID")
    assert await run("set", "--url", URL) == 0
    assert await asked("getMyCommands", scope={"type": "chat", "chat_id": GROUP}) == []


@pytest.mark.usefixtures("telegram")
async def test_it_is_removed_and_shown(capsys: pytest.CaptureFixture[str]):
    await run("set", "--url", URL)
    capsys.readouterr()
    assert await run("remove") == 0
    assert "webhook:  none\n" in capsys.readouterr().out
    assert await run("get") == 0
    assert "webhook:  none\n" in capsys.readouterr().out
    assert (await asked("getWebhookInfo"))["url"] == ""


@pytest.mark.usefixtures("telegram")
@pytest.mark.parametrize("url", ["http://example.test", "example.test", "ftp://example.test", "https://", ""])
async def test_an_address_that_is_none(capsys: pytest.CaptureFixture[str], url: str):
    assert await run("set", "--url", url) == 1
    assert "https://" in capsys.readouterr().err
    assert (await asked("getWebhookInfo"))["url"] == ""


@pytest.mark.usefixtures("telegram")
@pytest.mark.parametrize("name", ["TELEGRAM_BOT_TOKEN", "TELEGRAM_WEBHOOK_SECRET"])
async def test_without_its_secrets_nothing_is_set(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], name: str
):
    monkeypatch.delenv(name)
    assert await run("set", "--url", URL) == 1
    assert capsys.readouterr().err == f"assistant: {name}: is required here\n"
    assert (await asked("getWebhookInfo"))["url"] == ""


async def test_a_server_that_does_not_answer_is_told_without_the_token(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
):
    monkeypatch.setenv("TELEGRAM_BOT_TOKEN", TOKEN)
    monkeypatch.setenv("TELEGRAM_API_BASE", "http://127.0.0.1:1")
    assert await run("get") == 1
    assert capsys.readouterr().err == "assistant: getMe: ConnectError\n"


@pytest.mark.usefixtures("telegram")
async def test_a_wrong_token_is_told(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]):
    monkeypatch.setenv("TELEGRAM_BOT_TOKEN", "123456:another-half-of-a-token")
    assert await run("set", "--url", URL) == 1
    said = capsys.readouterr()
    assert "Unauthorized" in said.err
    assert "another-half" not in said.err


def answered(router: Router) -> set[str]:
    """The commands that a router and those inside it take."""
    own = {
        str(name)
        for handler in router.message.handlers
        for each in handler.filters or []
        if isinstance(each.callback, Command)
        for name in each.callback.commands
    }
    return own.union(*map(answered, router.sub_routers))


def test_every_command_of_masters_is_listed_and_answered():
    assert {name for name, _ in profile.COMMANDS} == answered(build(ZONE, GROUP)) - {"start"}


def test_every_command_of_operators_is_listed_and_answered():
    assert {name for name, _ in profile.OPERATORS} == commands.KNOWN


def test_telegram_takes_the_descriptions():
    assert len(profile.description()) <= 512
    assert len(profile.short_description()) <= 120


@pytest.mark.usefixtures("telegram")
async def test_what_is_wrong_is_shown(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]):
    answers: dict[str, dict[str, object]] = {
        "getMe": {"username": "some_shop_bot", "supports_inline_queries": False},
        "getWebhookInfo": {"url": URL, "pending_update_count": 7, "last_error_message": "Connection timed out"},
    }
    monkeypatch.setattr(BotApi, "call", lambda _, method: answers[method])
    assert await run("get") == 0
    assert capsys.readouterr().out.splitlines() == [
        "bot:      @some_shop_bot",
        f"webhook:  {URL}",
        "updates:  the usual ones",
        "pending:  7",
        "error:    Connection timed out",
        "inline:   off; @BotFather turns it on (/setinline)",
    ]


@pytest.mark.parametrize(
    ("dialect", "words"),
    [
        ("native", ["ONSALEORDERSAVED", "ONPAYMENTENTITYSAVED", "BITRIX_APPLICATION_TOKEN", "smart process 1038"]),
        ("contract", ["ONSALEORDER_ENTITY_SAVED", "RMA_STATUS_CHANGED", "WEBHOOK_SECRET"]),
    ],
)
def test_the_portals_people_are_told_what_to_send(
    dialect: str, words: list[str], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
):
    monkeypatch.setenv("BITRIX_DIALECT", dialect)
    monkeypatch.setenv("BITRIX_RETURNS_ENTITY_TYPE_ID", "1038")
    assert main(["webhooks", "events", "--url", f"{URL}/webhook/bitrix"]) == 0
    said = capsys.readouterr().out
    assert [word for word in [f"{URL}/webhook/bitrix", *words] if word not in said] == []


def test_without_returns_nothing_is_said_of_their_process(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
):
    monkeypatch.delenv("BITRIX_RETURNS_ENTITY_TYPE_ID", raising=False)
    monkeypatch.setenv("BITRIX_DIALECT", "native")
    assert main(["webhooks", "events", "--url", URL]) == 0
    assert "smart process" not in capsys.readouterr().out
