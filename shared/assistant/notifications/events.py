"""What an event of the portal leads to. Loads no aiogram: `bitrix_webhook` starts fast (ARCHITECTURE §2)."""

from __future__ import annotations

import logging

from shared.assistant.notifications.jobs import find_job, sync_job
from shared.assistant.orders.orders import load
from shared.assistant.returns import wishes
from shared.bitrix.events import Event, EventKind
from shared.pipeline.turn import Turn

log = logging.getLogger(__name__)


async def look_again(event: Event, turn: Turn) -> None:
    """Have the order or return read again if it is ours: a look costs one of the portal's two calls a second."""
    if event.kind is EventKind.PAYMENT and event.payment_id is not None:
        await turn.want(find_job("payment", event.payment_id), background=True)
    elif event.kind is EventKind.SHIPMENT and event.shipment_id is not None:
        await turn.want(find_job("shipment", event.shipment_id), background=True)
    elif event.kind is EventKind.ORDER and event.order_id is not None:
        await look_again_at(event.order_id, turn)
    elif event.kind is EventKind.RETURN and event.rma_id is not None:
        await wishes.look_again_at(event.rma_id, turn)


async def look_again_at(order_id: str, turn: Turn) -> None:
    """Have the order read again if it was made here."""
    if await load(turn.unit, order_id) is None:
        log.info("not our order", extra={"fields": {"event": "foreign_order", "order": order_id}})
        return
    await turn.want(sync_job(order_id), background=True)
