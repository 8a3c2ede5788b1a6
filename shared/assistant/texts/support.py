"""Talking with the operators."""

from __future__ import annotations

from shared.domain.text import shorten, without_bb_code
from shared.telegram.formatting import escape

TOPIC_NAME = 100
"""Of the 128 characters a topic's name may have, for the master's name."""


MENDED = 3000
"""Of the 4096 units of a text, for words in which most letters may be emoji of two."""


def ask() -> str:
    """Ask for the question."""
    return (
        "Напишите вопрос менеджеру — можно с фото. Ответ придёт сюда.\n\n"
        "Пока разговор открыт, сообщения уходят менеджеру, а не в поиск. Закончить — /cancel."
    )


def passed_on() -> str:
    """Answer the first message of a talk."""
    return "Передали менеджеру. Можно дописать ещё. Закончить — /cancel."


def goes_to_manager() -> str:
    """Say of each further message of a talk where it went."""
    return "→ менеджеру"


def ended() -> str:
    """Say that a command or a button of something else has ended the talk."""
    return "Разговор с менеджером закончен. Ответ всё равно придёт сюда."


def mended(words: str) -> str:
    """Tell the operators what a message has become; cut short where two messages would be needed."""
    return f"✏️ Исправлено: {escape(shorten(words, MENDED))}"


def left() -> str:
    """Answer /cancel."""
    return "Разговор с менеджером закончен. Ответ всё равно придёт сюда. Что ищем?"


def closed() -> str:
    """Say that nobody can be reached from here."""
    return "Написать менеджеру отсюда пока нельзя. Позвоните ему, пожалуйста."


def lost() -> str:
    """Say that a message reached nobody."""
    return "Сообщение менеджеру не ушло. Заказы и корзина на месте. Позвоните ему, пожалуйста."


def topic(name: str, telegram_id: int) -> str:
    """The name of a master's topic, plain text."""
    return f"{shorten(name or 'Мастер', TOPIC_NAME)} · {telegram_id}"


def said_by_master(name: str, words: str) -> str:
    """What a master wrote, as a comment in the CRM: BB code, of which his words are none."""
    return f"💬 {_whose(name)} в Телеграме: {without_bb_code(shorten(words, MENDED))}"


def mended_by_master(name: str, words: str) -> str:
    """What a message of a master's has become, as a comment in the CRM."""
    return f"✏️ {_whose(name)} в Телеграме, исправлено: {without_bb_code(shorten(words, MENDED))}"


def said_by_operator(words: str) -> str:
    """What the operators answered, as a comment in the CRM."""
    return f"↩️ Ответ мастеру в Телеграме: {without_bb_code(shorten(words, MENDED))}"


def _whose(name: str) -> str:
    return without_bb_code(shorten(name, TOPIC_NAME)) or "Мастер"
