"""The orders as the simulated portal has them, in the same words for both dialects."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from infra.local.portal import Portal
from infra.local.portal.native.deal_book import STAGES
from infra.local.portal.orders import Order
from shared.status import Status
from tests.stateful.reading import LIFE

RANKS = {
    Status.NEW: 0,
    Status.PAYED: 1,
    Status.WAITING_FOR_DELIVERY: 2,
    Status.SHIPPED: 3,
    Status.DELIVERED: 4,
    Status.FINISHED: 5,
    Status.CANCELED: 6,
}
"""The place of a status in an order's life, as `reading.LIFE` has their sentences."""
assert len(RANKS) == len(LIFE)


@dataclass(frozen=True)
class Parcel:
    """A parcel: whether it left, whether it came, its number."""

    sent: bool
    there: bool
    tracking: str


@dataclass(frozen=True)
class AtPortal:
    """An order: `lines` has quantity and price by name; `bill` is the sum of its payments, made or not.

    `part` is what is paid while that does not cover it, `returned` what was given back.
    """

    id: str
    rank: int
    lines: Mapping[str, tuple[Decimal, Decimal]]
    total: Decimal
    paid: bool
    part: Decimal
    returned: Decimal
    bill: Decimal
    parcels: tuple[Parcel, ...]
    service: str

    @property
    def in_work(self) -> bool:
        """Whether it is not over."""
        return self.rank < RANKS[Status.FINISHED]


def orders_at(portal: Portal, stages: Mapping[str, Status]) -> dict[str, AtPortal]:
    """Return all orders by id, those that a return stands in for left out; `stages` is what a deal's stages mean."""
    found = [order for order in portal.front.orders.all() if order.status in RANKS]
    read = _native if portal.states is not None else _contract
    return {order.id: read(portal, order, stages) for order in found}


def _lines(order: Order) -> Mapping[str, tuple[Decimal, Decimal]]:
    return {line.name: (line.quantity, line.price) for line in order.lines}


def _contract(_portal: Portal, order: Order, _stages: Mapping[str, Status]) -> AtPortal:
    there = order.status in (Status.DELIVERED, Status.FINISHED)
    return AtPortal(
        id=order.id,
        rank=_rank(order, {}),
        lines=_lines(order),
        total=order.total,
        paid=order.paid,
        part=Decimal(0),
        returned=Decimal(0),
        bill=order.total,
        parcels=(Parcel(order.handed_over, there, order.tracking),),
        service=order.delivery_id,
    )


def _native(portal: Portal, order: Order, stages: Mapping[str, Status]) -> AtPortal:
    kept = portal.native.ledger.known(int(order.id))
    there = portal.native.options.native.delivered_status
    payments = [one for one in kept.payments if not one.returned]
    return AtPortal(
        id=order.id,
        rank=_rank(order, stages),
        lines=_lines(order),
        total=order.total,
        paid=order.paid,
        part=Decimal(0) if kept.payed or kept.paid_sum >= kept.price else kept.paid_sum,
        returned=sum((one.amount for one in kept.payments if one.returned), Decimal(0)),
        bill=sum((one.amount for one in payments), Decimal(0)),
        parcels=tuple(Parcel(one.deducted, one.status_id == there, one.tracking_number) for one in kept.own_shipments),
        service=order.delivery_id,
    )


def _rank(order: Order, stages: Mapping[str, Status]) -> int:
    """Return how far it is: its own flags or its deal's stage, whichever is further; an end counts from either.

    That it is paid is a step only of an order that is paid by link.
    """
    stage = stages.get(order.deal.stage) if order.deal is not None and order.deal.stage in STAGES else None
    own = RANKS[order.status] if order.pay_token or order.status is not Status.PAYED else 0
    return max(own, RANKS[stage] if stage is not None else 0)
