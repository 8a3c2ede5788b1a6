"""The delivery services of the simulated shop, which its managers may change."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any


@dataclass(frozen=True)
class Delivery:
    """A delivery service. `price` is what its shipments cost; None: what all shipments of the shop cost."""

    id: str
    name: str = "Курьер"
    price: Decimal | None = None
    description: str = ""
    active: bool = True
    parent: int = 0


class DeliveryBook:
    """All delivery services."""

    def __init__(self, services: Sequence[Delivery]) -> None:
        self.services = tuple(services)

    def get(self, service_id: int) -> Delivery | None:
        """Return a service that is there, switched off or not, or None: the core looks for its existence alone."""
        return next((one for one in self.services if one.id == str(service_id)), None)

    def name(self, service_id: int) -> str:
        """Return what a service is called, whatever has become of it."""
        return next((one.name for one in self.services if one.id == str(service_id)), "Без доставки")

    def view(self) -> list[dict[str, Any]]:
        """Return the services as the control end point shows them."""
        return [
            {
                "id": one.id,
                "name": one.name,
                "price": None if one.price is None else str(one.price),
                "description": one.description,
                "active": one.active,
            }
            for one in self.services
        ]

    def rows(self) -> list[dict[str, Any]]:
        """Return the services as `sale.delivery.getlist` has them: without price and term."""
        return [
            {
                "ID": int(one.id),
                "PARENT_ID": one.parent,
                "NAME": one.name,
                "ACTIVE": "Y" if one.active else "N",
                "DESCRIPTION": one.description,
                "CURRENCY": "RUB",
                "SORT": 500,
            }
            for one in self.services
        ]
