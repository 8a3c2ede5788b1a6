"""What was told of the money of orders: paid, paid in part, gone, given back, and what a link is of."""

from dataclasses import dataclass, field
from decimal import Decimal

from tests.stateful import order_news
from tests.stateful.hearing import GuiltyError
from tests.stateful.order_news import PaidInPart
from tests.stateful.portal_books import AtPortal
from tests.stateful.reading import told, unpaid
from tests.stateful.status_book import PAID, StatusBook


@dataclass
class MoneyBook:
    """By order: the part told to be paid, what was told to have gone back, and who was told of bills that differ."""

    parts: dict[str, Decimal] = field(default_factory=dict)
    back: dict[str, Decimal] = field(default_factory=dict)
    paid: set[str] = field(default_factory=set)
    doubted: set[str] = field(default_factory=set)

    def reads(self, text: str, total: Decimal | None, statuses: StatusBook) -> None:
        """Note what a message says of an order's money; `total` is what its master was told that it costs."""
        news = told(text)
        if news is not None and news.rank == PAID and news.thing.startswith("Заказ "):
            order = news.thing.removeprefix("Заказ ")
            self.paid.add(order)
            self.parts.pop(order, None)
        if (thing := unpaid(text)) is not None:
            self._hears_gone(thing.removeprefix("Заказ "))
        if (gone := order_news.given_back(text)) is not None:
            self._hears_back(*gone)
        if (part := order_news.paid_in_part(text)) is not None:
            self._hears_part(part, total)
            statuses.money_is_gone(f"Заказ {part.order}")

    def _hears_gone(self, order: str) -> None:
        if order not in self.paid and order not in self.parts:
            raise GuiltyError(f"money of {order} is told to be gone, none was told of")
        self.paid.discard(order)
        self.parts.pop(order, None)

    def _hears_back(self, order: str, amount: Decimal) -> None:
        if amount <= self.back.get(order, Decimal(0)):
            raise GuiltyError(f"{amount} are told to have gone back of {order} after {self.back}")
        self.back[order] = amount
        self.paid.discard(order)

    def _hears_part(self, news: PaidInPart, total: Decimal | None) -> None:
        if news.total != total or not 0 < news.part < news.total or self.parts.get(news.order) == news.part:
            raise GuiltyError(f"of {total} were told {self.parts.get(news.order)}, and now is told {news}")
        if news.due is not None and news.due > news.total - news.part:
            raise GuiltyError(f"a link is of more than is due: {news}")
        self.parts[news.order] = news.part
        self.paid.discard(news.order)

    def operators_read(self, text: str) -> None:
        """Note that people were told of payments of another sum than their order."""
        if (doubt := order_news.doubt(text)) is not None:
            if doubt[1] == doubt[2]:
                raise GuiltyError(f"nothing differs: {text}")
            self.doubted.add(doubt[0])

    def audits(self, order: AtPortal) -> None:
        """All is told of an order's money."""
        if order.returned != self.back.get(order.id, Decimal(0)):
            raise GuiltyError(f"{order.returned} of {order.id} went back, told were {self.back.get(order.id)}")
        if not order.in_work:
            return
        if order.part and self.parts.get(order.id) != order.part:
            raise GuiltyError(f"{order.part} of {order.id} are paid, told were {self.parts.get(order.id)}")
        if not (order.paid or order.part or order.returned) and (order.id in self.paid or order.id in self.parts):
            raise GuiltyError(f"nothing of {order.id} is paid, told is otherwise")
        if order.bill != order.total and not order.paid and not order.returned and order.id not in self.doubted:
            raise GuiltyError(f"order {order.id} costs {order.total}, its bill is of {order.bill}; nobody was told")
