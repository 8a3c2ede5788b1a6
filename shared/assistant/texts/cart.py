"""The texts of the cart."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from shared.assistant.texts import common
from shared.domain.text import shorten
from shared.telegram.formatting import escape, number_sign

NOT_REPEATED = 10
"""Goods of a repeated order that are told one by one."""


def cart_empty() -> str:
    """Say that the cart is empty."""
    return "🛒 Корзина пуста. Напишите название или артикул — найдём."


def cart_head() -> str:
    """Head of the cart."""
    return "🛒 <b>Корзина</b>"


def line_not_sold(name: str) -> str:
    """A line whose product has left the shop."""
    return f"{escape(shorten(name, common.LINE_LIMIT))} — сейчас не продаётся"


def line_on_order(available: Decimal) -> str:
    """What a line says when the stores hold fewer pieces than wanted."""
    return "   под заказ" if available <= 0 else f"   в наличии {common.pieces(available)}, остальное под заказ"


def in_cart(count: int) -> str:
    """Toast after adding."""
    return f"В корзине: {common.pieces(count)}"


def cart_full(limit: int) -> str:
    """Say that no more different goods fit."""
    return f"В корзине уже {common.goods(limit)} — больше в один заказ не поместится. Оформите этот и начните новый."


def not_repeated(names: Sequence[str]) -> str:
    """Say which goods of an order did not get into the cart."""
    told = "\n".join(f"   {escape(shorten(name, common.LINE_LIMIT))}" for name in names[:NOT_REPEATED])
    left = len(names) - NOT_REPEATED
    more = f"\n   {common.lines_left(left)}" if left > 0 else ""
    return f"Не всё поместилось в корзину. Не добавили:\n{told}{more}"


def repeating() -> str:
    """Toast for a second tap on «Повторить»."""
    return "Уже собираем корзину, подождите немного."


def nothing_to_repeat(number: str) -> str:
    """Say that an order holds no goods."""
    return f"В заказе {number_sign(escape(number))} нет товаров, которые можно заказать ещё раз."


def cart_changed() -> str:
    """Toast when a button speaks of a line that is gone."""
    return "Этого товара в корзине уже нет."
