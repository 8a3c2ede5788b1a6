"""Inline keyboards as rows of buttons."""

from __future__ import annotations

import re
from collections.abc import Sequence

from shared.telegram.api import (
    CallbackData,
    CopyTextButton,
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    KeyboardButton,
    ReplyKeyboardMarkup,
)

Row = Sequence[InlineKeyboardButton]

_PART = re.compile(r"[A-Za-z0-9_.+-]{0,64}")
_NO_ID = frozenset({".", ".."})
_RESERVED = re.compile(r"__.*__")

SEARCHLESS = frozenset({"k1"})
"""Prefixes of buttons that begin with a search, "" where none led to them (`shared.assistant.navigation.ShowCard`)."""

COPIED = 256
"""Characters a button can copy (shared/telegram/README.md, «Sizes»)."""


def button(text: str, data: CallbackData) -> InlineKeyboardButton:
    """Return a button that sends `data` back. ValueError when it does not fit into 64 bytes."""
    return InlineKeyboardButton(text=text, callback_data=data.pack())


def link(text: str, url: str) -> InlineKeyboardButton:
    """Return a button that opens an address."""
    return InlineKeyboardButton(text=text, url=url)


def copying(label: str, text: str) -> InlineKeyboardButton:
    """Return a button that copies `text`, of at most `COPIED` characters, to the master's clipboard."""
    return InlineKeyboardButton(text=label, copy_text=CopyTextButton(text=text))


def asking_contact(label: str, *others: str) -> ReplyKeyboardMarkup:
    """Return keys in the place of the phone's keyboard: one sends the master's own card, the others what they say."""
    card = KeyboardButton(text=label, request_contact=True)
    keys = [[card], *([KeyboardButton(text=other)] for other in others)]
    return ReplyKeyboardMarkup(keyboard=keys, resize_keyboard=True, one_time_keyboard=True)


def keyboard(*rows: Row) -> InlineKeyboardMarkup:
    """Return the keyboard; empty rows are left out."""
    return InlineKeyboardMarkup(inline_keyboard=[list(row) for row in rows if row])


def rows_of(shown: InlineKeyboardMarkup) -> list[Row]:
    """Return the rows of a keyboard, to be put into another one."""
    return [list(row) for row in shown.inline_keyboard]


def column(*buttons: InlineKeyboardButton) -> InlineKeyboardMarkup:
    """Return a keyboard with one button a row."""
    return keyboard(*([one] for one in buttons))


def could_be_ours(data: str) -> bool:
    """Whether a button's data has only parts that our buttons have: words of portals and of ours, numbers.

    Data may be forged, and its parts become ids of records and parameters of requests. Behind the prefix stands what
    the button is about, a record mostly: that is nothing only with a prefix in `SEARCHLESS`.
    """
    prefix, *parts = data.split(":")
    return (prefix in SEARCHLESS or parts[:1] != [""]) and all(
        _PART.fullmatch(part) and part not in _NO_ID and not _RESERVED.fullmatch(part) for part in (prefix, *parts)
    )
