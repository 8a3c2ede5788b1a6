"""News of orders, and what the operators are told."""

from __future__ import annotations

from typing import Any

from shared.assistant import texts
from shared.assistant.orders import screens as orders
from shared.bitrix.model import NewOrder, PaymentKind, Shipment, Status
from tests.assistant import samples
from tests.assistant.gallery.case import Case, case
from tests.assistant.samples import (
    ADDRESS,
    CART,
    TODAY,
    known_order,
    portal_order,
)


def _by_hand() -> str:
    key = "3f0c9a52-6f0e-4c38-9a55-3c2c1f6f7a10"
    order = NewOrder(key, "501", [], PaymentKind.PREPAID, ADDRESS)
    lines = [texts.common.line(line.name, line.quantity, line.price, line.currency) for line in CART.lines]
    details = texts.operators.order_by_hand(order, lines, samples.USER, found_by_key=True)
    return texts.operators.job_failed("make_order", "timeout", "make_order:c0ffee", details)


def _to_cancel() -> str:
    return texts.operators.job_failed(
        "cancel_order", "timeout", "cancel_order:5122", texts.operators.order_to_cancel("5122")
    )


def _news(status: Status, title: str, **more: Any) -> Case:
    return case(title, orders.status_news, known_order(), portal_order(status, **more), status, TODAY)


def _to_call_off() -> str:
    details = texts.operators.call_off_by_hand("5122", samples.USER)
    return texts.operators.job_failed("call_off", "timeout", "call_off:5122", details)


CASES = [
    _news(Status.NEW, "NEW"),
    _news(Status.PAYED, "PAYED", paid=True),
    _news(Status.WAITING_FOR_DELIVERY, "WAITING_FOR_DELIVERY: день известен", shipments=(Shipment("1", "", TODAY),)),
    _news(Status.SHIPPED, "SHIPPED: день и трек-номер", shipments=(samples.SHIPPED,)),
    _news(Status.DELIVERED, "DELIVERED: день уже не важен", shipments=(samples.SHIPPED,)),
    _news(Status.FINISHED, "FINISHED"),
    _news(Status.CANCELED, "CANCELED", reason="клиент передумал"),
    _news(Status.CANCELED, "CANCELED: без причины"),
    _news(Status.RETURN_IN_PROGRESS, "RETURN_IN_PROGRESS"),
    _news(Status.RETURN_COMPLETED, "RETURN_COMPLETED"),
    _news(Status.RETURN_REJECTED, "RETURN_REJECTED", reason="нет чека"),
    case("операторам", texts.operators.job_failed, "place_order", "ACCESS_DENIED", "order:c0ffee"),
    case("операторам: заказ, который надо довести", _by_hand),
    case("операторам: лишний заказ", _to_cancel),
    case("операторам: мастер отменяет заказ", _to_call_off),
]
