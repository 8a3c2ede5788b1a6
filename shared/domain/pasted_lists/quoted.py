"""A list after it was quoted (collection `pasted_lists`, 24 h): products and quantities, never price or stock.

What is in the cart already is marked, so the button may be tapped twice: everything is added once.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from decimal import Decimal
from typing import Any

from shared.domain.carts import Cart
from shared.domain.catalogue import Product
from shared.domain.offers import Offer
from shared.domain.pasted_lists.matching import SoughtLine
from shared.store.collections import PASTED_LISTS
from shared.store.port import Key
from shared.store.unit_of_work import UnitOfWork


@dataclass(frozen=True)
class QuotedItem:
    """A product of a list that could be ordered when it was quoted."""

    product: Product
    quantity: int
    added: bool = False


@dataclass(frozen=True)
class QuotedList:
    """A list. `unclear` are the lines that mean several products or none, as typed."""

    id: str
    goods: tuple[QuotedItem, ...] = ()
    unclear: tuple[str, ...] = ()

    @property
    def waiting(self) -> tuple[QuotedItem, ...]:
        """What is not in the cart yet."""
        return tuple(good for good in self.goods if not good.added)

    def save(self, unit: UnitOfWork) -> None:
        """Put the record into the unit, which must have looked for it."""
        goods = [{**asdict(good), "product": asdict(good.product)} for good in self.goods]
        unit.put(key(self.id), {"goods": goods, "unclear": list(self.unclear)}, ttl=PASTED_LISTS.kept)


def key(list_id: str) -> Key:
    """Where a list lives."""
    return PASTED_LISTS.key(list_id)


async def load(unit: UnitOfWork, list_id: str) -> QuotedList | None:
    """Return the list, or None when it is too old."""
    data = await unit.get(key(list_id))
    if data is None:
        return None
    goods = tuple(_good(good) for good in data["goods"])
    return QuotedList(list_id, goods, tuple(data["unclear"]))


def _good(data: Mapping[str, Any]) -> QuotedItem:
    return QuotedItem(Product(**data["product"]), data["quantity"], data["added"])


def orderable(product: Product, wanted: int, offer: Offer | None) -> int:
    """Return how many pieces can be ordered now: of what is sold from stock only, not more than there are."""
    if offer is None:
        return 0
    return wanted if product.on_order else min(wanted, max(int(offer.available), 0))


@dataclass(frozen=True)
class PricedLine:
    """A product of a list at this moment; no offer: nobody sells it."""

    product: Product
    wanted: int
    offer: Offer | None

    @property
    def count(self) -> int:
        """How many pieces can be ordered."""
        return orderable(self.product, self.wanted, self.offer)

    @property
    def total(self) -> Decimal:
        """Price of those pieces."""
        return self.offer.price * self.count if self.offer else Decimal(0)


def priced(lines: Iterable[SoughtLine], offers: Mapping[str, Offer]) -> list[PricedLine]:
    """Return the lines that mean one product, with its offer."""
    return [
        PricedLine(line.product, line.quantity, offers.get(line.product.id))
        for line in lines
        if line.product is not None
    ]


def of_lines(list_id: str, lines: Sequence[SoughtLine], offers: Mapping[str, Offer]) -> QuotedList:
    """Return what is kept of a list that was quoted: what can be ordered, and what is to be made clear."""
    goods = tuple(QuotedItem(item.product, item.wanted) for item in priced(lines, offers) if item.count)
    return QuotedList(list_id, goods, tuple(line.text for line in lines if line.product is None))


@dataclass(frozen=True)
class AddedToCart:
    """What became of adding a list. `no_room`, `gone`: names of what fitted no more, of what nobody sells now."""

    cart: Cart
    quoted: QuotedList
    no_room: Sequence[str]
    gone: Sequence[str]


def put_into(cart: Cart, quoted: QuotedList, offers: Mapping[str, Offer]) -> AddedToCart:
    """Put what waits into the cart, at the prices of now."""
    goods: list[QuotedItem] = []
    no_room: list[str] = []
    gone: list[str] = []
    for good in quoted.goods:
        offer = offers.get(good.product.id)
        pieces = orderable(good.product, good.quantity, offer)
        if good.added:
            goods.append(good)
        elif offer is None or pieces == 0:
            gone.append(good.product.name)
        elif (changed := cart.add(good.product, offer.price, offer.currency, pieces)) is None:
            goods.append(good)
            no_room.append(good.product.name)
        else:
            cart = changed
            goods.append(replace(good, added=True))
    return AddedToCart(cart, replace(quoted, goods=tuple(goods)), no_room, gone)
