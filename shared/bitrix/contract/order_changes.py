"""Changes of orders beyond the spec's table: a proxy may offer them under the names Bitrix24 has for them."""

from __future__ import annotations

from collections.abc import Mapping

from shared.bitrix.encoding import as_sent
from shared.bitrix.errors import BadAnswer
from shared.bitrix.portal import Answer, Command, Operation
from shared.domain.orders import Order


def cancel_order(order_id: str, reason: str) -> Operation[None]:
    """`sale.order.update` with `CANCELED`."""
    params = {"id": as_sent(order_id), "fields": {"CANCELED": "Y", "REASON_CANCELED": reason}}
    return Operation({"order": Command("sale.order.update", params)}, _done)


def confirm_cash_payment(order: Order) -> Operation[None]:
    """`sale.payment.update` with `PAID` for each of `Order.cash_due`; ValueError when there is none."""
    if not order.cash_due:
        raise ValueError("there is no unpaid payment in cash")
    commands = {}
    for number, payment in enumerate(order.cash_due):
        fields = {"PAY_SYSTEM_ID": as_sent(payment.pay_system_id), "PAID": "Y"}
        params = {"id": as_sent(payment.id), "fields": fields}
        commands[f"pay{number}"] = Command("sale.payment.update", params)
    return Operation(commands, _done, weight=len(commands))


def _done(answers: Mapping[str, Answer]) -> None:
    if not all(answer.result for answer in answers.values()):
        raise BadAnswer("the change was not made")
