"""What an event of the portal leads to. Loads no aiogram: `bitrix_webhook` starts fast (ARCHITECTURE §2)."""

from __future__ import annotations

import logging

from shared.assistant.notifications.jobs import sync_job
from shared.assistant.orders.orders import load
from shared.bitrix.events import Event, EventKind
from shared.pipeline.turn import Turn

log = logging.getLogger(__name__)


async def look_again(event: Event, turn: Turn) -> None:
    """Have the order read again, if it is one of ours: a look costs one of the portal's two calls a second."""
    if event.kind is not EventKind.ORDER or event.order_id is None:
        return
    if await load(turn.unit, event.order_id) is None:
        log.info("not our order", extra={"fields": {"event": "foreign_order", "order": event.order_id}})
        return
    await turn.want(sync_job(event.order_id), background=True)
