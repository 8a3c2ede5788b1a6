"""The screens of a talk with the operators."""

from __future__ import annotations

from shared.assistant import texts
from shared.assistant.chat_view import Screen
from shared.assistant.common_screens import home_keyboard
from shared.assistant.keyboard import button, column
from shared.assistant.navigation import AskManager
from shared.telegram.api import InlineKeyboardMarkup


def ask() -> Screen:
    """Ask for the question."""
    return Screen(texts.support.ask())


def ended() -> Screen:
    """Say that something else ended the talk; it may be the last thing in the chat, so it leads back into it."""
    return Screen(texts.support.ended(), answer_keyboard())


def left() -> Screen:
    """Answer /cancel."""
    return Screen(texts.support.left(), home_keyboard())


def closed() -> Screen:
    """Say that this bot has no operators' chat."""
    return Screen(texts.support.closed(), home_keyboard())


def answer_keyboard() -> InlineKeyboardMarkup:
    """Return the button under an operator's message: by it one sees whose word it is, and answers."""
    return column(button(texts.labels.ANSWER_MANAGER, AskManager()))
