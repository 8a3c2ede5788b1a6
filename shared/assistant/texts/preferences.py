"""The settings: sound and quiet hours."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import time
from typing import Final

from shared.domain.preferences import QuietHours, Sound

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
        "⚙️ <b>Настройки сообщений</b>\n\n"
        f"{_SOUNDS[sound]}\n"
        f"🌙 Тихие часы — <b>{quiet}</b>\n\n"
        "Важные — это оплата, курьер, доставка, отмена и решение по возврату. "
        "Остальные — прочие статусы и товары, за которыми вы следите.\n"
        "В тихие часы пришлём сразу, но без звука: ничего не потеряется и не опоздает. "
        f"Считаем по нашим часам: сейчас {local:%H:%M}."
    )


def saved() -> str:
    """Toast for a new choice."""
    return "Сохранили."


def as_it_was() -> str:
    """Toast for the present choice."""
    return "Так и настроено."
