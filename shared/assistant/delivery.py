"""Ties the outbox to Telegram, and keeps what a sent call tells: a picture's file id, a master who blocked the bot."""

from __future__ import annotations

import logging
from dataclasses import replace
from datetime import timedelta
from typing import Any

from shared.assistant import masters
from shared.assistant.desk import PICTURE
from shared.clock import Now
from shared.pipeline.outbox import Attachments, Delivery
from shared.pipeline.turn import CallData
from shared.store.port import Key, Store
from shared.store.unit import Unit, decide
from shared.telegram.api import BufferedInputFile, SendMessage, SendPhoto, TelegramMethod
from shared.telegram.calls import Call, CallError
from shared.telegram.sender import Sender, Sent, Verdict

log = logging.getLogger(__name__)

PICTURES_KEPT = timedelta(days=30)
FALLBACK_WAIT = 30.0
"""Seconds until the next try when Telegram did not say how long to wait."""


class TelegramDelivery:
    """`shared.pipeline.outbox.Deliver` over the sender."""

    def __init__(self, sender: Sender, store: Store, now: Now) -> None:
        self._sender = sender
        self._store = store
        self._now = now

    async def __call__(self, call: CallData, attachments: Attachments) -> Delivery:
        """Send one call and keep what it tells."""
        try:
            stored = Call.from_data(call)
            method = stored.to_method()
        except CallError:
            log.exception("unreadable call", extra={"fields": {"event": "bug"}})
            return Delivery()
        sent = await self._send(_with_bytes(method, attachments))
        if sent.verdict is Verdict.LATER:
            return Delivery(later=sent.retry_after or FALLBACK_WAIT)
        if sent.verdict is Verdict.UNREACHABLE:
            await self._unreachable(stored.params.get("chat_id"))
        elif stored.tag is not None and sent.file_id is not None:
            await self._keep_picture(stored.tag, sent.file_id)
        return Delivery()

    async def _send(self, method: TelegramMethod[Any]) -> Sent:
        sent = await self._sender.perform(method)
        if sent.verdict is Verdict.BROKEN and isinstance(method, SendPhoto):
            # A card without its picture is better than none: the file id may be of another bot.
            return await self._sender.perform(_without_picture(method))
        return sent

    async def _unreachable(self, chat_id: object) -> None:
        """Remember that the master blocked the bot; his next message clears it."""
        if not isinstance(chat_id, int):
            return

        async def mark(unit: Unit) -> None:
            master = await masters.load(unit, chat_id)
            if master is not None:
                replace(master, reachable=False).save(unit)

        await decide(self._store, self._now, mark)

    async def _keep_picture(self, tag: str, file_id: str) -> None:
        collection, _, id_ = tag.partition("/")
        where = Key(collection, id_)

        async def keep(unit: Unit) -> None:
            await unit.get(where)
            unit.put(where, {"file_id": file_id}, ttl=PICTURES_KEPT)

        await decide(self._store, self._now, keep)


def _with_bytes(method: TelegramMethod[Any], attachments: Attachments) -> TelegramMethod[Any]:
    """Return the call with the picture's bytes in their place, or as a text when they were lost on the way."""
    if not isinstance(method, SendPhoto) or method.photo != PICTURE:
        return method
    data = attachments.get("picture")
    if data is None:
        return _without_picture(method)
    return method.model_copy(update={"photo": BufferedInputFile(data, filename="picture.jpg")})


def _without_picture(method: SendPhoto) -> SendMessage:
    return SendMessage(chat_id=method.chat_id, text=method.caption or "", reply_markup=method.reply_markup)
