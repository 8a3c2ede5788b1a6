"""Which commands the spec's §2 wants for each operation. How their answers are read is in `answers`.

What the bot asks beyond the spec's table is in `beyond`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Literal

from shared.bitrix import disk
from shared.bitrix.contract import answers, goods, order_creation
from shared.bitrix.contract.extensions import ContractExtensions
from shared.bitrix.encoding import MOST_COMMANDS, as_sent, command_line
from shared.bitrix.portal import Command, Operation, OrderRequest
from shared.domain.catalogue import ProductPage
from shared.domain.ids import clean_id
from shared.domain.offers import Offer
from shared.domain.order_progress import OrderProgress
from shared.domain.orders import NewOrder, Order, PaymentKind
from shared.domain.returns import NewReturn, Photo, ReturnState
from shared.status import Status

_SELECT = ("ID", "NAME", "PRICE", "DETAIL_PICTURE")
_AT_A_TIME = 10
"""Products in one list of stock: it has a row per store and at most 50 rows."""


@dataclass(frozen=True, kw_only=True)
class ContractPortal(ContractExtensions):
    """`Portal` for a proxy or portal that offers the spec's methods.

    `pay_systems` has the portal's pay system of each kind of payment, `delivery_id` its delivery service; the address,
    the phone and the comment go into order properties of these names (or ids). `status_map` translates the portal's own
    status codes; the ten words of the spec need no translation. `quote_by_lists` asks for prices and stock with the
    spec's second way, `return_method` is the one of the spec's two that the portal has.
    """

    pay_systems: Mapping[PaymentKind, str]
    delivery_id: str
    address_property: str = "ADDRESS"
    phone_property: str = "PHONE"
    comment_property: str = "COMMENT"
    status_map: Mapping[str, Status] = field(default_factory=dict)
    quote_by_lists: bool = False
    return_method: Literal["app.rma.add", "sale.orderreserves.add"] = "app.rma.add"
    disk_folder_id: str = ""

    def search(self, query: str, start: int = 0) -> Operation[ProductPage]:
        """`catalog.product.list` with `filter[q]`. `start` is 0, 50, 100 and so on."""
        params = {"filter": {"q": query}, "select": _SELECT, "start": start}
        return Operation(
            {"list": Command("catalog.product.list", params)},
            partial(goods.found, key="list", query=query, start=start),
        )

    def quote(self, product_ids: Sequence[str], price_type: str = "") -> Operation[dict[str, Offer]]:  # noqa: ARG002 - the contract has no such choice
        """`crm.product.batch`: one command that weighs as many as it has products. Not 1 to 50 products: ValueError."""
        wanted = tuple(dict.fromkeys(product_ids))
        if not 0 < len(wanted) <= MOST_COMMANDS:
            raise ValueError(f"a quote is for 1 to {MOST_COMMANDS} products, not {len(wanted)}")
        if self.quote_by_lists:
            return _quote_by_lists(wanted)
        lines = {
            f"sku_{_checked(product_id)}": command_line(Command("catalog.product.get", {"id": product_id}))
            for product_id in wanted
        }
        read = partial(goods.offers, key="batch", product_ids=wanted)
        return Operation({"batch": Command("crm.product.batch", {"cmd": lines})}, read, weight=len(wanted))

    def order(self, order_id: str, *, with_stores: bool = False) -> Operation[Order]:  # noqa: ARG002 - always there
        """`GET sale.order.get`; the stores are in its answer or nowhere."""
        command = Command("sale.order.get", {"id": as_sent(order_id)}, verb="GET")
        statuses = {code.casefold(): status for code, status in self.status_map.items()}
        properties = answers.Properties(self.address_property, self.comment_property)
        read = partial(answers.order, key="order", order_id=order_id, statuses=statuses, properties=properties)
        return Operation({"order": command}, read)

    def place_order(self, order: NewOrder, progress: OrderProgress) -> OrderRequest:
        """Fill the buyer's basket, then make the order of it: two requests at most."""
        return order_creation.place_order(self, order, progress)

    def look_up_order(self, order: NewOrder, progress: OrderProgress) -> None:
        """Return None: the portal honours `Idempotency-Key`, so sending the same again is harmless."""

    def register_return(self, wanted: NewReturn) -> Operation[ReturnState]:
        """`app.rma.add` or `sale.orderreserves.add`. Photos go as the links of their pages on the Disk."""
        params = {
            "order_id": as_sent(wanted.order_id),
            "items": [{"PRODUCT_ID": as_sent(line.product_id), "QUANTITY": line.quantity} for line in wanted.lines],
            "photos": [photo.link for photo in wanted.photos if photo.link],
            "reason": wanted.reason,
        }
        read = partial(answers.registered, key="return", order_id=wanted.order_id)
        return Operation({"return": Command(self.return_method, params)}, read)

    def look_up_return(self, wanted: NewReturn) -> None:
        """Return None, as for orders."""

    def upload_photo(self, name: str, content: bytes) -> Operation[Photo]:
        """`disk.folder.uploadfile`."""
        return disk.upload_photo(self.disk_folder_id, name, content)

    def look_up_photo(self, name: str) -> None:
        """Return None, as for orders."""

    def delete_photo(self, photo_id: str) -> Operation[None]:
        """`disk.file.delete`."""
        return disk.delete_photo(photo_id)


def _checked(product_id: str) -> str:
    """Return the id if it can be part of a key of the batch."""
    if clean_id(product_id) != product_id:
        raise ValueError("a product's id must be a short word")
    return product_id


def _quote_by_lists(wanted: Sequence[str]) -> Operation[dict[str, Offer]]:
    """`catalog.price.list` and `catalog.storeproduct.list`, ten products at a time."""
    parts = [wanted[first : first + _AT_A_TIME] for first in range(0, len(wanted), _AT_A_TIME)]
    commands = {}
    for number, part in enumerate(parts):
        only = {"filter": {"@PRODUCT_ID": [as_sent(_checked(product_id)) for product_id in part]}}
        commands[f"price{number}"] = Command("catalog.price.list", only)
        commands[f"stock{number}"] = Command("catalog.storeproduct.list", only)
    return Operation(commands, partial(goods.listed_offers, product_ids=wanted), weight=len(commands))
