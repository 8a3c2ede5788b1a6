"""Lists of goods and cards."""

from __future__ import annotations

from collections.abc import Sequence

from shared.assistant.texts import common
from shared.domain.catalogue import Product, ProductDetails
from shared.domain.descriptions import beside_name
from shared.domain.offers import Offer, PriceRange
from shared.domain.quantities import PIECE, symbol
from shared.domain.text import NBSP, shorten, utf16_length
from shared.telegram.formatting import counted, escape, money, quantity

DESCRIPTION = 300
"""Characters of a description on a card; who wants more than a few lines asks the shop."""

CAPTION = 1000
"""Characters of a caption, less the empty line before the description."""

STORES = 8
"""Stores a card names: a caption has 1024 characters."""

RANGES = 5
"""Prices by quantity a card names."""


def ask_quantity() -> str:
    """Toast over the quantities to choose from."""
    return "Выберите количество или напишите числом."


def you_are_welcome() -> str:
    """Answer «спасибо»."""
    return "Пожалуйста. Понадобится что-то ещё — напишите название или артикул."


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


def similar(name: str, *, in_stock: bool = True) -> str:
    """Head of goods that may stand in for one that is not in stock; `in_stock`: of all of them that is known."""
    return f"Вместо «{escape(shorten(name, 100))}» {'есть в наличии' if in_stock else 'подойдёт'}:"


def nothing_similar(name: str) -> str:
    """Say that nothing like it is in stock."""
    return f"Похожего на «{escape(shorten(name, 100))}» в наличии нет. Менеджер подскажет, чем заменить."


def accessories(name: str) -> str:
    """Head of what goes with a product."""
    return f"К товару «{escape(shorten(name, 100))}» подходит:"


def no_accessories(name: str) -> str:
    """Say that nothing that goes with a product is sold."""
    return f"Принадлежностей к товару «{escape(shorten(name, 100))}» сейчас нет. Менеджер подскажет, что подойдёт."


def variations(name: str, total: int) -> str:
    """Head of the list of a product's variations."""
    count = counted(total, "вариант", "варианта", "вариантов")
    return f"<b>{escape(shorten(name, 300))}</b>\n{count} — выберите нужный."


def section(path: Sequence[str]) -> str:
    """Head of a section's sections: «📂 Каталог › Оснастка»"""
    return "📂 <b>" + " › ".join(["Каталог", *(escape(shorten(name, 60)) for name in path)]) + "</b>"


def no_sections() -> str:
    """Say that the portal shows no sections."""
    return "📂 Каталога по разделам у магазина пока нет. Напишите название или артикул — найдём."


def section_empty(path: Sequence[str]) -> str:
    """Say that nothing is in a section."""
    return f"{section(path)}\nЗдесь пока пусто. Напишите название или артикул — поищем по всему каталогу."


def found_line(position: int, product: Product, offer: Offer | None) -> str:
    """Two lines of the list: name and article, price and stock."""
    article = f" · арт.{NBSP}{escape(shorten(product.article, common.ARTICLE_LIMIT))}" if product.article else ""
    name = escape(shorten(product.name, common.NAME_LIMIT))
    return f"{position}. {name}{article}\n   {escape(price_and_stock(product, offer))}"


def price_and_stock(product: Product, offer: Offer | None) -> str:
    """«7 990 ₽ · в наличии: 4 шт.», that it comes in variations, or that it is not sold; without markup"""
    if product.has_variations:
        return "есть варианты"
    if offer is None:
        return "сейчас не продаётся"
    return f"{price(offer)} · {in_stock(product, offer)}"


def price(offer: Offer) -> str:
    """«7 990 ₽», «90 ₽ за м», «45 ₽ за шт., по 10 шт.» or «цена по запросу»; without markup"""
    if offer.on_request:
        return "цена по запросу"
    costs = money(offer.price, offer.currency)
    if offer.step != 1:
        return f"{costs} за{NBSP}{_unit(offer)}, по {common.amount(offer.step, offer.unit)}"
    return costs if offer.unit == PIECE else f"{costs} за{NBSP}{_unit(offer)}"


def _unit(offer: Offer) -> str:
    return shorten(symbol(offer.unit), common.UNIT_LIMIT)


def in_stock(product: Product, offer: Offer) -> str:
    """«в наличии: 4 шт.», «под заказ» or, of what is sold from stock only, «нет в наличии»; without markup"""
    if offer.available > 0:
        return f"в наличии: {common.amount(offer.available, offer.unit)}"
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
        f"<b>{escape(common.capital(price(offer)))}</b>",
        *_terms(offer),
        escape(common.capital(in_stock(product, offer))),
        *_stores(offer),
    ]
    facts = "\n".join(lines)
    about = beside_name(details.description, product)
    words = escape(shorten(about, min(DESCRIPTION, CAPTION - utf16_length(facts))))
    return f"{facts}\n\n{words}" if words else facts


def _terms(offer: Offer) -> list[str]:
    """Return what else there is to know before one orders: prices by quantity, or why a person must be asked."""
    if offer.foreign:
        return ["Цена в другой валюте — заказать поможет менеджер"]
    if offer.on_request:
        return ["Стоимость подскажет менеджер"]
    told = [_range(part, offer) for part in offer.ranges if part.price != offer.price or part.first > offer.step]
    left = len(told) - RANGES
    return [*told[:RANGES], *([f"· и ещё {counted(left, 'цена', 'цены', 'цен')}"] if left > 0 else [])]


def _range(part: PriceRange, offer: Offer) -> str:
    """«· от 10 шт. — 40 ₽», «· от 100 до 500 шт. — 35 ₽»"""
    first = max(part.first, offer.step)
    if part.last is None:
        bounds = f"от {common.told(first, offer.unit)}"
    else:
        bounds = f"от {quantity(first)} до {common.told(part.last, offer.unit)}"
    return f"· {bounds} — {money(part.price, offer.currency)}"


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
    lines = [f"· {escape(shorten(stock.store, 40))} — {common.told(stock.amount, offer.unit)}" for stock in named]
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
