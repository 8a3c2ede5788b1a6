"""What orders are of and cost, as their masters were told: confirmed = told = charged, each edit once, none untold."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from tests.stateful import order_news
from tests.stateful.hearing import GuiltyError
from tests.stateful.order_news import Edited, EditTold, MadeTold
from tests.stateful.portal_books import AtPortal

NOTHING = (Decimal(0), Decimal(0))


@dataclass
class EditBook:
    """Goods (quantity and price by name) and sums of orders, as they were confirmed and told since."""

    lines: dict[str, dict[str, tuple[Decimal, Decimal]]] = field(default_factory=dict)
    totals: dict[str, Decimal] = field(default_factory=dict)
    told: dict[str, int] = field(default_factory=dict)
    _made: dict[str, MadeTold] = field(default_factory=dict)
    _heard: set[str] = field(default_factory=set)

    def opens(self, order_id: str, lines: Mapping[str, tuple[Decimal, Decimal]], confirmed: Decimal) -> None:
        """An order was made of what its master confirmed; it may have been told already, with its sum."""
        self.lines[order_id] = dict(lines)
        self.totals[order_id] = confirmed
        if order_id in self._made:
            self._hears_made(self._made.pop(order_id))

    def is_asked(self, order_id: str, confirmed: Decimal, total: Decimal) -> bool:
        """Whether a new order costs what was confirmed, or its master is asked whether the other sum suits."""
        made = self._made.get(order_id)
        return confirmed == total or (made is not None and (made.agreed, made.total) == (confirmed, total))

    def reads(self, text: str) -> None:
        """Note the sum of a new order, and what managers are said to have changed."""
        if (new := order_news.made(text)) is not None and new.order not in self._heard:
            self._heard.add(new.order)
            self._hears_made(new)
        if (news := order_news.edited(text)) is not None:
            self._hears_edit(news)

    def _hears_made(self, new: MadeTold) -> None:
        confirmed = self.totals.get(new.order)
        if confirmed is None:
            self._made[new.order] = new
            return
        if confirmed != (new.total if new.agreed is None else new.agreed):
            raise GuiltyError(f"{confirmed} was confirmed, and told is {new}")
        self.totals[new.order] = new.total
        lines = self.lines[new.order]
        for old, price in new.prices.items():
            name = next(name for name in lines if old.startswith(f"{name} "))
            lines[name] = (lines[name][0], price)

    def _hears_edit(self, news: Edited) -> None:
        before = self.totals[news.order]
        if (before if news.total_was is None else news.total_was) != before or news.total_was == news.total:
            raise GuiltyError(f"{before} was told before, and now is told {news}")
        if not news.edits and news.total == before:
            raise GuiltyError(f"an edit that changes nothing is told: {news}")
        if news.total_was is None and news.total != before:
            raise GuiltyError(f"{before} was told before, and now is told {news}")
        for edit in news.edits:
            self._applies(news.order, edit)
        self.totals[news.order] = news.total
        self.told[news.order] = self.told.get(news.order, 0) + 1

    def _applies(self, order_id: str, edit: EditTold) -> None:
        """Change the line; what it is said to have been must be what was told."""
        lines = self.lines[order_id]
        quantity, price = lines.pop(edit.name, NOTHING)
        said = (quantity if edit.was is None else edit.was, price if edit.price_was is None else edit.price_was)
        after = (quantity if edit.now is None else edit.now, price if edit.price_now is None else edit.price_now)
        if said != (quantity, price) or after == (quantity, price):
            raise GuiltyError(f"{quantity} at {price} was told before, and now is told {edit}")
        if after[0]:
            lines[edit.name] = after

    def audits(self, order: AtPortal) -> None:
        """All is told of an order under way."""
        if order.id not in self._heard:
            raise GuiltyError(f"nobody was told that the order {order.id} was made")
        if self.lines[order.id] != order.lines:
            raise GuiltyError(f"order {order.id} is of {order.lines}, told were {self.lines[order.id]}")
        if self.totals[order.id] != order.total:
            raise GuiltyError(f"order {order.id} costs {order.total}, told were {self.totals[order.id]}")
