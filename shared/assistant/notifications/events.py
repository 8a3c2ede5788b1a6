"""The decisions that an event of the portal leads to.

This module loads no aiogram: `bitrix_webhook` starts fast.
"""

from __future__ import annotations

import logging

from shared.assistant.notifications.jobs import find_deals_orders_job, find_job, sync_job
from shared.assistant.returns import scheduling
from shared.bitrix.events import Event, EventKind
from shared.domain import order_parts
from shared.log_events import LogEvent, log_event
from shared.pipeline.decision import Decision
from shared.store.collections import ORDERS, RETURNS
from shared.store.port import Key

log = logging.getLogger(__name__)


def known_by(event: Event) -> list[Key]:
    """Return the records that decide about the event of an order or a return: they are read with the event's own."""
    if event.kind is EventKind.ORDER and event.order_id is not None:
        return [ORDERS.key(event.order_id), sync_job(event.order_id, event.status).key]
    if event.kind is EventKind.RETURN and event.rma_id is not None:
        return [RETURNS.key(event.rma_id), scheduling.sync_job(event.rma_id, event.status).key]
    return []


async def look_again(event: Event, decision: Decision) -> None:
    """Have the order or return read again if it is ours: a look costs one of the portal's two calls a second."""
    if event.kind is EventKind.PAYMENT and event.payment_id is not None:
        await _look_for("payment", event.payment_id, event, decision)
    elif event.kind is EventKind.SHIPMENT and event.shipment_id is not None:
        await _look_for("shipment", event.shipment_id, event, decision)
    elif event.kind is EventKind.ORDER and event.order_id is not None:
        await look_again_at(event.order_id, decision, event.status, event.reason)
    elif event.kind is EventKind.RETURN and event.rma_id is not None:
        await scheduling.look_again_at(event.rma_id, decision, event.status, event.reason)
    elif (
        event.kind is EventKind.DEAL
        and event.deal_id is not None
        and not await order_parts.is_echo(decision.unit, event.deal_id)
    ):
        await look_again_at_deal(event.deal_id, decision)


async def _look_for(what: str, part_id: str, event: Event, decision: Decision) -> None:
    """Look at the part's order again; the portal is asked which that is only if nobody knows yet."""
    order_id = await order_parts.order_of(decision.unit, what, part_id)
    if order_id is None:
        await decision.enqueue(find_job(what, part_id, event.status, event.reason), background=True)
    elif order_id != order_parts.NONE:
        await look_again_at(order_id, decision, event.status, event.reason)


async def look_again_at_deal(deal_id: str, decision: Decision) -> None:
    """Look at the orders of a deal again; the portal is asked which those are only if nobody knows yet."""
    orders = await order_parts.orders_of_deal(decision.unit, deal_id)
    if orders is None:
        await decision.enqueue(find_deals_orders_job(deal_id), background=True)
        return
    for order_id in orders:
        await look_again_at(order_id, decision)


async def look_again_at(order_id: str, decision: Decision, status: str = "", reason: str = "") -> None:
    """Have the order read again if it was made here: its record need not be understood for that."""
    if await decision.unit.get(ORDERS.key(order_id)) is None:
        log_event(log, logging.INFO, LogEvent.FOREIGN_ORDER, "not our order", order=order_id)
        return
    await decision.enqueue(sync_job(order_id, status, reason), background=True)
