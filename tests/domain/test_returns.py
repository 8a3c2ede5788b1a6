"""What of an order may still be returned."""

from __future__ import annotations

from decimal import Decimal

from shared.domain.orders import LineItem, Order, OrderLine
from shared.domain.returns import ReturnState, returnable
from shared.status import Status


def line(product: str, pieces: str) -> OrderLine:
    return OrderLine(product, "Товар", Decimal(pieces), Decimal(10))


ORDER = Order(
    "5", Status.DELIVERED, Decimal(100), lines=(line("1", "3"), line("2", "1"), line("1", "2"), line("3", "0.5"))
)


def asked(status: Status, **pieces: int) -> ReturnState:
    lines = tuple(LineItem(product.removeprefix("p"), Decimal(quantity)) for product, quantity in pieces.items())
    return ReturnState("77", status, lines=lines)


def test_all_of_an_order_may_come_back() -> None:
    assert returnable(ORDER, []) == {"1": 5, "2": 1, "3": Decimal("0.5")}


def test_what_came_back_or_is_on_its_way_may_not_come_twice() -> None:
    returns = [
        asked(Status.RETURN_IN_PROGRESS, p1=2),
        asked(Status.RETURN_COMPLETED, p1=1, p2=1),
        asked(Status.RETURN_REJECTED, p1=2),
    ]
    assert returnable(ORDER, returns) == {"1": 2, "3": Decimal("0.5")}


def test_more_came_back_than_was_bought() -> None:
    assert returnable(ORDER, [asked(Status.RETURN_COMPLETED, p2=9, p8=1)]) == {"1": 5, "3": Decimal("0.5")}
