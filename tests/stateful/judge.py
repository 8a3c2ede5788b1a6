"""What must be so whatever happens in whichever order. The judge keeps books of its own beside the bot's.

Cart: what the bot said it did with each tap, applied to the judge's cart, must be what the record holds and every
screen shows. Orders: each comes of one tap on one confirmation of an entitled master, and is what that screen showed,
brought by whom it named. What becomes of them: `order_books`. Strangers: nothing beyond the few sentences for them.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from shared.assistant import texts
from tests.stateful.cart_book import CartBook
from tests.stateful.hearing import GuiltyError, Said, Tap
from tests.stateful.order_books import OrderBooks
from tests.stateful.order_news import is_news
from tests.stateful.portal_books import AtPortal
from tests.stateful.reading import Goods, goods, is_confirmation, is_list, numbers, plain

_DOOR = texts.onboarding
FOR_STRANGERS = frozenset(plain(say()) for say in (_DOOR.stranger, _DOOR.blocked, _DOOR.invite_bad, _DOOR.too_often))
SAYING = frozenset({"sendmessage", "sendphoto", "editmessagetext", "editmessagecaption"})


@dataclass
class Agreed:
    """A tap on «Заказать»: what the screen above it showed; `at_once`: the goods never were in the cart."""

    user: int
    checkout: str
    shown: Goods
    at_once: bool = False


@dataclass
class Judge:
    """The books. `names` are the goods by the names that screens show; `prices` all the prices each ever had.

    `services` are the delivery services by the names that screens show; `operators` is the chat of who is told trouble.
    """

    names: Mapping[str, str]
    prices: Mapping[str, set[Decimal]]
    services: Mapping[str, str] = field(default_factory=dict)
    operators: int = 0
    masters: dict[int, str] = field(default_factory=dict)
    blocked: set[int] = field(default_factory=set)
    strangers: set[int] = field(default_factory=set)
    orders: dict[str, int] = field(default_factory=dict)
    canceled_by_shop: set[str] = field(default_factory=set)
    deleted_by_shop: set[str] = field(default_factory=set)
    books: OrderBooks = field(default_factory=OrderBooks)
    _taps: dict[str, Tap] = field(default_factory=dict)
    _spinning: dict[str, Tap] = field(default_factory=dict)
    _agreed: list[Agreed] = field(default_factory=list)
    _ordered: set[str] = field(default_factory=set)
    _canceled: set[str] = field(default_factory=set)

    def __post_init__(self) -> None:
        self.carts = CartBook(self.names)

    def entitled(self, user: int) -> bool:
        """Whether the bot is to serve this person."""
        return user in self.masters and user not in self.blocked

    def sees_tap(self, tap: Tap) -> None:
        """A tap is on its way."""
        self._spinning[tap.callback_id] = tap
        if not self.entitled(tap.user):
            return
        self._taps[tap.callback_id] = tap
        shown = goods(tap.under)
        if tap.kind == "z1" and shown is not None and is_confirmation(tap.under):
            at_once = texts.checkout.cart_untouched() in tap.under
            self._agreed.append(Agreed(tap.user, tap.fields[0], shown, at_once))
        if tap.kind == "Y1" and self.orders.get(tap.fields[0]) == tap.user:
            self._canceled.add(tap.fields[0])

    def hears(self, said: Said) -> None:
        if said.method == "answercallbackquery":
            turned_away = said.text in FOR_STRANGERS
            tap = self._spinning.pop(said.callback_id, None)
            if tap is not None and tap.user in self.strangers | self.blocked and not turned_away:
                raise GuiltyError(f"{tap} is served: {said.text}")
            self._hears_answer(said)
        elif said.chat == self.operators:
            self.books.money.operators_read(said.text)
        elif said.chat not in self.masters:
            self._hears_word_to_stranger(said)
        elif said.method in SAYING:
            self._reads(said)

    def _hears_word_to_stranger(self, said: Said) -> None:
        if said.chat in self.strangers and (said.method != "sendmessage" or said.text not in FOR_STRANGERS):
            raise GuiltyError(f"a stranger is served: {said}")

    def _hears_answer(self, said: Said) -> None:
        tap = self._taps.pop(said.callback_id, None)
        if tap is None:
            return
        if tap.kind == "W1" and not said.text and self.orders.get(tap.fields[0]) == tap.user:
            self.carts.repeats(tap.user, tap.fields[0])
        self.carts.hears_answer(tap, said.text)

    def _reads(self, said: Said) -> None:
        foreign = {number for number in numbers(said.text) if self.orders.get(number, said.chat) != said.chat}
        # Of somebody else's order he reads what he would read of none.
        if foreign and not said.text.startswith(f"Заказ № {min(foreign)} не найден среди ваших."):
            raise GuiltyError(f"{said.chat} reads about orders of others, {foreign}: {said.text}")
        self.books.reads(said.text, said.chat, said.message_id)
        if (shown := goods(said.text)) is not None:
            self._adds_up(said, shown)
        if said.chat in self.blocked and not _is_for_blocked(said.text):
            raise GuiltyError(f"a blocked master is served: {said.text}")

    def _adds_up(self, said: Said, shown: Goods) -> None:
        if shown.sum != shown.total:
            raise GuiltyError(f"{shown.sum} is not {shown.total}: {said.text}")
        held = {self.names[name]: pieces for name, pieces in shown.pieces.items()}
        for name, price in shown.prices.items():
            if price not in self.prices[self.names[name]]:
                raise GuiltyError(f"{name} never cost {price}")
        if is_list(said.text):
            return
        # A confirmation stays what it was when the cart changes later.
        carts = [self.carts.carts.get(said.chat, {})]
        if is_confirmation(said.text):
            carts = self.carts.checked_out.get(said.chat, [])
        # What is not sold any more is not among the lines.
        if not any(held.items() <= cart.items() for cart in carts) and not self._under_way(said.chat):
            raise GuiltyError(f"{held} is shown, the cart was {carts}: {said.text}")

    def _under_way(self, user: int) -> bool:
        """Whether something changes this master's cart just now that is not yet in the books."""
        return user in self.carts.under_way() | {one.user for one in self._agreed}

    def audits(
        self, orders: Iterable[Mapping[str, Any]], carts: Mapping[int, Mapping[str, int]], *, sold_dearer: bool
    ) -> None:
        """Everything is at rest: compare the books. `sold_dearer`: a price changed since the last time."""
        everything = list(orders)
        for order in everything:
            if order["ID"] not in self.orders:
                self._books(order, sold_dearer=sold_dearer)
            if order["CANCELED"] == "Y" and order["ID"] not in self._canceled | self.canceled_by_shop:
                raise GuiltyError(f"nobody canceled the order {order['ID']}")
        self.carts.books({order["ID"]: order for order in everything})
        self._agreed.clear()
        if self._spinning:
            raise GuiltyError(f"taps without an answer: {[tap.data for tap in self._spinning.values()]}")
        self.carts.audits(self.masters, carts)

    def _books(self, order: Mapping[str, Any], *, sold_dearer: bool) -> None:
        """Find the tap that a new order comes of."""
        held = {line["PRODUCT_ID"]: int(line["QUANTITY"]) for line in order["BASKET"]}
        for one in self._agreed:
            wanted = {self.names[name]: pieces for name, pieces in one.shown.pieces.items()}
            if one.checkout in self._ordered or self.masters[one.user] != order["USER_ID"] or wanted != held:
                continue
            self._books_as(one, order, sold_dearer=sold_dearer)
            if not one.at_once:
                self.carts.takes_out(one.user, held)
            return
        raise GuiltyError(f"nobody confirmed the order {order['ID']} of {held} for {order['USER_ID']}")

    def _books_as(self, one: Agreed, order: Mapping[str, Any], *, sold_dearer: bool) -> None:
        """The order must cost what its master confirmed, and be brought by whom he chose."""
        service, chosen = order["SHIPMENT"][0]["DELIVERY_SERVICE_ID"], self.services.get(one.shown.service)
        if one.shown.service and service != chosen:
            raise GuiltyError(f"order {order['ID']} is brought by {service}, «{one.shown.service}» was chosen")
        agreed = self.books.edits.is_asked(order["ID"], one.shown.total, Decimal(order["PRICE"])) or sold_dearer
        if not agreed:
            raise GuiltyError(f"order {order['ID']} costs {order['PRICE']}, {one.shown.total} was agreed to")
        self._ordered.add(one.checkout)
        self.orders[order["ID"]] = one.user
        lines = {name: (Decimal(pieces), one.shown.prices[name]) for name, pieces in one.shown.pieces.items()}
        self.books.opens(order["ID"], lines, one.shown.total)

    def audits_news(self, orders: Mapping[str, AtPortal]) -> None:
        """The portal has been asked for what it did not tell: every master knows how his orders stand."""
        self.books.audits(orders, self.deleted_by_shop)

    def leaves_no_trace(self, keys: Sequence[str]) -> None:
        """No record is about a stranger."""
        traces = [key for key in keys for stranger in self.strangers if str(stranger) in key]
        if traces:
            raise GuiltyError(f"records about strangers: {traces}")


def _is_for_blocked(text: str) -> bool:
    """Whether it is what every stranger hears, or what he goes on hearing about orders he made."""
    return text in FOR_STRANGERS or is_news(text)
