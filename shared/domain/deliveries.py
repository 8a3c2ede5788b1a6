"""The ways to get an order: what the shop offers, and what its master chooses."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from decimal import Decimal
from typing import Any


@dataclass(frozen=True)
class DeliveryService:
    """A delivery service that masters may choose.

    `price` is what the shop says it costs, None where only the order tells; `term` is the shop's words for how long it
    takes, "" where it says nothing.
    """

    id: str
    name: str
    price: Decimal | None = None
    term: str = ""

    def as_data(self) -> dict[str, Any]:
        """Return it as a record holds it."""
        return {**asdict(self), "price": None if self.price is None else str(self.price)}

    @classmethod
    def from_data(cls, data: Mapping[str, Any]) -> DeliveryService:
        """Read what `as_data` wrote."""
        price = data["price"]
        return cls(data["id"], data["name"], None if price is None else Decimal(price), data["term"])


def chosen(services: Sequence[DeliveryService], wanted: str) -> DeliveryService | None:
    """Return the service of this id, else the first; None where there are none to choose from."""
    return next((one for one in services if one.id == wanted), services[0] if services else None)
