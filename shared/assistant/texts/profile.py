"""What Telegram itself says about the bot: its descriptions, and the commands behind «/» (plain text, no HTML)."""

from __future__ import annotations

from typing import Final

COMMANDS: Final = (
    ("catalog", "Каталог"),
    ("cart", "Корзина"),
    ("myorders", "Мои заказы"),
    ("track", "Где заказ"),
    ("return", "Вернуть товар"),
    ("lists", "Мои списки"),
    ("watches", "Товары, за которыми следим"),
    ("support", "Написать менеджеру"),
    ("settings", "Звук и тихие часы"),
    ("help", "Что умеет бот"),
    ("cancel", "Прервать"),
)
"""For masters, in their chats with the bot. At most 32 characters a name, 256 a description."""

OPERATORS: Final = (
    ("who", "Кто это и что заказывал"),
    ("block", "Закрыть доступ"),
    ("unblock", "Вернуть доступ"),
    ("price", "Вид цен для мастера"),
    ("basket", "Корзина покупателя в Битриксе очищена"),
    ("word", "Слова мастеров, которые понимает поиск"),
    ("stats", "Очередь запросов"),
)
"""For the operators' chat."""


def description() -> str:
    """What a newcomer reads before he presses «Start»; at most 512 characters."""
    return (
        "Инструмент и расходники для мастеров: цена и наличие за секунды, заказ в несколько касаний, "
        "статусы и возвраты здесь же.\n\nБот работает по приглашению. Попросите ссылку у вашего менеджера."
    )


def short_description() -> str:
    """What stands in the bot's profile; at most 120 characters."""
    return "Заказ инструмента и расходников для мастеров. По приглашению менеджера."
