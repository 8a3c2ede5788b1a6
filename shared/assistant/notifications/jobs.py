"""The jobs that look at an order again, to tell its master what is new.

Whatever happens at the portal, there is one job per order (`sync_order:<id>`): ten events of a second are one look.
This module knows no screens: `bitrix_webhook` imports it and must not load aiogram.
"""

from __future__ import annotations

from dataclasses import dataclass

from shared.pipeline.jobs import Job, Lane
from shared.pipeline.payloads import Payload

SYNC_ORDER = "sync_order"
FIND_ORDER = "find_order"


@dataclass(frozen=True)
class SyncOrderPayload(Payload):
    """The order's id."""

    order: str


@dataclass(frozen=True)
class FindOrderPayload(Payload):
    """A part of an order: `what` it is, `payment` or `shipment`, and its id."""

    what: str
    part: str


def sync_job(order_id: str) -> Job:
    """Return the job that looks at an order again."""
    payload = SyncOrderPayload(order_id).as_data()
    return Job(SYNC_ORDER, Lane.READ, payload, id=f"{SYNC_ORDER}:{order_id}", lasting=True)


def find_job(what: str, part_id: str) -> Job:
    """Return the job that finds the order of a `payment` or `shipment`: a real portal's event names only the part."""
    payload = FindOrderPayload(what, part_id).as_data()
    return Job(FIND_ORDER, Lane.READ, payload, id=f"{FIND_ORDER}:{what}:{part_id}", lasting=True)
