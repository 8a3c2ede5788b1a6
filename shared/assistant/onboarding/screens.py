"""The screens a newcomer sees."""

from __future__ import annotations

from shared.assistant import texts
from shared.assistant.chat_view import Screen
from shared.assistant.common_screens import home_keyboard


def welcome(name: str) -> Screen:
    """Greet who has just come in."""
    return Screen(texts.onboarding.welcome(name), home_keyboard())


def help_screen() -> Screen:
    """Explain the bot."""
    return Screen(texts.onboarding.help_text(), home_keyboard())
