"""The books of what masters were told of their orders, held against the portal's: nothing untold, nothing twice."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from tests.stateful import order_news
from tests.stateful.edit_book import EditBook
from tests.stateful.hearing import GuiltyError
from tests.stateful.money_book import MoneyBook
from tests.stateful.parcel_book import ParcelBook
from tests.stateful.portal_books import AtPortal
from tests.stateful.status_book import LAST_WORDS, StatusBook


@dataclass
class OrderBooks:
    """Statuses, goods and sums, money, parcels, and what was told to be deleted."""

    statuses: StatusBook = field(default_factory=StatusBook)
    edits: EditBook = field(default_factory=EditBook)
    money: MoneyBook = field(default_factory=MoneyBook)
    parcels: ParcelBook = field(default_factory=ParcelBook)
    deleted: set[str] = field(default_factory=set)

    def opens(self, order_id: str, lines: Mapping[str, tuple[Decimal, Decimal]], confirmed: Decimal) -> None:
        """An order was made of what its master confirmed."""
        self.edits.opens(order_id, lines, confirmed)

    def reads(self, text: str, chat: int, message_id: int | None = None) -> None:
        """Note what a message to a master tells of his orders."""
        self.edits.reads(text)
        order = order_news.order_of(text)
        self.money.reads(text, self.edits.totals.get(order or ""), self.statuses)
        self.statuses.reads(text, chat, message_id)
        self.parcels.reads(text)
        if order is not None and order_news.is_deleted(text):
            if order in self.deleted:
                raise GuiltyError(f"{order} is told to be deleted once more")
            self.deleted.add(order)

    def audits(self, there: Mapping[str, AtPortal], gone: set[str]) -> None:
        """All is told: the portal has been asked for what it did not tell. `gone` are orders that were deleted."""
        if self.deleted != gone & self.edits.lines.keys():
            raise GuiltyError(f"{gone} were deleted, told were {self.deleted}")
        for order in there.values():
            if order.id in self.edits.lines:
                self._audits(order)

    def _audits(self, order: AtPortal) -> None:
        rank = self.statuses.last_told(order.id)
        over = rank in LAST_WORDS
        # That an order is new is told by its sum, whatever is asked about it.
        if (order.rank and rank < order.rank) or (over and order.in_work):
            raise GuiltyError(f"order {order.id} is at {order.rank}, its master was told {rank}")
        self.money.audits(order)
        if order.in_work:
            self.edits.audits(order)
            self.parcels.audits(order, rank)
