"""The view of one chat that a decision writes to: screens go in, Telegram calls come out, as data."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Any

from shared.pipeline.decision import Decision
from shared.pipeline.payloads import UNLESS_DEFAULT
from shared.telegram.api import (
    AnswerCallbackQuery,
    ChatAction,
    EditMessageReplyMarkup,
    EditMessageText,
    InlineKeyboardMarkup,
    ReplyKeyboardMarkup,
    ReplyKeyboardRemove,
    SendChatAction,
    SendMessage,
    SendPhoto,
    TelegramMethod,
)
from shared.telegram.calls import StoredCall

PICTURE = "attach://picture"
"""Stands in a photo's place for the bytes that were fetched with the answer (`Attachments["picture"]`)."""


_ASKED = "asked:"
"""Begins the tag of a word to the operators that a master was told of; his chat follows."""


def ask_operators(decision: Decision, operators_chat_id: int, text: str, for_chat: int) -> None:
    """Say this to the operators; when it reaches nobody, the chat it is said for hears so."""
    said = SendMessage(chat_id=operators_chat_id, text=text)
    decision.send(StoredCall.from_method(said, tag=f"{_ASKED}{for_chat}").as_data())


def asked_for(tag: str | None) -> int | None:
    """Return the chat that a stored call speaks for; None for every other call."""
    return int(tag.removeprefix(_ASKED)) if tag is not None and tag.startswith(_ASKED) else None


@dataclass(frozen=True)
class Screen:
    """What a master sees: HTML text, buttons, perhaps a picture (a Telegram file id or `PICTURE`)."""

    text: str
    keyboard: InlineKeyboardMarkup | None = None
    picture: str | None = None
    picture_key: str | None = None


@dataclass(frozen=True)
class ChatTarget:
    """Where to show: a chat, and the message of it that is edited in place, if any.

    `price_type`: the kind of price its master buys at (`Master.price_type`), for it goes wherever his answer goes.
    """

    chat_id: int
    message_id: int | None = None
    price_type: str = field(default="", metadata=UNLESS_DEFAULT)

    @property
    def below(self) -> ChatTarget:
        """The same chat, in a message of its own."""
        return replace(self, message_id=None)


class ChatView:
    """One chat's outbox within a decision."""

    def __init__(self, decision: Decision, place: ChatTarget, callback_id: str | None = None) -> None:
        self.target = place
        self._decision = decision
        self._callback_id = callback_id

    @property
    def chat_id(self) -> int:
        """The chat."""
        return self.target.chat_id

    @property
    def has_shown(self) -> bool:
        """Whether this decision shows anything but an answer to the tap."""
        return any(call["method"] != AnswerCallbackQuery.__api_method__ for call in self._decision.calls)

    def say(self, screen: Screen, *, silent: bool = False) -> None:
        """Send the screen as a new message, or in the place of what told of the queue; `silent` = without sound."""
        told = None if screen.picture else self._place_of_notice()
        if told is not None:
            ChatView(self._decision, ChatTarget(self.chat_id, told)).show(screen)
            return
        buttons, quiet = screen.keyboard, silent or None
        if screen.picture is None:
            text = SendMessage(chat_id=self.chat_id, text=screen.text, reply_markup=buttons, disable_notification=quiet)
            self._send(text)
            return
        photo = SendPhoto(
            chat_id=self.chat_id,
            photo=screen.picture,
            caption=screen.text,
            reply_markup=buttons,
            disable_notification=quiet,
        )
        self._send(photo, tag=screen.picture_key)

    def keys(self, text: str, keys: ReplyKeyboardMarkup | ReplyKeyboardRemove) -> None:
        """Say something and put these keys into the place of the phone's keyboard, or take them away."""
        self._send(SendMessage(chat_id=self.chat_id, text=text, reply_markup=keys))

    def show(self, screen: Screen) -> None:
        """Put the screen into the message the place names, or send it when it names none."""
        if self.target.message_id is None:
            self.say(screen)
            return
        edit = EditMessageText(
            chat_id=self.chat_id, message_id=self.target.message_id, text=screen.text, reply_markup=screen.keyboard
        )
        self._send(edit)

    def buttons(self, keyboard: InlineKeyboardMarkup) -> None:
        """Change only the buttons of the message the place names."""
        edit = EditMessageReplyMarkup(chat_id=self.chat_id, message_id=self.target.message_id, reply_markup=keyboard)
        self._send(edit)

    def toast(self, text: str | None = None, *, alert: bool = False) -> None:
        """Answer the tap: its spinner ends, and the text, if any, is shown for a moment."""
        if self._callback_id is not None:
            self._send(AnswerCallbackQuery(callback_query_id=self._callback_id, text=text, show_alert=alert or None))
            self._callback_id = None

    def typing(self) -> None:
        """Show that an answer is being written."""
        self._send(SendChatAction(chat_id=self.chat_id, action=ChatAction.TYPING))

    def _place_of_notice(self) -> int | None:
        """Return the message that told this chat of the queue, to be written over; nobody else withdraws it then."""
        notice = self._decision.notice
        if notice is None or notice.asker != self.chat_id:
            return None
        self._decision.notice = None
        return int(StoredCall.from_data(notice.withdrawal).params["message_id"])

    def _send(self, method: TelegramMethod[Any], tag: str | None = None) -> None:
        self._decision.send(StoredCall.from_method(method, tag=tag).as_data())
