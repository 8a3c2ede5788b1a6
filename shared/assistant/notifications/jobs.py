"""The jobs that look at an order again, to tell its master what is new.

Whatever happens at the portal, there is one job per order (`sync_order:<id>`): ten events of a second are one look.
Events that tell a status have a job for each status (`sync_order:<id>:<code>`), so that none of them is forgotten.
This module knows no screens: `bitrix_webhook` imports it and must not load aiogram.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from shared.pipeline.jobs import Job, Lane
from shared.pipeline.payloads import UNLESS_DEFAULT, Payload

SYNC_ORDER = "sync_order"
FIND_ORDER = "find_order"
FIND_DEALS_ORDERS = "find_deals_orders"


@dataclass(frozen=True)
class SyncOrderPayload(Payload):
    """The order's id; where the event told them, its new status in the portal's own word, and why.

    `surely`: the second of two looks, which began after the first was over.
    """

    order: str
    status: str = field(default="", metadata=UNLESS_DEFAULT)
    reason: str = field(default="", metadata=UNLESS_DEFAULT, repr=False)
    surely: bool = field(default=False, metadata=UNLESS_DEFAULT)


@dataclass(frozen=True)
class FindOrderPayload(Payload):
    """A part of an order: `what` it is, `payment` or `shipment`, its id, what its event said."""

    what: str
    part: str
    status: str = field(default="", metadata=UNLESS_DEFAULT)
    reason: str = field(default="", metadata=UNLESS_DEFAULT, repr=False)


@dataclass(frozen=True)
class FindDealsOrdersPayload(Payload):
    """A deal's id."""

    deal: str


def sync_job(order_id: str, status: str = "", reason: str = "") -> Job:
    """Return the job that looks at an order again: one per order, and per status that an event tells."""
    payload = SyncOrderPayload(order_id, status, reason)
    name = ":".join(filter(None, (SYNC_ORDER, order_id, status)))
    return Job(SYNC_ORDER, Lane.READ, payload.as_data(), id=name, lasting=True)


def second_look_job(order_id: str) -> Job:
    """Return the job that makes sure of what one look showed: another's answer may have been read before it."""
    payload = SyncOrderPayload(order_id, surely=True)
    return Job(SYNC_ORDER, Lane.READ, payload.as_data(), id=f"{SYNC_ORDER}:{order_id}:surely", lasting=True)


def find_job(what: str, part_id: str, status: str = "", reason: str = "") -> Job:
    """Return the job that finds the order of a `payment` or `shipment`, where an event names only the part."""
    payload = FindOrderPayload(what, part_id, status, reason).as_data()
    name = ":".join(filter(None, (FIND_ORDER, what, part_id, status)))
    return Job(FIND_ORDER, Lane.READ, payload, id=name, lasting=True)


def find_deals_orders_job(deal_id: str) -> Job:
    """Return the job that finds the orders of a deal: its events name only the deal."""
    payload = FindDealsOrdersPayload(deal_id).as_data()
    return Job(FIND_DEALS_ORDERS, Lane.READ, payload, id=f"{FIND_DEALS_ORDERS}:{deal_id}", lasting=True)
