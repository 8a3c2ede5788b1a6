"""The port to a portal: operations that say which commands they need and how to read the answers.

An operation is data, so operations of many masters pack into one `batch` request (shared/pipeline/README.md, «Jobs and
permits»; shared/bitrix/README.md, «Two dialects»). Two dialects implement `Portal`: `shared.bitrix.contract` (the
spec's §2 to the letter) and `shared.bitrix.native`. The shop's words are loaded by who makes them: whoever knows an
`Answer` only starts faster.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from typing import TYPE_CHECKING, Any, ClassVar, Generic, Literal, Protocol, TypeVar

from shared.bitrix.errors import BitrixError

if TYPE_CHECKING:
    from shared.domain.catalogue import Product, ProductDetails, ProductPage, Sections
    from shared.domain.contacts import Contact, FoundContacts, NewContact
    from shared.domain.deliveries import DeliveryService, DeliverySlot, StockedPoint
    from shared.domain.offers import Offer
    from shared.domain.order_progress import OrderProgress
    from shared.domain.orders import DealPage, DealView, NewOrder, Order, OrderPage
    from shared.domain.returns import NewReturn, Photo, ReturnState
    from shared.status import Status

T_co = TypeVar("T_co", covariant=True)

PATIENCE = 62.0
"""Seconds after which a portal is surely done with a request it did not answer: it stops at 60.

See shared/bitrix/README.md, «Limits».
"""


@dataclass(frozen=True)
class Command:
    """One REST method with its parameters (nested dicts and lists, as JSON)."""

    method: str
    params: Mapping[str, Any]
    verb: Literal["GET", "POST"] = "POST"


@dataclass(frozen=True)
class Answer:
    """What one command came back with. `extra` holds the envelope's other keys, such as `result_data`.

    `error` is set, and `result` None, when an optional command failed.
    """

    result: Any
    total: int | None = None
    next: int | None = None
    extra: Mapping[str, Any] = field(default_factory=dict)
    error: BitrixError | None = None


@dataclass(frozen=True)
class Operation(Generic[T_co]):
    """What to ask and how to understand the answer.

    `read` gets one `Answer` per key of `commands` and raises `shared.bitrix.errors.BitrixError` when the answer makes
    no sense. `weight` is how many of a batch's 50 commands it takes up. The keys in `optional` may fail: `read` is then
    given an `Answer` with the error, also where a read has no other command. In a write that can only be the last
    command, for an error stops the chain; and it needs another command beside it.
    """

    commands: Mapping[str, Command]
    read: Callable[[Mapping[str, Answer]], T_co]
    weight: int = 1
    optional: frozenset[str] = frozenset()

    @cached_property
    def asked(self) -> str:
        """What the portal is asked, word by word: reads that ask the same can share an answer."""
        return repr(dict(self.commands))


def weight_together(operations: Iterable[Operation[Any]]) -> int:
    """Return how many of a batch's 50 commands these reads take up together: those that ask the same take it once."""
    return sum({operation.asked: operation.weight for operation in operations}.values())


@dataclass(frozen=True)
class OrderRequest(Operation["OrderProgress"]):
    """One request of an order. `makes_order`: an order may come of it, so it matters when its outcome is unknown."""

    makes_order: bool = True


class Portal(Protocol):
    """Everything the bot asks of a portal."""

    def search(self, query: str, start: int = 0) -> Operation[ProductPage]:
        """Find products by a text (spec §2, row 1). Pages start at 0, 50, 100 and so on."""
        ...

    def search_ways(self, queries: Sequence[str]) -> Operation[list[Any]]:
        """Read the first page of each of several spellings of one text, in order: a `ProductPage` each.

        An error of the first one is one of the whole, another's stands in its page's place.
        """
        ...

    def product(self, product_id: str, start: int = 0) -> Operation[ProductDetails]:
        """Read one product with its description and more pictures. `NotFound` when it is not in the catalogue.

        Of one that has variations a page of these comes with it; their pages start at 0, 50, 100 and so on.
        """
        ...

    def by_articles(self, articles: Sequence[str]) -> Operation[dict[str, list[Product]]]:
        """Look up to 50 articles up; every one asked has its products, none when nothing has it.

        An article is compared without case and spaces around, where the portal can also without separators and the
        difference of alphabets, the nearest counting; ValueError for none, an empty one or more than 50.
        """
        ...

    def sections(self, parent: str | None) -> Operation[Sections]:
        """List the active sections directly in a section (None: at the top). `NotFound` when it is not there."""
        ...

    def products_of(self, section_id: str, start: int = 0) -> Operation[ProductPage]:
        """List the active products directly in a section, by name. Pages start at 0, 50, 100 and so on."""
        ...

    def quote(
        self, product_ids: Sequence[str], price_type: str = "", *, by_store: bool = False
    ) -> Operation[dict[str, Offer]]:
        """Read price and stock of up to 50 products (spec §2, row 2).

        `price_type`: the portal's kind of price, "" for the usual one; where prices come without a choice it changes
        nothing. Products the portal does not sell now (at that kind of price) are left out. `by_store` is for one
        product: its offer says what each store holds, which others may say only of all stores together.
        """
        ...

    renews_links: ClassVar[bool]
    """Whether `order` can ask for a payment's link: elsewhere only the order's making gives one."""

    @property
    def shows_deals(self) -> bool:
        """Whether orders hang on deals that people look at, as far as the settings say."""
        ...

    @property
    def services(self) -> Sequence[DeliveryService]:
        """The delivery services that masters may choose from, the usual one first; none where there is no choice."""
        ...

    def services_now(self) -> Operation[Sequence[DeliveryService]] | None:
        """Read which of these the portal has just now; None where it does not tell, or there is no choice."""
        ...

    def slots(self) -> Operation[Sequence[DeliverySlot]] | None:
        """Read the hours an order may be brought at; None where there is no choice."""
        ...

    def pickup_points(self, product_ids: Sequence[str]) -> Operation[Sequence[StockedPoint]] | None:
        """Read where goods can be fetched, and what is there of up to 50 products, perhaps none; None as above."""
        ...

    def order(self, order_id: str, *, with_stores: bool = False, link_of: str = "") -> Operation[Order]:
        """Read an order with its payments and shipments (spec §2, row 5). `NotFound` when there is none.

        `with_stores` fills `Order.stores` too, which may take a second command; `link_of` the `url` of that payment
        where the portal gives it (`renews_links`).
        """
        ...

    def status(self, code: str) -> Status | None:
        """Return what a status code of an order of the portal's means; None for one nobody knows."""
        ...

    def stage(self, code: str) -> Status | None:
        """Return what a stage of a return of the portal's means; None for one nobody knows."""
        ...

    def place_order(self, order: NewOrder, progress: OrderProgress) -> OrderRequest:
        """Return the next request that an order needs (spec §2, rows 3 and 4), with an idempotency key of its own.

        Start with an `OrderProgress` that tells what lies in the buyer's basket already; go on with what comes back
        until it is done. After an unknown outcome look the order up first. A refusal while `progress.order_id` is set
        leaves a half order on the portal: cancel it. ValueError when nothing is missing (`progress.done`), and for an
        order that cannot be made.
        """
        ...

    def look_up_order(self, order: NewOrder, progress: OrderProgress) -> Operation[OrderProgress] | None:
        """Return a read that finds out how much of the order is there; None where sending again is harmless.

        It comes back with `absent` set, or with exactly what is there; `place_order` then asks for the rest. A request
        may go on working on the portal for 60 seconds after we lost sight of it: look not earlier than that.
        """
        ...

    def present_order(
        self, order_id: str, buyer_id: str, view: DealView | None = None, company_id: str = ""
    ) -> Operation[str] | None:
        """Say whom an order is for, and what people read in its deal: the deal's id, "" without one.

        `company_id` is the company of a buyer who is a contact: it is a client beside him.
        None where the order's making has said all. Doing it twice does no harm.
        """
        ...

    def contact(self, contact_id: str) -> Operation[Contact | None] | None:
        """Read a contact with his company; None of the operation when he is not there, else as below."""
        ...

    def find_contacts(self, phone: str, key: str = "") -> Operation[FoundContacts] | None:
        """Find who has a phone (E.164), or was made with the key; None where the portal knows no contacts."""
        ...

    def add_contact(self, wanted: NewContact) -> Operation[str] | None:
        """Make a contact and return its id; None as above. Doing it twice makes two: look it up by its key first."""
        ...

    def cancel_order(self, order_id: str, reason: str) -> Operation[None]:
        """Cancel an order with a reason its people can read. Doing it twice does no harm."""
        ...

    def confirm_cash_payment(self, order: Order) -> Operation[None]:
        """Mark the order's unpaid payments in cash as paid. ValueError when there is none. Twice does no harm."""
        ...

    def orders_changed_since(self, moment: datetime, start: int = 0) -> Operation[OrderPage]:
        """List orders changed at or after an aware moment (to the second), by id; pages start at 0, 50 and so on."""
        ...

    def order_of_payment(self, payment_id: str) -> Operation[str | None]:
        """Return the id of the order a payment belongs to (its event does not tell); None when it is gone."""
        ...

    def order_of_shipment(self, shipment_id: str) -> Operation[str | None]:
        """Return the id of the order a shipment belongs to; None when it is gone, or the portal's own."""
        ...

    def deals_moved_since(self, moment: datetime, start: int = 0) -> Operation[DealPage] | None:
        """List the deals whose stage changed at or after an aware moment, by id; None where there are no deals."""
        ...

    def deals_of_contact(self, contact_id: str) -> Operation[Sequence[str]] | None:
        """Return the ids of a contact's deals, newest first, 50 at most; None where there are none to ask for."""
        ...

    def orders_of_deal(self, deal_id: str) -> Operation[Sequence[str]] | None:
        """Return the ids of the orders that hang on a deal, none when it is gone; None where there are no deals."""
        ...

    def comment(self, buyer_id: str, order_id: str, words: str) -> Operation[None] | None:
        """Say something in the CRM about a contact, or else about an order's deal; None where there is neither."""
        ...

    def register_return(self, wanted: NewReturn) -> Operation[ReturnState]:
        """Register a return (spec §2, row 6)."""
        ...

    def look_up_return(self, wanted: NewReturn) -> Operation[ReturnState | None] | None:
        """Return a read that finds the return by its key (None: surely not there); None as for orders."""
        ...

    def returns_of(self, order_id: str) -> Operation[tuple[ReturnState, ...]]:
        """List the returns of an order, oldest first; `shared.domain.returns.returnable` tells what is left."""
        ...

    def return_status(self, return_id: str) -> Operation[ReturnState]:
        """Read how a return stands. `NotFound` when there is none."""
        ...

    def upload_photo(self, name: str, content: bytes) -> Operation[Photo]:
        """Put a photo into the Disk folder; a taken name gets a number. The name must be a plain file name."""
        ...

    def look_up_photo(self, name: str) -> Operation[Photo | None] | None:
        """Return a read that finds an uploaded photo by its name, which must be its own; None as for orders."""
        ...

    def delete_photo(self, photo_id: str) -> Operation[None]:
        """Delete a photo for good. One that is gone already is a `NotFound`."""
        ...
