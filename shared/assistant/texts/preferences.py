"""The settings: sound and quiet hours, name and phone."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import time
from typing import Final

from shared.domain.preferences import QuietHours, Sound
from shared.domain.text import NBSP
from shared.telegram.formatting import escape
from shared.telegram.phones import phone

_SOUNDS: Final[Mapping[Sound, str]] = {
    Sound.ALL: "🔔 Статусы заказов и возвратов — <b>все со звуком</b>",
    Sound.IMPORTANT: "🔔 Статусы заказов и возвратов — <b>со звуком только важные</b>",
    Sound.NONE: "🔕 Статусы заказов и возвратов — <b>все без звука</b>",
}


def settings(sound: Sound, hours: QuietHours, local: time) -> str:
    """All choices, what they mean, and the clock that the quiet hours go by."""
    span = hours.span
    quiet = "нет" if span is None else f"с {span[0]} до {span[1]}"
    return (
        "⚙️ <b>Настройки</b>\n\n"
        f"{_SOUNDS[sound]}\n"
        f"🌙 Тихие часы — <b>{quiet}</b>\n\n"
        "Важные — это оплата, курьер, доставка, отмена и решение по возврату. "
        "Остальные — прочие статусы и товары, за которыми следим.\n"
        "В тихие часы пришлём сразу, но без звука: ничего не потеряется и не опоздает. "
        f"Считаем по нашим часам: сейчас {local:%H:%M}."
    )


def about_him(name: str, number: str) -> str:
    """How the bot calls him, and the phone that goes with his orders."""
    shown = phone(number).replace(" ", NBSP) if number else "не указан"
    return f"👤 Имя — <b>{escape(name)}</b>\n📞 Телефон для заказов — <b>{shown}</b>"


def ask_name() -> str:
    """Ask how to call him."""
    return "👤 Как к вам обращаться? Напишите имя: до 50 знаков. Передумали — /cancel."


def left() -> str:
    """Say that a question about him ends without an answer."""
    return "Хорошо, ничего не меняем."


def name_odd() -> str:
    """Say that a name is too long, or empty."""
    return "Имя не поместилось. Напишите короче — до 50 знаков."


def name_kept(name: str) -> str:
    """Say that the name is remembered."""
    return f"👤 {escape(name)} — так и будем обращаться."


def ask_phone() -> str:
    """Ask for the phone that goes with his orders."""
    return (
        "📞 Какой номер передавать с заказами? Нажмите кнопку под строкой ввода или напишите номер. "
        "Передумали — /cancel."
    )


def saved() -> str:
    """Toast for a new choice."""
    return "Сохранили."


def as_it_was() -> str:
    """Toast for the present choice."""
    return "Так и настроено."
