"""Saved lists."""

from __future__ import annotations

from typing import Final

from shared.assistant.texts import common
from shared.domain.text import NBSP, shorten
from shared.telegram.formatting import counted, escape

SAVE_CART: Final = "💾 Сохранить корзину списком"
SAVE: Final = "💾 Сохранить списком"
DROP: Final = "✖️ Убрать список"
CHANGE: Final = "✏️ Изменить"
SHARE: Final = "📤 Поделиться"
TAKE: Final = "📋 Забрать список"
COPY: Final = "Скопировать ссылку"
ALL: Final = "📋 Все списки"
USUAL: Final = "🔁 Как в прошлый раз"


def head(lists: int) -> str:
    """Head of all lists, or how to make the first one."""
    if not lists:
        return (
            "Списков пока нет. Соберите корзину и сохраните её списком: в следующий раз всё добавится "
            "одной кнопкой, по свежим ценам."
        )
    return "📋 Ваши списки. Нажмите на список: покажем цены и наличие на сейчас."


def open_list(name: str, goods: int) -> str:
    """Button: «Ванная · 12 товаров»"""
    return f"{shorten(name, 30)} · {counted(goods, 'товар', 'товара', 'товаров')}"


def too_long(shown: int, rest: int) -> str:
    """Say that a list has more goods than are shown at once."""
    return (
        f"За раз показываем {common.goods(shown)}, в списке ещё {rest}. "
        "Уберите лишние по кнопке «Изменить» в /lists, и остальные поместятся."
    )


def ask_name() -> str:
    """Ask what to call the list."""
    return "Как назвать список? Если такой уже есть, заменим его. Передумали — /cancel."


def name_odd(longest: int) -> str:
    """Say how long a name may be."""
    return f"Название — до {longest}{NBSP}знаков. Напишите покороче."


def cart_empty() -> str:
    """Say that there is nothing to save."""
    return "Корзина пуста, сохранять нечего. Добавьте товары и нажмите ещё раз."


def too_many(most: int) -> str:
    """Say that there is no room for another."""
    return f"У вас уже {most}{NBSP}списков, больше нельзя. Уберите лишние: команда /lists."


def dropped() -> str:
    """Toast for a list that was dropped."""
    return "Список убран."


def contents(name: str, goods: int) -> str:
    """Head of what is in a list."""
    return f"📋 <b>{escape(name)}</b> — {common.goods(goods)}"


def order_unknown(number: str) -> str:
    """Say that the goods of an order are not known here."""
    return (
        f"Состав заказа №{NBSP}{escape(number)} пока не знаем. Нажмите в заказе «Повторить»: "
        "товары лягут в корзину, её и сохраните."
    )


def shared(name: str, goods: int, address: str) -> str:
    """The message that is handed on to another master."""
    return (
        f"📋 Список «{escape(name)}» — {common.goods(goods)}.\n"
        f"Перешлите это сообщение мастеру: по ссылке он заберёт себе копию.\n\n{address}"
    )


def unshared() -> str:
    """Say that no link could be made."""
    return "Ссылку сделать не получилось. Попробуйте ещё раз через минуту."


def taken(name: str) -> str:
    """Say that another master's list was copied."""
    return f"Список «{escape(name)}» теперь и ваш, он в /lists. Сейчас покажем цены и наличие."


def taken_before(name: str) -> str:
    """Say that it was copied before."""
    return f"Список «{escape(name)}» у вас уже есть. Сейчас покажем цены и наличие."


def link_over() -> str:
    """Say that a link leads to no list."""
    return "Этого списка больше нет. Попросите того, кто его прислал, поделиться ещё раз."


def nothing_usual() -> str:
    """Say that there are no orders to repeat."""
    return "Прошлых заказов пока не видим. Оформите первый, и здесь появятся ваши обычные товары."
