"""Canceling, confirming cash, payment links, and whose a payment or shipment is."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from shared.bitrix.errors import BadAnswer
from shared.domain.orders import Order, Payment, PaymentKind
from shared.status import Status
from tests.bitrix.native.speaking import asked, heard, native


def order(*paid: bool) -> Order:
    payments = tuple(Payment(str(number), "119", Decimal(7), paid=it) for number, it in enumerate(paid, 1))
    return Order("5", Status.DELIVERED, Decimal(7), payments=payments)


def test_an_order_is_canceled() -> None:
    operation = native().cancel_order("5121", "передумал")
    params = {"id": 5121, "fields": {"canceled": "Y", "reasonCanceled": "передумал"}}
    assert asked(operation) == {"order": ("sale.order.update", params)}
    heard(operation, {"order": {"id": 5121, "canceled": "Y"}})


@pytest.mark.parametrize("result", [{"order": {"id": 1, "canceled": "N"}}, {"order": {"id": 1}}, None, True, []])
def test_an_order_that_was_not_canceled(result: Any) -> None:
    with pytest.raises(BadAnswer):
        heard(native().cancel_order("1", "x"), result)


def test_cash_is_confirmed_for_what_is_unpaid() -> None:
    operation = native().confirm_cash_payment(order(True, False, False))
    fields = {"paySystemId": 119, "paid": "Y"}
    assert asked(operation) == {
        "pay0": ("sale.payment.update", {"id": 2, "fields": fields}),
        "pay1": ("sale.payment.update", {"id": 3, "fields": fields}),
    }
    assert operation.weight == 2
    heard(operation, {"payment": {"id": 2, "paid": "Y"}}, {"payment": {"id": 3, "paid": "Y"}})
    with pytest.raises(BadAnswer):
        heard(operation, {"payment": {"id": 2, "paid": "Y"}}, {"payment": {"id": 3, "paid": "N"}})


def test_a_payment_by_link_is_not_confirmed_as_cash() -> None:
    by_link = Payment("1", "118", Decimal(7), paid=False, kind=PaymentKind.PREPAID)
    in_cash = Payment("2", "119", Decimal(7), paid=False, kind=PaymentKind.CASH)
    both = Order("5", Status.DELIVERED, Decimal(7), payments=(by_link, in_cash))
    assert [params["id"] for _, params in asked(native().confirm_cash_payment(both)).values()] == [2]


@pytest.mark.parametrize("paid", [(), (True,)])
def test_nothing_to_confirm(paid: tuple[bool, ...]) -> None:
    with pytest.raises(ValueError, match="unpaid"):
        native().confirm_cash_payment(order(*paid))


def test_whose_it_is() -> None:
    payment, shipment = native().order_of_payment("9"), native().order_of_shipment("8")
    assert asked(payment) == {"payment": ("sale.payment.get", {"id": 9})}
    assert asked(shipment) == {"shipment": ("sale.shipment.get", {"id": 8})}
    assert heard(payment, {"payment": {"id": "9", "orderId": 5}}) == "5"
    assert heard(shipment, {"shipment": {"id": 8, "orderId": "5"}}) == "5"


@pytest.mark.parametrize("result", [{"payment": {"id": 7, "orderId": 5}}, {"payment": {"id": 9}}, [], None])
def test_a_payment_that_does_not_tell_its_order(result: Any) -> None:
    with pytest.raises(BadAnswer):
        heard(native().order_of_payment("9"), result)
