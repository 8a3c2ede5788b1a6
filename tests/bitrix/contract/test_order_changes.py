"""Canceling an order of the spec's contract, and confirming cash."""

from __future__ import annotations

from decimal import Decimal

import pytest

from shared.bitrix.errors import BadAnswer
from shared.domain.orders import Order, Payment
from shared.status import Status
from tests.bitrix.contract.speaking import asked, heard, make


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
