"""What a newcomer sees."""

from __future__ import annotations

from shared.assistant import texts
from shared.assistant.buttons import ShowCart, ShowOrders
from shared.assistant.desk import Screen
from shared.assistant.keyboard import button, keyboard
from shared.assistant.search.section_screens import TO_CATALOGUE
from shared.telegram.api import InlineKeyboardMarkup


def home_keyboard() -> InlineKeyboardMarkup:
    """Return the places a master always finds his way to."""
    return keyboard(
        [button(texts.labels.CATALOGUE, TO_CATALOGUE)],
        [button(texts.labels.CART, ShowCart(fresh=True)), button(texts.labels.MY_ORDERS, ShowOrders(page=0))],
    )


def welcome(name: str) -> Screen:
    """Greet who has just come in."""
    return Screen(texts.onboarding.welcome(name), home_keyboard())


def home(name: str) -> Screen:
    """Greet who is known: the screen everything falls back to."""
    return Screen(texts.onboarding.welcome_back(name), home_keyboard())


def help_screen() -> Screen:
    """Explain the bot."""
    return Screen(texts.onboarding.help_text(), home_keyboard())
