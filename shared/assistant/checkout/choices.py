"""What of a confirmation's choices the portal still has at the tap, asked in the request that checks its goods.

A portal refuses a delivery service that is gone, but not one that was switched off (shared/bitrix/CORE.md, «12.
Delivery»): an order would go by what nobody offers any more.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from shared.assistant import texts
from shared.assistant.checkout.delivery import MOST_SLOTS
from shared.assistant.checkout.payloads import OrderPayload
from shared.bitrix.combine import combine
from shared.bitrix.errors import BitrixError
from shared.bitrix.portal import Operation, Portal
from shared.domain import deliveries
from shared.domain.checkouts import Checkout
from shared.domain.offers import Offer

Told = Mapping[str, Sequence[Any]]
"""What the portal has of each kind of choice; kinds it said nothing of are left out."""


@dataclass(frozen=True)
class Mended:
    """A confirmation with what is left of its choices; `notice` says what is gone, "" where nothing is."""

    checkout: Checkout
    notice: str = ""


def asked_with(portal: Portal, quote: Operation[dict[str, Offer]], wanted: OrderPayload) -> Operation[Any]:
    """Return the quote, with the questions about what was chosen; `told` reads what comes back."""
    more = list(_questions(portal, wanted).values())
    return combine([quote, *more]) if more else quote


def told(
    portal: Portal, wanted: OrderPayload, value: Mapping[str, Offer] | list[Any]
) -> tuple[Mapping[str, Offer], Told]:
    """Return the offers and what the portal told of the choices."""
    if not isinstance(value, list):
        return value, {}
    offers, *more = value
    answers = dict(zip(_questions(portal, wanted), more, strict=True))
    return offers, {kind: answer for kind, answer in answers.items() if not isinstance(answer, BitrixError)}


def _questions(portal: Portal, wanted: OrderPayload) -> dict[str, Operation[Any]]:
    asked = {
        "services": portal.services_now() if wanted.delivery else None,
        "stores": portal.pickup_points(()) if wanted.store else None,
        "slots": portal.slots() if wanted.slot else None,
    }
    return {kind: operation for kind, operation in asked.items() if operation is not None}


def mended(checkout: Checkout, told: Told) -> Mended:
    """Return the confirmation as it can be ordered now; of several things that are gone the first is told."""
    ways: Mapping[str, Callable[[Checkout, Sequence[Any]], Mended]] = {
        "services": _with_service,
        "stores": _with_store,
        "slots": _with_hours,
    }
    for kind, way in ways.items():
        found = way(checkout, told[kind]) if kind in told else Mended(checkout)
        if found.notice:
            return found
    return Mended(checkout)


def _with_service(checkout: Checkout, services: Sequence[Any]) -> Mended:
    chosen = checkout.service
    if chosen is None or any(service.id == chosen.id for service in services):
        return Mended(checkout)
    other = deliveries.proposed(services, "", has_point=checkout.pickup is not None)
    left = replace(checkout, services=tuple(services), delivery=other.id if other else "")
    return Mended(left, texts.deliveries.service_gone(chosen))


def _with_store(checkout: Checkout, stores: Sequence[Any]) -> Mended:
    chosen = checkout.fetched_at
    if chosen is None or any(store.point.id == chosen.id for store in stores):
        return Mended(checkout)
    return Mended(replace(checkout, pickup=None, points=()), texts.deliveries.store_gone(chosen))


def _with_hours(checkout: Checkout, slots: Sequence[Any]) -> Mended:
    chosen = checkout.hours
    if chosen is None or any(slot.value == chosen.value for slot in slots):
        return Mended(checkout)
    return Mended(replace(checkout, slots=tuple(slots[:MOST_SLOTS]), slot=""), texts.deliveries.hours_gone(chosen))
