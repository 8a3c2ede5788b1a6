"""An order's parcels, where there are several: which of them left or came since its master last heard of them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum

from shared.domain.orders import Order, Shipment


class ParcelStage(StrEnum):
    """How far a parcel is."""

    SENT = "sent"
    THERE = "there"


@dataclass(frozen=True)
class ParcelNews:
    """The `number`-th of `count` parcels, counted from 1, and how far it is now."""

    shipment: Shipment
    number: int
    count: int
    stage: ParcelStage


def parcel_news(order: Order, told: Mapping[str, ParcelStage]) -> list[ParcelNews]:
    """Return what is new; an order of one parcel has its status for that."""
    return [it for it in _under_way(order) if told.get(it.shipment.id) not in (it.stage, ParcelStage.THERE)]


def stages(order: Order) -> dict[str, ParcelStage]:
    """Return how far the parcels are, of an order that has several."""
    return {it.shipment.id: it.stage for it in _under_way(order)}


def _under_way(order: Order) -> Iterator[ParcelNews]:
    count = len(order.shipments)
    for number, shipment in enumerate(order.shipments, 1):
        if count > 1 and (shipment.delivered or shipment.handed_over):
            stage = ParcelStage.THERE if shipment.delivered else ParcelStage.SENT
            yield ParcelNews(shipment, number, count, stage)


def way_of(order: Order) -> str:
    """Return the days and the tracking numbers of an order's parcels, to be compared with those told before."""
    known = [f"{it.eta or ''} {it.tracking_number}".strip() for it in order.shipments]
    return "; ".join(filter(None, known))
