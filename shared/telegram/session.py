"""aiogram's HTTP on an httpx client: one pool and one set of timeouts for the whole instance.

The bot token is part of every URL of the Bot API, so nothing that carries a URL leaves this module: httpx's errors
are replaced, not chained, by errors without one, and the logger of httpx is made to hide tokens.

Errors of `bot(method)`, all under aiogram's `AiogramError`::

    TelegramNetworkError       no answer: unreachable, broken, too slow
    ├── UnansweredError            it went out, so it may have been done
    ├── TelegramEntityTooLarge     413, the file is too big
    TelegramServerError        5xx, with any body
    TelegramRetryAfter         429, with the seconds to wait
    TelegramAPIError …         what aiogram makes of the other refusals
    ClientDecodeError          an answer that is not the Bot API's; the call may have been done

Of a message that was sent or edited comes back a `SentMessage`, not aiogram's `Message`.

and of `bot.download(...)`: `DownloadError`.

See shared/telegram/README.md, «aiogram».
"""

from __future__ import annotations

import asyncio
import json
import logging
import re
from collections.abc import AsyncGenerator
from dataclasses import dataclass
from enum import Enum
from typing import Any, Final, cast

import httpx

from shared.telegram.api import (
    BaseSession,
    Bot,
    ClientDecodeError,
    DefaultBotProperties,
    DetailedAiogramError,
    InputFile,
    LinkPreviewOptions,
    ParseMode,
    TelegramAPIServer,
    TelegramMethod,
    TelegramNetworkError,
    TelegramRetryAfter,
    TelegramServerError,
    TelegramType,
)
from shared.telegram.sent_messages import read_sent, tells_of_messages
from shared.tracing import span

TIMEOUT: Final = 10.0
"""Seconds for one call, connecting and reading included."""

CONNECT_TIMEOUT: Final = 5.0
MAX_ANSWER: Final = 4 * 2**20
"""Bytes read of one answer. A longer one is cut, and then it is not JSON any more."""

MAX_DOWNLOAD: Final = 20 * 2**20
"""Bytes of one file: the Bot API does not serve more (shared/telegram/README.md, «Sizes»)."""

_GONE: Final = frozenset({httpx.codes.BAD_REQUEST, httpx.codes.NOT_FOUND, httpx.codes.GONE})
"""Statuses of a file's address that no waiting changes."""

_SHOWN: Final = 200
"""Characters of an unreadable answer that an error may quote."""

_TOKEN: Final = re.compile(r"\bbot\d+(?::|%3A)[^\s/\"'?]+", re.IGNORECASE)


class DownloadError(DetailedAiogramError):
    """A file could not be downloaded: `gone`, `too_large`, or no connection. Its text has no URL in it."""

    def __init__(self, message: str, *, gone: bool = False, too_large: bool = False) -> None:
        super().__init__(message)
        self.gone = gone
        self.too_large = too_large


class UnansweredError(TelegramNetworkError):
    """The call went out, and no answer came: it may have been done."""


_NOT_SENT: Final = (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout, httpx.InvalidURL)
"""Nothing of the call has left."""


@dataclass(frozen=True)
class _NoAnswer:
    """Why there is no answer, in words, and whether the call has left."""

    why: str
    sent: bool


def hide_token(text: str) -> str:
    """Return `text` with `bot123:AAA…` replaced by `bot<token>`."""
    return _TOKEN.sub("bot<token>", text)


class _TokenFilter(logging.Filter):
    """httpx logs each request with its URL; this takes the token out of it."""

    def filter(self, record: logging.LogRecord) -> bool:
        record.msg, record.args = hide_token(record.getMessage()), None
        return True


def tame_httpx_logger() -> None:
    """Keep tokens out of what httpx logs, at any level; no line per request unless somebody asked for it."""
    logger = logging.getLogger("httpx")
    if not any(isinstance(known, _TokenFilter) for known in logger.filters):
        logger.addFilter(_TokenFilter())
    if logger.level == logging.NOTSET:
        logger.setLevel(logging.WARNING)


class HttpxSession(BaseSession):
    """Speaks the Bot API through a given client. The client belongs to the caller: `close` leaves it open."""

    def __init__(self, http: httpx.AsyncClient, api_base: str, *, timeout: float = TIMEOUT) -> None:
        super().__init__(api=TelegramAPIServer.from_base(api_base), timeout=timeout)
        self._http = http
        tame_httpx_logger()

    async def close(self) -> None:
        """Do nothing: whoever made the client closes it."""

    async def make_request(
        self,
        bot: Bot,
        method: TelegramMethod[TelegramType],
        timeout: int | None = None,  # noqa: ASYNC109 - aiogram's signature
    ) -> TelegramType:
        """Call `method`; the result as aiogram's type. For errors see the module."""
        fields, files = await self._form(bot, method)
        url = self.api.api_url(token=bot.token, method=method.__api_method__)
        limit = self.timeout if timeout is None else timeout
        with span("telegram", method=method.__api_method__):
            answer = await self._exchange(url, fields, files, limit)
        if isinstance(answer, _NoAnswer):
            kind = UnansweredError if answer.sent else TelegramNetworkError
            raise kind(method=method, message=answer.why)
        status, headers, content = answer
        return self._result(bot, method, status, headers, content)

    async def _form(self, bot: Bot, method: TelegramMethod[Any]) -> tuple[dict[str, str], dict[str, tuple[str, bytes]]]:
        """Return the fields and the files of the form. Empty values are left out, as aiogram's own session does."""
        attached: dict[str, InputFile] = {}
        fields = {
            # aiogram passes enums on as the str they also are, but httpx would write «ParseMode.HTML».
            key: prepared.value if isinstance(prepared, Enum) else prepared
            for key, value in method.model_dump(warnings=False).items()
            if (prepared := self.prepare_value(value, bot=bot, files=attached))
        }
        files = {
            key: (file.filename or key, b"".join([chunk async for chunk in file.read(bot)]))
            for key, file in attached.items()
        }
        return fields, files

    async def _exchange(
        self, url: str, fields: dict[str, str], files: dict[str, tuple[str, bytes]], limit: float
    ) -> tuple[int, httpx.Headers, str] | _NoAnswer:
        """Return status, headers and text of the answer, or why there is none.

        The reason is returned, not raised: an error raised in an `except` block would keep httpx's one, with the
        URL, as its context.
        """
        steps = httpx.Timeout(limit, connect=min(limit, CONNECT_TIMEOUT))
        try:
            async with (
                asyncio.timeout(limit),
                self._http.stream("POST", url, data=fields, files=files or None, timeout=steps) as response,
            ):
                return response.status_code, response.headers, await _text(response)
        except (TimeoutError, httpx.TimeoutException) as error:
            why = f"no answer in {limit:g} s ({type(error).__name__})"
            return _NoAnswer(why, sent=not isinstance(error, _NOT_SENT))
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            return _NoAnswer(hide_token(f"{type(error).__name__}: {error}"), sent=not isinstance(error, _NOT_SENT))

    def _result(
        self, bot: Bot, method: TelegramMethod[TelegramType], status: int, headers: httpx.Headers, content: str
    ) -> TelegramType:
        """Read the answer; raise what it says went wrong."""
        content = content.replace(bot.token, "<token>")
        if status >= httpx.codes.INTERNAL_SERVER_ERROR:
            # Often a proxy's page and not JSON at all, which aiogram would call a decoding error.
            raise TelegramServerError(method=method, message=f"{status}: {content[:_SHOWN]}")
        try:
            told = httpx.codes.is_success(status) and tells_of_messages(method)
            if told and (sent := _sent(content)) is not None:
                return cast("TelegramType", sent)
            response = self.check_response(bot=bot, method=method, status_code=status, content=content)
        except ClientDecodeError as error:
            if status == httpx.codes.TOO_MANY_REQUESTS:
                wait = headers.get("retry-after", "")
                seconds = int(wait) if re.fullmatch("[0-9]{1,5}", wait) else 1
                raise TelegramRetryAfter(method=method, message=content[:_SHOWN], retry_after=seconds) from None
            raise ClientDecodeError(f"{error.message} ({status})", error.original, content[:_SHOWN]) from None
        return cast("TelegramType", response.result)

    async def stream_content(
        self,
        url: str,
        headers: dict[str, Any] | None = None,
        timeout: int = 30,  # noqa: ASYNC109 - aiogram's signature
        chunk_size: int = 65536,
        raise_for_status: bool = True,  # noqa: FBT001, FBT002 - aiogram's signature
    ) -> AsyncGenerator[bytes, None]:
        """Yield a file in pieces, at most `MAX_DOWNLOAD` bytes in `timeout` seconds; DownloadError otherwise."""
        loop = asyncio.get_running_loop()
        deadline, got = loop.time() + timeout, 0
        steps = httpx.Timeout(timeout, connect=min(timeout, CONNECT_TIMEOUT))
        try:
            async with self._http.stream("GET", url, headers=headers, timeout=steps) as response:
                if raise_for_status and not response.is_success:
                    status = response.status_code
                    raise DownloadError(f"the file is not there: {status}", gone=status in _GONE)
                async for chunk in response.aiter_bytes(chunk_size):
                    got += len(chunk)
                    if got > MAX_DOWNLOAD:
                        raise DownloadError(f"the file has more than {MAX_DOWNLOAD} bytes", too_large=True)
                    if loop.time() > deadline:
                        raise DownloadError(f"the file did not come in {timeout} s")
                    yield chunk
                return
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            reason = hide_token(f"{type(error).__name__}: {error}")
        raise DownloadError(f"the file was not downloaded: {reason}")


def _sent(content: str) -> object | None:
    """Return what is kept of a message's answer; None for no success, which aiogram is to judge. ClientDecodeError."""
    try:
        answer = json.loads(content)
    except ValueError:
        return None
    if not isinstance(answer, dict) or answer.get("ok") is not True:
        return None
    try:
        return read_sent(answer.get("result"))
    except ValueError as error:
        raise ClientDecodeError("Failed to deserialize object", error, content) from None


async def _text(response: httpx.Response) -> str:
    """Return the body as text, cut at `MAX_ANSWER` bytes."""
    body = bytearray()
    async for chunk in response.aiter_bytes():
        body += chunk
        if len(body) > MAX_ANSWER:
            break
    return body[:MAX_ANSWER].decode("utf-8", errors="replace")


def make_bot(token: str, api_base: str, http: httpx.AsyncClient, *, timeout: float = TIMEOUT) -> Bot:
    """Return a bot on `http`: HTML, no link previews. ValueError, without the token in it, if the token is no token."""
    digits, _, key = token.partition(":")
    if not (digits.isascii() and digits.isdigit() and key and not re.search(r"\s", key)):
        raise ValueError("the bot token is not of the form 123456:ABC…")
    previews = LinkPreviewOptions(is_disabled=True)
    defaults = DefaultBotProperties(parse_mode=ParseMode.HTML, link_preview=previews)
    return Bot(token, session=HttpxSession(http, api_base, timeout=timeout), default=defaults)
