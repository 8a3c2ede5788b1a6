"""What a person presses who wants to get somewhere: goods into the cart, an order made, goods returned.

A walk without a purpose hardly ever takes the eight right steps in a row from a search to an order, so on some of its
ways it runs an errand.
"""

from collections.abc import Sequence

from shared.assistant.texts import labels
from tests.support.screens import Button, Screen

STEPS = 30
"""Steps of one errand."""

_REASONS = ("Брак", "Не подошло", "Привезли не то")

FORWARD = (
    labels.CONFIRM_RETURN,
    labels.PHOTOS_DONE,
    *_REASONS,
    labels.NEXT,
    labels.CASH_PAID,
    labels.RETURN_GOODS,
    labels.AGREE,
    labels.CONFIRM,
    labels.PREPAID,
    labels.CASH,
    labels.CHECKOUT,
    "🛒 В корзине",
    "В корзину",
    "📦 Заказ",
    "1",
)
"""Beginnings of buttons that lead on, the last step of an errand first."""

BEGINNINGS = ("шуруповёрт", "бита", "/myorders", "/return", "/cart", "/track", "/settings")
"""What is written when nothing on the screen leads on."""


def next_button(shown: Sequence[Screen], done: set[tuple[int, str]]) -> Button | None:
    """Return the button of the newest screen that leads furthest and was not pressed on this errand."""
    offered = [button for button in shown[-1].buttons if button.data] if shown else []
    fresh = [button for button in offered if (button.message_id, button.text) not in done]
    ranked = ((beginning, button) for beginning in FORWARD for button in fresh)
    return next((button for beginning, button in ranked if button.text.startswith(beginning)), None)
