"""The texts that several capabilities share: quantities, lines of a cart or an order, sums."""

from __future__ import annotations

from decimal import Decimal

from shared.domain.cart_lines import CartLine, Obstacle
from shared.domain.text import shorten
from shared.telegram.formatting import counted, escape, measured, money

NAME_LIMIT = 90
"""Longer names are cut in the list of a search; a card has them whole."""

LINE_LIMIT = 70
"""The same in the lines of a cart or an order: 20 of them and all around them fit into one message."""

ARTICLE_LIMIT = 50


UNIT_LIMIT = 12
"""A unit's symbol is a few letters; a portal's people may write a sentence there."""


def amount(quantity: Decimal, unit: str) -> str:
    """«4 шт.», «2,5 м»; without markup: in a message `told` is meant"""
    return measured(quantity, shorten(unit, UNIT_LIMIT))


def told(quantity: Decimal, unit: str) -> str:
    """«4 шт.», «2,5 м», safe in a message"""
    return escape(amount(quantity, unit))


def capital(text: str) -> str:
    """«В наличии» for «в наличии»"""
    return text[:1].upper() + text[1:]


def goods(count: int) -> str:
    """«23 товара»"""
    return counted(count, "товар", "товара", "товаров")


def line(name: str, quantity: Decimal, unit: str, price: Decimal, currency: str) -> str:
    """«Бита PH2 50 мм — 10 шт. × 45 ₽», «Кабель ВВГ 3×2,5 — 2,5 м × 90 ₽»"""
    return f"{goods_line(name, quantity, unit)} × {money(price, currency)}"


def goods_line(name: str, quantity: Decimal, unit: str) -> str:
    """«Кабель ВВГ 3×2,5 — 2,5 м»"""
    return f"{escape(shorten(name, LINE_LIMIT))} — {told(quantity, unit)}"


def obstacle(line: CartLine) -> str:
    """Why a line cannot be ordered here, and what to do."""
    if line.obstacle is Obstacle.FOREIGN:
        return f"   {money(line.price, line.currency)} — цена в другой валюте, закажите у менеджера"
    if line.obstacle is Obstacle.ON_REQUEST:
        return "   цена по запросу, спросите менеджера"
    if line.obstacle is Obstacle.SOLD_OUT:
        return "   нет в наличии, спросите менеджера о замене"
    return "   столько не продаётся, измените количество"


def lines_left(count: int) -> str:
    """«…и ещё 30 товаров»"""
    return f"…и ещё {goods(count)}"


def total(amount: Decimal, currency: str) -> str:
    """«Итого: 8 440 ₽»"""
    return f"Итого: <b>{money(amount, currency)}</b>"
