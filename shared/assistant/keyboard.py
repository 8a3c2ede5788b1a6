"""Inline keyboards as rows of buttons."""

from __future__ import annotations

from collections.abc import Sequence

from shared.telegram.api import CallbackData, InlineKeyboardButton, InlineKeyboardMarkup

Row = Sequence[InlineKeyboardButton]


def button(text: str, data: CallbackData) -> InlineKeyboardButton:
    """Return a button that sends `data` back. ValueError when it does not fit into 64 bytes."""
    return InlineKeyboardButton(text=text, callback_data=data.pack())


def link(text: str, url: str) -> InlineKeyboardButton:
    """Return a button that opens an address."""
    return InlineKeyboardButton(text=text, url=url)


def keyboard(*rows: Row) -> InlineKeyboardMarkup:
    """Return the keyboard; empty rows are left out."""
    return InlineKeyboardMarkup(inline_keyboard=[list(row) for row in rows if row])


def column(*buttons: InlineKeyboardButton) -> InlineKeyboardMarkup:
    """Return a keyboard with one button a row."""
    return keyboard(*([one] for one in buttons))
