from __future__ import annotations

import asyncio
import json
import logging
import traceback
from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest

from shared.telegram.api import (
    AiogramError,
    AnswerCallbackQuery,
    Bot,
    BufferedInputFile,
    ClientDecodeError,
    GetMe,
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    SendMessage,
    SendPhoto,
    TelegramNetworkError,
    TelegramRetryAfter,
    TelegramServerError,
    TelegramUnauthorizedError,
)
from shared.telegram.sent_messages import SentMessage
from shared.telegram.session import MAX_ANSWER, MAX_DOWNLOAD, DownloadError, hide_token, make_bot, tame_httpx_logger
from tests.support.bot_api import GetUpdates, SetWebhook, TelegramBadRequest
from tests.support.telegram import BASE, TOKEN, Answer, BotApi, fail, message, ok, raw, refuse

SEND = SendMessage(chat_id=42, text="Привет")


async def test_a_message_goes_out_as_a_form_and_comes_back_as_its_ids(bot: Bot, bot_api: BotApi) -> None:
    shown = message(9, text="Привет", photo=[{"file_id": "small"}, {"file_id": "large"}])
    bot_api.will("sendMessage", ok({**shown, "is_topic_message": True, "message_thread_id": 5}))
    keyboard = InlineKeyboardMarkup(inline_keyboard=[[InlineKeyboardButton(text="Да", callback_data="y")]])

    sent: object = await bot.send_message(42, "Привет", reply_markup=keyboard)

    assert sent == SentMessage(9, thread_id=5, file_id="large")
    [asked] = bot_api.asked
    assert asked.method == "sendMessage"
    assert json.loads(asked.fields.pop("reply_markup")) == {"inline_keyboard": [[{"text": "Да", "callback_data": "y"}]]}
    assert json.loads(asked.fields.pop("link_preview_options")) == {"is_disabled": True}
    assert asked.fields == {"chat_id": "42", "text": "Привет", "parse_mode": "HTML"}


async def test_empty_values_are_left_out_and_flags_are_not(bot: Bot, bot_api: BotApi) -> None:
    await bot(AnswerCallbackQuery(callback_query_id="1", text="", show_alert=False))
    assert bot_api.asked[0].fields == {"callback_query_id": "1", "show_alert": "false"}


async def test_a_file_goes_out_as_multipart(bot: Bot, bot_api: BotApi) -> None:
    data = bytes(range(256)) * 600
    await bot(SendPhoto(chat_id=42, photo=BufferedInputFile(data, "дрель.png"), caption="Дрель"))
    [asked] = bot_api.asked
    key = asked.fields["photo"].removeprefix("attach://")
    assert asked.fields["caption"] == "Дрель"
    assert asked.files[key][1] == data


async def test_a_list_is_sent_as_json(bot: Bot, bot_api: BotApi) -> None:
    await bot(SetWebhook(url="https://x.test", allowed_updates=["message"]))
    assert json.loads(bot_api.asked[0].fields["allowed_updates"]) == ["message"]


@pytest.mark.parametrize(
    ("answer", "error", "text"),
    [
        (refuse("Bad Request: chat not found"), TelegramBadRequest, "chat not found"),
        (refuse("Unauthorized", 401), TelegramUnauthorizedError, "Unauthorized"),
        (refuse("Too Many Requests: retry after 7", 429, retry_after=7), TelegramRetryAfter, "7 seconds"),
        (raw(429, "<html>slow down</html>"), TelegramRetryAfter, "1 seconds"),
        (refuse("Bad Gateway", 502), TelegramServerError, "502"),
        (raw(502, "<html>Bad Gateway</html>"), TelegramServerError, "502"),
        (raw(500, '{"ok":false}'), TelegramServerError, "500"),
        (raw(200, "<html>login</html>"), ClientDecodeError, "decode"),
        (raw(404, '{"detail":"Not Found"}'), ClientDecodeError, "404"),
        (raw(200, '{"ok":true,"result":{"message_id":"x"}}'), ClientDecodeError, "deserialize"),
        (raw(200, '{"ok":true,"result":{"message_id":1,"photo":[1]}}'), ClientDecodeError, "deserialize"),
        (raw(200, '{"ok":true,"result":"' + "x" * MAX_ANSWER + '"}'), ClientDecodeError, "decode"),
        (raw(302, "", location=f"{BASE}/bot{TOKEN}/elsewhere"), ClientDecodeError, "302"),
        (fail(httpx.ConnectTimeout("slow")), TelegramNetworkError, "ConnectTimeout"),
        (fail(httpx.ReadTimeout("slow")), TelegramNetworkError, "no answer in 10 s"),
        (fail(httpx.ConnectError("All connection attempts failed")), TelegramNetworkError, "attempts failed"),
        (
            fail(httpx.RemoteProtocolError(f"bad {BASE}/bot{TOKEN}/sendMessage")),
            TelegramNetworkError,
            "bot<token>/send",
        ),
        (fail(httpx.InvalidURL(f"{BASE}/bot{TOKEN}/")), TelegramNetworkError, "InvalidURL"),
        (raw(500, f"no route for /bot{TOKEN}/sendMessage"), TelegramServerError, "no route for /bot<token>"),
        (raw(200, f"no route for /bot{TOKEN}/sendMessage"), ClientDecodeError, "no route for /bot<token>"),
    ],
)
async def test_errors_name_the_trouble_and_never_the_token(
    bot: Bot, bot_api: BotApi, answer: Answer, error: type[AiogramError], text: str
) -> None:
    bot_api.will("sendMessage", answer)
    with pytest.raises(error) as caught:
        await bot(SEND)
    assert text in str(caught.value)
    told = "".join(traceback.format_exception(caught.value)) + repr(caught.value) + repr(caught.value.__context__)
    assert TOKEN.partition(":")[2] not in told
    assert len(str(caught.value)) < 1000


async def test_a_429_without_a_readable_body_tells_its_seconds_in_the_header(bot: Bot, bot_api: BotApi) -> None:
    bot_api.will(
        "sendMessage", raw(429, "slow down", **{"retry-after": "12"}), raw(429, "x", **{"retry-after": "soon"})
    )
    for seconds in (12, 1):
        with pytest.raises(TelegramRetryAfter) as caught:
            await bot(SEND)
        assert caught.value.retry_after == seconds


async def test_an_answer_that_drips_is_given_up_in_time() -> None:
    async def drip() -> AsyncIterator[bytes]:
        while True:
            yield b" "
            await asyncio.sleep(0.005)

    async def slow(_: httpx.Request) -> httpx.Response:
        return httpx.Response(200, content=drip())

    async with httpx.AsyncClient(transport=httpx.MockTransport(slow)) as http:
        bot = make_bot(TOKEN, BASE, http, timeout=0.05)
        with pytest.raises(TelegramNetworkError, match=r"no answer in 0\.05 s"):
            await bot(SEND)


@pytest.mark.parametrize(("asked", "read"), [(None, 10.0), (40, 40.0)])
async def test_a_call_may_have_its_own_timeout(asked: int | None, read: float) -> None:
    seen: list[dict[str, Any]] = []

    def answer(request: httpx.Request) -> httpx.Response:
        seen.append(request.extensions["timeout"])
        return httpx.Response(200, json={"ok": True, "result": []})

    async with httpx.AsyncClient(transport=httpx.MockTransport(answer)) as http:
        await make_bot(TOKEN, BASE, http)(GetUpdates(timeout=30), request_timeout=asked)
    assert seen == [{"connect": 5.0, "read": read, "write": read, "pool": read}]


async def test_the_client_stays_with_its_owner(bot: Bot, bot_api: BotApi) -> None:
    await bot.session.close()
    bot_api.will("getMe", ok({"id": 1, "is_bot": True, "first_name": "b", "username": "master_bot"}))
    assert (await bot(GetMe())).username == "master_bot"


async def test_a_bot_and_its_session_do_not_show_the_token(bot: Bot) -> None:
    assert TOKEN not in repr(bot) + repr(bot.session) + repr(vars(bot.session))


@pytest.mark.parametrize("token", ["", "123456", "abc:DEF-secret", "123456:", "123456:DEF secret", "١٢٣:DEF-secret"])
async def test_a_token_that_is_none_is_refused_without_being_shown(token: str) -> None:
    async with httpx.AsyncClient() as http:
        with pytest.raises(ValueError, match="token") as caught:
            make_bot(token, BASE, http)
    assert "secret" not in str(caught.value)


async def test_httpx_does_not_log_the_token(bot: Bot, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    caplog.set_level(logging.DEBUG, logger="httpx")
    await bot(SEND)
    lines = [record.getMessage() for record in caplog.records if record.name == "httpx"]
    assert [line for line in lines if "/bot<token>/sendMessage" in line]
    assert TOKEN not in caplog.text


def test_the_logger_of_httpx_is_quiet_and_tamed_once() -> None:
    logger = logging.getLogger("httpx")
    filters, level = list(logger.filters), logger.level
    logger.filters.clear()
    try:
        logger.setLevel(logging.NOTSET)
        tame_httpx_logger()
        tame_httpx_logger()
        assert (len(logger.filters), logger.level) == (1, logging.WARNING)
        logger.setLevel(logging.INFO)
        tame_httpx_logger()
        assert logger.level == logging.INFO
    finally:
        logger.filters[:] = filters
        logger.setLevel(level)


@pytest.mark.parametrize(
    "text", [f"GET {BASE}/bot{TOKEN}/getMe", f"{BASE}/file/bot{TOKEN}/photos/1.jpg", "/bot123456%3AAAH-secret_KEY?x=1"]
)
def test_hide_token(text: str) -> None:
    assert "secret" not in hide_token(text)
    assert "bot<token>" in hide_token(text)


class Files:
    """Serves one file, `size` bytes of it, and counts what was taken."""

    def __init__(self, size: int, status: int = 200, error: Exception | None = None) -> None:
        self.size, self.status, self.error = size, status, error
        self.path = ""

    def __call__(self, request: httpx.Request) -> httpx.Response:
        if request.url.path.endswith("/getFile"):
            found = {"file_id": "f", "file_unique_id": "u", "file_path": "photos/1.jpg"}
            return httpx.Response(200, json={"ok": True, "result": found})
        self.path = request.url.path
        if self.error:
            raise self.error
        return httpx.Response(self.status, content=b"x" * self.size)


async def download(files: Files, *, seconds: int = 30) -> bytes:
    async with httpx.AsyncClient(transport=httpx.MockTransport(files)) as http:
        content = await make_bot(TOKEN, BASE, http).download("f", timeout=seconds)
        assert content is not None
        return content.read()


async def test_a_file_is_downloaded() -> None:
    files = Files(200_000)
    assert await download(files) == b"x" * 200_000
    assert files.path == f"/file/bot{TOKEN}/photos/1.jpg"


@pytest.mark.parametrize(
    ("files", "seconds", "text"),
    [
        (Files(1, 404), 30, "not there: 404"),
        (Files(MAX_DOWNLOAD + 1), 30, "more than"),
        (Files(1), -1, "did not come in"),
        (Files(1, error=httpx.ConnectError(f"{BASE}/file/bot{TOKEN}/x")), 30, "bot<token>"),
        (Files(1, error=httpx.ReadTimeout("slow")), 30, "ReadTimeout"),
    ],
)
async def test_a_file_that_does_not_come(files: Files, seconds: int, text: str) -> None:
    with pytest.raises(DownloadError, match=text) as caught:
        await download(files, seconds=seconds)
    assert TOKEN not in "".join(traceback.format_exception(caught.value))


async def test_a_stream_may_be_read_whatever_its_status() -> None:
    async with httpx.AsyncClient(transport=httpx.MockTransport(Files(3, 404))) as http:
        session = make_bot(TOKEN, BASE, http).session
        chunks = [chunk async for chunk in session.stream_content(f"{BASE}/x", raise_for_status=False)]
    assert chunks == [b"xxx"]
