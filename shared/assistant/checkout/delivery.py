"""The choice of a delivery service for the order of a confirmation.

Which there are is asked in the request that checks prices and stock, and is kept with the confirmation: choosing asks
the portal nothing. Who has ordered before gets the service of the last time.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from shared.assistant.chat_view import ChatView
from shared.assistant.checkout import amending, screens
from shared.assistant.checkout.buttons import EditDelivery, UseDelivery
from shared.assistant.checkout.pickup import pickup_job
from shared.bitrix.combine import combine
from shared.bitrix.errors import BitrixError
from shared.bitrix.portal import Operation, Portal
from shared.domain import deliveries
from shared.domain.deliveries import DeliveryService
from shared.domain.masters import Master
from shared.domain.offers import Offer
from shared.pipeline.decision import Decision
from shared.telegram.api import CallbackQuery, Router


def register(router: Router) -> None:
    """Add the handlers."""
    router.callback_query.register(ask, EditDelivery.filter())
    router.callback_query.register(use, UseDelivery.filter())


def asked_with(portal: Portal, quote: Operation[dict[str, Offer]]) -> Operation[Any]:
    """Return the quote, with the question which services there are where it is one; `told` reads what comes back."""
    services = portal.services_now()
    return quote if services is None else combine([quote, services])


def told(
    portal: Portal, value: Mapping[str, Offer] | list[Any]
) -> tuple[Mapping[str, Offer], Sequence[DeliveryService]]:
    """Return the offers, and the services to choose from: those of the settings where the portal did not tell."""
    if not isinstance(value, list):
        return value, portal.services
    offers, services = value
    return offers, portal.services if isinstance(services, BitrixError) else services


async def ask(
    callback: CallbackQuery, callback_data: EditDelivery, decision: Decision, view: ChatView, master: Master
) -> None:
    """Ask for a delivery service, in the confirmation's place."""
    checkout = await amending.shown(callback_data.checkout, decision, master)
    if checkout is None:
        amending.too_late(view)
        return
    view.toast()
    view.show(screens.choose_delivery(checkout))


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
