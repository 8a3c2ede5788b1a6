"""A list after it was quoted (collection `pasted_lists`, 24 h): products and quantities, never price or stock.

What is in the cart already is marked, so the button may be tapped twice: everything is added once.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from decimal import Decimal
from typing import Any

from shared.domain import quantities
from shared.domain.cart_lines import CartLine, Obstacle, line_of, unpriced_line
from shared.domain.carts import MOST_LINES as CART_LINES
from shared.domain.carts import Cart
from shared.domain.catalogue import Product
from shared.domain.offers import Offer
from shared.domain.pasted_lists import questions
from shared.domain.pasted_lists.matching import SoughtLine
from shared.domain.pasted_lists.numbers import measure_in
from shared.domain.searches import product_data
from shared.domain.stored_fields import UNLESS_DEFAULT
from shared.store.collections import PASTED_LISTS
from shared.store.port import Key
from shared.store.unit_of_work import UnitOfWork


@dataclass(frozen=True)
class QuotedItem:
    """A product of a list that could be ordered when it was quoted. `line`: which line of the list wants it."""

    product: Product
    quantity: Decimal
    added: bool = False
    line: int = 0


@dataclass(frozen=True)
class ListNotes:
    """What of the message was not taken as it was written, as in `PastedList`; `saved`: it was a list of his."""

    left_out: int = 0
    capped: bool = False
    unread: int = field(default=0, metadata=UNLESS_DEFAULT)
    sheet: str = field(default="", metadata=UNLESS_DEFAULT)
    saved: bool = field(default=False, metadata=UNLESS_DEFAULT)


@dataclass(frozen=True)
class QuotedList:
    """A list. `unclear` are the lines that mean several products or none, or do not say how many, as typed.

    `by_manager`: some of it only people can order. `owner`: the master's Telegram id; 0 if the version before kept it.
    `lines`: all of it, for the quote after an answer; a version before kept none. `quoting` is the job that quotes
    them after one, "" when they are on the screen; `shown` are the lines that are there meanwhile.
    """

    id: str
    goods: tuple[QuotedItem, ...] = ()
    unclear: tuple[str, ...] = ()
    by_manager: bool = False
    owner: int = 0
    lines: tuple[SoughtLine, ...] = ()
    notes: ListNotes = ListNotes()
    quoting: str = ""
    shown: tuple[SoughtLine, ...] = ()

    @property
    def waiting(self) -> tuple[QuotedItem, ...]:
        """What is not in the cart yet."""
        return tuple(good for good in self.goods if not good.added)

    @property
    def at_once(self) -> tuple[CartLine, ...]:
        """What can be ordered without the cart, its prices still to be asked: all of it, while none was put there.

        Empty when it is more than one order takes.
        """
        fitting = len(self.waiting) == len(self.goods) <= CART_LINES
        return tuple(unpriced_line(good.product, good.quantity) for good in self.goods) if fitting else ()

    @property
    def unclear_lines(self) -> tuple[SoughtLine, ...]:
        """The lines whose texts are in `unclear`; a record of the version before has none."""
        return tuple(line for line in self.shown_lines if line.product is None or line.options)

    @property
    def shown_lines(self) -> tuple[SoughtLine, ...]:
        """The lines that the screen has: its buttons speak of these."""
        return self.shown or self.lines

    def save(self, unit: UnitOfWork) -> None:
        """Put the record into the unit, which must have looked for it."""
        goods = [_good_data(good) for good in self.goods]
        data = {"goods": goods, "unclear": list(self.unclear), "by_manager": self.by_manager, "owner": self.owner}
        lines = {"lines": [questions.line_data(line) for line in self.lines], "notes": _notes_data(self.notes)}
        answers = {"quoting": self.quoting, "shown": [questions.line_data(line) for line in self.shown]}
        unit.put(key(self.id), {**data, **lines, **answers}, ttl=PASTED_LISTS.kept)

    def changed(self, number: int, line: SoughtLine) -> QuotedList:
        """Return the list with another line in this place; the screen stays as it is until that is quoted."""
        lines = (*self.lines[:number], line, *self.lines[number + 1 :])
        return replace(self, lines=lines, shown=self.shown_lines)

    def as_shown(self) -> QuotedList:
        """Return the list without the answers whose quote came to nothing: they can be given again, or others."""
        return replace(self, lines=self.shown_lines, quoting="", shown=())

    def quoted_anew(self, before: QuotedList | None) -> QuotedList:
        """Return the list knowing what of it is in the cart since the quote before."""
        added = {(good.line, good.product.id) for good in before.goods if good.added} if before else set()
        goods = tuple(replace(good, added=(good.line, good.product.id) in added) for good in self.goods)
        return replace(self, goods=goods)


def key(list_id: str) -> Key:
    """Where a list lives."""
    return PASTED_LISTS.key(list_id)


async def load(unit: UnitOfWork, list_id: str, owner: int) -> QuotedList | None:
    """Return the list, if it is this master's; None when it is not, or is too old."""
    data = await unit.get(key(list_id))
    # The version before noted no owner.
    if data is None or data.get("owner", 0) not in (0, owner):
        return None
    goods = tuple(_good(good) for good in data["goods"])
    lines = tuple(questions.line_from_data(line) for line in data.get("lines", ()))
    notes = ListNotes(**data.get("notes", {}))
    told = (data.get("by_manager", False), data.get("owner", 0))
    shown = tuple(questions.line_from_data(line) for line in data.get("shown", ()))
    answers = (data.get("quoting", ""), shown)
    return QuotedList(list_id, goods, tuple(data["unclear"]), *told, lines, notes, *answers)


def _notes_data(notes: ListNotes) -> dict[str, Any]:
    """Return what is not as usual: a version before knows fewer of them."""
    return {name: value for name, value in asdict(notes).items() if value}


def _good_data(good: QuotedItem) -> dict[str, Any]:
    product, quantity = product_data(good.product), quantities.as_data(good.quantity)
    return {**asdict(good), "product": product, "quantity": quantity}


def _good(data: Mapping[str, Any]) -> QuotedItem:
    return QuotedItem(
        Product(**data["product"]), quantities.from_data(data["quantity"]), data["added"], data.get("line", 0)
    )


@dataclass(frozen=True)
class PricedLine:
    """A product of a list at this moment, and how much of it is wanted; no offer: nobody sells it.

    `measure` is the one he wrote, as in `WantedLine`.
    """

    product: Product
    wanted: Decimal
    offer: Offer | None
    measure: str = ""

    @property
    def is_as_typed(self) -> bool:
        """Whether it is sold in what he wrote, and in such a quantity."""
        same = not self.measure or self.offer is None or measure_in(self.offer.unit) == self.measure
        return same and self.rounded == self.wanted

    @property
    def rounded(self) -> Decimal:
        """What is wanted in whole steps, and at least what has a price."""
        offer = self.offer
        return quantities.sold(max(self.wanted, offer.least or offer.step), offer.step) if offer else self.wanted

    @property
    def line(self) -> CartLine | None:
        """What can be ordered now, as a line of a cart: of what is sold from stock only, no more than there is.

        None when nobody sells it, or there is none. The bot may be unable to order it so (`CartLine.obstacle`).
        """
        if self.offer is None:
            return None
        line = line_of(self.product, self.offer, self.rounded)
        return None if line.limit == 0 else line

    @property
    def can_order(self) -> bool:
        """Whether any of it can be ordered."""
        line = self.line
        return line is not None and line.obstacle is None

    @property
    def obstacle(self) -> Obstacle | None:
        """Why the bot does not order what there is."""
        line = self.line
        return line.obstacle if line else None


def priced(lines: Iterable[SoughtLine], offers: Mapping[str, Offer]) -> list[PricedLine]:
    """Return the lines that mean one product and say how many, with its offer."""
    return [
        PricedLine(line.product, line.quantity, offers.get(line.product.id), line.measure)
        for line in lines
        if line.product is not None and not line.options
    ]


def of_lines(
    list_id: str, lines: Sequence[SoughtLine], offers: Mapping[str, Offer], notes: ListNotes = ListNotes()
) -> QuotedList:
    """Return what is kept of a list that was quoted: what can be ordered, and what is to be made clear."""
    found = [(number, item) for number, line in enumerate(lines) for item in priced([line], offers)]
    goods = [QuotedItem(item.product, item.wanted, line=number) for number, item in found if item.can_order]
    unclear = tuple(line.text for line in lines if line.product is None or line.options)
    by_manager = any(item.obstacle for _, item in found)
    return QuotedList(list_id, tuple(goods), unclear, by_manager, lines=tuple(lines), notes=notes)


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
        line = PricedLine(good.product, good.quantity, offers.get(good.product.id)).line
        if good.added:
            goods.append(good)
        elif line is None or line.obstacle:
            gone.append(good.product.name)
        elif (changed := cart.add(line)) is None:
            goods.append(good)
            no_room.append(good.product.name)
        else:
            cart = changed
            goods.append(replace(good, added=True))
    return AddedToCart(cart, replace(quoted, goods=tuple(goods)), no_room, gone)
