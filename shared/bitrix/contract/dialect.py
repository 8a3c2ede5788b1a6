"""Which commands the spec's §2 wants for each operation. How their answers are read is in `answers`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any

from shared.bitrix.contract import answers
from shared.bitrix.encoding import MOST_COMMANDS, command_line
from shared.bitrix.fields import clean_id
from shared.bitrix.model import BasketLine, CreatedOrder, Found, NewOrder, Offer, Order, PaymentKind, Product
from shared.bitrix.portal import Command, Operation
from shared.status import Status

_SELECT = ("ID", "NAME", "PRICE", "DETAIL_PICTURE")
_NO_MAP: Mapping[str, Status] = {}


class ContractPortal:
    """`Portal` for a proxy or portal that offers the spec's methods.

    `pay_systems` has the portal's pay system of each kind of payment, `delivery_id` its delivery service; the address,
    the phone and the comment go into order properties of these names (or ids). `status_map` translates the portal's own
    status codes; the ten words of the spec need no translation.
    """

    def __init__(
        self,
        *,
        pay_systems: Mapping[PaymentKind, str],
        delivery_id: str,
        address_property: str = "ADDRESS",
        phone_property: str = "PHONE",
        comment_property: str = "COMMENT",
        status_map: Mapping[str, Status] = _NO_MAP,
    ) -> None:
        self._pay_systems = dict(pay_systems)
        self._delivery_id = delivery_id
        self._address_property = address_property
        self._phone_property = phone_property
        self._comment_property = comment_property
        self._statuses = {code.casefold(): status for code, status in status_map.items()}

    def search(self, query: str, start: int = 0) -> Operation[Found]:
        """`catalog.product.list` with `filter[q]`. `start` is 0, 50, 100 and so on."""
        params = {"filter": {"q": query}, "select": _SELECT, "start": start}
        return Operation(
            {"list": Command("catalog.product.list", params)}, partial(answers.found, key="list", start=start)
        )

    def product(self, product_id: str) -> Operation[Product]:
        """`catalog.product.list` narrowed to one id: the spec has no method for a single product."""
        params = {"filter": {"q": "", "ID": _as_sent(product_id)}, "select": _SELECT, "start": 0}
        read = partial(answers.product, key="list", product_id=product_id)
        return Operation({"list": Command("catalog.product.list", params)}, read)

    def quote(self, product_ids: Sequence[str]) -> Operation[dict[str, Offer]]:
        """`crm.product.batch`: one command that weighs as many as it has products. Not 1 to 50 products: ValueError."""
        wanted = tuple(dict.fromkeys(product_ids))
        if not 0 < len(wanted) <= MOST_COMMANDS:
            raise ValueError(f"a quote is for 1 to {MOST_COMMANDS} products, not {len(wanted)}")
        lines = {
            f"sku_{_checked(product_id)}": command_line(Command("catalog.product.get", {"id": product_id}))
            for product_id in wanted
        }
        read = partial(answers.offers, key="batch", product_ids=wanted)
        return Operation({"batch": Command("crm.product.batch", {"cmd": lines})}, read, weight=len(wanted))

    def fill_basket(self, buyer_id: str, lines: Sequence[BasketLine]) -> Operation[list[str]]:
        """`sale.basketitem.add` for each line. Not 1 to 50 lines, or a quantity below 1: ValueError."""
        if not 0 < len(lines) <= MOST_COMMANDS or any(line.quantity < 1 for line in lines):
            raise ValueError("a basket takes 1 to 50 lines of at least one piece")
        commands = {
            f"item{number}": Command("sale.basketitem.add", {"fields": _basket_fields(buyer_id, line)})
            for number, line in enumerate(lines)
        }
        return Operation(commands, answers.basket_ids, weight=len(commands))

    def create_order(self, order: NewOrder) -> Operation[CreatedOrder]:
        """`sale.order.add` of what is in the buyer's basket."""
        fields = {
            "USER_ID": _as_sent(order.buyer_id),
            "PAYMENT": [{"PAY_SYSTEM_ID": _as_sent(self._pay_systems[order.payment])}],
            "SHIPMENT": [{"DELIVERY_SERVICE_ID": _as_sent(self._delivery_id)}],
            "PROPERTY_VALUES": self._properties(order),
        }
        command = Command("sale.order.add", {"fields": fields})
        return Operation({"order": command}, partial(answers.created, key="order"))

    def order(self, order_id: str) -> Operation[Order]:
        """`GET sale.order.get`."""
        command = Command("sale.order.get", {"id": _as_sent(order_id)}, verb="GET")
        read = partial(answers.order, key="order", order_id=order_id, statuses=self._statuses)
        return Operation({"order": command}, read)

    def _properties(self, order: NewOrder) -> dict[str, str]:
        values = {
            self._address_property: order.address,
            self._phone_property: order.phone,
            self._comment_property: order.comment,
        }
        return {name: value for name, value in values.items() if value or name == self._address_property}


def _basket_fields(buyer_id: str, line: BasketLine) -> dict[str, Any]:
    return {
        "PRODUCT_ID": _as_sent(line.product_id),
        "QUANTITY": line.quantity,
        "FUSER_ID": _as_sent(buyer_id),
    }


def _as_sent(identifier: str) -> int | str:
    """Return a numeric id as a number, which is what portals document; other ids stay text."""
    is_number = identifier.isascii() and identifier.isdigit() and str(int(identifier)) == identifier
    return int(identifier) if is_number else identifier


def _checked(product_id: str) -> str:
    """Return the id if it can be part of a key of the batch."""
    if clean_id(product_id) != product_id:
        raise ValueError("a product's id must be a short word")
    return product_id
