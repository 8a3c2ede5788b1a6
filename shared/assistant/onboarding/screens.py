"""The screens a newcomer sees."""

from __future__ import annotations

from shared.assistant import texts
from shared.assistant.chat_view import Screen
from shared.assistant.common_screens import home_keyboard
from shared.assistant.keyboard import button, column
from shared.assistant.navigation import AskManager, SearchMore, ShowReturns


def welcome(name: str) -> Screen:
    """Greet who has just come in."""
    return Screen(texts.onboarding.welcome(name), home_keyboard())


def help_screen() -> Screen:
    """Explain the bot."""
    return Screen(texts.onboarding.help_text(), home_keyboard())


def photo() -> Screen:
    """Answer a photo that nobody asked for with what it may have been meant for."""
    back = button(texts.labels.RETURN_GOODS, ShowReturns())
    ask = button(texts.labels.ASK_MANAGER, AskManager())
    return Screen(texts.onboarding.photo(), column(back, ask, button(texts.labels.SEARCH_MORE, SearchMore())))
