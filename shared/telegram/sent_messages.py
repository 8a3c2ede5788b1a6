"""What is kept of the Bot API's answer to a message that was sent or edited: three ids.

aiogram would build its model of a whole message for it, with all that a message can be: a third of a second in an
instance that has just started, for what nobody looks at.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, get_args

from shared.telegram.api import Message, TelegramMethod


@dataclass(frozen=True)
class SentMessage:
    """A message as it now stands. `thread_id`: the topic it is in. `file_id`: of its largest photo, or its document."""

    message_id: int
    thread_id: int | None = None
    file_id: str | None = None


def tells_of_messages(method: TelegramMethod[Any]) -> bool:
    """Whether the answer to this method is a message, several, or a message or True."""
    returned = method.__returning__
    return Message in (returned, *get_args(returned))


def read_sent(result: object) -> object:
    """Return the messages of a result in their place; what is no message as it is. ValueError for half a message."""
    if isinstance(result, list):
        return [read_sent(one) for one in result]
    if not isinstance(result, Mapping):
        return result
    try:
        thread_id = result.get("message_thread_id") if result.get("is_topic_message") else None
        return SentMessage(_number(result["message_id"]), thread_id and _number(thread_id), _file_id(result))
    except (KeyError, TypeError, IndexError):
        raise ValueError("no message is like that") from None


def _number(value: object) -> int:
    if not isinstance(value, int):
        raise TypeError("an id is a number")
    return value


def _file_id(message: Mapping[str, Any]) -> str | None:
    """Return what the message's photo or document can be sent again by."""
    if message.get("photo"):
        return str(message["photo"][-1]["file_id"])
    return str(message["document"]["file_id"]) if message.get("document") else None
