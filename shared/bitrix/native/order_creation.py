"""The making of an order on a real portal: the commands still missing, and what their answers add.

The steps, in this order; a step whose result is there already is left out:

- phase 1: `order` (with `xmlId`, the buyer, the comment), `i<n>` the lines;
- phase 2: `prop` address and phone, `ship` the shipment, `s<n>` what is in it;
- phase 3: `tot` the order's sum, `pay` the payment of that sum (`fix` when there is one of another sum).

No link is asked for here: there is none before the sum is known to be the one that was confirmed.

Usually all go as one `batch` that stops at the first error. Orders of more than 22 lines, and all orders of a slow
portal, go phase by phase; a phase too long for one request goes in parts.

See shared/bitrix/README.md, «An order in one batch».
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

from shared.bitrix.encoding import MOST_COMMANDS, Reference, as_sent
from shared.bitrix.fields import account_number, need_amount, need_id, one
from shared.bitrix.native.answers import made as just_made
from shared.bitrix.native.charges import delivery_in, prices_in
from shared.bitrix.native.orders import MASTER, need_order, reserved_in
from shared.bitrix.native.settings import NativeSettings
from shared.bitrix.portal import Answer, Command, OrderRequest
from shared.domain.order_progress import OrderProgress
from shared.domain.orders import NewOrder
from shared.domain.quantities import as_data

_SLOW_COMMANDS = 10
"""How many commands a slow portal manages in 60 seconds: the slowest took 4.3 s in the documentation's samples."""
_ITEMS, _SHIPMENT, _PAYMENT = 1, 2, 3
Sent = int | str | Reference


@dataclass(frozen=True)
class _Step:
    phase: int
    key: str
    command: Command


def place_order(settings: NativeSettings, order: NewOrder, progress: OrderProgress) -> OrderRequest:
    """Return the next request of an order. ValueError when it is done, or has no address, no lines or an empty one."""
    if progress.done:
        raise ValueError("nothing is missing")
    if not order.address.strip() or order.is_empty:
        raise ValueError("an order needs an address, and lines with something in them")
    steps = _next(settings, list(_missing(settings, order, progress)))
    commands = {step.key: step.command for step in steps}
    read = partial(_advanced, order, progress)
    return OrderRequest(commands, read, weight=len(commands))


def _next(settings: NativeSettings, steps: Sequence[_Step]) -> Sequence[_Step]:
    """Return the steps of one request. Each builds on earlier ones only, so any first part of them is good."""
    if not settings.phases and len(steps) <= MOST_COMMANDS:
        return steps
    limit = _SLOW_COMMANDS if settings.phases else MOST_COMMANDS
    return [step for step in steps if step.phase == steps[0].phase][:limit]


def is_complete(order: NewOrder, progress: OrderProgress) -> bool:
    """Tell whether nothing is missing: lines, address, all of them in the shipment, a payment of the whole sum."""
    return (
        progress.order_id is not None
        and all(product in progress.basket for product in order.quantities)
        and progress.has_properties
        and progress.shipment_id is not None
        and progress.shipped.issuperset(progress.basket.values())
        and progress.payment_id is not None
        and progress.payment_fits
    )


def _missing(settings: NativeSettings, order: NewOrder, progress: OrderProgress) -> Iterator[_Step]:
    order_id: Sent = Reference("order", ("order", "id"))
    if progress.order_id is None:
        yield _Step(_ITEMS, "order", _order(settings, order))
    else:
        order_id = as_sent(progress.order_id)
    yield from _lines(settings, order, progress, order_id)
    if not progress.has_properties:
        yield _Step(_SHIPMENT, "prop", _properties(settings, order, order_id))
    yield from _shipment(settings, order, progress, order_id)
    yield from _payment(settings, order, progress, order_id)


def _order(settings: NativeSettings, order: NewOrder) -> Command:
    user = settings.buyer(order.buyer_id)
    fields = {
        "lid": settings.site,
        "personTypeId": as_sent(settings.person_type_id),
        "currency": settings.currency,
        "userId": None if user is None else as_sent(user),
        "xmlId": order.key,
        # It stops all discounts and coupons of the order (shared/bitrix/README.md, «Orders»).
        "externalOrder": "Y" if settings.external_order else None,
        "userDescription": order.comment or None,
        "comments": MASTER.format(order.buyer_id),
    }
    return Command("sale.order.add", {"fields": fields})


def _lines(settings: NativeSettings, order: NewOrder, progress: OrderProgress, order_id: Sent) -> Iterator[_Step]:
    for number, (product, quantity) in enumerate(order.quantities.items(), 1):
        if product not in progress.basket:
            fields = {
                "orderId": order_id,
                "productId": as_sent(product),
                "quantity": as_data(quantity),
                "currency": settings.currency,
            }
            yield _Step(_ITEMS, f"i{number}", Command("sale.basketitem.addCatalogProduct", {"fields": fields}))


def _properties(settings: NativeSettings, order: NewOrder, order_id: Sent) -> Command:
    values = [
        {"orderPropsId": as_sent(name), "value": value} for name, value in wanted_properties(settings, order).items()
    ]
    fields = {"order": {"id": order_id, "propertyValues": values}}
    return Command("sale.propertyvalue.modify", {"fields": fields})


def wanted_properties(settings: NativeSettings, order: NewOrder) -> dict[str, str]:
    """Return the values of the order properties, by id."""
    values = {
        settings.address_property_id: order.address,
        settings.phone_property_id: order.phone,
        settings.slot_property_id: order.slot,
    }
    return {name: value for name, value in values.items() if name and value}


def _shipment(settings: NativeSettings, order: NewOrder, progress: OrderProgress, order_id: Sent) -> Iterator[_Step]:
    shipment_id: Sent = Reference("ship", ("shipment", "id"))
    if progress.shipment_id is None:
        fields = {
            "orderId": order_id,
            "allowDelivery": "N",
            "deducted": "N",
            "deliveryId": as_sent(order.delivery_id or settings.delivery_id),
        }
        yield _Step(_SHIPMENT, "ship", Command("sale.shipment.add", {"fields": fields}))
    else:
        shipment_id = as_sent(progress.shipment_id)
    for number, (product, quantity) in enumerate(order.quantities.items(), 1):
        item = progress.basket.get(product)
        if item is None or item not in progress.shipped:
            basket_id: Sent = Reference(f"i{number}", ("basketItem", "id")) if item is None else as_sent(item)
            parcel = {"orderDeliveryId": shipment_id, "basketId": basket_id, "quantity": as_data(quantity)}
            yield _Step(_SHIPMENT, f"s{number}", Command("sale.shipmentitem.add", {"fields": parcel}))


def _payment(settings: NativeSettings, order: NewOrder, progress: OrderProgress, order_id: Sent) -> Iterator[_Step]:
    yield _Step(_PAYMENT, "tot", Command("sale.order.get", {"id": order_id}))
    sum_of_order = {
        "paySystemId": as_sent(settings.pay_systems[order.payment]),
        "sum": Reference("tot", ("order", "price")),
    }
    if progress.payment_id is None:
        fields = {"orderId": order_id, **sum_of_order}
        yield _Step(_PAYMENT, "pay", Command("sale.payment.add", {"fields": fields}))
    elif not progress.payment_fits or any(product not in progress.basket for product in order.quantities):
        change = {"id": as_sent(progress.payment_id), "fields": sum_of_order}
        yield _Step(_PAYMENT, "fix", Command("sale.payment.update", change))


def _advanced(order: NewOrder, progress: OrderProgress, answers: Mapping[str, Answer]) -> OrderProgress:
    """Return the progress with what the request has made."""
    made: dict[str, Any] = {"steps": progress.steps + 1, "absent": False}
    if "order" in answers:
        row = just_made(answers["order"], "order", order.key)
        made["order_id"] = need_id(row, "id")
        made["account_number"] = account_number(row, made["order_id"])
    made |= _advanced_goods(order, progress, answers)
    if "tot" in answers:
        order_id = made.get("order_id") or progress.order_id or ""
        row = need_order(order_id, answers["tot"])
        made["total"] = need_amount(row, "price")
        made["account_number"] = account_number(row, order_id)
        made |= {"reserved": reserved_in(row), "prices": prices_in(row), "delivery": delivery_in(row)}
    if "pay" in answers:
        made["payment_id"] = need_id(one(answers["pay"], "payment"), "id")
    if "pay" in answers or "fix" in answers:
        made["payment_fits"] = True
    later = replace(progress, **made)
    return replace(later, complete=is_complete(order, later))


def _advanced_goods(order: NewOrder, progress: OrderProgress, answers: Mapping[str, Answer]) -> dict[str, Any]:
    """Return what has become of the lines and their shipment."""
    basket, shipped = dict(progress.basket), set(progress.shipped)
    for number, product in enumerate(order.quantities, 1):
        if f"i{number}" in answers:
            basket[product] = need_id(one(answers[f"i{number}"], "basketItem"), "id")
        if f"s{number}" in answers:
            shipped.add(basket[product])
    made: dict[str, Any] = {"basket": basket, "shipped": frozenset(shipped)}
    # A payment that was there before new lines came is of another sum.
    made["payment_fits"] = progress.payment_fits and (progress.payment_id is None or basket == progress.basket)
    if "prop" in answers:
        made["has_properties"] = True
    if "ship" in answers:
        made["shipment_id"] = need_id(one(answers["ship"], "shipment"), "id")
    return made
