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


def cart_ordering() -> str:
    """Say that the cart is empty because an order is being made of what was in it."""
    return "🛒 Корзина пуста: заказ сейчас оформляется. Повторять не нужно — напишем, как только он будет создан."


def ordering() -> str:
    """Say below a cart that what was in it before is being ordered."""
    return "⏳ Другой заказ сейчас оформляется — его товаров здесь уже нет."


def cart_head() -> str:
    """Head of the cart."""
    return "🛒 <b>Корзина</b>"


def line_not_sold(name: str) -> str:
    """A line whose product has left the shop."""
    return f"{escape(shorten(name, common.LINE_LIMIT))} — сейчас не продаётся"


def line_on_order(available: Decimal, unit: str) -> str:
    """What a line says when the stores hold less than wanted."""
    return "   под заказ" if available <= 0 else f"   в наличии {common.told(available, unit)}, остальное под заказ"


def all_there_is(wanted: Decimal, there: Decimal, unit: str) -> str:
    """What a line says that holds all there is of goods sold from stock only; `wanted` may have been more."""
    if wanted > there:
        return f"   было {common.told(wanted, unit)}, а есть только {common.told(there, unit)}"
    return "   больше нет"


def prices_unknown(*, is_ours: bool) -> str:
    """Say that nobody can tell what the cart costs now, and that it can be changed all the same."""
    if is_ours:
        why = "Цены сейчас не узнать: ошибка у нас, уже разбираемся."
        return f"{why} Корзина на месте, её можно менять. Попробуйте позже или напишите менеджеру."
    return "Цены сейчас не узнать. Корзина на месте, её можно менять. Попробуйте открыть ещё раз через минуту."


def rounded(step: Decimal, unit: str) -> str:
    """What a line says whose quantity was rounded up: it is sold in whole steps."""
    return f"   округлили: продаётся по {common.told(step, unit)}"


def in_cart(quantity: Decimal, unit: str) -> str:
    """Toast after adding."""
    return f"В корзине: {common.amount(quantity, unit)}"


def in_cart_already(quantity: Decimal, unit: str) -> str:
    """Toast after a second tap on the same «В корзину»."""
    return f"Уже в корзине: {common.amount(quantity, unit)}"


def in_cart_all(quantity: Decimal, unit: str) -> str:
    """Toast after adding, when less was added than was wanted: there is no more."""
    return f"В корзине: {common.amount(quantity, unit)} — больше нет"


def taken_out() -> str:
    """Toast after a card took its product out of the cart."""
    return "Убрали из корзины."


def no_more(there: Decimal, unit: str) -> str:
    """Toast for a tap on «+» when there is no more of what is sold from stock only."""
    return f"Больше нет: в наличии {common.amount(there, unit)}" if there else "Нет в наличии"


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
