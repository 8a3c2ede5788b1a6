"""A master cancels his order while it is allowed: asked once more, read once more, then one write.

```mermaid
stateDiagram-v2
    [*] --> asked: «Отменить заказ»
    asked --> checking: «Да, отменить» (job check_call_off:<order>)
    checking --> canceling: unpaid and still in the store (job call_off:<order>)
    checking --> told: it is too late, or done already
    canceling --> told
    told --> [*]
```

While one of the two jobs is under way every further tap is answered by a toast. The write may be sent again after a
doubt: the portal does nothing to a canceled order, and refuses one that was paid meanwhile.
"""

from __future__ import annotations

from collections.abc import Sequence

from shared.assistant import texts
from shared.assistant.buttons import AgreeToCallOff, CallOff
from shared.assistant.checkout import screens
from shared.assistant.desk import Desk, Place, Screen
from shared.assistant.kind import Kind, address_of, place
from shared.assistant.masters import Master
from shared.assistant.orders import orders
from shared.assistant.orders.orders import KnownOrder
from shared.assistant.orders.screens import unknown
from shared.assistant.statuses import can_cancel
from shared.bitrix.model import Order, Status
from shared.bitrix.portal import Operation, Portal
from shared.pipeline.jobs import Job, Lane, is_under_way
from shared.pipeline.kinds import JobKind
from shared.pipeline.outcomes import Refused, Unknown
from shared.pipeline.turn import Turn
from shared.telegram.api import CallbackQuery, Router

CHECK = "check_call_off"
WRITE = "call_off"

BY_MASTER = "по просьбе мастера"
"""Reason of cancellation, for the portal's people and for the master."""


def register(router: Router) -> None:
    """Add the handlers."""
    router.callback_query.register(ask, CallOff.filter())
    router.callback_query.register(agree, AgreeToCallOff.filter())


async def ask(callback: CallbackQuery, callback_data: CallOff, turn: Turn, desk: Desk, master: Master) -> None:
    """Ask whether he means it."""
    known = await _his(callback_data.order, turn, desk, master)
    if known is not None:
        desk.toast()
        desk.show(screens.ask_call_off(known.id, known.total, known.currency))


async def agree(callback: CallbackQuery, callback_data: AgreeToCallOff, turn: Turn, desk: Desk, master: Master) -> None:
    """Have the order read once more: what was shown may be old."""
    known = await _his(callback_data.order, turn, desk, master)
    if known is not None:
        desk.toast(texts.labels.CALLING_OFF)
        desk.buttons(screens.calling_off_keyboard())
        await turn.want(_job(CHECK, Lane.READ, desk.place, known.id))


async def _his(order_id: str, turn: Turn, desk: Desk, master: Master) -> KnownOrder | None:
    """Return the order if it is his and nothing is under way with it; else say so."""
    known = await orders.load_of(turn.unit, order_id, master.telegram_id)
    if known is None:
        desk.say(unknown(order_id))
        return None
    for kind in (CHECK, WRITE):
        if await is_under_way(turn.unit, f"{kind}:{known.id}"):
            desk.toast(texts.checkout.calling_off())
            return None
    return known


def _job(kind: str, lane: Lane, where: Place, order_id: str) -> Job:
    return Job(kind, lane, {**address_of(where), "order": order_id}, id=f"{kind}:{order_id}")


async def _called_off(job: Job, reason: str, turn: Turn) -> None:
    """Tell that it is canceled, in one commit with the record of it: the news of the portal is told only once."""
    known = await orders.load(turn.unit, job.payload["order"])
    if known is None:
        return
    if Status.CANCELED in known.shown:
        Desk(turn, place(job)).show(screens.about_order(texts.checkout.called_off(known.id), known.id))
        return
    known.told([Status.CANCELED]).save(turn.unit)
    Desk(turn, place(job)).show(screens.order_canceled(known.id, reason))


class CheckCallOff(Kind):
    """The look before the write."""

    def __init__(self, portal: Portal, operators_chat_id: int | None) -> None:
        super().__init__(operators_chat_id)
        self._portal = portal

    def plan(self, job: Job) -> Operation[Order]:
        """Ask for the order."""
        return self._portal.order(job.payload["order"])

    def trouble(self, job: Job) -> Screen:
        """Say that nothing was canceled."""
        return screens.about_order(texts.checkout.call_off_silent(), job.payload["order"])

    async def done(self, job: Job, value: Order, turn: Turn) -> None:
        """Go on to the write, or say why not."""
        if value.status is Status.CANCELED:
            await _called_off(job, value.reason, turn)
        elif can_cancel(value):
            await turn.want(_job(WRITE, Lane.WRITE, place(job), job.payload["order"]))
        else:
            too_late = texts.checkout.too_late_to_call_off(job.payload["order"])
            Desk(turn, place(job)).show(screens.about_order(too_late, job.payload["order"]))


class CallOffOrder(Kind):
    """The write."""

    def __init__(self, portal: Portal, operators_chat_id: int | None) -> None:
        super().__init__(operators_chat_id)
        self._portal = portal

    def plan(self, job: Job) -> Operation[None]:
        """Cancel it; after a doubt once more, which does no harm."""
        return self._portal.cancel_order(job.payload["order"], BY_MASTER)

    def details(self, job: Job) -> str:
        """Return the order and whose it is."""
        return texts.operators.call_off_by_hand(job.payload["order"], job.payload["chat_id"])

    async def done(self, job: Job, value: None, turn: Turn) -> None:
        """Tell it."""
        await _called_off(job, BY_MASTER, turn)

    async def unsure(self, job: Job, reason: Unknown, turn: Turn) -> None:
        """Say that it is being found out."""
        self._say(job, texts.checkout.call_off_unsure(), turn)

    async def failed(self, job: Job, reason: Refused, turn: Turn) -> None:
        """Tell what is known: refused, or never found out."""
        lost = reason.unsure
        self._say(job, texts.checkout.call_off_lost() if lost else texts.checkout.call_off_refused(), turn)
        self.report(job, reason, turn)

    def _say(self, job: Job, text: str, turn: Turn) -> None:
        Desk(turn, place(job)).show(screens.about_order(text, job.payload["order"]))


def kinds(portal: Portal, operators_chat_id: int | None) -> Sequence[tuple[str, JobKind]]:
    """Return the two kinds."""
    return (
        (CHECK, CheckCallOff(portal, operators_chat_id)),
        (WRITE, CallOffOrder(portal, operators_chat_id)),
    )
