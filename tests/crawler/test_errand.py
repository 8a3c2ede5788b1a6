"""An errand: what leads on is pressed, the furthest first, and nothing twice."""

from __future__ import annotations

from tests.crawler.errand import next_button
from tests.support.screens import Button, Screen


def screen(*texts: str, message_id: int = 5) -> Screen:
    return Screen(message_id, "…", tuple(Button(message_id, text, f"d:{text}") for text in texts))


def test_the_step_that_leads_furthest():
    button = next_button([screen("1", "🛒 Корзина"), screen("Отмена", "💳 Оплата по ссылке", "✅ Заказать")], set())
    assert button is not None
    assert button.text == "✅ Заказать"


def test_nothing_twice_and_nothing_off_the_way():
    shown = [screen("1", "2", "‹", "🔎 Искать ещё")]
    assert next_button(shown, {(5, "1")}) is None
    assert next_button([screen("1", message_id=6)], {(5, "1")}) is not None


def test_nothing_where_there_is_nothing():
    assert next_button([], set()) is None
    assert next_button([screen()], set()) is None
