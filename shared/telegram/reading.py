"""The reading of an update into aiogram's models, which loses what cannot be read and keeps the rest.

aiogram checks every part of an update, also those the bot never looks at. Telegram adds kinds and leaves parts out, and
one such part must not cost a master his answer: an unreadable part is taken out with whatever is required around it, up
to the message itself. See shared/telegram/README.md, «Reading».
"""

from __future__ import annotations

import logging
from collections.abc import Mapping
from copy import deepcopy
from typing import Any, Final

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from shared.log_events import LogEvent, log_event
from shared.telegram.api import Bot, Update
from shared.telegram.webhook import PRIVATE

log = logging.getLogger(__name__)

_MOST_ROUNDS: Final = 16
"""Each takes out what the last one showed to be unreadable, or what lies around it: deeper nothing of Telegram's is."""

_UNUSED: Final[Mapping[str, Any]] = {"date": 0, "first_name": "", "is_bot": False, "chat_instance": ""}
"""What aiogram requires and the bot never looks at in a model; the entrances have read the rest from the JSON."""

_UNSAID: Final[Mapping[str, Any]] = {"message_id": 0, "type": PRIVATE}
"""What may be missing of the event's own message and of its chat. 0 is the Bot API's number of one not sent yet."""

_Path = tuple[int | str, ...]


_OWN: Final = frozenset({(kind, *chat) for kind in ("message", "edited_message") for chat in ((), ("chat",))})
"""Where the event's own message and its chat are."""


def read_update(update: Mapping[str, Any], bot: Bot) -> Update:
    """Return the update without what cannot be read; ValidationError when nothing of its event can."""
    try:
        return Update.model_validate(update, context={"bot": bot})
    except ValidationError as error:
        unread = error
    readable = deepcopy(dict(update))
    lost: set[str] = set()
    for _ in range(_MOST_ROUNDS):
        if not (paths := _mend(readable, unread.errors(include_url=False, include_context=False))):
            raise unread
        lost |= paths
        try:
            parsed = Update.model_validate(readable, context={"bot": bot})
        except ValidationError as error:
            unread = error
            continue
        log_event(log, logging.WARNING, LogEvent.UPDATE_PART_UNREAD, "a part is left out", parts=sorted(lost))
        return parsed
    raise unread


def _mend(update: dict[str, Any], errors: list[ErrorDetails]) -> set[str]:
    """Fill in what is missing and unused, take out what is unreadable; return where, empty when nothing can be done."""
    lost: set[str] = set()
    unreadable: set[_Path] = set()
    for error in errors:
        path, name = _reached(update, error["loc"]), error["loc"][-1]
        known = {**_UNUSED, **_UNSAID} if path in _OWN else _UNUSED
        if error["type"] == "missing" and name in known and isinstance(owner := _at(update, path), dict):
            owner[str(name)] = known[str(name)]
            lost.add(_named((*path, name)))
        elif len(path) > 1:
            unreadable.add(path)
    # From the end of each list, so that the places of the others stay what they were.
    for path in sorted(unreadable, key=_order, reverse=True):
        del _at(update, path[:-1])[path[-1]]
        lost.add(_named(path))
    return lost


def _reached(update: object, where: _Path) -> _Path:
    """Return how far an error's place leads into the JSON; the names of models in it lead nowhere."""
    path: list[int | str] = []
    for step in where:
        match update:
            case dict() if step in update:
                update = update[step]
            case list() if isinstance(step, int) and step < len(update):
                update = update[step]
            case _:
                continue
        path.append(step)
    return tuple(path)


def _at(update: Any, path: _Path) -> Any:  # noqa: ANN401 - JSON of any shape
    for step in path:
        update = update[step]
    return update


def _order(path: _Path) -> list[tuple[int, str]]:
    return [(step, "") if isinstance(step, int) else (0, step) for step in path]


def _named(path: _Path) -> str:
    """Return the place by names of fields alone: they are aiogram's, never what somebody wrote."""
    return ".".join(step for step in path if isinstance(step, str))
