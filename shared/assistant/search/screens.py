"""The screens of lists of goods and of cards."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from functools import partial
from itertools import accumulate
from typing import Any

from shared.assistant import texts
from shared.assistant.chat_view import Screen
from shared.assistant.keyboard import Row, button, column, keyboard
from shared.assistant.navigation import (
    TO_CATALOGUE,
    AddToCart,
    AskManager,
    Idle,
    OrderNow,
    SearchMore,
    ShowCard,
    ShowCart,
    ShowSimilar,
)
from shared.assistant.search.buttons import AskQuantity, SetQuantity, ShowAccessories, ShowPage, ShowPictures
from shared.assistant.watch_button import switch
from shared.domain.cart_lines import CartLine, Obstacle, line_of
from shared.domain.catalogue import Product, ProductDetails
from shared.domain.offers import Offer
from shared.domain.quantities import written
from shared.domain.searches import Search
from shared.telegram.api import InlineKeyboardMarkup

PAGE = 5
"""Products per page of a list."""

_CART: Row = [button(texts.labels.CART, ShowCart(fresh=True))]

KEYPAD = (5, 10, 20, 50)
"""Steps that a tap chooses at once: «50 бит» is one tap instead of 49."""

_CALLBACK = 64
"""Bytes of a button's data."""

MOST = 99
"""Steps a card lets choose."""


def pages_of(total: int) -> int:
    """Return how many pages a list has."""
    return max(1, -(-total // PAGE))


def found(search: Search, page: int, products: Sequence[Product], offers: Mapping[str, Offer]) -> Screen:
    """One page of a search."""
    lines = [
        texts.search.found_line(position, product, offers.get(product.id))
        for position, product in enumerate(products, page * PAGE + 1)
    ]
    return Screen("\n".join([_head(search), "", *lines]), _list_keyboard(search, page, products))


def _head(search: Search) -> str:
    if search.parent:
        return texts.search.variations(search.query, search.total)
    if search.section:
        return texts.search.section_goods(search.query, search.total)
    if search.way is not None and search.way.told:
        return texts.search.found_instead(search.query, search.way.told, search.total)
    return texts.search.found(search.query, search.total)


def _list_keyboard(search: Search, page: int, products: Sequence[Product]) -> InlineKeyboardMarkup:
    cards = [
        button(str(position), ShowCard(search=search.id, product=product.id))
        for position, product in enumerate(products, page * PAGE + 1)
    ]
    pages = pages_of(search.total)
    back, forth = (page - 1) % pages, (page + 1) % pages
    turning = [
        button(texts.labels.BACK, ShowPage(search=search.id, page=back)),
        button(texts.labels.page_of(page + 1, pages), Idle()),
        button(texts.labels.FORTH, ShowPage(search=search.id, page=forth)),
    ]
    out = [button(texts.labels.SEARCH_MORE, SearchMore())]
    if search.section:
        out.insert(0, button(texts.labels.CATALOGUE, TO_CATALOGUE))
    return keyboard(cards, turning if pages > 1 else [], out)


def order_not_article(search: Search) -> Screen:
    """Say that a number was taken for an order's, and offer to search for it."""
    finding = button(texts.labels.find(search.query), ShowPage(search=search.id, page=0))
    return Screen(texts.search.order_not_article(), column(finding))


def nothing_found(query: str) -> Screen:
    """Say what to try instead."""
    ways_on = [button(texts.labels.CATALOGUE, TO_CATALOGUE), button(texts.labels.ASK_MANAGER, AskManager())]
    return Screen(texts.search.nothing_found(query), keyboard(ways_on))


def more_keyboard() -> InlineKeyboardMarkup:
    """Return the way to another search."""
    return column(button(texts.labels.SEARCH_MORE, SearchMore()), button(texts.labels.CART, ShowCart(fresh=True)))


def card(
    search_id: str, details: ProductDetails, offer: Offer, *, watched: bool = False, wanted: Decimal | None = None
) -> Screen:
    """A product, whether the master watches it, and how many he asked for, where he did."""
    product = details.product
    text = texts.search.card(details, offer)
    watching = switch(search_id, offer, watched=watched)
    line = line_of(product, offer, wanted or offer.step)
    more = [button(texts.labels.SEARCH_MORE, SearchMore())]
    beside = [*_instead(details, offer), *_accessories(details)]
    if line.obstacle is Obstacle.SOLD_OUT:
        return Screen(text, keyboard(watching, *beside, *_variations(details), more, _CART))
    if line.obstacle:
        ask = [button(texts.labels.ASK_MANAGER, AskManager())]
        return Screen(text, keyboard(ask, watching, *beside, *_pictures(details), *_variations(details), more, _CART))
    rest = [watching, *beside, *_pictures(details), *_variations(details), _CART]
    return Screen(text, card_keyboard(search_id, line, rest))


def _instead(details: ProductDetails, offer: Offer) -> list[Row]:
    """The way to what may stand in, where this product is not there."""
    section = details.section_id or ""
    if offer.available > 0 or not (section or details.analogues):
        return []
    return [[button(texts.labels.SIMILAR, ShowSimilar(product=details.product.id, section=section))]]


def _accessories(details: ProductDetails) -> list[Row]:
    """The way to what goes with this product; a button has room for 64 bytes, so ids that find none stay out."""
    room = _CALLBACK - len(ShowAccessories(product=details.product.id, linked="").pack())
    ends = accumulate(len(one) + 1 for one in details.accessories)
    linked = [one for one, end in zip(details.accessories, ends, strict=True) if end - 1 <= room]
    if not linked:
        return []
    tapped = ShowAccessories(product=details.product.id, linked="+".join(linked))
    return [[button(texts.labels.ACCESSORIES, tapped)]]


def similar(search_id: str, name: str, products: Sequence[Product], offers: Mapping[str, Offer]) -> Screen:
    """Goods that may stand in for the one of this name; none is said to be none."""
    if not products:
        return _none_of_them(texts.search.nothing_similar(name))
    in_stock = not any(product.has_variations for product in products)
    return _of_the_shop(search_id, texts.search.similar(name, in_stock=in_stock), products, offers)


def accessories(search_id: str, name: str, products: Sequence[Product], offers: Mapping[str, Offer]) -> Screen:
    """What goes with the product of this name; none is said to be none."""
    if not products:
        return _none_of_them(texts.search.no_accessories(name))
    return _of_the_shop(search_id, texts.search.accessories(name), products, offers)


def _none_of_them(text: str) -> Screen:
    return Screen(
        text, keyboard([button(texts.labels.CATALOGUE, TO_CATALOGUE), button(texts.labels.ASK_MANAGER, AskManager())])
    )


def _of_the_shop(search_id: str, head: str, products: Sequence[Product], offers: Mapping[str, Offer]) -> Screen:
    lines = [
        texts.search.found_line(number, product, offers.get(product.id)) for number, product in enumerate(products, 1)
    ]
    cards = [
        button(str(number), ShowCard(search=search_id, product=product.id))
        for number, product in enumerate(products, 1)
    ]
    return Screen("\n".join([head, "", *lines]), keyboard(cards, [button(texts.labels.SEARCH_MORE, SearchMore())]))


def _pictures(details: ProductDetails) -> list[Row]:
    label = texts.labels.more_pictures(len(details.pictures))
    return [[button(label, ShowPictures(product=details.product.id))]] if details.pictures else []


def _variations(details: ProductDetails) -> list[Row]:
    """The way from a variation to the others."""
    return [[button(texts.labels.VARIATIONS, ShowCard(search="", product=details.parent))]] if details.parent else []


def _buying(search_id: str, wanted: CartLine) -> dict[str, Any]:
    """Return the fields of a button about this quantity of a card's product."""
    known = {"search": search_id, "product": wanted.product_id, "currency": wanted.currency}
    return {**known, "quantity": Decimal(written(wanted.quantity)), "price": wanted.price}


def keypad(search_id: str, line: CartLine, rest: Sequence[Row] = ()) -> InlineKeyboardMarkup:
    """Return more quantities than one step away to choose from, the way back, and the rest of the card's buttons."""
    offered = [line.of(steps * line.step) for steps in KEYPAD]
    numbers = [
        button(texts.common.amount(one.quantity, one.unit), SetQuantity(**_buying(search_id, one)))
        for one in {one.quantity: one for one in offered if not one.obstacle}.values()
    ]
    back = button(texts.labels.BACK_TO_QUANTITY, SetQuantity(**_buying(search_id, line)))
    return keyboard(numbers[:2], numbers[2:], [back], *(rest or [_CART]))


def chosen(search_id: str, line: CartLine) -> Screen:
    """So much of a card's product, typed below the card."""
    text = texts.common.line(line.name, line.quantity, line.unit, line.price, line.currency)
    return Screen(text, card_keyboard(search_id, line))


def card_keyboard(search_id: str, line: CartLine, rest: Sequence[Row] = ()) -> InlineKeyboardMarkup:
    """Return the card's buttons for this quantity, and below them the rest, which hangs on none."""
    buying = partial(_buying, search_id)
    shown = line.of(min(line.quantity, MOST * line.step))
    wanted = min(shown.quantity + line.step, MOST * line.step)
    # Where there is no more, the button asks for it all the same: whoever taps it is told so.
    more = replace(shown, quantity=wanted) if shown.exceeds_stock(wanted) else _if_sold(shown.of(wanted), shown)
    less = shown.of(shown.quantity - line.step)
    return keyboard(
        [
            button(texts.labels.MINUS, SetQuantity(**buying(_if_sold(less, shown)))),
            button(texts.common.amount(shown.quantity, shown.unit), AskQuantity(**buying(shown))),
            button(texts.labels.PLUS, SetQuantity(**buying(more))),
        ],
        [button(texts.labels.add(shown.total, shown.currency), AddToCart(**buying(shown)))],
        [button(texts.labels.ORDER_NOW, OrderNow(**buying(shown)))],
        *(rest or [_CART]),
    )


def _if_sold(wanted: CartLine, shown: CartLine) -> CartLine:
    """Return what a button leads to: the quantity shown stays where there is no price for another one."""
    return shown if wanted.obstacle else wanted


def rest_of(shown: InlineKeyboardMarkup | None) -> list[Row]:
    """Return the rows of a card's buttons that hang on no quantity; cards of a version before have fewer that do."""
    rows = shown.inline_keyboard if shown else []
    return [list(row) for row in rows if not any(_hangs_on_quantity(one.callback_data or "") for one in row)]


def _hangs_on_quantity(data: str) -> bool:
    return data.partition(":")[0] in {kind.__prefix__ for kind in (SetQuantity, AskQuantity, AddToCart, OrderNow, Idle)}


def picture(product: Product, position: int, total: int) -> Screen:
    """Words for one of a product's further pictures."""
    return Screen(texts.search.picture(product, position, total), _back_to(product))


def no_more_pictures(product: Product) -> Screen:
    """Say that the further pictures are gone."""
    return Screen(texts.search.no_more_pictures(product), _back_to(product))


def _back_to(product: Product) -> InlineKeyboardMarkup:
    """The way to the card: several pictures push it out of sight."""
    return column(button(texts.labels.BACK_TO_CARD, ShowCard(search="", product=product.id)))


def not_sold(product: Product) -> Screen:
    """Say that a product has left the shop."""
    return Screen(texts.search.not_sold(product), more_keyboard())


def no_such_product() -> Screen:
    """Say that a product is not in the catalogue any more."""
    return Screen(texts.search.no_such_product(), more_keyboard())


def keyboard_from_json(text: str) -> InlineKeyboardMarkup:
    """Read a keyboard that waited in a job."""
    return InlineKeyboardMarkup.model_validate_json(text)
