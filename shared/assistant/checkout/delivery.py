"""The choice of a delivery service, and of hours, for the order of a confirmation.

Which there are is asked in the request that checks prices and stock, and is kept with the confirmation: choosing asks
the portal nothing. Who has ordered before gets the service of the last time.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from shared.assistant.chat_view import ChatView, Screen
from shared.assistant.checkout import amending, question_screens
from shared.assistant.checkout.buttons import EditDelivery, EditSlot, UseDelivery, UseSlot
from shared.assistant.checkout.pickup import pickup_job
from shared.bitrix.combine import combine
from shared.bitrix.errors import BitrixError
from shared.bitrix.portal import Operation, Portal
from shared.domain import deliveries
from shared.domain.checkouts import Checkout
from shared.domain.deliveries import DeliveryService, DeliverySlot
from shared.domain.masters import Master
from shared.domain.offers import Offer
from shared.pipeline.decision import Decision
from shared.telegram.api import CallbackQuery, Router

MOST_SLOTS = 20
"""Hours that are offered: a keyboard has room for so many."""


def register(router: Router) -> None:
    """Add the handlers."""
    router.callback_query.register(ask, EditDelivery.filter())
    router.callback_query.register(use, UseDelivery.filter())
    router.callback_query.register(ask_hours, EditSlot.filter())
    router.callback_query.register(use_hours, UseSlot.filter())


@dataclass(frozen=True)
class Told:
    """What came back of the check before a confirmation: prices and stock, and what there is to choose from."""

    offers: Mapping[str, Offer]
    services: Sequence[DeliveryService]
    slots: Sequence[DeliverySlot] = ()


def asked_with(portal: Portal, quote: Operation[dict[str, Offer]]) -> Operation[Any]:
    """Return the quote, with the questions what there is to choose from; `told` reads what comes back."""
    more = [operation for operation in (portal.services_now(), portal.slots()) if operation is not None]
    return combine([quote, *more]) if more else quote


def told(portal: Portal, value: Mapping[str, Offer] | list[Any]) -> Told:
    """Return what came back: the settings' services where the portal did not tell, no hours where it did not."""
    if not isinstance(value, list):
        return Told(value, portal.services)
    offers, *more = value
    services = more.pop(0) if portal.services_now() is not None else portal.services
    slots = more.pop(0) if more else ()
    return Told(offers, portal.services if isinstance(services, BitrixError) else services, _came(slots))


def _came(slots: Sequence[DeliverySlot] | BitrixError) -> Sequence[DeliverySlot]:
    return () if isinstance(slots, BitrixError) else slots[:MOST_SLOTS]


async def ask(
    callback: CallbackQuery, callback_data: EditDelivery, decision: Decision, view: ChatView, master: Master
) -> None:
    """Ask for a delivery service, in the confirmation's place."""
    await _ask(callback_data.checkout, question_screens.choose_delivery, decision, view, master)


async def use(
    callback: CallbackQuery, callback_data: UseDelivery, decision: Decision, view: ChatView, master: Master
) -> None:
    """Show the confirmation with this service, in place; of a pick-up ask first at which store."""
    checkout = await amending.shown(callback_data.checkout, decision, master)
    service = checkout and deliveries.chosen(checkout.services, callback_data.service)
    if checkout is not None and service is not None and service.pickup:
        view.toast()
        await decision.enqueue(pickup_job(view.target, checkout, service.id))
        return
    await amending.in_place(callback_data.checkout, decision, view, master, delivery=callback_data.service)


async def ask_hours(
    callback: CallbackQuery, callback_data: EditSlot, decision: Decision, view: ChatView, master: Master
) -> None:
    """Ask when it shall be brought, in the confirmation's place."""
    await _ask(callback_data.checkout, question_screens.choose_hours, decision, view, master)


async def _ask(
    checkout_id: str, screen: Callable[[Checkout], Screen], decision: Decision, view: ChatView, master: Master
) -> None:
    checkout = await amending.shown(checkout_id, decision, master)
    if checkout is None:
        amending.too_late(view)
        return
    view.toast()
    view.show(screen(checkout))


async def use_hours(
    callback: CallbackQuery, callback_data: UseSlot, decision: Decision, view: ChatView, master: Master
) -> None:
    """Show the confirmation with these hours, in place."""
    checkout = await amending.shown(callback_data.checkout, decision, master)
    slots = checkout.slots if checkout is not None else ()
    slot = slots[callback_data.index].value if 0 <= callback_data.index < len(slots) else ""
    await amending.in_place(callback_data.checkout, decision, view, master, slot=slot)
