"""The status of a real portal's order, one of the ten (shared/bitrix/README.md, «Statuses»).

An order's code, the codes and flags of its shipments and the flags `canceled` and `payed` each suggest a status; the
most telling one counts. A paid order that is being prepared is `WAITING_FOR_DELIVERY`, its payment is `Order.paid`.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator, Mapping, Sequence

from shared.bitrix.errors import UnknownStatus
from shared.bitrix.fields import Row, find, flag, text
from shared.status import Status

log = logging.getLogger(__name__)

USUAL: Mapping[str, Status | None] = {
    "N": Status.NEW,
    "P": Status.WAITING_FOR_DELIVERY,
    "S": Status.SHIPPED,
    "D": Status.CANCELED,
    "F": Status.FINISHED,
    "DN": None,
    "DF": Status.SHIPPED,
    "DD": None,
}
"""The codes every portal has; those of shipments that say nothing about the order are None."""
_MOST_TELLING = (
    Status.RETURN_REJECTED,
    Status.RETURN_COMPLETED,
    Status.RETURN_IN_PROGRESS,
    Status.CANCELED,
    Status.FINISHED,
    Status.DELIVERED,
    Status.SHIPPED,
    Status.WAITING_FOR_DELIVERY,
    Status.PAYED,
)


_THERE = frozenset({Status.DELIVERED, Status.FINISHED})


def is_there(shipment: Row, status_map: Mapping[str, Status]) -> bool:
    """Tell whether a parcel came, by its own code."""
    return known(text(shipment, "statusId"), status_map) in _THERE


def derived(order: Row, shipments: Sequence[Row], status_map: Mapping[str, Status]) -> Status:
    """Return the status. A code that neither the portal's usual ones nor the map have is logged, and tells nothing.

    `shipments` are without those of the system.
    """
    if flag(find(order, "canceled") or "N", "canceled"):
        return Status.CANCELED
    suggested = {_told(text(order, "statusId"), status_map)}
    parcels = [set(_of_shipment(shipment, status_map)) for shipment in shipments]
    # An order is there when all of it is: one parcel of two that came is on its way as a whole.
    all_there = all(parcel & _THERE for parcel in parcels)
    for parcel in parcels:
        suggested |= parcel if all_there else {Status.SHIPPED if one in _THERE else one for one in parcel}
    if flag(find(order, "payed") or "N", "payed"):
        suggested.add(Status.PAYED)
    return next((status for status in _MOST_TELLING if status in suggested), Status.NEW)


def _of_shipment(shipment: Row, status_map: Mapping[str, Status]) -> Iterator[Status | None]:
    if code := text(shipment, "statusId"):
        yield _told(code, status_map)
    if flag(find(shipment, "deducted") or "N", "deducted"):
        yield Status.SHIPPED
    if flag(find(shipment, "allowDelivery") or "N", "allowDelivery"):
        yield Status.WAITING_FOR_DELIVERY


def known(code: str, status_map: Mapping[str, Status]) -> Status | None:
    """Return what a code means by itself; None for one that says nothing or that nobody knows."""
    return {**USUAL, **status_map}.get(code) or Status.__members__.get(code)


def _told(code: str, status_map: Mapping[str, Status]) -> Status | None:
    """Return what a code means; the log is told of one that nobody knows."""
    meaning = known(code, status_map)
    if meaning is None and code not in USUAL:
        # The error keeps a code only if it looks like one: a log never holds what somebody typed.
        unknown = UnknownStatus(code).status
        log.error("an order or a shipment has the unknown status %s; add it to BITRIX_STATUS_MAP", unknown)
    return meaning
