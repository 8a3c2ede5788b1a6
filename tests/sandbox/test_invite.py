"""`assistant invite`."""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from infra.cli import main
from infra.invites import invite_link
from infra.local.sandbox import environment
from infra.local.serving import Serving, bind
from shared.domain import invites

SECRET = "a-secret-for-invites"
TOKEN = "123456:the-secret-half-of-a-token"
LINK = re.compile(r"https://t\.me/([A-Za-z0-9_]+)\?start=([A-Za-z0-9_-]{1,64})\n")


@pytest.fixture(autouse=True)
def clean_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("INVITE_SECRET", "TELEGRAM_BOT_TOKEN", "TELEGRAM_API_BASE"):
        monkeypatch.delenv(name, raising=False)


def read_link(text: str, secret: str = SECRET) -> tuple[str, str, timedelta]:
    """Bot, Bitrix user and remaining life of a printed link."""
    link = LINK.fullmatch(text)
    assert link, text
    now = datetime.now(UTC)
    invite = invites.read(link[2], secret, now)
    assert invite is not None
    return link[1], invite.buyer_id, invite.expires_at - now


@pytest.mark.parametrize(("arguments", "days"), [([], 7), (["--days", "1"], 1), (["--days", "365"], 365)])
def test_a_link(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], arguments: list[str], days: int):
    monkeypatch.setenv("INVITE_SECRET", SECRET)
    assert main(["invite", "--bitrix-user", "17", "--bot", "some_shop_bot", *arguments]) == 0
    bot, user, left = read_link(capsys.readouterr().out)
    assert (bot, user) == ("some_shop_bot", "17")
    assert timedelta(days=days) - timedelta(minutes=1) < left <= timedelta(days=days)


def test_a_link_that_asks_for_the_phone(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]):
    monkeypatch.setenv("INVITE_SECRET", SECRET)
    assert main(["invite", "--bot", "some_shop_bot"]) == 0
    assert read_link(capsys.readouterr().out)[:2] == ("some_shop_bot", invites.ANYBODY)


@pytest.mark.parametrize(("name", "value"), [("BITRIX_DIALECT", "contract"), ("BITRIX_BUYER_USER_ID", "17")])
def test_where_nobody_is_asked_the_buyer_must_be_named(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], name: str, value: str
):
    monkeypatch.setenv("INVITE_SECRET", SECRET)
    monkeypatch.setenv(name, value)
    assert main(["invite", "--bot", "some_shop_bot"]) == 1
    said = "assistant: --bitrix-user: is required with the spec's contract and with BITRIX_BUYER_USER_ID\n"
    assert capsys.readouterr() == ("", said)


def test_the_contract_knows_no_contacts(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]):
    monkeypatch.setenv("INVITE_SECRET", SECRET)
    monkeypatch.setenv("BITRIX_DIALECT", "contract")
    assert main(["invite", "--contact", "17", "--bot", "some_shop_bot"]) == 1
    said = "assistant: --contact: the spec's contract knows no contacts; give --bitrix-user\n"
    assert capsys.readouterr().err == said


@pytest.mark.parametrize("contact", ["abc", "0", str(10**20)])
def test_no_contact(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], contact: str):
    monkeypatch.setenv("INVITE_SECRET", SECRET)
    monkeypatch.setenv("BITRIX_BASE_URL", "http://127.0.0.1:9/rest/1/key/")
    assert main(["invite", "--contact", contact, "--bot", "some_shop_bot"]) == 1
    said = capsys.readouterr()
    assert (said.out, said.err) == ("", "assistant: --contact: the id of a contact is a positive number\n")


def test_two_links_for_one_buyer_are_two_links():
    links = {invite_link("some_shop_bot", "17", SECRET) for _ in range(50)}
    assert len(links) == 50


def test_for_the_sandbox_nothing_need_be_set(capsys: pytest.CaptureFixture[str]):
    assert main(["invite", "--bitrix-user", "17", "--sandbox"]) == 0
    bot, user, _ = read_link(capsys.readouterr().out, environment.SECRETS["INVITE_SECRET"])
    assert (bot, user) == (environment.BOT_USERNAME, "17")


def test_without_the_secret(capsys: pytest.CaptureFixture[str]):
    assert main(["invite", "--bitrix-user", "17", "--bot", "some_shop_bot"]) == 1
    said = capsys.readouterr()
    assert (said.out, said.err) == ("", "assistant: INVITE_SECRET: is required here\n")


@pytest.mark.parametrize(
    "arguments",
    [
        ["--bitrix-user", "abc", "--bot", "some_shop_bot"],
        ["--bitrix-user", "", "--bot", "some_shop_bot"],
        ["--bitrix-user", "anybody", "--bot", "some_shop_bot"],
        ["--bitrix-user", "0", "--bot", "some_shop_bot"],
        ["--bitrix-user", "17", "--bot", "not a name"],
        ["--bitrix-user", "17", "--bot", "some_shop_bot", "--days", "0"],
        ["--bitrix-user", "17", "--bot", "some_shop_bot", "--days", "-3"],
        ["--bitrix-user", "17", "--bot", "some_shop_bot", "--days", "99999999999"],
    ],
)
def test_what_makes_no_link(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], arguments: list[str]):
    monkeypatch.setenv("INVITE_SECRET", SECRET)
    try:
        status = main(["invite", *arguments])
    except SystemExit as end:
        status = int(str(end.code))
    said = capsys.readouterr()
    assert status in (1, 2)
    assert said.out == ""
    assert said.err.splitlines()[-1].startswith("assistant")


@asynccontextmanager
async def bot_api(monkeypatch: pytest.MonkeyPatch, answer: Response | None) -> AsyncIterator[list[str]]:
    """A Bot API server that gives one answer; None: none. The paths it was asked."""
    asked: list[str] = []

    async def get_me(request: Request) -> Response:
        asked.append(request.url.path)
        return answer or Response()

    serving = Serving(bind(0))
    await serving.start(Starlette(routes=[Route("/{path:path}", get_me, methods=["POST"])]))
    monkeypatch.setenv("INVITE_SECRET", SECRET)
    monkeypatch.setenv("TELEGRAM_BOT_TOKEN", TOKEN)
    monkeypatch.setenv("TELEGRAM_API_BASE", serving.url)
    try:
        yield asked
    finally:
        await serving.stop()


async def invite_17() -> int:
    """Run the command beside the server it asks."""
    return await asyncio.to_thread(main, ["invite", "--bitrix-user", "17"])


async def test_the_bot_is_asked_for_its_name(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]):
    answer = JSONResponse({"ok": True, "result": {"id": 123456, "is_bot": True, "username": "asked_shop_bot"}})
    async with bot_api(monkeypatch, answer) as asked:
        assert await invite_17() == 0
    assert read_link(capsys.readouterr().out)[0] == "asked_shop_bot"
    assert asked == [f"/bot{TOKEN}/getMe"]


def refusal(status: int, description: str) -> JSONResponse:
    """What the Bot API says when it says no."""
    return JSONResponse({"ok": False, "error_code": status, "description": description}, status)


@pytest.mark.parametrize(
    "answer",
    [
        refusal(401, "Unauthorized"),
        refusal(404, "Not Found"),
        Response("<html>502</html>", 502),
        Response(b"\xff", 200),
        JSONResponse([1]),
        JSONResponse({"ok": True}),
        JSONResponse({"ok": True, "result": {"id": 1}}),
        JSONResponse({"ok": True, "result": {"username": None}}),
    ],
    ids=["401", "404", "html", "bytes", "list", "no result", "no name", "null name"],
)
async def test_the_token_is_never_printed(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], answer: Response
):
    async with bot_api(monkeypatch, answer):
        assert await invite_17() == 1
    said = capsys.readouterr()
    assert said.out == ""
    (line,) = said.err.splitlines()
    assert line.startswith("assistant: getMe: ")
    assert TOKEN.split(":")[1] not in line


async def test_no_bot_api_at_all(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]):
    async with bot_api(monkeypatch, None):
        pass
    assert await invite_17() == 1
    said: Any = capsys.readouterr()
    assert said.err == "assistant: getMe: ConnectError; give the bot's name with --bot\n"


async def test_neither_name_nor_token(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]):
    monkeypatch.setenv("INVITE_SECRET", SECRET)
    assert await invite_17() == 1
    assert capsys.readouterr().err == "assistant: TELEGRAM_BOT_TOKEN: is required here\n"
