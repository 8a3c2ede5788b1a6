"""Lists of goods and cards."""

from __future__ import annotations

from collections.abc import Sequence

from shared.assistant.texts import common
from shared.domain.catalogue import Product, ProductDetails
from shared.domain.offers import Offer
from shared.domain.text import NBSP, shorten, utf16_length
from shared.telegram.formatting import counted, escape, money

DESCRIPTION = 300
"""Characters of a description on a card; who wants more than a few lines asks the shop."""

CAPTION = 1000
"""Characters of a caption, less the empty line before the description."""

STORES = 8
"""Stores a card names: a caption has 1024 characters."""


def too_short() -> str:
    """Ask for a longer query."""
    return "Напишите хотя бы два знака: название или артикул."


def search_again() -> str:
    """Invite to search."""
    return "Напишите название или артикул."


def found(query: str, total: int) -> str:
    """Head of a list of goods."""
    return f"🔎 «{escape(shorten(query, 60))}» — {common.goods(total)}"


def found_instead(query: str, told: str, total: int) -> str:
    """Head of a list of goods that were found by a guess."""
    return (
        f"По запросу «{escape(shorten(query, 60))}» ничего нет. "
        f"Искали также «{escape(shorten(told, 60))}» — {common.goods(total)}."
    )


def section_goods(name: str, total: int) -> str:
    """Head of a list of the goods in a section."""
    return f"📂 {escape(shorten(name, 60))} — {common.goods(total)}"


def section(path: Sequence[str]) -> str:
    """Head of a section's sections: «📂 Каталог › Оснастка»"""
    return "📂 <b>" + " › ".join(["Каталог", *(escape(shorten(name, 60)) for name in path)]) + "</b>"


def section_empty(path: Sequence[str]) -> str:
    """Say that nothing is in a section."""
    return f"{section(path)}\nЗдесь пока пусто. Напишите название или артикул — поищем по всему каталогу."


def found_line(position: int, product: Product, offer: Offer | None) -> str:
    """Two lines of the list: name and article, price and stock."""
    article = f" · арт.{NBSP}{escape(shorten(product.article, common.ARTICLE_LIMIT))}" if product.article else ""
    name = escape(shorten(product.name, common.NAME_LIMIT))
    return f"{position}. {name}{article}\n   {price_and_stock(product, offer)}"


def price_and_stock(product: Product, offer: Offer | None) -> str:
    """«7 990 ₽ · в наличии: 4 шт.» or that it is not sold; without markup"""
    if offer is None:
        return "сейчас не продаётся"
    return f"{money(offer.price, offer.currency)} · {in_stock(product, offer)}"


def in_stock(product: Product, offer: Offer) -> str:
    """«в наличии: 4 шт.», «под заказ» or, of what is sold from stock only, «нет в наличии»"""
    if offer.available > 0:
        return f"в наличии: {common.pieces(offer.available)}"
    return "под заказ" if product.on_order else "нет в наличии"


def order_not_article() -> str:
    """Say that a number was taken for an order's."""
    return "Это номер вашего заказа, сейчас покажем его. Если нужен товар с таким артикулом, нажмите кнопку."


def nothing_found(query: str) -> str:
    """Say that the search found nothing, and what to do."""
    return f"По запросу «{escape(shorten(query, 60))}» ничего нет.\nПроверьте артикул или напишите название короче."


def card(details: ProductDetails, offer: Offer) -> str:
    """Name, article, price, stock per store, a few words about it: what fits into a caption."""
    product = details.product
    lines = [f"<b>{escape(shorten(product.name, 300))}</b>"]
    if product.article:
        lines.append(f"арт.{NBSP}<code>{escape(shorten(product.article, common.ARTICLE_LIMIT))}</code>")
    lines += [
        "",
        f"<b>{money(offer.price, offer.currency)}</b>",
        common.capital(in_stock(product, offer)),
        *_stores(offer),
    ]
    facts = "\n".join(lines)
    words = escape(shorten(details.description, min(DESCRIPTION, CAPTION - utf16_length(facts))))
    return f"{facts}\n\n{words}" if words else facts


def picture(product: Product, position: int, total: int) -> str:
    """Under one of a product's further pictures."""
    return f"{escape(shorten(product.name, common.NAME_LIMIT))}\nФото {position} из {total}"


def no_more_pictures(product: Product) -> str:
    """Say that the pictures a card told of are not there any more."""
    return f"{escape(shorten(product.name, common.NAME_LIMIT))}\nДругих фото больше нет."


def _stores(offer: Offer) -> list[str]:
    """Return the stores that have some, the fullest first when there are too many for a caption.

    What is told of all stores together, without a name, is in stock and no more.
    """
    full = [stock for stock in offer.stocks if stock.amount > 0 and stock.store]
    named = full if len(full) <= STORES else sorted(full, key=lambda stock: -stock.amount)[:STORES]
    lines = [f"· {escape(shorten(stock.store, 40))} — {common.pieces(stock.amount)}" for stock in named]
    left = len(full) - len(named)
    return [*lines, f"· ещё {counted(left, 'склад', 'склада', 'складов')}"] if left else lines


def no_such_product() -> str:
    """Say that a product is not in the catalogue any more."""
    return "Этого товара в каталоге больше нет. Поищите похожий: напишите название короче."


def not_sold(product: Product) -> str:
    """Say that a product has left the shop."""
    return (
        f"{escape(shorten(product.name, common.NAME_LIMIT))} сейчас не продаётся. "
        "Поищите похожий товар: напишите название короче."
    )
