"""The ways to get an order: what the shop offers, and what its master chooses."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, fields
from decimal import Decimal
from typing import Any


@dataclass(frozen=True)
class DeliveryService:
    """A delivery service that masters may choose.

    `price` is what the shop says it costs, None where only the order tells; `term` is the shop's words for how long it
    takes, "" where it says nothing. `pickup`: the master fetches the goods himself, at a store.
    """

    id: str
    name: str
    price: Decimal | None = None
    term: str = ""
    pickup: bool = False

    def as_data(self) -> dict[str, Any]:
        """Return it as a record holds it."""
        return {**asdict(self), "price": None if self.price is None else str(self.price)}

    @classmethod
    def from_data(cls, data: Mapping[str, Any]) -> DeliveryService:
        """Read what `as_data` wrote."""
        price = data["price"]
        return cls(
            data["id"], data["name"], None if price is None else Decimal(price), data["term"], data.get("pickup", False)
        )


@dataclass(frozen=True)
class PickupPoint:
    """A store where goods are fetched. `place` is «56.85870, 35.91760»: degrees, as any map takes them.

    All but the id and the name is "" where the shop does not tell.
    """

    id: str
    name: str
    address: str = ""
    schedule: str = ""
    place: str = ""

    def as_data(self) -> dict[str, Any]:
        """Return it as a record holds it."""
        return asdict(self)

    @classmethod
    def from_data(cls, data: Mapping[str, Any] | None) -> PickupPoint | None:
        """Read what `as_data` wrote; None for none."""
        return None if data is None else cls(**{each.name: data[each.name] for each in fields(cls)})


@dataclass(frozen=True)
class StockedPoint:
    """A store where goods are fetched, and how much of each product of an order it has to sell just now.

    Without `amounts` nobody counts by store.
    """

    point: PickupPoint
    amounts: Mapping[str, Decimal] | None = None

    def holds(self, wanted: Mapping[str, Decimal]) -> int | None:
        """Return how many of the products it holds as many of as are wanted; None where nobody counts."""
        if self.amounts is None:
            return None
        return sum(self.amounts.get(product, 0) >= quantity for product, quantity in wanted.items())


@dataclass(frozen=True)
class DeliverySlot:
    """A day or hours that an order may be brought at; `value` is the portal's own for it."""

    value: str
    name: str

    def as_data(self) -> dict[str, Any]:
        """Return it as a record holds it."""
        return asdict(self)

    @classmethod
    def from_data(cls, data: Mapping[str, Any]) -> DeliverySlot:
        """Read what `as_data` wrote."""
        return cls(data["value"], data["name"])


def proposed(services: Sequence[DeliveryService], wanted: str, *, has_point: bool) -> DeliveryService | None:
    """Return the service to begin with: the one of this id, else the first. One that needs a store wants one."""
    fitting = [service for service in services if has_point or not service.pickup]
    return chosen(fitting, wanted)


def chosen(services: Sequence[DeliveryService], wanted: str) -> DeliveryService | None:
    """Return the service of this id, else the first; None where there are none to choose from."""
    return next((one for one in services if one.id == wanted), services[0] if services else None)
