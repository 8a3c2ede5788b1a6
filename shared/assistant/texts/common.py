"""The texts that several capabilities share: pieces, lines of a cart or an order, sums."""

from __future__ import annotations

from decimal import Decimal

from shared.domain.text import NBSP, shorten
from shared.telegram.formatting import counted, escape, money, quantity

NAME_LIMIT = 90
"""Longer names are cut in the list of a search; a card has them whole."""

LINE_LIMIT = 70
"""The same in the lines of a cart or an order: 20 of them and all around them fit into one message."""

ARTICLE_LIMIT = 50


def pieces(amount: Decimal | int) -> str:
    """«4 шт.»"""
    return f"{quantity(Decimal(amount))}{NBSP}шт."


def capital(text: str) -> str:
    """«В наличии» for «в наличии»"""
    return text[:1].upper() + text[1:]


def goods(count: int) -> str:
    """«23 товара»"""
    return counted(count, "товар", "товара", "товаров")


def line(name: str, count: Decimal | int, price: Decimal, currency: str) -> str:
    """«Бита PH2 50 мм — 10 шт. × 45 ₽»"""
    return f"{escape(shorten(name, LINE_LIMIT))} — {pieces(count)} × {money(price, currency)}"


def lines_left(count: int) -> str:
    """«…и ещё 30 товаров»"""
    return f"…и ещё {goods(count)}"


def total(amount: Decimal, currency: str) -> str:
    """«Итого: 8 440 ₽»"""
    return f"Итого: <b>{money(amount, currency)}</b>"
