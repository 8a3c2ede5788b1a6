"""Talking with the operators."""

from __future__ import annotations

from shared.domain.text import shorten

TOPIC_NAME = 100
"""Of the 128 characters a topic's name may have, for the master's name."""


def ask() -> str:
    """Ask for the question."""
    return (
        "Напишите вопрос менеджеру — можно с фото. Ответ придёт сюда.\n\n"
        "Пока разговор открыт, сообщения уходят менеджеру, а не в поиск. Закончить — /cancel."
    )


def passed_on() -> str:
    """Answer the first message of a talk."""
    return "Передаём менеджеру. Можно дописать ещё. Закончить — /cancel."


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
