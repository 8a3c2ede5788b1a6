"""The making of an order in the spec's contract: the buyer's basket is filled, then it becomes an order (spec §2).

Two requests at most; what lies in the basket already is not put in again. The portal honours the idempotency key of
each, so what was in doubt is sent again.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from functools import partial
from typing import Any

from shared.bitrix.contract.answers import made_id
from shared.bitrix.contract.settings import ContractSettings
from shared.bitrix.encoding import MOST_COMMANDS, as_sent
from shared.bitrix.fields import Row, account_number, find, web_address
from shared.bitrix.portal import Answer, Command, OrderRequest
from shared.domain.order_progress import OrderProgress
from shared.domain.orders import NewOrder, PaymentKind, lacking
from shared.domain.quantities import as_data

log = logging.getLogger(__name__)


def place_order(settings: ContractSettings, order: NewOrder, progress: OrderProgress) -> OrderRequest:
    """Return the next request of an order. ValueError when it is done, or has no lines or an empty one.

    ValueError also when more than 50 products are missing in the buyer's basket, or more lies in it than is ordered.
    """
    if progress.done:
        raise ValueError("nothing is missing")
    if order.is_empty:
        raise ValueError("an order needs lines with something in them")
    missing = lacking(order.quantities, progress.in_basket)
    if missing is None:
        raise ValueError("the buyer's basket holds more than is ordered")
    return _filling(order, progress, missing) if missing else _making(settings, order, progress)


def _filling(order: NewOrder, progress: OrderProgress, missing: Mapping[str, Decimal]) -> OrderRequest:
    """`sale.basketitem.add` for each product that is missing."""
    if len(missing) > MOST_COMMANDS:
        raise ValueError(f"a basket takes {MOST_COMMANDS} products at once")
    commands = {
        f"item{number}": Command("sale.basketitem.add", {"fields": _basket_item(order.buyer_id, product, quantity)})
        for number, (product, quantity) in enumerate(missing.items())
    }
    read = partial(_filled, order, progress, tuple(missing))
    return OrderRequest(commands, read, weight=len(commands), makes_order=False)


def _basket_item(buyer_id: str, product_id: str, quantity: Decimal) -> dict[str, Any]:
    return {"PRODUCT_ID": as_sent(product_id), "QUANTITY": as_data(quantity), "FUSER_ID": as_sent(buyer_id)}


def _filled(
    order: NewOrder, progress: OrderProgress, added: tuple[str, ...], given: Mapping[str, Answer]
) -> OrderProgress:
    items = dict(
        zip(added, (made_id(answer.result, "basketItem", "BASKET_ITEM_ID") for answer in given.values()), strict=True)
    )
    return replace(
        progress,
        basket={**progress.basket, **items},
        in_basket=order.quantities,
        absent=False,
        steps=progress.steps + 1,
    )


def _making(settings: ContractSettings, order: NewOrder, progress: OrderProgress) -> OrderRequest:
    """`sale.order.add` of what is in the buyer's basket."""
    fields = {
        "USER_ID": as_sent(order.buyer_id),
        "PAYMENT": [{"PAY_SYSTEM_ID": as_sent(settings.pay_systems[order.payment])}],
        "SHIPMENT": [{"DELIVERY_SERVICE_ID": as_sent(order.delivery_id or settings.delivery_id)}],
        "PROPERTY_VALUES": _properties(settings, order),
    }
    command = Command("sale.order.add", {"fields": fields})
    return OrderRequest({"order": command}, partial(_made, order, progress))


def _properties(settings: ContractSettings, order: NewOrder) -> dict[str, str]:
    values = {
        settings.address_property: order.address,
        settings.phone_property: order.phone,
        settings.comment_property: order.comment,
    }
    return {name: value for name, value in values.items() if value or name == settings.address_property}


def _made(order: NewOrder, progress: OrderProgress, given: Mapping[str, Answer]) -> OrderProgress:
    """The order is complete once it has an id; `link_missing` when it is prepaid and came without a link."""
    order_id = made_id(given["order"].result, "order", "ORDER_ID")
    payment_url = _payment_url(order_id, given["order"])
    return replace(
        progress,
        order_id=order_id,
        account_number=_account_number(order_id, given["order"]),
        in_basket={},
        has_properties=True,
        payment_url=payment_url,
        link_missing=order.payment is PaymentKind.PREPAID and payment_url is None,
        complete=True,
        steps=progress.steps + 1,
    )


def _places(answer: Answer) -> Sequence[Row]:
    """Return where the portal may say more than the order's id: `result_data`, `result`, the order in it."""
    result = answer.result
    inner = find(result, "order") if isinstance(result, Mapping) else None
    places = (answer.extra.get("result_data"), result, inner)
    return [place for place in places if isinstance(place, Mapping)]


def _account_number(order_id: str, answer: Answer) -> str:
    return next(filter(None, (account_number(place, order_id) for place in _places(answer))), "")


def _payment_url(order_id: str, answer: Answer) -> str | None:
    """Read `result_data.payment_url`. An unusable link is dropped: the order exists all the same."""
    given = next(filter(None, (find(place, "payment_url") for place in _places(answer))), None)
    link = web_address(given)
    if given and link is None:
        log.error("the payment link of order %s is no http(s) address; dropped", order_id)
    return link
