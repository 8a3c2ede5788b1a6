"""The operators' chat: commands are answered, and what else is written in a master's topic goes to the master."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from shared.assistant import access, texts
from shared.assistant.operators import commands
from shared.assistant.operators.commands import CommandContext, OperatorCommand
from shared.assistant.support import talks, topics
from shared.assistant.support.screens import answer_keyboard
from shared.domain import masters
from shared.pipeline.decision import Decision
from shared.telegram.api import CopyMessage, SendMessage
from shared.telegram.calls import StoredCall
from shared.telegram.webhook import says_something

_ANSWER = "answer:"


@dataclass(frozen=True)
class OperatorMessage:
    """What an operator wrote, and in which topic (None: beside them); a `command` is for the bot itself.

    `words` are its text or caption, "" where it has none.
    """

    chat_id: int
    message_id: int
    thread_id: int | None
    command: OperatorCommand | None = None
    words: str = ""


def read(update: Mapping[str, Any], operators_chat_id: int | None) -> OperatorMessage | None:
    """Return the operator's message; None for what concerns no master: then nothing is read or written for it."""
    message = update.get("message")
    if operators_chat_id is None or not isinstance(message, dict) or not says_something(message):
        return None
    if not access.is_operators(message, operators_chat_id):
        return None
    message_id = _whole(message.get("message_id"))
    thread_id = _whole(message.get("message_thread_id")) if message.get("is_topic_message") is True else None
    command = commands.read(str(message.get("text") or ""), thread_id)
    to_us = thread_id is not None or (command is not None and command.name in commands.KNOWN)
    if message_id is None or not to_us:
        return None
    words = str(message.get("text") or message.get("caption") or "")
    return OperatorMessage(operators_chat_id, message_id, thread_id, command, words)


def _whole(value: object) -> int | None:
    return value if isinstance(value, int) and not isinstance(value, bool) else None


async def handle(
    word: OperatorMessage, decision: Decision, counter: CommandContext, *, talks_to_crm: bool = False
) -> None:
    """Answer a command, or pass the message on to the master whose topic it is in, and to the CRM where it takes it."""
    if word.command is not None:
        text = await commands.answer(word.command, decision, counter)
        said = SendMessage(chat_id=word.chat_id, message_thread_id=word.thread_id, text=text)
        decision.send(StoredCall.from_method(said).as_data())
    elif word.thread_id is not None:
        master_id = await _pass_on(word, word.thread_id, decision)
        if talks_to_crm and word.words and master_id is not None:
            await _tell_crm(word.words, master_id, decision)


async def _tell_crm(words: str, master_id: int, decision: Decision) -> None:
    master = await masters.load(decision.unit, master_id)
    if master is not None:
        await talks.tell(decision, master, texts.support.said_by_operator(words))


async def _pass_on(word: OperatorMessage, thread_id: int, decision: Decision) -> int | None:
    """Send it to the master of the topic; return his id, None where it is nobody's."""
    topic = await decision.unit.get(topics.of_thread(thread_id))
    if topic is None:
        return None
    copy = CopyMessage(
        chat_id=topic["telegram_id"],
        from_chat_id=word.chat_id,
        message_id=word.message_id,
        reply_markup=answer_keyboard(),
    )
    decision.send(StoredCall.from_method(copy, tag=f"{_ANSWER}{thread_id}").as_data())
    return int(topic["telegram_id"])


def thread_of(tag: str | None) -> int | None:
    """Return the topic that a stored call answers from; None for every other call."""
    return int(tag.removeprefix(_ANSWER)) if tag is not None and tag.startswith(_ANSWER) else None
