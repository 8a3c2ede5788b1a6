"""The sender of stored calls. It does what each failure asks for; what a failure means is decided in `failures`.

What comes back is final for this attempt: SENT, IGNORED, UNREACHABLE, BROKEN, or LATER with the seconds to wait, which
the caller queues. A call that timed out may have been done all the same: sending is at least once.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any, Final

from shared.telegram.api import (
    AiogramError,
    Bot,
    ForumTopic,
    MessageId,
    TelegramMethod,
    TelegramMigrateToChat,
    TelegramRetryAfter,
)
from shared.telegram.calls import CallError, StoredCall
from shared.telegram.failures import SUBSTITUTES, SendVerdict, moved_to, verdict, wait_of
from shared.telegram.sent_messages import SentMessage
from shared.telegram.session import UnansweredError

__all__ = ["INLINE_WAIT", "SendVerdict", "Sender", "Sent", "verdict"]

log = logging.getLogger(__name__)

INLINE_WAIT: Final = 3.0
"""Seconds of a 429 that are waited out on the spot, once; a longer wait goes back to the caller."""


@dataclass(frozen=True)
class Sent:
    """What became of a call.

    `result` is the Bot API's (a SentMessage, True, …). `message_id` is the message that now shows the content: for an
    edit that had to be sent anew it is another one than before; of an album it is the first. `file_id` is its document
    or the largest size of its photo, reusable for ever. `thread_id` is the topic that a message went to or that was
    made: None when the wanted one is gone. `retry_after` (seconds) belongs to LATER, as does `unanswered`: it went out,
    and may have been done.
    """

    verdict: SendVerdict
    result: Any = None
    message_id: int | None = None
    file_id: str | None = None
    thread_id: int | None = None
    retry_after: float | None = None
    unanswered: bool = False


def _sent(method: TelegramMethod[Any], result: Any) -> Sent:  # noqa: ANN401 - whatever the method returns
    """Return a success with the ids that callers want to keep."""
    match result:
        case [SentMessage() as message, *_] | (SentMessage() as message):
            return Sent(SendVerdict.SENT, result, message.message_id, message.file_id, message.thread_id)
        case MessageId(message_id=message_id):
            # The answer to a copy says nothing of its topic; it is where the successful call has put it.
            return Sent(SendVerdict.SENT, result, message_id, thread_id=getattr(method, "message_thread_id", None))
        case ForumTopic(message_thread_id=thread_id):
            return Sent(SendVerdict.SENT, result, thread_id=thread_id)
    return Sent(SendVerdict.SENT, result)


class Sender:
    """Performs calls with one bot. `sleep` is `asyncio.sleep` except in tests.

    `moved` hears the old and the new id of a group that became a supergroup; what it raises, `perform` raises.
    """

    def __init__(
        self,
        bot: Bot,
        *,
        sleep: Callable[[float], Awaitable[object]] = asyncio.sleep,
        moved: Callable[[int, int], Awaitable[None]] | None = None,
    ) -> None:
        self._bot = bot
        self._sleep = sleep
        self._moved = moved
        self._new_ids: dict[int, int] = {}

    async def send(self, call: StoredCall) -> Sent:
        """Perform `call`; never raises for what the Bot API, the network or a stored call can do wrong."""
        try:
            method = call.to_method()
        except CallError:
            log.exception("A stored call can't be sent")
            return Sent(SendVerdict.BROKEN)
        return await self.perform(method)

    async def perform(self, method: TelegramMethod[Any], *, seconds: float | None = None) -> Sent:
        """Call, and react to failures, to each kind at most once: so there are few rounds and an end.

        `seconds` is how long each answer is waited for; None: as long as the bot usually waits.
        """
        timeout = None if seconds is None else max(1, int(seconds))
        method = self._where_it_is(method)
        seen: set[SendVerdict] = set()
        while True:
            try:
                return _sent(method, await self._bot(method, timeout))
            except AiogramError as error:
                meant = verdict(method, error)
                _log(method, meant, error)
                instead = None if meant in seen else await self._instead(method, meant, error)
                if instead is None:
                    return _given_up(meant, error)
            seen.add(meant)
            method = instead

    async def _instead(
        self, method: TelegramMethod[Any], meant: SendVerdict, error: AiogramError
    ) -> TelegramMethod[Any] | None:
        """Return what to try now, after a short wait if that is all it takes; None if nothing is left to try."""
        if meant in SUBSTITUTES:
            return SUBSTITUTES[meant](method)
        if isinstance(error, TelegramMigrateToChat):
            return await self._follow(method, error.migrate_to_chat_id)
        if isinstance(error, TelegramRetryAfter) and error.retry_after <= INLINE_WAIT:
            await self._sleep(error.retry_after)
            return method
        return None

    def _where_it_is(self, method: TelegramMethod[Any]) -> TelegramMethod[Any]:
        """Return the call for the id that its group has now, as far as was heard here."""
        went = self._new_ids.get(getattr(method, "chat_id", None) or 0)
        return method if went is None else moved_to(method, went) or method

    async def _follow(self, method: TelegramMethod[Any], went: int) -> TelegramMethod[Any] | None:
        """Return the call for the group's new id, which is kept here and told; None for a call that names no group."""
        before = getattr(method, "chat_id", None)
        if not isinstance(before, int):
            return None
        self._new_ids[before] = went
        if self._moved is not None:
            await self._moved(before, went)
        return moved_to(method, went)


def _given_up(meant: SendVerdict, error: AiogramError) -> Sent:
    """Return the final word. A reaction that led to the same failure again is BROKEN."""
    if meant is SendVerdict.LATER:
        return Sent(SendVerdict.LATER, retry_after=wait_of(error), unanswered=isinstance(error, UnansweredError))
    return Sent(SendVerdict.BROKEN if meant in SUBSTITUTES or meant is SendVerdict.MOVED else meant)


def _log(method: TelegramMethod[Any], meant: SendVerdict, error: AiogramError) -> None:
    """Write one line: an ERROR for what is our mistake, INFO for what is life."""
    level = logging.ERROR if meant in {SendVerdict.PLAIN, SendVerdict.BROKEN} else logging.INFO
    chat = getattr(method, "chat_id", None)
    # `message` and not `str(error)`: that one quotes the whole of an answer that could not be read.
    why = f"{type(error).__name__}: {getattr(error, 'message', '')}"
    log.log(level, "%s to chat %s: %s, %s", method.__api_method__, chat, meant.value, why)
