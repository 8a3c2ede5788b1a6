"""The choice of a store to fetch an order at.

What the stores have is asked when he wants to choose, because stock is never cached (spec §5); who has fetched an order
before gets the store of the last time.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from shared.assistant.chat_view import ChatTarget, ChatView
from shared.assistant.checkout import amending, question_screens, told_changes
from shared.assistant.checkout.buttons import UseStore
from shared.assistant.job_handler import ChatPayload, MasterJobHandler
from shared.bitrix.portal import Operation
from shared.domain import checkouts
from shared.domain.checkout_changes import Change
from shared.domain.checkouts import Checkout, CheckoutStage
from shared.domain.deliveries import StockedPoint
from shared.domain.masters import Master
from shared.pipeline.decision import Decision
from shared.pipeline.jobs import Job, Lane
from shared.pipeline.payloads import UNLESS_DEFAULT
from shared.telegram.api import CallbackQuery, Router

PICKUP_POINTS = "pickup_points"
MOST_POINTS = 10
"""Stores that are offered: a message has room for so many, and nobody reads more."""


def register(router: Router) -> None:
    """Add the handler."""
    router.callback_query.register(use, UseStore.filter())


@dataclass(frozen=True)
class PickupPointsPayload(ChatPayload):
    """The confirmation whose goods are to be fetched, the delivery service for it, and the goods.

    `first`: its master has not seen it yet; `notice` is what differs from his cart, "" where nothing does.
    """

    checkout: str
    service: str
    products: tuple[str, ...]
    first: bool = field(default=False, metadata=UNLESS_DEFAULT)
    notice: str = field(default="", metadata=UNLESS_DEFAULT)


def pickup_job(target: ChatTarget, checkout: Checkout, service_id: str) -> Job:
    """Return the job that shows the stores where an order can be fetched."""
    return Job(PICKUP_POINTS, Lane.READ, _payload(target, checkout, service_id).as_data())


def _payload(target: ChatTarget, checkout: Checkout, service_id: str) -> PickupPointsPayload:
    products = tuple(line.product_id for line in checkout.lines)
    return PickupPointsPayload(target, checkout.id, service_id, products)


async def ask_first(decision: Decision, target: ChatTarget, checkout: Checkout, changes: Sequence[Change]) -> None:
    """Have a store chosen for an order that its master wants to fetch, before he sees what he is to confirm."""
    await checkouts.present(decision.unit, checkout)
    notice = told_changes.all_told(checkout, changes) if changes else ""
    payload = replace(_payload(target, checkout, checkout.delivery), first=True, notice=notice)
    await decision.enqueue(Job(PICKUP_POINTS, Lane.READ, payload.as_data()))


class PickupPointsHandler(MasterJobHandler):
    """Where an order can be fetched, and what is there."""

    def plan(self, job: Job) -> Operation[Sequence[StockedPoint]]:
        """Ask for the stores. LookupError where there are none to ask for: such a job is never wanted."""
        operation = self._portal.pickup_points(PickupPointsPayload.from_data(job.payload).products)
        if operation is None:
            raise LookupError("nothing is fetched at this shop's stores")
        return operation

    async def done(self, job: Job, value: Sequence[StockedPoint], decision: Decision) -> None:
        """Show the stores, those first that have most of the order, and keep them with the confirmation."""
        payload = PickupPointsPayload.from_data(job.payload)
        view = ChatView(decision, payload.target)
        checkout = await checkouts.load(decision.unit, payload.checkout)
        if checkout is None or checkout.stage is not CheckoutStage.SHOWN:
            amending.too_late(view)
            return
        wanted = {line.product_id: line.quantity for line in checkout.lines}
        stores = sorted(value, key=lambda store: -(store.holds(wanted) or 0))[:MOST_POINTS]
        if payload.first and len(stores) == 1 and stores[0].holds(wanted) in (None, len(wanted)):
            # There is nothing to choose, and what he would be told stands on the confirmation.
            only = {"delivery": payload.service, "pickup": stores[0].point}
            view.show(await amending.replaced(decision, checkout, payload.notice, **only))
            return
        replace(checkout, points=tuple(store.point for store in stores)).save(decision.unit)
        view.show(question_screens.choose_store(checkout, payload.service, stores, payload.notice))


async def use(
    callback: CallbackQuery, callback_data: UseStore, decision: Decision, view: ChatView, master: Master
) -> None:
    """Show the confirmation of an order that is fetched at this store, in place."""
    checkout = await amending.shown(callback_data.checkout, decision, master)
    points = checkout.points if checkout is not None else ()
    point = next((one for one in points if one.id == callback_data.store), None)
    if checkout is None or point is None:
        amending.too_late(view)
        return
    await amending.in_place(checkout.id, decision, view, master, delivery=callback_data.service, pickup=point)
