"""An order as the portal has it now."""

from __future__ import annotations

from collections.abc import Sequence
from zoneinfo import ZoneInfo

from shared.assistant.desk import Desk, Place
from shared.assistant.kind import Kind, address_of, place
from shared.assistant.orders import orders, screens
from shared.bitrix.errors import NotFound
from shared.bitrix.model import Order
from shared.bitrix.portal import Operation, Portal
from shared.pipeline.jobs import Job, Lane
from shared.pipeline.kinds import JobKind
from shared.pipeline.outcomes import Refused
from shared.pipeline.turn import Turn

SHOW_ORDER = "show_order"


def show_job(where: Place, order_id: str) -> Job:
    """Return the job that shows an order."""
    return Job(SHOW_ORDER, Lane.READ, {**address_of(where), "order": order_id})


class ShowOrder(Kind):
    """The order with its payments and shipments."""

    def __init__(self, portal: Portal, operators_chat_id: int | None, zone: ZoneInfo) -> None:
        super().__init__(operators_chat_id)
        self._portal = portal
        self._zone = zone

    def plan(self, job: Job) -> Operation[Order]:
        """Ask for the order."""
        return self._portal.order(job.payload["order"], with_stores=True)

    async def failed(self, job: Job, reason: Refused, turn: Turn) -> None:
        """Say when it is the portal that has it no more; only that the portal is silent is worth another try."""
        if reason.code != NotFound.usual_code:
            await super().failed(job, reason, turn)
            return
        self.report(job, reason, turn)
        Desk(turn, place(job)).show(screens.gone(job.payload["order"]))

    async def done(self, job: Job, value: Order, turn: Turn) -> None:
        """Show it. It does not count as telling the status: the message about it is still to come."""
        known = await orders.load(turn.unit, job.payload["order"])
        if known is not None:
            today = turn.now.astimezone(self._zone).date()
            Desk(turn, place(job)).show(screens.order(known, value, today))


def kinds(portal: Portal, operators_chat_id: int | None, zone: ZoneInfo) -> Sequence[tuple[str, JobKind]]:
    """Return this capability's part of the registry."""
    return ((SHOW_ORDER, ShowOrder(portal, operators_chat_id, zone)),)
