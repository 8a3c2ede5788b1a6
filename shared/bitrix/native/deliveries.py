"""The delivery services of a real portal, and the hours of delivery.

It says which are active and what they are called; what they cost and how long they take the bot has to be told
(shared/bitrix/CORE.md, «12. Delivery»).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial

from shared.bitrix.encoding import as_sent
from shared.bitrix.fields import find, listed, need_text
from shared.bitrix.native.settings import NativeSettings
from shared.bitrix.portal import Answer, Command, Operation
from shared.bitrix.sensible import Reader, sensible
from shared.domain.deliveries import DeliveryService, DeliverySlot
from shared.domain.ids import clean_id


def services_now(settings: NativeSettings) -> Operation[Sequence[DeliveryService]]:
    """`sale.delivery.getlist`: those of the settings that are active."""
    params = {"SELECT": ["ID"], "FILTER": {"ACTIVE": "Y"}}
    return Operation({"services": Command("sale.delivery.getlist", params)}, partial(_active, settings.services))


def _active(services: Sequence[DeliveryService], answers: Mapping[str, Answer]) -> Sequence[DeliveryService]:
    active = {clean_id(find(row, "ID")) for row in listed(answers["services"], "deliveries")}
    return [service for service in services if service.id in active]


def slots(property_id: str) -> Operation[Sequence[DeliverySlot]]:
    """`sale.propertyvariant.list`: what an order property of hours may be, in the shop's order."""
    params = {"filter": {"orderPropsId": as_sent(property_id)}, "order": {"sort": "asc", "id": "asc"}}
    return Operation({"slots": Command(_VARIANTS, params)}, partial(_variants, property_id))


def _variants(property_id: str, answers: Mapping[str, Answer]) -> Sequence[DeliverySlot]:
    """Return those of this property alone: a portal may drop a filter it does not know."""
    rows = sensible(listed(answers["slots"], "propertyVariants"), _VARIANTS, _SLOT)
    mine = [row for row in rows if clean_id(find(row, "orderPropsId")) == property_id]
    return [DeliverySlot(need_text(row, "value"), need_text(row, "name")) for row in mine]


_VARIANTS = "sale.propertyvariant.list"
_SLOT: Mapping[str, Reader] = {"value": lambda row: need_text(row, "value"), "name": lambda row: need_text(row, "name")}
