"""Inline mode: results in a list (plain text, no HTML), and the message that a chosen one becomes."""

from __future__ import annotations

from shared.assistant.texts import common, search
from shared.domain.catalogue import Product
from shared.domain.offers import Offer
from shared.domain.text import NBSP, shorten
from shared.telegram.formatting import escape

TITLE = 120
"""Characters of a result's title: phones show one line of it, computers two."""


def title(product: Product) -> str:
    """The name."""
    return shorten(product.name, TITLE)


def description(product: Product, offer: Offer | None) -> str:
    """«7 990 ₽ · в наличии: 4 шт. · арт. DF333DWYE»"""
    article = f" · арт.{NBSP}{shorten(product.article, common.ARTICLE_LIMIT)}" if product.article else ""
    return common.capital(search.price_and_stock(product, offer)) + article


def chosen(product: Product, offer: Offer | None, told_at: str) -> str:
    """Name, article, price and stock, and when it was so: the message stays in a chat for years."""
    lines = [f"<b>{escape(shorten(product.name, 300))}</b>"]
    if product.article:
        lines.append(f"арт.{NBSP}<code>{escape(shorten(product.article, common.ARTICLE_LIMIT))}</code>")
    return "\n".join(
        [*lines, "", escape(common.capital(search.price_and_stock(product, offer))), f"<i>На {told_at}</i>"]
    )
