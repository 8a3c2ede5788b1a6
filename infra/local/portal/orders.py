"""Baskets and orders of the simulated shop, without any notion of how they are asked for."""

from __future__ import annotations

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from decimal import Decimal
from itertools import count

from infra.local.clock import Clock
from infra.local.portal.catalogue import CURRENCY, Amount, Catalogue, Product
from infra.local.portal.deliveries import Delivery
from infra.local.portal.figures import to_kopecks
from shared.status import Status

FIRST_ORDER = 5121


class OrderError(Exception):
    """The shop refuses; the text says why, in Russian."""


class NotEnoughError(OrderError):
    """What is sold from stock only is there, but not so much of it, or not at all; `left` is how much."""

    def __init__(self, product: Product) -> None:
        super().__init__(f"{product.name}: в наличии {product.available}")
        self.left = product.available


@dataclass(frozen=True)
class BasketItem:
    """A product somebody put into his basket."""

    id: int
    buyer_id: str
    product_id: str
    quantity: Decimal


PIECES = "шт."


@dataclass(frozen=True)
class Line:
    """A line of an order: the price is that of the moment of ordering, `taken` what left which store."""

    id: int
    product_id: str
    name: str
    quantity: Decimal
    price: Decimal
    taken: Mapping[str, Amount] = field(default_factory=dict)
    unit: str = PIECES


@dataclass(frozen=True)
class OrderDeal:
    """The deal that an order hangs on, and the code of its stage."""

    id: int
    stage: str


@dataclass
class Order:
    """An order; `pay_token` makes its payment link and is empty for cash on delivery.

    `stores` are the ids of those its goods lie in until they are handed over. `number` is what managers call the order,
    where that is not its id.
    """

    id: str
    buyer_id: str
    lines: Sequence[Line]
    pay_system_id: str
    delivery_id: str
    properties: Mapping[str, str]
    created_at: datetime
    status: Status = Status.NEW
    reason: str = ""
    paid: bool = False
    tracking: str = ""
    eta: date | None = None
    pay_token: str = field(default="", repr=False)
    currency: str = CURRENCY
    delivery_price: Decimal = Decimal(0)
    changed_at: datetime | None = None
    handed_over: bool = False
    stores: Sequence[str] = ()
    number: str = ""
    deal: OrderDeal | None = None
    delivery_name: str = "Курьер"

    @property
    def total(self) -> Decimal:
        """What the order costs."""
        return sum((to_kopecks(line.price * line.quantity) for line in self.lines), self.delivery_price)

    def quantity_of(self, product_id: str) -> Decimal:
        """How many pieces of a product were ordered."""
        return sum((line.quantity for line in self.lines if line.product_id == product_id), Decimal(0))


@dataclass(frozen=True)
class OrderChange:
    """What the shop changes in an order; None leaves a thing as it is, an empty string clears it.

    `lines` are new quantities by product; zero takes the line out, a product without a line gets one at its price.
    `prices` are what a unit of a line's product costs in this order.
    """

    status: Status | None = None
    reason: str | None = None
    tracking: str | None = None
    eta: date | str | None = None
    paid: bool | None = None
    lines: Mapping[str, Decimal] | None = None
    prices: Mapping[str, Decimal] | None = None
    delivery_price: Decimal | None = None


class OrderBook:
    """All baskets and orders."""

    def __init__(self, catalogue: Catalogue, clock: Clock) -> None:
        self._catalogue = catalogue
        self._clock = clock
        self._baskets: list[BasketItem] = []
        self._orders: dict[str, Order] = {}
        self._basket_ids = count(1)
        self._order_ids = count(FIRST_ORDER)

    def add_to_basket(self, buyer_id: str, product_id: str, quantity: Decimal) -> BasketItem:
        """Put a product into a basket. Raises `OrderError` for a product the shop does not sell, or not so many of."""
        _need_stock(self._product(product_id), quantity)
        item = BasketItem(next(self._basket_ids), buyer_id, product_id, quantity)
        self._baskets.append(item)
        return item

    def basket(self, buyer_id: str) -> list[BasketItem]:
        """Return what lies in a buyer's basket."""
        return [item for item in self._baskets if item.buyer_id == buyer_id]

    def create(
        self, buyer_id: str, pay_system_id: str, delivery: Delivery, properties: Mapping[str, str], *, prepaid: bool
    ) -> Order:
        """Make an order of the whole basket at today's prices. Raises `OrderError` when it is empty, or sold out."""
        items = self.basket(buyer_id)
        if not items:
            raise OrderError("Корзина покупателя пуста")
        for product_id in dict.fromkeys(item.product_id for item in items):
            wanted = sum((item.quantity for item in items if item.product_id == product_id), Decimal(0))
            _need_stock(self._product(product_id), wanted)
        lines = [self._line(item) for item in items]
        order = Order(
            id=str(next(self._order_ids)),
            buyer_id=buyer_id,
            lines=lines,
            pay_system_id=pay_system_id,
            delivery_id=delivery.id,
            delivery_name=delivery.name,
            delivery_price=delivery.price or Decimal(0),
            properties=properties,
            created_at=self._clock.now(),
            changed_at=self._clock.now(),
            pay_token=secrets.token_urlsafe(18) if prepaid else "",
            stores=_stores(lines),
        )
        self._baskets = [item for item in self._baskets if item.buyer_id != buyer_id]
        self._orders[order.id] = order
        return order

    def _line(self, item: BasketItem) -> Line:
        product = self._product(item.product_id)
        taken = product.take(int(item.quantity))
        return Line(item.id, product.id, product.name, item.quantity, product.price, taken)

    def _product(self, product_id: str) -> Product:
        product = self._catalogue.get(product_id)
        if product is None:
            raise OrderError(f"Товар {product_id} не найден или не продаётся")
        return product

    def get(self, order_id: str) -> Order | None:
        """Return an order, or None."""
        return self._orders.get(order_id)

    def all(self) -> list[Order]:
        """Return every order, oldest first."""
        return list(self._orders.values())

    def by_pay_token(self, token: str) -> Order | None:
        """Return the order a payment link belongs to, or None."""
        for order in self._orders.values():
            if order.pay_token and secrets.compare_digest(order.pay_token.encode(), token.encode()):
                return order
        return None

    def change(self, order: Order, change: OrderChange) -> None:
        """Apply a change: payment follows from the status, a cancelled order's goods go back to the shelves."""
        order.changed_at = self._clock.now()
        if change.status is not None and change.status is not order.status:
            self._move(order, change.status)
        if change.paid is not None:
            order.paid = change.paid
        if change.reason is not None:
            order.reason = change.reason
        if change.tracking is not None:
            order.tracking = change.tracking
        if change.eta is not None:
            order.eta = change.eta if isinstance(change.eta, date) else None
        self._edit(order, change.lines or {})
        prices = change.prices or {}
        order.lines = [replace(line, price=prices.get(line.product_id, line.price)) for line in order.lines]
        if change.delivery_price is not None:
            order.delivery_price = change.delivery_price

    def _edit(self, order: Order, wanted: Mapping[str, Decimal]) -> None:
        """Give lines other quantities: what they held goes back to the shelves, what they need now is taken anew."""
        there = {line.product_id for line in order.lines}
        added = {product: quantity for product, quantity in wanted.items() if product not in there and quantity}
        lines = []
        for line in order.lines:
            quantity = wanted.get(line.product_id, line.quantity)
            if quantity == line.quantity:
                lines.append(line)
                continue
            product = self._product(line.product_id)
            product.put_back(line.taken)
            if quantity:
                lines.append(replace(line, quantity=quantity, taken=product.take(int(quantity))))
        lines += [
            self._line(BasketItem(next(self._basket_ids), order.buyer_id, product_id, quantity))
            for product_id, quantity in added.items()
        ]
        order.lines, order.stores = lines, () if order.handed_over else _stores(lines)

    def _move(self, order: Order, status: Status) -> None:
        if status in (Status.PAYED, Status.FINISHED):
            order.paid = True
        if order.status is Status.CANCELED and not order.handed_over:
            self._take_anew(order)
        if status in _LEFT:
            order.handed_over, order.stores = True, ()
        if status is Status.CANCELED:
            order.stores = ()
            for line in order.lines:
                self._product(line.product_id).put_back(line.taken)
            order.lines = [Line(i.id, i.product_id, i.name, i.quantity, i.price) for i in order.lines]
        order.status = status

    def _take_anew(self, order: Order) -> None:
        """Set the goods of an order aside that is under way again."""
        order.lines = [
            replace(line, taken=self._product(line.product_id).take(int(line.quantity))) for line in order.lines
        ]
        order.stores = _stores(order.lines)


def _need_stock(product: Product, quantity: Decimal) -> None:
    if not product.on_order and quantity > product.available:
        raise NotEnoughError(product)


_LEFT = frozenset({Status.SHIPPED, Status.DELIVERED, Status.FINISHED})


def _stores(lines: Sequence[Line]) -> tuple[str, ...]:
    """Return the ids of the stores that something was taken in, each once."""
    return tuple(dict.fromkeys(store for line in lines for store in line.taken))
