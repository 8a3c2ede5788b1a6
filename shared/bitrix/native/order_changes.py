"""Changes of orders of a real portal (shared/bitrix/README.md, «Orders»)."""

from __future__ import annotations

from collections.abc import Mapping

from shared.bitrix.encoding import as_sent
from shared.bitrix.errors import BadAnswer
from shared.bitrix.fields import find, flag, one
from shared.bitrix.native.orders import is_paid
from shared.bitrix.portal import Answer, Command, Operation
from shared.domain.orders import Order


def cancel_order(order_id: str, reason: str) -> Operation[None]:
    """`sale.order.update` with the flag `canceled`."""
    params = {"id": as_sent(order_id), "fields": {"canceled": "Y", "reasonCanceled": reason}}
    return Operation({"order": Command("sale.order.update", params)}, _canceled)


def _canceled(answers: Mapping[str, Answer]) -> None:
    if not flag(find(one(answers["order"], "order"), "canceled"), "canceled"):
        raise BadAnswer("canceled is still N")


def confirm_cash_payment(order: Order) -> Operation[None]:
    """`sale.payment.update` with `paid` for each of `Order.cash_due` (it wants `paySystemId` again)."""
    if not order.cash_due:
        raise ValueError("there is no unpaid payment in cash")
    commands = {}
    for number, payment in enumerate(order.cash_due):
        fields = {"paySystemId": as_sent(payment.pay_system_id), "paid": "Y"}
        params = {"id": as_sent(payment.id), "fields": fields}
        commands[f"pay{number}"] = Command("sale.payment.update", params)
    return Operation(commands, _paid, weight=len(commands))


def _paid(answers: Mapping[str, Answer]) -> None:
    if not all(is_paid(one(answer, "payment")) for answer in answers.values()):
        raise BadAnswer("paid is still N")
