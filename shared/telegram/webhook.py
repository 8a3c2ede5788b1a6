"""A first, cheap look at an update, before aiogram builds a model of it. Pure; errors are for HTTP 400.

A stranger, a duplicate or rubbish can be answered from this look alone. Ids are str, as everywhere outside aiogram.

Errors::

    UpdateError
    ├── NotJsonError      the body is no JSON
    └── NotAnUpdateError  it is JSON, but no object with a whole `update_id`
"""

from __future__ import annotations

import hmac
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final, NoReturn

_INT64: Final = 2**63
_SURROGATE: Final = b"\\ud"
"""How JSON begins half a surrogate pair, and each whole pair that it escapes."""

_START: Final = re.compile(r"/start(?:@\w+)?(?:\s+(\S+))?\s*")


CONTENT: Final = frozenset({
    "text", "animation", "audio", "checklist", "contact", "dice", "document", "game", "live_photo", "location",
    "paid_media", "photo", "poll", "rich_message", "sticker", "story", "venue", "video", "video_note", "voice",
})  # fmt: skip
"""What people send. A message without any of it tells that something happened in the chat: a service message."""


PRIVATE: Final = "private"
"""The type of a chat between a person and the bot."""


class UpdateError(ValueError):
    """The body is not an update. Its text never quotes the body."""


class NotJsonError(UpdateError):
    """The body is no JSON."""


class NotAnUpdateError(UpdateError):
    """The JSON is not an update."""


@dataclass(frozen=True)
class UpdateSummary:
    """Who did what, as far as the update says it.

    `kind` is the update's own word (`message`, `callback_query`, `my_chat_member`, …; empty if there is none).
    `start_payload` is None when it is no /start, and empty for a bare /start. `callback_query_id` is there to stop
    the button's spinner, `message_id` is the message the button is under.
    """

    update_id: str
    kind: str
    user_id: str | None = None
    chat_id: str | None = None
    chat_type: str | None = None
    start_payload: str | None = None
    callback_query_id: str | None = None
    message_id: str | None = None


def check_secret(given: str | None, wanted: str | None) -> bool:
    """Return whether the secret header is right, in constant time. Without a wanted secret nobody is let in."""
    if not given or not wanted:
        return False
    return hmac.compare_digest(given.encode("utf-8", "surrogatepass"), wanted.encode("utf-8", "surrogatepass"))


def parse_update(body: bytes) -> dict[str, Any]:
    """Return the update as a dict; NotJsonError or NotAnUpdateError. The size of the body is the caller's matter.

    What no store takes is made storable here, once: halves of surrogate pairs become «?», other bytes that are no text
    «U+FFFD», numbers beyond 64 bits 0.
    """
    try:
        # Read as bytes, halves of pairs that are written raw would come in as such.
        text = body.decode("utf-8-sig", "replace")
        update = json.loads(text, parse_constant=_refuse, parse_int=_number)
        if _SURROGATE in body.lower():
            update = _storable(update)
    except (ValueError, RecursionError):
        # Not chained: the decoder's error carries the body.
        raise NotJsonError("the body is no JSON") from None
    if not isinstance(update, dict) or _id(update.get("update_id")) is None:
        raise NotAnUpdateError("the body is no update")
    return update


def _number(digits: str) -> int:
    """Return a number; 0 for one that nothing of Telegram's has."""
    number = int(digits)
    return number if -_INT64 <= number < _INT64 else 0


def _storable(value: Any) -> Any:  # noqa: ANN401 - JSON of any shape
    if isinstance(value, str):
        return value.encode("utf-8", "replace").decode()
    if isinstance(value, dict):
        return {_storable(key): _storable(item) for key, item in value.items()}
    return [_storable(item) for item in value] if isinstance(value, list) else value


def _refuse(name: str) -> NoReturn:
    """Refuse NaN and Infinity, which Python takes and JSON does not have."""
    raise ValueError(name)


def summarize(update: Mapping[str, Any]) -> UpdateSummary:
    """Return what `parse_update`'s result says at first sight. Never raises: what is missing or odd is None."""
    kind = next((key for key, value in update.items() if isinstance(value, dict)), "")
    event = _part(update, kind)
    chat = _part(event, "chat") or _part(_part(event, "message"), "chat")
    user_id, chat_id = _id((_part(event, "from") or _part(event, "user")).get("id")), _id(chat.get("id"))
    # A private chat has the number of its person.
    own = PRIVATE if chat_id is not None and chat_id == user_id else None
    return UpdateSummary(
        update_id=_id(update.get("update_id")) or "",
        kind=kind,
        user_id=user_id,
        chat_id=chat_id,
        chat_type=_text(chat.get("type")) or own,
        start_payload=_start_payload(event.get("text")) if kind == "message" else None,
        callback_query_id=_text(event.get("id")) if kind == "callback_query" else None,
        message_id=_id(_part(event, "message").get("message_id")) if kind == "callback_query" else None,
    )


def says_something(message: Mapping[str, Any]) -> bool:
    """Whether somebody wrote or sent this message, and did not only pin another, change the background and the like."""
    return not CONTENT.isdisjoint(message)


def _start_payload(text: object) -> str | None:
    """Return what follows /start: None if it is no /start, empty if nothing follows."""
    start = _START.fullmatch(text) if isinstance(text, str) else None
    return (start.group(1) or "") if start else None


def _part(parent: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    """Return the object under `name`, or an empty one."""
    part = parent.get(name)
    return part if isinstance(part, dict) else {}


def _id(value: object) -> str | None:
    """Return a Telegram id as text. True is an int to Python, but no id."""
    return str(value) if isinstance(value, int) and not isinstance(value, bool) else None


def _text(value: object) -> str | None:
    """Return a text, or None if it is something else."""
    return value if isinstance(value, str) else None
