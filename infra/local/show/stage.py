"""The stage of a story: its people, the shop's hands, and what the audience is told."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from itertools import count

import httpx

from infra.local.portal.app import Portal
from infra.local.portal.catalogue import Amount, Product
from infra.local.portal.faults import FaultKind
from infra.local.portal.hits import one_hit
from infra.local.portal.orders import Order, OrderChange
from infra.local.portal.returns import Return
from infra.local.show.customer import Customer
from infra.local.show.machine import Machine
from infra.local.telegram.person import Json
from shared.status import Status

NEW_ORDER = "sale.order.add"
"""What makes an order, in either dialect."""

_user_ids = count(820_001)


class StoryError(Exception):
    """A story did not end as it is told to; the text says, in Russian, what did not come true."""


class Stage:
    """Where one story is played. `tells` and `proves` speak to the audience, `master` and `shop` act.

    `breath` is how many real seconds pass before anybody acts, so that one can follow; `patience` how long people
    wait for a screen. `changed` is called whenever there is something new to see.
    """

    def __init__(
        self,
        machine: Machine,
        http: httpx.AsyncClient,
        *,
        patience: float,
        breath: float = 0.0,
        changed: Callable[[], None] = lambda: None,
    ) -> None:
        if machine.portal is None or machine.telegram is None:
            raise ValueError("stories need the simulated portal and the simulated Telegram")
        self._machine = machine
        self._world = machine.telegram.world
        self._http = http
        self._breath = breath
        self._patience = patience
        self._changed = changed
        self.shop = ShopHands(machine.portal, self._draw_breath)
        self.told: list[str] = []
        self.proved: list[str] = []
        self.people: list[tuple[int, str]] = []

    async def tells(self, words: str) -> None:
        """Tell the audience what comes next."""
        self.told.append(words)
        self._changed()
        await self._draw_breath()

    def proves(self, words: str, *, holds: bool) -> None:
        """Tell the audience what has come true. StoryError when it has not."""
        if not holds:
            raise StoryError(f"Не вышло: {words}")
        self.proved.append(words)
        self._changed()

    async def master(self, name: str) -> Customer:
        """Let somebody nobody has seen before come in by his invite."""
        user_id = next(_user_ids)
        buyer, url = str(user_id), self._machine.telegram_url
        self._world.user(user_id).first_name = name
        self.people.append((user_id, name))
        self._changed()
        customer = Actor(self._http, url, user_id, buyer, self._machine.invite(buyer))
        customer.patience, customer.draw_breath = self._patience, self._draw_breath
        await customer.comes_in()
        return customer

    async def _draw_breath(self) -> None:
        await asyncio.sleep(self._breath)


class Actor(Customer):
    """A master who acts no faster than one can follow."""

    draw_breath: Callable[[], Awaitable[None]]

    async def _acts(self, path: str, **body: object) -> Json:
        await self.draw_breath()
        return await super()._acts(path, **body)


@dataclass(frozen=True)
class _Before:
    """What goods were like before a story changed them."""

    price: Decimal
    stock: Mapping[str, Amount]
    on_order: bool


class ShopHands:
    """What the shop's people do in a story, and what they see. Goods and weather are put back when it ends."""

    def __init__(self, portal: Portal, draw_breath: Callable[[], Awaitable[None]]) -> None:
        self._portal = portal
        self._draw_breath = draw_breath
        self._before: dict[str, _Before] = {}

    def sells(self, product_id: str, *, price: str | None = None, pieces: int | None = None) -> None:
        """Give goods another price, or leave so many pieces and no more to come."""
        product = self._product(product_id)
        self._before.setdefault(product_id, _Before(product.price, dict(product.stock), product.on_order))
        if price is not None:
            product.price = Decimal(price)
        if pieces is not None:
            product.stock = {store: pieces if number == 0 else 0 for number, store in enumerate(product.stock)}
            product.on_order = False

    async def moves(self, number: str, change: OrderChange) -> None:
        """Change an order; the event follows."""
        await self._draw_breath()
        with one_hit():
            self._portal.front.change_order(self._order(number), change)

    async def is_paid(self, number: str) -> None:
        """Take the payment of an order by its link."""
        await self._draw_breath()
        self._portal.front.pay(self._order(number))

    async def decides(self, item: Return, status: Status, reason: str = "") -> None:
        """Decide on a return; the event follows."""
        await self._draw_breath()
        self._portal.front.change_return(item, status, reason)

    def fails(self, kind: FaultKind, method: str, count: int) -> None:
        """Have the next requests of a method fail."""
        self._portal.rest.faults.add(kind, count=count, method=method)

    def orders(self, buyer: str) -> list[Order]:
        """Return a buyer's orders."""
        return [order for order in self._portal.front.orders.all() if order.buyer_id == buyer]

    def returns(self, number: str) -> list[Return]:
        """Return the returns of an order."""
        return [item for item in self._portal.front.returns.all() if item.order_id == number]

    def writes(self, method: str, since: int) -> list[str]:
        """Return the idempotency keys of the requests of a method, after so many requests."""
        calls = [call for call in self._portal.rest.calls.since()[since:] if call.method == method]
        return [{name.lower(): value for name, value in call.headers.items()}["idempotency-key"] for call in calls]

    def asked(self) -> int:
        """Return how many requests the portal got so far."""
        return len(self._portal.rest.calls.since())

    def leaves(self) -> None:
        """Put everything back as it was."""
        self._portal.rest.faults.clear()
        for product_id, before in self._before.items():
            product = self._product(product_id)
            product.price, product.stock, product.on_order = before.price, dict(before.stock), before.on_order

    def _product(self, product_id: str) -> Product:
        return self._portal.shop.catalogue.known(product_id)

    def _order(self, number: str) -> Order:
        found = [one for one in self._portal.front.orders.all() if number in (one.number, one.id)]
        if not found:
            raise StoryError(f"В магазине нет заказа № {number}")
        return found[0]
