"""The shop's side of the portal: what the desk, the payment page and the control end points see and change.

Each dialect keeps its orders its own way (`shop.Shop`, `native.shop.NativeShop`) and shows them here alike: as
`orders.Order` with one of the ten statuses. What is shown may be a snapshot, so look again after a change.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from infra.local.portal.orders import Order, OrderChange
from infra.local.portal.returns import Return
from shared.status import Status


class Orders(Protocol):
    """The orders, by id and by the token of their payment link."""

    def all(self) -> Sequence[Order]:
        """Return every order, oldest first."""
        ...

    def get(self, order_id: str) -> Order | None:
        """Return an order, or None."""
        ...

    def by_pay_token(self, token: str) -> Order | None:
        """Return the order a payment link belongs to, or None."""
        ...


class Returns(Protocol):
    """The returns, by id."""

    def all(self) -> Sequence[Return]:
        """Return every return, oldest first."""
        ...

    def get(self, return_id: str) -> Return | None:
        """Return one return, or None."""
        ...


class Front(Protocol):
    """What a person at the shop can see and do."""

    @property
    def orders(self) -> Orders:
        """The orders."""
        ...

    @property
    def returns(self) -> Returns:
        """The returns."""
        ...

    def change_order(self, order: Order, change: OrderChange) -> None:
        """Change an order and announce it."""
        ...

    def pay(self, order: Order) -> bool:
        """Take the payment of an order; False when there is nothing to pay (any more)."""
        ...

    def change_return(self, item: Return, status: Status, reason: str) -> None:
        """Decide on a return and announce it."""
        ...
