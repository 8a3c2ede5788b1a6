"""A topic of the operators' chat for each master (collection `topics`, 400 days).

A decision only says «this goes into the master's topic» (`into_topic`). The topic itself is made when the first message
goes out, because only then Telegram tells its number; two records keep it, one for each direction::

    topics/m<Telegram id> → thread        topics/t<thread> → Telegram id

Who makes a topic leases it, so that an album's photos, which are sent at the same time, share one. A topic that the
operators have deleted is noticed by the next message, which gets a new one.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass
from datetime import timedelta

from shared.assistant import texts
from shared.assistant.keyboard import button, column
from shared.assistant.navigation import EndTalk
from shared.clock import Now
from shared.domain import masters
from shared.domain.masters import Master
from shared.log_events import LogEvent, log_event
from shared.pipeline.decision import Decision
from shared.pipeline.sending import DeliveryResult
from shared.store.collections import TOPICS
from shared.store.port import Key, Store
from shared.store.unit_of_work import UnitOfWork, decide
from shared.telegram.api import CopyMessage, CreateForumTopic, DeleteMessage, InlineKeyboardMarkup, SendMessage
from shared.telegram.calls import StoredCall
from shared.telegram.sender import Sender, SendVerdict, Sent

log = logging.getLogger(__name__)

LEASE = timedelta(seconds=15)
"""How long one message may be at making the topic; after that another one tries."""

MAKING = 2.0
"""Seconds until a message looks again for a topic that is being made."""

PAUSE = 30.0
"""Seconds until the next try when Telegram did not say how long to wait."""

_SUPERGROUP = "-100"
"""Before the number of a group with topics, which its address has without."""
_TAG = "topic:"
_FIRST = "!"
"""After the id in a tag: the first message of a talk, whose author is told that it went."""

_TOLD = "+"
"""The same of a further message, whose author is told shortly."""

TopicCall = CopyMessage | SendMessage
"""What goes into a topic: a copy of what the master wrote, or words about it."""


def of_master(telegram_id: int) -> Key:
    """Where a master's topic is kept."""
    return TOPICS.key(f"m{telegram_id}")


def of_thread(thread_id: int) -> Key:
    """Where the master of a topic is kept."""
    return TOPICS.key(f"t{thread_id}")


async def thread_of(unit: UnitOfWork, telegram_id: int) -> int | None:
    """Return the thread of a master's topic, None when there is none."""
    topic = await unit.get(of_master(telegram_id))
    return None if topic is None else topic["thread_id"]


def way_to(telegram_id: int, chat_id: int | None, thread_id: int | None) -> str:
    """Return an address by which people write to a master: his topic, else the chat with him.

    Telegram opens a chat by this on devices that have met the person.
    """
    if chat_id is None or thread_id is None:
        return f"tg://user?id={telegram_id}"
    return f"https://t.me/c/{str(chat_id).removeprefix(_SUPERGROUP)}/{thread_id}"


def into_topic(
    decision: Decision, method: TopicCall, telegram_id: int, *, first: bool = False, told: bool = False
) -> None:
    """Send this into the master's topic of the chat the call names.

    He hears that it went of the `first` of a talk, and shortly of each that is to be `told`.
    """
    mark = _FIRST if first else _TOLD if told else ""
    decision.send(StoredCall.from_method(method, tag=f"{_TAG}{telegram_id}{mark}").as_data())


def ending_keyboard() -> InlineKeyboardMarkup:
    """Return the button that ends a talk."""
    return column(button(texts.labels.END_TALK, EndTalk()))


@dataclass(frozen=True)
class TopicTag:
    """Into whose topic a stored call goes, and whether he is to hear that it went: at length of the `first`."""

    telegram_id: int
    first: bool
    told: bool = False


def read_tag(tag: str | None) -> TopicTag | None:
    """Return what a stored call's tag says; None for a call that goes into no topic."""
    if tag is None or not tag.startswith(_TAG):
        return None
    whose = tag.removeprefix(_TAG)
    first = whose.endswith(_FIRST)
    return TopicTag(int(whose.rstrip(_FIRST + _TOLD)), first, first or whose.endswith(_TOLD))


@dataclass(frozen=True)
class _Claim:
    """What is known of a topic: its thread, or that it is ours to make (`ours`), or neither: somebody makes it."""

    thread_id: int | None
    ours: bool
    master: Master | None


_Brought = tuple[DeliveryResult, bool | None]
"""What is left to do, and whether the operators have it; None: not yet known, or nothing was left to bring."""


def _ended(sent: Sent) -> _Brought:
    if sent.verdict is SendVerdict.LATER:
        return DeliveryResult(sent.retry_after or PAUSE, sent.unanswered), None
    if sent.verdict is SendVerdict.IGNORED:
        return DeliveryResult(), None
    if sent.verdict is SendVerdict.SENT:
        return DeliveryResult(), True
    log_event(log, logging.ERROR, LogEvent.SUPPORT_LOST, "a master's message is lost")
    return DeliveryResult(), False


class Topics:
    """Brings messages into topics, with one bot."""

    def __init__(self, sender: Sender, store: Store, now: Now) -> None:
        self._sender = sender
        self._store = store
        self._now = now

    async def relay(self, method: TopicCall, tag: TopicTag) -> DeliveryResult:
        """Bring a message into its master's topic, which is made if there is none, and tell him what became of it.

        Only what went is promised: that it was passed on is said after it was, and else that it was not.
        """
        delivery, reached = await self._bring(method, tag.telegram_id)
        if delivery.later is None and reached is not None and (tag.told or not reached):
            told = texts.support.passed_on() if tag.first else texts.support.goes_to_manager()
            said = told if reached else texts.support.lost()
            buttons = ending_keyboard() if reached else None
            await self._sender.perform(SendMessage(chat_id=tag.telegram_id, text=said, reply_markup=buttons))
        return delivery

    async def _bring(self, method: TopicCall, telegram_id: int) -> _Brought:
        claim = await self._claim(telegram_id)
        if claim.thread_id is not None:
            return await self._into(claim.thread_id, method, telegram_id)
        if not claim.ours:
            return DeliveryResult(later=MAKING), None
        return await self._into_new(method, telegram_id, claim.master)

    async def _into(self, thread_id: int, method: TopicCall, telegram_id: int) -> _Brought:
        sent = await self._sender.perform(method.model_copy(update={"message_thread_id": thread_id}))
        if sent.verdict is not SendVerdict.SENT or sent.thread_id is not None:
            return _ended(sent)
        # The sender has put it beside the topics, where nobody sees whose it is.
        claim = await self._claim(telegram_id, gone=thread_id)
        brought: _Brought = (DeliveryResult(later=MAKING), None)
        if claim.ours:
            brought = await self._into_new(method, telegram_id, claim.master)
        await self._sender.perform(DeleteMessage(chat_id=method.chat_id, message_id=sent.message_id or 0))
        return brought

    async def _into_new(self, method: TopicCall, telegram_id: int, master: Master | None) -> _Brought:
        name = texts.support.topic(master.name if master else "", telegram_id)
        made = await self._sender.perform(CreateForumTopic(chat_id=method.chat_id, name=name))
        if made.verdict is SendVerdict.LATER:
            return DeliveryResult(later=max(made.retry_after or PAUSE, LEASE.total_seconds())), None
        if made.thread_id is None:
            # Nothing is lost, but an answer there reaches nobody.
            log_event(log, logging.ERROR, LogEvent.SUPPORT_NO_TOPICS, "no topic", chat=method.chat_id)
        else:
            await self._keep(telegram_id, made.thread_id)
        if master is not None:
            card = texts.operators.who(master)
            await self._sender.perform(SendMessage(chat_id=method.chat_id, message_thread_id=made.thread_id, text=card))
        sent = await self._sender.perform(method.model_copy(update={"message_thread_id": made.thread_id}))
        return _ended(sent)

    async def not_reached(self, method: CopyMessage, thread_id: int) -> None:
        """Tell the operators that their answer did not reach the master."""
        text = texts.operators.not_reached()
        await self._sender.perform(SendMessage(chat_id=method.from_chat_id, message_thread_id=thread_id, text=text))

    async def _claim(self, telegram_id: int, gone: int | None = None) -> _Claim:
        """Return the topic, or take the making of it; `gone` is a thread that is there no more."""

        async def claim(unit: UnitOfWork) -> _Claim:
            master = await masters.load(unit, telegram_id)
            topic = await unit.get(of_master(telegram_id)) or {"thread_id": None, "making_until": None}
            if topic["thread_id"] not in (None, gone):
                return _Claim(topic["thread_id"], ours=False, master=master)
            until = topic["making_until"]
            if until is not None and until > unit.now:
                return _Claim(None, ours=False, master=master)
            if topic["thread_id"] is not None:
                await unit.get(of_thread(topic["thread_id"]))
                unit.delete(of_thread(topic["thread_id"]))
            unit.put(of_master(telegram_id), {"thread_id": None, "making_until": unit.now + LEASE}, ttl=TOPICS.kept)
            return _Claim(None, ours=True, master=master)

        claimed, _ = await decide(self._store, self._now, claim)
        return claimed

    async def _keep(self, telegram_id: int, thread_id: int) -> None:
        async def keep(unit: UnitOfWork) -> None:
            await unit.get_many([of_master(telegram_id), of_thread(thread_id)])
            unit.put(of_master(telegram_id), {"thread_id": thread_id, "making_until": None}, ttl=TOPICS.kept)
            unit.put(of_thread(thread_id), {"telegram_id": telegram_id}, ttl=TOPICS.kept)

        await decide(self._store, self._now, keep)
