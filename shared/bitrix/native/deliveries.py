"""The delivery services of a real portal.

It says which are active and what they are called; what they cost and how long they take the bot has to be told
(shared/bitrix/CORE.md, «12. Delivery»).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial

from shared.bitrix.fields import find, listed
from shared.bitrix.native.settings import NativeSettings
from shared.bitrix.portal import Answer, Command, Operation
from shared.domain.deliveries import DeliveryService
from shared.domain.ids import clean_id


def services_now(settings: NativeSettings) -> Operation[Sequence[DeliveryService]]:
    """`sale.delivery.getlist`: those of the settings that are active."""
    params = {"SELECT": ["ID"], "FILTER": {"ACTIVE": "Y"}}
    return Operation({"services": Command("sale.delivery.getlist", params)}, partial(_active, settings.services))


def _active(services: Sequence[DeliveryService], answers: Mapping[str, Answer]) -> Sequence[DeliveryService]:
    active = {clean_id(find(row, "ID")) for row in listed(answers["services"], "deliveries")}
    return [service for service in services if service.id in active]
