"""What was told of the parcels of orders: each as it leaves and as it comes, each number, once."""

from dataclasses import dataclass, field

from tests.stateful import order_news
from tests.stateful.hearing import GuiltyError
from tests.stateful.order_news import ParcelTold
from tests.stateful.portal_books import AtPortal
from tests.stateful.reading import LIFE

SENT, THERE = LIFE.index("Курьер уже в пути"), LIFE.index("Заказ доставлен")


@dataclass
class ParcelBook:
    """By order: whether each parcel was told to have left (False) or come (True), and the days and numbers told."""

    stages: dict[str, dict[int, bool]] = field(default_factory=dict)
    ways: dict[str, set[str]] = field(default_factory=dict)

    def reads(self, text: str) -> None:
        """Note the parcels and numbers of a message about an order."""
        order = order_news.order_of(text)
        if order is None:
            return
        for parcel in order_news.parcels(text):
            self._hears(order, parcel)
        told, way = self.ways.setdefault(order, set()), set(order_news.way(text))
        if order_news.is_way_changed(text) and way <= told:
            raise GuiltyError(f"of {order} were told {told}, and now again {way}")
        told |= way

    def _hears(self, order: str, parcel: ParcelTold) -> None:
        stages = self.stages.setdefault(order, {})
        known = stages.get(parcel.number)
        if parcel.number > parcel.count or known in (True, parcel.there):
            raise GuiltyError(f"of {order} were told {stages}, and now is told {parcel}")
        stages[parcel.number] = parcel.there

    def audits(self, order: AtPortal, rank: int) -> None:
        """All is told of the parcels of an order that is on its way; `rank` is the furthest status told."""
        if not order.in_work or order.rank >= THERE:
            return
        told = self.stages.get(order.id, {})
        for number, parcel in enumerate(order.parcels, 1):
            if len(order.parcels) > 1 and parcel.sent and told.get(number) is not parcel.there:
                raise GuiltyError(f"{order.id}: parcel {number} is {parcel}, told were {told}")
        numbers = {parcel.tracking for parcel in order.parcels if parcel.tracking}
        if rank >= SENT and order.rank == SENT and not numbers <= self.ways.get(order.id, set()):
            raise GuiltyError(f"{order.id} goes by {numbers}, told were {self.ways.get(order.id)}")
