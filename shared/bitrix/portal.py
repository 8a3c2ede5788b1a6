"""The port to a portal: operations that say which commands they need and how to read the answers.

An operation is data, so operations of many masters pack into one `batch` request (ARCHITECTURE §4, §5). Two dialects
implement `Portal`: `shared.bitrix.contract` (the spec's §2 to the letter) and `shared.bitrix.native`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Generic, Literal, Protocol, TypeVar

from shared.bitrix.model import BasketLine, CreatedOrder, Found, NewOrder, Offer, Order, Product

T_co = TypeVar("T_co", covariant=True)


@dataclass(frozen=True)
class Command:
    """One REST method with its parameters (nested dicts and lists, as JSON)."""

    method: str
    params: Mapping[str, Any]
    verb: Literal["GET", "POST"] = "POST"


@dataclass(frozen=True)
class Answer:
    """What one command came back with. `extra` holds the envelope's other keys, such as `result_data`."""

    result: Any
    total: int | None = None
    next: int | None = None
    extra: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Operation(Generic[T_co]):
    """What to ask and how to understand the answer.

    `read` gets one `Answer` per key of `commands` and raises `shared.bitrix.errors.BitrixError` when the answer makes
    no sense. `weight` is how many of a batch's 50 commands it takes up.
    """

    commands: Mapping[str, Command]
    read: Callable[[Mapping[str, Answer]], T_co]
    weight: int = 1


class Portal(Protocol):
    """Everything the bot asks of a portal."""

    def search(self, query: str, start: int = 0) -> Operation[Found]:
        """Find products by a text (spec §2, row 1). Pages start at 0, 50, 100 and so on."""
        ...

    def product(self, product_id: str) -> Operation[Product]:
        """Read one product."""
        ...

    def quote(self, product_ids: Sequence[str]) -> Operation[dict[str, Offer]]:
        """Read price and stock of up to 50 products (spec §2, row 2).

        Products the portal does not sell are left out.
        """
        ...

    def fill_basket(self, buyer_id: str, lines: Sequence[BasketLine]) -> Operation[list[str]]:
        """Put lines into the buyer's basket (spec §2, row 3); return the basket items' ids, in order."""
        ...

    def create_order(self, order: NewOrder) -> Operation[CreatedOrder]:
        """Make an order of what is in the buyer's basket (spec §2, row 4)."""
        ...

    def order(self, order_id: str) -> Operation[Order]:
        """Read an order with its payments and shipments (spec §2, row 5)."""
        ...
