"""The real Bitrix24 REST as a `Portal`. Which commands, and how their answers are read, is in the modules beside."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, ClassVar

from shared.bitrix import disk
from shared.bitrix.encoding import as_sent
from shared.bitrix.native import articles as native_articles
from shared.bitrix.native import (
    contacts,
    deals,
    deliveries,
    goods,
    order_changes,
    order_clients,
    order_creation,
    order_lookup,
    orders,
    pickup,
    quotes,
    returns,
    statuses,
    timeline,
)
from shared.bitrix.native import search as native_search
from shared.bitrix.native import search_ways as native_search_ways
from shared.bitrix.native.settings import NativeSettings
from shared.bitrix.portal import Operation, OrderRequest
from shared.bitrix.sections import sections
from shared.clock import Now, utc_now
from shared.domain.catalogue import Product, ProductDetails, ProductPage, Sections
from shared.domain.contacts import Contact, FoundContacts, NewContact
from shared.domain.deliveries import DeliveryService, DeliverySlot, StockedPoint
from shared.domain.offers import Offer
from shared.domain.order_progress import OrderProgress
from shared.domain.orders import DealPage, DealView, NewOrder, Order, OrderPage
from shared.domain.returns import NewReturn, Photo, ReturnState
from shared.status import Status


@dataclass(frozen=True)
class NativePortal:
    """`Portal` for a Bitrix24 portal as it is. `now` tells whether goods with dates are sold already, and still."""

    settings: NativeSettings
    renews_links: ClassVar[bool] = True
    now: Now = field(default_factory=lambda: utc_now, compare=False)

    @property
    def shows_deals(self) -> bool:
        """Whether the settings say what the stages of deals mean."""
        return bool(self.settings.deal_stage_map)

    def search(self, query: str, start: int = 0) -> Operation[ProductPage]:
        """Search by a part of the name and by the whole article; a page may hold 50 of each."""
        return native_search.search(self.settings, query, start)

    def search_ways(self, queries: Sequence[str]) -> Operation[list[Any]]:
        """Search in several spellings; a list of articles is shared by all of them."""
        return native_search_ways.search_ways(self.settings, queries)

    def product(self, product_id: str, start: int = 0) -> Operation[ProductDetails]:
        """Read one product, or a variation of one, with its description, more pictures and variations."""
        return goods.product(self.settings, product_id, start, self.now())

    def by_articles(self, articles: Sequence[str]) -> Operation[dict[str, list[Product]]]:
        """Look articles up by their property, or in names where the portal has none."""
        return native_articles.by_articles(self.settings, articles)

    def sections(self, parent: str | None) -> Operation[Sections]:
        """List what lies directly in a section of the catalogue."""
        select = ("id", "iblockSectionId", "name", "sort", "active")
        return sections(parent, select, {"iblockId": as_sent(self.settings.iblock_id), "active": "Y"}, {"id": "asc"})

    def products_of(self, section_id: str, start: int = 0) -> Operation[ProductPage]:
        """List the products directly in a section."""
        return goods.products_of(self.settings, section_id, start)

    def quote(
        self, product_ids: Sequence[str], price_type: str = "", *, by_store: bool = False
    ) -> Operation[dict[str, Offer]]:
        """Read prices and stock of up to 50 products, by store of one."""
        kind = price_type or self.settings.price_type_id
        return quotes.quote(self.settings, product_ids, kind, self.now, by_store=by_store)

    @property
    def services(self) -> Sequence[DeliveryService]:
        """The delivery services of the settings."""
        return self.settings.services

    def services_now(self) -> Operation[Sequence[DeliveryService]] | None:
        """Read which of these are active."""
        return deliveries.services_now(self.settings) if self.settings.services else None

    def slots(self) -> Operation[Sequence[DeliverySlot]] | None:
        """Read the variants of the order property with the hours."""
        return deliveries.slots(self.settings.slot_property_id) if self.settings.slot_property_id else None

    def pickup_points(self, product_ids: Sequence[str]) -> Operation[Sequence[StockedPoint]] | None:
        """Read the stores that people may come to."""
        wanted = any(service.pickup for service in self.settings.services)
        return pickup.pickup_points(self.settings, product_ids) if wanted else None

    def order(self, order_id: str, *, with_stores: bool = False, link_of: str = "") -> Operation[Order]:
        """Read an order with its payments and shipments; with the stores' names and a payment's link if wanted."""
        return orders.order(self.settings, order_id, with_stores=with_stores, link_of=link_of)

    def status(self, code: str) -> Status | None:
        """Tell what a code of an order or a shipment means."""
        return statuses.known(code, self.settings.status_map)

    def stage(self, code: str) -> Status | None:
        """Tell what a stage of a return means; one letter may be a status of orders too."""
        return returns.known_stage(self.settings, code) or returns.WORDS.get(code)

    def place_order(self, order: NewOrder, progress: OrderProgress) -> OrderRequest:
        """Return the request for what is missing: one batch, or with `phases` the next of several.

        An order is complete with its lines, address, shipment and payment. The link is asked for with `order`, once the
        sum is known.
        """
        return order_creation.place_order(self.settings, order, progress)

    def look_up_order(self, order: NewOrder, progress: OrderProgress) -> Operation[OrderProgress]:
        """Find out what of an order is there, by its key."""
        return order_lookup.look_up_order(self.settings, order, progress)

    def present_order(
        self, order_id: str, buyer_id: str, view: DealView | None = None, company_id: str = ""
    ) -> Operation[str] | None:
        """Make a buyer who is a contact, and his company, clients of order and deal; let the deal show the view."""
        return order_clients.present_order(self.settings, order_id, buyer_id, view, company_id)

    def contact(self, contact_id: str) -> Operation[Contact | None]:
        """Read a contact with his company."""
        return contacts.contact(contact_id)

    def find_contacts(self, phone: str, key: str = "") -> Operation[FoundContacts]:
        """Find who has a phone, however it is written there, or was made with the key."""
        return contacts.find_contacts(phone, key)

    def add_contact(self, wanted: NewContact) -> Operation[str]:
        """Make a contact."""
        return contacts.add_contact(wanted)

    def cancel_order(self, order_id: str, reason: str) -> Operation[None]:
        """Cancel an order. A paid one is refused (`SALE_ORDER_CANCEL_PAYMENT_EXIST_ACTIVE`)."""
        return order_changes.cancel_order(order_id, reason)

    def confirm_cash_payment(self, order: Order) -> Operation[None]:
        """Mark the order's unpaid payments in cash as paid."""
        return order_changes.confirm_cash_payment(order)

    def orders_changed_since(self, moment: datetime, start: int = 0) -> Operation[OrderPage]:
        """List changed orders, of the one buyer if there is one."""
        return orders.changed_since(self.settings, moment, start)

    def order_of_payment(self, payment_id: str) -> Operation[str | None]:
        """Return the id of a payment's order."""
        return orders.order_of("payment", payment_id)

    def order_of_shipment(self, shipment_id: str) -> Operation[str | None]:
        """Return the id of a shipment's order."""
        return orders.order_of("shipment", shipment_id)

    def deals_moved_since(self, moment: datetime, start: int = 0) -> Operation[DealPage]:
        """List deals that were moved."""
        return deals.moved_since(moment, start)

    def deals_of_contact(self, contact_id: str) -> Operation[Sequence[str]]:
        """Return the newest deals of a contact."""
        return deals.of_contact(contact_id)

    def orders_of_deal(self, deal_id: str) -> Operation[Sequence[str]]:
        """Return the ids of a deal's orders."""
        return deals.orders_of(deal_id)

    def comment(self, buyer_id: str, order_id: str, words: str) -> Operation[None] | None:
        """Comment in the timeline of a contact, or of an order's deal."""
        return timeline.comment(buyer_id, order_id, words)

    def register_return(self, wanted: NewReturn) -> Operation[ReturnState]:
        """Register a return as an item of the smart process."""
        return returns.register_return(self.settings, wanted)

    def look_up_return(self, wanted: NewReturn) -> Operation[ReturnState | None]:
        """Find a return by its key."""
        return returns.look_up_return(self.settings, wanted)

    def returns_of(self, order_id: str) -> Operation[tuple[ReturnState, ...]]:
        """List the returns of an order."""
        return returns.returns_of(self.settings, order_id)

    def return_status(self, return_id: str) -> Operation[ReturnState]:
        """Read how a return stands."""
        return returns.return_status(self.settings, return_id)

    def upload_photo(self, name: str, content: bytes) -> Operation[Photo]:
        """Put a photo into the Disk folder."""
        return disk.upload_photo(self.settings.disk_folder_id, name, content)

    def look_up_photo(self, name: str) -> Operation[Photo | None]:
        """Find an uploaded photo by its name."""
        return disk.look_up_photo(self.settings.disk_folder_id, name)

    def delete_photo(self, photo_id: str) -> Operation[None]:
        """Delete a photo for good."""
        return disk.delete_photo(photo_id)
