"""The spec's contract as a `Portal`. Which commands, and how their answers are read, is in the modules beside.

Beyond the spec's table the bot reads one product and the catalogue's sections, cancels an order, confirms cash, lists
orders and reads returns. A proxy may offer these under the names Bitrix24 has for them, with fields in the spec's
UPPERCASE; where it does not, the portal's `ERROR_METHOD_NOT_FOUND` becomes `MethodMissing`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, ClassVar

from shared.bitrix import disk
from shared.bitrix.combine import combine
from shared.bitrix.contract import goods, order_changes, order_creation, orders, quotes, returns
from shared.bitrix.contract.answers import known_status
from shared.bitrix.contract.settings import ContractSettings
from shared.bitrix.portal import Operation, OrderRequest
from shared.bitrix.sections import sections
from shared.domain.catalogue import Product, ProductDetails, ProductPage, Sections
from shared.domain.contacts import NewContact
from shared.domain.deliveries import DeliveryService
from shared.domain.offers import Offer
from shared.domain.order_progress import OrderProgress
from shared.domain.orders import DealView, NewOrder, Order, OrderPage
from shared.domain.returns import NewReturn, Photo, ReturnState
from shared.status import Status


@dataclass(frozen=True)
class ContractPortal:
    """`Portal` for a proxy or portal that offers the spec's methods. It honours `Idempotency-Key`."""

    settings: ContractSettings
    renews_links: ClassVar[bool] = False
    shows_deals: ClassVar[bool] = False

    def search(self, query: str, start: int = 0) -> Operation[ProductPage]:
        """Search by a text; a whole article comes first."""
        return goods.search(query, start)

    def search_ways(self, queries: Sequence[str]) -> Operation[list[Any]]:
        """Search by several texts."""
        return combine([self.search(query) for query in queries])

    def product(self, product_id: str, start: int = 0) -> Operation[ProductDetails]:  # noqa: ARG002 - no variations
        """Read one product with its description and more pictures."""
        return goods.product(product_id)

    def by_articles(self, articles: Sequence[str]) -> Operation[dict[str, list[Product]]]:
        """Look articles up by the search, one by one."""
        return goods.by_articles(articles)

    def sections(self, parent: str | None) -> Operation[Sections]:
        """List what lies directly in a section of the catalogue."""
        select = ("ID", "IBLOCK_SECTION_ID", "NAME", "SORT", "ACTIVE")
        return sections(parent, select, {"ACTIVE": "Y"}, {"ID": "ASC"})

    def products_of(self, section_id: str, start: int = 0) -> Operation[ProductPage]:
        """List the products directly in a section."""
        return goods.products_of(section_id, start)

    def quote(
        self,
        product_ids: Sequence[str],
        price_type: str = "",  # noqa: ARG002 - the contract has no such choice
        *,
        by_store: bool = False,  # noqa: ARG002 - its answers always tell the stores
    ) -> Operation[dict[str, Offer]]:
        """Read prices and stock of up to 50 products."""
        return quotes.quote(self.settings, product_ids)

    @property
    def services(self) -> Sequence[DeliveryService]:
        """The delivery services of the settings."""
        return self.settings.services

    def services_now(self) -> None:
        """Return None: the contract does not list delivery services."""

    def slots(self) -> None:
        """Return None: the spec's row has no hours."""

    def pickup_points(self, product_ids: Sequence[str]) -> None:
        """Return None: the contract tells nothing of stores but their names."""

    def order(
        self,
        order_id: str,
        *,
        with_stores: bool = False,  # noqa: ARG002 - always there
        link_of: str = "",  # noqa: ARG002 - the contract gives a link with the order that it makes, and never again
    ) -> Operation[Order]:
        """Read an order with its payments and shipments, and with the stores' names if the portal tells them."""
        return orders.order(self.settings, order_id)

    def status(self, code: str) -> Status | None:
        """Tell what a code means: one of the portal's own, or one of the spec's ten words."""
        return known_status(code, self.settings.statuses)

    def stage(self, code: str) -> Status | None:
        """Tell the same of a return: the contract has one list of statuses."""
        return self.status(code)

    def place_order(self, order: NewOrder, progress: OrderProgress) -> OrderRequest:
        """Fill the buyer's basket, then make the order of it: two requests at most."""
        return order_creation.place_order(self.settings, order, progress)

    def look_up_order(self, order: NewOrder, progress: OrderProgress) -> None:
        """Return None: the portal honours `Idempotency-Key`, so sending the same again is harmless."""

    def present_order(self, order_id: str, buyer_id: str, view: DealView | None = None, company_id: str = "") -> None:
        """Return None: the contract has no clients beside the buyer, and no deals."""

    def contact(self, contact_id: str) -> None:
        """Return None: the contract has no contacts."""

    def find_contacts(self, phone: str, key: str = "") -> None:
        """Return None: the contract has no contacts."""

    def add_contact(self, wanted: NewContact) -> None:
        """Return None: the contract has no contacts."""

    def cancel_order(self, order_id: str, reason: str) -> Operation[None]:
        """Cancel an order."""
        return order_changes.cancel_order(order_id, reason)

    def confirm_cash_payment(self, order: Order) -> Operation[None]:
        """Mark the order's unpaid payments in cash as paid."""
        return order_changes.confirm_cash_payment(order)

    def orders_changed_since(self, moment: datetime, start: int = 0) -> Operation[OrderPage]:
        """List changed orders."""
        return orders.changed_since(moment, start)

    def order_of_payment(self, payment_id: str) -> Operation[str]:
        """Return the id of a payment's order."""
        return orders.order_of("payment", payment_id)

    def order_of_shipment(self, shipment_id: str) -> Operation[str]:
        """Return the id of a shipment's order."""
        return orders.order_of("shipment", shipment_id)

    def deals_moved_since(self, moment: datetime, start: int = 0) -> None:
        """Return None: the contract has no deals."""

    def deals_of_contact(self, contact_id: str) -> None:
        """Return None: the contract has no deals."""

    def orders_of_deal(self, deal_id: str) -> None:
        """Return None: the contract has no deals."""

    def comment(self, buyer_id: str, order_id: str, words: str) -> None:
        """Return None: the contract has no CRM."""

    def register_return(self, wanted: NewReturn) -> Operation[ReturnState]:
        """Register a return by the method of the spec's two that the portal has."""
        return returns.register_return(self.settings, wanted)

    def look_up_return(self, wanted: NewReturn) -> None:
        """Return None, as for orders."""

    def returns_of(self, order_id: str) -> Operation[tuple[ReturnState, ...]]:
        """List the returns of an order."""
        return returns.returns_of(self.settings, order_id)

    def return_status(self, return_id: str) -> Operation[ReturnState]:
        """Read how a return stands."""
        return returns.return_status(self.settings, return_id)

    def upload_photo(self, name: str, content: bytes) -> Operation[Photo]:
        """Put a photo into the Disk folder."""
        return disk.upload_photo(self.settings.disk_folder_id, name, content)

    def look_up_photo(self, name: str) -> None:
        """Return None, as for orders."""

    def delete_photo(self, photo_id: str) -> Operation[None]:
        """Delete a photo for good."""
        return disk.delete_photo(photo_id)
