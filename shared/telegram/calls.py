"""A Bot API call as data: what an outbox stores and a sender later performs (shared/pipeline/README.md, «One commit»).

`from_method` takes what a handler made (`message.answer(...)`, `SendMessage(...)`) and leaves out all that the bot's
defaults decide (`parse_mode` and the like), so a stored call follows the defaults of the bot that sends it.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import Enum
from typing import Any

from pydantic import BaseModel, ValidationError

from shared.store.collections import screen_name
from shared.telegram.api import METHODS, Default, TelegramMethod


class CallError(ValueError):
    """A call that can't be stored, or stored data that is no call. Its text names places, never a user's words."""


class UnknownMethodError(CallError):
    """The Bot API (as aiogram knows it) has no method of this name."""


@dataclass(frozen=True)
class StoredCall:
    """A method by its Bot API name and its parameters as plain JSON values.

    `tag` says who wants to know the result, in words of the caller: the message id of a screen, the file id of a photo.
    """

    method: str
    params: Mapping[str, Any]
    tag: str | None = None

    @classmethod
    def from_method(cls, method: TelegramMethod[Any], *, tag: str | None = None) -> StoredCall:
        """Return the call that `method` is; CallError if it holds a file to upload or another thing that is no JSON."""
        return cls(method.__api_method__, _fields(method, method.__api_method__), tag)

    def to_method(self) -> TelegramMethod[Any]:
        """Return aiogram's object again; UnknownMethodError, or CallError if the parameters do not fit the method."""
        known = METHODS.get(self.method)
        if known is None:
            raise UnknownMethodError(f"the Bot API has no method {self.method!r}")
        try:
            return known.model_validate(dict(self.params))
        except ValidationError as error:
            places = sorted({".".join(map(str, problem["loc"])) for problem in error.errors(include_input=False)})
        raise CallError(f"{self.method}: bad {', '.join(places)}")

    @property
    def screen(self) -> str | None:
        """The message that the call changes, by its name in `screens`; None for one that changes none."""
        changes = self.method.startswith("editMessage") or self.method == "deleteMessage"
        chat, message = self.params.get("chat_id"), self.params.get("message_id")
        return screen_name(chat, message) if changes and isinstance(chat, int) and isinstance(message, int) else None

    @property
    def is_sign(self) -> bool:
        """Whether the call shows nothing to read: that somebody types, or that a tap has arrived."""
        return self.method == "sendChatAction" or (self.method == "answerCallbackQuery" and not self.params.get("text"))

    def as_data(self) -> dict[str, Any]:
        """Return what a document stores.

        Parameters are one JSON text: a keyboard is a list of lists, which Firestore does not take. A call that changes
        a message names it beside them, and says whether it changes the buttons alone; a mere sign says that it is one.
        """
        params = json.dumps(self.params, ensure_ascii=False, separators=(",", ":"), sort_keys=True)
        data: dict[str, Any] = {"method": self.method, "params": params, "tag": self.tag}
        if self.is_sign:
            return {**data, "sign": True}
        if self.screen is None:
            return data
        return {**data, "screen": self.screen, "part": self.method == "editMessageReplyMarkup"}

    @classmethod
    def from_data(cls, data: Mapping[str, Any]) -> StoredCall:
        """Return what `as_data` wrote; CallError if it is not that."""
        method, text, tag = data.get("method"), data.get("params"), data.get("tag")
        if not isinstance(method, str) or not isinstance(text, str) or not (tag is None or isinstance(tag, str)):
            raise CallError("a stored call needs the texts method and params")
        try:
            params = json.loads(text)
        except ValueError:
            params = None
        if not isinstance(params, dict):
            raise CallError(f"{method}: the stored parameters are not a JSON object")
        return cls(method, params, tag)


def _fields(model: BaseModel, place: str) -> dict[str, Any]:
    """Return what was said in `model`: no defaults of the bot, and None only where it overrides one of them."""
    known = type(model).model_fields
    return {
        name: _plain(value, f"{place}.{name}")
        for name, value in model
        if not isinstance(value, Default)
        and (value is not None or (name in known and isinstance(known[name].default, Default)))
    }


def _plain(value: Any, place: str) -> Any:  # noqa: ANN401 - any JSON value
    """Return `value` in JSON's own types; CallError for what has no place there."""
    match value:
        case BaseModel():
            return _fields(value, place)
        case Enum():
            return value.value
        case None | bool() | int() | float() | str():
            return value
        case datetime():
            return int(value.timestamp())
        case Mapping():
            return {key: _plain(item, f"{place}.{key}") for key, item in value.items()}
        case list() | tuple():
            return [_plain(item, f"{place}.{number}") for number, item in enumerate(value)]
    raise CallError(f"{place}: {type(value).__name__} can't be stored")
