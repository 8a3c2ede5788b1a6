"""The adapter between the outbox and Telegram; it keeps what a sent call tells: a picture's file id, a blocked bot."""

from __future__ import annotations

import logging
from dataclasses import replace
from typing import Any

from shared.assistant import texts
from shared.assistant.chat_view import PICTURE, asked_for
from shared.assistant.operators.chat import thread_of
from shared.assistant.support import topics
from shared.assistant.support.topics import Topics
from shared.clock import Now
from shared.domain import masters
from shared.log_events import LogEvent, log_event
from shared.pipeline.decision import CallData
from shared.pipeline.sending import Attachments, DeliveryResult
from shared.store.collections import PICTURES
from shared.store.port import Key, Store
from shared.store.unit_of_work import UnitOfWork, decide
from shared.telegram.api import BufferedInputFile, CopyMessage, GetMe, SendMessage, SendPhoto, TelegramMethod
from shared.telegram.calls import CallError, StoredCall
from shared.telegram.sender import Sender, SendVerdict, Sent

log = logging.getLogger(__name__)

LOST = frozenset({SendVerdict.UNREACHABLE, SendVerdict.BROKEN})
FALLBACK_WAIT = 30.0
"""Seconds until the next try when Telegram did not say how long to wait."""


class TelegramDelivery:
    """`shared.pipeline.outbox.Deliver` and `Reaches` over the sender."""

    def __init__(self, sender: Sender, store: Store, now: Now) -> None:
        self._sender = sender
        self._store = store
        self._now = now
        self._topics = Topics(sender, store, now)

    async def __call__(self, call: CallData, attachments: Attachments, seconds: float) -> DeliveryResult:
        """Send one call and keep what it tells."""
        try:
            stored = StoredCall.from_data(call)
            method = stored.to_method()
        except CallError:
            log_event(log, logging.ERROR, LogEvent.BUG, "unreadable call", exc_info=True)
            return DeliveryResult()
        tag = topics.read_tag(stored.tag)
        if tag is not None and isinstance(method, CopyMessage | SendMessage):
            return await self._topics.relay(method, tag)
        sent = await self._send(_with_bytes(method, attachments), seconds)
        if sent.verdict is SendVerdict.LATER:
            return DeliveryResult(sent.retry_after or FALLBACK_WAIT, sent.unanswered)
        if sent.verdict is SendVerdict.UNREACHABLE:
            await self._unreachable(stored.params.get("chat_id"))
        elif stored.tag is not None and isinstance(method, SendPhoto):
            await self._learn_picture(_key_of(stored.tag), method.photo, sent.file_id)
        thread_id = thread_of(stored.tag)
        if thread_id is not None and isinstance(method, CopyMessage) and sent.verdict in LOST:
            await self._topics.not_reached(method, thread_id)
        if sent.verdict in LOST:
            await self._not_heard(stored)
        return DeliveryResult()

    async def reaches(self, seconds: float) -> bool:
        """Return whether Telegram tells who the bot is within so many seconds."""
        return (await self._sender.perform(GetMe(), seconds=seconds)).verdict is not SendVerdict.LATER

    async def _not_heard(self, stored: StoredCall) -> None:
        """Call for people when a group, which is the operators', cannot be told; who was to hear from them is told."""
        chat_id, waits = stored.params.get("chat_id"), asked_for(stored.tag)
        if isinstance(chat_id, int) and chat_id < 0:
            log_event(log, logging.ERROR, LogEvent.OPERATORS_UNREACHED, "the operators' chat is out of reach")
        if waits is not None:
            await self._sender.perform(SendMessage(chat_id=waits, text=texts.support.lost()))

    async def _send(self, method: TelegramMethod[Any], seconds: float) -> Sent:
        sent = await self._sender.perform(method, seconds=seconds)
        if sent.verdict is SendVerdict.BROKEN and isinstance(method, SendPhoto):
            # A card without its picture is better than none: the file id may be of another bot.
            return await self._sender.perform(_without_picture(method), seconds=seconds)
        return sent

    async def _unreachable(self, chat_id: object) -> None:
        """Remember that the master blocked the bot; his next message clears it."""
        if not isinstance(chat_id, int):
            return

        async def mark(unit: UnitOfWork) -> None:
            master = await masters.load(unit, chat_id)
            if master is not None:
                replace(master, reachable=False).save(unit)

        await decide(self._store, self._now, mark)

    async def _learn_picture(self, where: Key, photo: object, file_id: str | None) -> None:
        """Keep the file id of a picture that was uploaded; forget one that Telegram would not take any more.

        Without `file_id` what went out is the caption alone, so the picture was refused: the next card uploads it anew.
        """

        async def keep(unit: UnitOfWork) -> None:
            await unit.get(where)
            unit.put(where, {"file_id": file_id}, ttl=PICTURES.kept)

        async def forget(unit: UnitOfWork) -> None:
            known = await unit.get(where)
            # Somebody may have uploaded it meanwhile.
            if known is not None and known["file_id"] == photo:
                unit.delete(where)

        if photo == PICTURE and file_id is not None:
            await decide(self._store, self._now, keep)
        elif photo != PICTURE and file_id is None:
            log_event(log, logging.INFO, LogEvent.PICTURE_FORGOTTEN, "a picture has turned bad", picture=where.id)
            await decide(self._store, self._now, forget)


def _key_of(tag: str) -> Key:
    """Return where a picture's file id is kept."""
    collection, _, id_ = tag.partition("/")
    return Key(collection, id_)


def _with_bytes(method: TelegramMethod[Any], attachments: Attachments) -> TelegramMethod[Any]:
    """Return the call with the picture's bytes in their place, or as a text when they were lost on the way."""
    if not isinstance(method, SendPhoto) or method.photo != PICTURE:
        return method
    data = attachments.get("picture")
    if data is None:
        return _without_picture(method)
    return method.model_copy(update={"photo": BufferedInputFile(data, filename="picture.jpg")})


def _without_picture(method: SendPhoto) -> SendMessage:
    return SendMessage(
        chat_id=method.chat_id,
        text=method.caption or "",
        reply_markup=method.reply_markup,
        disable_notification=method.disable_notification,
    )
