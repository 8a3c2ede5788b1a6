"""The spec's dialect beyond its table: returns, the second quote, and what the spec lacks."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any, TypeVar

import pytest

from shared.bitrix.contract import ContractPortal, ContractSettings
from shared.bitrix.encoding import json_parameters
from shared.bitrix.errors import BadAnswer, UnknownStatus
from shared.bitrix.portal import Answer, Operation, Portal
from shared.domain.offers import Offer, Stock
from shared.domain.orders import LineItem, ListedOrder, Order, OrderPage, Payment, PaymentKind
from shared.domain.returns import NewReturn, Photo, ReturnState
from shared.status import Status

T = TypeVar("T")
SYSTEMS = {PaymentKind.PREPAID: "118", PaymentKind.CASH: "119"}
LINES = (LineItem("7", 2), LineItem("8", 1))


def make(**settings: Any) -> Portal:
    return ContractPortal(ContractSettings(pay_systems=SYSTEMS, delivery_id="198", **settings))


def asked(operation: Operation[Any]) -> list[tuple[str, Any]]:
    return [(command.method, json_parameters(command.params)) for command in operation.commands.values()]


def heard(
    operation: Operation[T], *results: Any, extra: Mapping[str, Any] | None = None, following: int | None = None
) -> T:
    answers = [Answer(result, next=following, extra=extra or {}) for result in results]
    return operation.read(dict(zip(operation.commands, answers, strict=True)))


def test_nothing_needs_to_be_looked_up() -> None:
    assert make().look_up_return(RETURN) is None
    assert make().look_up_photo("a.jpg") is None


RETURN = NewReturn("key", "5121", LINES, "брак", (Photo("1", "https://masters.example/docs/1"), Photo("2")))


@pytest.mark.parametrize("method", ["app.rma.add", "sale.orderreserves.add"])
def test_a_return(method: str) -> None:
    operation = make(return_method=method).register_return(RETURN)
    params = {
        "order_id": 5121,
        "items": [{"PRODUCT_ID": 7, "QUANTITY": 2}, {"PRODUCT_ID": 8, "QUANTITY": 1}],
        "photos": ["https://masters.example/docs/1"],
        "reason": "брак",
    }
    assert asked(operation) == [(method, params)]
    state = heard(operation, {"RMA_ID": 77, "STATUS": "RETURN_IN_PROGRESS"})
    assert state == ReturnState("77", Status.RETURN_IN_PROGRESS, order_id="5121")
    for odd in (None, 77, {"RMA_ID": 77}, {"STATUS": "RETURN_IN_PROGRESS"}):
        with pytest.raises(BadAnswer):
            heard(operation, odd)
    with pytest.raises(UnknownStatus):
        heard(operation, {"RMA_ID": 77, "STATUS": "LOST"})


def test_how_a_return_stands() -> None:
    operation = make().return_status("77")
    assert asked(operation) == [("app.rma.get", {"id": 77})]
    told = {"RMA_ID": "77", "STATUS": "RETURN_REJECTED", "REASON": "следы удара", "ORDER_ID": 5121}
    assert heard(operation, told) == ReturnState("77", Status.RETURN_REJECTED, "следы удара", "5121")
    with pytest.raises(BadAnswer):
        heard(operation, {**told, "RMA_ID": 78})


def quoted(prices: Any, stocks: Any, **more: Any) -> dict[str, Offer]:
    return heard(make(quote_by_lists=True).quote(["7", "8"]), prices, stocks, **more)


def test_the_second_way_to_quote() -> None:
    operation = make(quote_by_lists=True).quote(["7", "8", "7"])
    only = {"filter": {"@PRODUCT_ID": [7, 8]}}
    assert asked(operation) == [("catalog.price.list", only), ("catalog.storeproduct.list", only)]
    assert operation.weight == 2
    assert make(quote_by_lists=True).quote([str(number) for number in range(1, 51)]).weight == 10
    prices = [{"PRODUCT_ID": 7, "PRICE": "12.50", "CURRENCY": "RUB"}, {"PRODUCT_ID": 7, "PRICE": 1, "CURRENCY": "RUB"}]
    stocks = [{"PRODUCT_ID": "7", "STORE_NAME": "Центр", "AMOUNT": 3}, {"PRODUCT_ID": 8, "STORE_ID": 2, "AMOUNT": 1}]
    expected = {"7": Offer("7", Decimal("12.50"), "RUB", (Stock("Центр", Decimal(3)),))}
    assert quoted({"prices": prices}, {"storeProducts": stocks}) == expected
    assert quoted({"ITEMS": prices}, stocks) == expected
    assert quoted([], []) == {}
    assert quoted(prices[:1], None)["7"].stocks == ()


@pytest.mark.parametrize(
    ("prices", "stocks"),
    [
        ([{"PRODUCT_ID": 9, "PRICE": 1, "CURRENCY": "RUB"}], []),
        ([], [{"PRODUCT_ID": 9, "AMOUNT": 1}]),
        ([{"PRODUCT_ID": 7, "CURRENCY": "RUB"}], []),
        ({"other": []}, []),
        ([{"PRICE": 1}], []),
    ],
)
def test_quotes_that_make_no_sense(prices: Any, stocks: Any) -> None:
    with pytest.raises(BadAnswer):
        quoted(prices, stocks)


def test_a_quote_that_goes_on_is_refused() -> None:
    with pytest.raises(BadAnswer, match="one page"):
        quoted([], [], following=50)


def test_an_order_is_canceled() -> None:
    operation = make().cancel_order("5", "передумал")
    params = {"id": 5, "fields": {"CANCELED": "Y", "REASON_CANCELED": "передумал"}}
    assert asked(operation) == [("sale.order.update", params)]
    heard(operation, True)
    with pytest.raises(BadAnswer):
        heard(operation, False)


def test_cash_is_confirmed() -> None:
    payments = tuple(Payment(str(number), "119", Decimal(7), paid=number == 1) for number in (1, 2))
    operation = make().confirm_cash_payment(Order("5", Status.DELIVERED, Decimal(7), payments=payments))
    assert asked(operation) == [("sale.payment.update", {"id": 2, "fields": {"PAY_SYSTEM_ID": 119, "PAID": "Y"}})]
    heard(operation, {"payment": {"id": 2}})
    with pytest.raises(ValueError, match="unpaid"):
        make().confirm_cash_payment(Order("5", Status.DELIVERED, Decimal(7)))


MOMENT = datetime(2026, 9, 1, 12, 0, 0, 7, tzinfo=UTC)


def test_changed_orders() -> None:
    operation = make().orders_changed_since(MOMENT, 50)
    params = {
        "select": ["ID", "DATE_UPDATE", "USER_ID"],
        "filter": {">=DATE_UPDATE": "2026-09-01T12:00:00+00:00"},
        "order": {"ID": "ASC"},
        "start": 50,
    }
    assert asked(operation) == [("sale.order.list", params)]
    found = [{"ID": 5, "DATE_UPDATE": "2026-09-01T12:00:00+00:00"}]
    page = OrderPage((ListedOrder("5", "", MOMENT.replace(microsecond=0)),), 100)
    for answer in ({"orders": found}, {"ITEMS": found}, found):
        assert heard(operation, answer, following=100) == page
    early = [{"ID": 5, "DATE_UPDATE": (MOMENT - timedelta(seconds=2)).isoformat()}]
    odd: Any
    for odd in (early, [{"ID": 5}], {"other": []}):
        with pytest.raises(BadAnswer):
            heard(operation, odd)
    with pytest.raises(ValueError, match="aware"):
        make().orders_changed_since(MOMENT.replace(tzinfo=None))


def test_whose_it_is() -> None:
    payment, shipment = make().order_of_payment("9"), make().order_of_shipment("8")
    assert asked(payment) == [("sale.payment.get", {"id": 9})]
    assert asked(shipment) == [("sale.shipment.get", {"id": 8})]
    assert heard(payment, {"ID": 9, "ORDER_ID": 5}) == "5"
    assert heard(shipment, {"shipment": {"id": 8, "orderId": 5}}) == "5"
    with pytest.raises(BadAnswer):
        heard(payment, {"ID": 8, "ORDER_ID": 5})


def test_the_returns_of_an_order() -> None:
    operation = make().returns_of("5121")
    assert asked(operation) == [("app.rma.list", {"filter": {"ORDER_ID": 5121}, "order": {"ID": "ASC"}, "start": 0})]
    told = {
        "RMA_ID": 77,
        "STATUS": "RETURN_IN_PROGRESS",
        "ORDER_ID": "5121",
        "ITEMS": [{"PRODUCT_ID": 7, "QUANTITY": "2"}],
    }
    expected = (ReturnState("77", Status.RETURN_IN_PROGRESS, order_id="5121", lines=(LineItem("7", 2),)),)
    assert heard(operation, {"items": [told]}) == heard(operation, [told]) == expected
    assert heard(operation, []) == ()
    with pytest.raises(BadAnswer, match="dropped"):
        heard(operation, [told, {**told, "ORDER_ID": 5122}])
    with pytest.raises(BadAnswer, match="items"):
        heard(operation, {"goods": []})


@pytest.mark.parametrize(
    "properties",
    [
        {"ADDRESS": "Тверь", "COMMENT": "Звоните"},
        [{"CODE": "COMMENT", "VALUE": "Звоните"}, {"code": "ADDRESS", "value": "Тверь"}],
    ],
)
@pytest.mark.parametrize("stores", [{"STORES": ["Склад", "Магазин", None]}, {"STORE_NAME": "Склад"}, {}])
def test_what_track_shows_beside_the_status(properties: Any, stores: dict[str, Any]) -> None:
    shipment = {"ID": 1, "DELIVERY_NAME": "Курьер", "DEDUCTED": "Y", **stores}
    told = {"ID": 5, "STATUS_ID": "NEW", "PRICE": 7, "SHIPMENT": [shipment, shipment], "PROPERTY_VALUES": properties}
    order = heard(make().order("5", with_stores=True), told)
    assert (order.address, order.comment, order.handed_over) == ("Тверь", "Звоните", True)
    assert order.shipments[0].delivery == "Курьер"
    assert order.stores == {"STORES": ("Склад", "Магазин"), "STORE_NAME": ("Склад",)}.get(next(iter(stores), ""), ())
    assert heard(make(address_property="WHERE").order("5"), told).address == ""
