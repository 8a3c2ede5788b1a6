"""What must be so whatever happens in whichever order. The judge keeps books of its own beside the bot's.

Cart: what the bot said it did with each tap, applied to the judge's cart, must be what the record holds and every
screen shows. Orders: each comes of one tap on one confirmation of an entitled master, and is what that screen showed.
Statuses: each told once, to nobody else, backwards only when an end was taken back. Strangers: nothing beyond the few
sentences for them.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from shared.assistant import texts
from tests.stateful.reading import (
    LIFE,
    Goods,
    Told,
    goods,
    is_confirmation,
    is_list,
    numbers,
    plain,
    restored,
    told,
    unpaid,
)

MOST_PIECES = 999
PAID = LIFE.index("Оплата получена")
LAST_WORDS = frozenset({LIFE.index("Заказ закрыт"), LIFE.index("Заказ отменён. Причина: ")})
_DOOR = texts.onboarding
FOR_STRANGERS = frozenset(plain(say()) for say in (_DOOR.stranger, _DOOR.blocked, _DOOR.invite_bad, _DOOR.too_often))
SAYING = frozenset({"sendmessage", "sendphoto", "editmessagetext", "editmessagecaption"})


class GuiltyError(AssertionError):
    """The bot has done what it must never do."""


@dataclass(frozen=True)
class Tap:
    """A tap as it was made; `under` is the text above the button, "" for data that never stood there."""

    user: int
    callback_id: str
    data: str
    under: str = ""

    @property
    def kind(self) -> str:
        return self.data.partition(":")[0]

    @property
    def fields(self) -> list[str]:
        """What follows the prefix."""
        return self.data.split(":")[1:]


@dataclass(frozen=True)
class Said:
    """A Bot API call that succeeded, as its addressee reads it."""

    method: str
    chat: int
    text: str
    message_id: int | None = None
    callback_id: str = ""


@dataclass
class Agreed:
    """A tap on «Заказать»: what the screen above it showed; `at_once`: the goods never were in the cart."""

    user: int
    checkout: str
    shown: Goods
    at_once: bool = False


@dataclass
class Judge:
    """The books. `names` are the goods by the names that screens show; `prices` all the prices each ever had."""

    names: Mapping[str, str]
    prices: Mapping[str, set[Decimal]]
    masters: dict[int, str] = field(default_factory=dict)
    blocked: set[int] = field(default_factory=set)
    strangers: set[int] = field(default_factory=set)
    carts: dict[int, dict[str, int]] = field(default_factory=dict)
    orders: dict[str, int] = field(default_factory=dict)
    canceled_by_shop: set[str] = field(default_factory=set)
    _told: dict[str, list[int]] = field(default_factory=dict)
    _shown: set[tuple[int, int, Told]] = field(default_factory=set)
    _unpaid: set[str] = field(default_factory=set)
    _taps: dict[str, Tap] = field(default_factory=dict)
    _spinning: dict[str, Tap] = field(default_factory=dict)
    _agreed: list[Agreed] = field(default_factory=list)
    _ordered: set[str] = field(default_factory=set)
    _canceled: set[str] = field(default_factory=set)
    _repeats: list[tuple[int, str]] = field(default_factory=list)
    _listed: list[tuple[int, Goods]] = field(default_factory=list)
    _lists: set[str] = field(default_factory=set)
    _checked_out: dict[int, list[dict[str, int]]] = field(default_factory=dict)

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
        elif said.chat not in self.masters:
            self._hears_word_to_stranger(said)
        elif said.method in SAYING:
            self._reads(said)

    def _hears_word_to_stranger(self, said: Said) -> None:
        if said.chat in self.strangers and (said.method != "sendmessage" or said.text not in FOR_STRANGERS):
            raise GuiltyError(f"a stranger is served: {said}")

    def _hears_answer(self, said: Said) -> None:
        """What the bot says it did with a tap is done in the books."""
        tap = self._taps.pop(said.callback_id, None)
        if tap is not None and tap.kind in _EFFECTS:
            _EFFECTS[tap.kind](self, tap, said.text)

    def _cart(self, tap: Tap) -> dict[str, int]:
        return self.carts.setdefault(tap.user, {})

    def _adds(self, tap: Tap, toast: str) -> None:
        if not toast.startswith("В корзине: "):
            return
        cart, (_, product, pieces, *_) = self._cart(tap), tap.fields
        cart[product] = min(cart.get(product, 0) + int(pieces), MOST_PIECES)
        if toast != f"В корзине: {cart[product]:,} шт.".replace(",", " "):
            raise GuiltyError(f"the cart holds {cart[product]}: «{toast}»")

    def _sets_line(self, tap: Tap, toast: str) -> None:
        cart, product, pieces = self._cart(tap), tap.fields[0], min(int(tap.fields[1]), MOST_PIECES)
        gone = toast == texts.cart.cart_changed()
        if gone is (product in cart):
            raise GuiltyError(f"«{tap.data}» with the cart {cart}: the bot says it is {'not' * gone} there")
        if not gone and pieces > 0:
            cart[product] = pieces
        elif not gone:
            del cart[product]

    def _sets_on_card(self, tap: Tap, toast: str) -> None:
        """On its card a product that the cart does not hold is not put there."""
        cart, product, pieces = self._cart(tap), tap.fields[0], min(int(tap.fields[1]), MOST_PIECES)
        if (toast == texts.cart.cart_changed()) is (product in cart):
            raise GuiltyError(f"«{tap.data}» with the cart {cart}: «{toast}»")
        if product in cart and pieces > 0:
            cart[product] = pieces
        else:
            cart.pop(product, None)

    def _clears(self, tap: Tap, _toast: str) -> None:
        self._cart(tap).clear()

    def _checks_out(self, tap: Tap, _toast: str) -> None:
        self._checked_out.setdefault(tap.user, []).append(dict(self._cart(tap)))

    def _orders_now(self, tap: Tap, _toast: str) -> None:
        """A card's product is going to be confirmed alone, whatever is in the cart."""
        _, product, pieces, *_ = tap.fields
        self._checked_out.setdefault(tap.user, []).append({product: int(pieces)})

    def _adds_list(self, tap: Tap, toast: str) -> None:
        shown = goods(tap.under)
        if toast == texts.lists.adding() and shown is not None and tap.fields[0] not in self._lists:
            self._lists.add(tap.fields[0])
            self._listed.append((tap.user, shown))

    def _repeats_order(self, tap: Tap, toast: str) -> None:
        if not toast and self.orders.get(tap.fields[0]) == tap.user:
            self._repeats.append((tap.user, tap.fields[0]))

    def _reads(self, said: Said) -> None:
        foreign = {number for number in numbers(said.text) if self.orders.get(number, said.chat) != said.chat}
        # Of somebody else's order he reads what he would read of none.
        if foreign and not said.text.startswith(f"Заказ № {min(foreign)} не найден среди ваших."):
            raise GuiltyError(f"{said.chat} reads about orders of others, {foreign}: {said.text}")
        if (thing := restored(said.text)) is not None:
            self._notes_restored(said, thing)
        if (thing := unpaid(said.text)) is not None:
            self._unpaid.add(thing)
        if (news := told(said.text)) is not None:
            self._notes_status(said, news)
        if (shown := goods(said.text)) is not None:
            self._adds_up(said, shown)
        if said.chat in self.blocked and not _is_for_blocked(said.text):
            raise GuiltyError(f"a blocked master is served: {said.text}")

    def _notes_status(self, said: Said, news: Told) -> None:
        """A status in an edited message is told once, however often the same is put there."""
        if said.message_id is not None:
            if (said.chat, said.message_id, news) in self._shown:
                return
            self._shown.add((said.chat, said.message_id, news))
        before = self._told.setdefault(news.thing, [])
        if news.rank == PAID and news.thing in self._unpaid:
            self._unpaid.discard(news.thing)
            return
        if before and (news.rank <= before[-1] or (news.thing.startswith("Заказ") and before[-1] in LAST_WORDS)):
            raise GuiltyError(f"{news.thing}: status {news.rank} is told after {before}")
        before.append(news.rank)

    def _notes_restored(self, said: Said, thing: str) -> None:
        """An order's end was taken back: it must have been told, and what follows is news again."""
        before = self._told.setdefault(thing, [])
        if not before or before[-1] not in LAST_WORDS:
            raise GuiltyError(f"{thing} is under way again after {before}: {said.text}")
        before.pop()

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
        carts = [self.carts.get(said.chat, {})]
        if is_confirmation(said.text):
            carts = self._checked_out.get(said.chat, [])
        # What is not sold any more is not among the lines.
        if not any(held.items() <= cart.items() for cart in carts) and not self._under_way(said.chat):
            raise GuiltyError(f"{held} is shown, the cart was {carts}: {said.text}")

    def _under_way(self, user: int) -> bool:
        """Whether something changes this master's cart just now that is not yet in the books."""
        return user in {who for who, _ in (*self._repeats, *self._listed)} | {one.user for one in self._agreed}

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
        self._books_lists()
        self._books_repeats({order["ID"]: order for order in everything})
        self._agreed.clear()
        if self._spinning:
            raise GuiltyError(f"taps without an answer: {[tap.data for tap in self._spinning.values()]}")
        for user in self.masters:
            held = self.carts.get(user, {})
            if held != carts.get(user, {}):
                raise GuiltyError(f"the cart of {user} holds {carts.get(user, {})}, it should hold {held}")

    def _books(self, order: Mapping[str, Any], *, sold_dearer: bool) -> None:
        """Find the tap that a new order comes of."""
        held = {line["PRODUCT_ID"]: int(line["QUANTITY"]) for line in order["BASKET"]}
        for one in self._agreed:
            wanted = {self.names[name]: pieces for name, pieces in one.shown.pieces.items()}
            if one.checkout in self._ordered or self.masters[one.user] != order["USER_ID"] or wanted != held:
                continue
            if Decimal(order["PRICE"]) != one.shown.total and not sold_dearer:
                raise GuiltyError(f"order {order['ID']} costs {order['PRICE']}, {one.shown.total} was agreed to")
            self._ordered.add(one.checkout)
            self.orders[order["ID"]] = one.user
            if one.at_once:
                return
            cart = self.carts.get(one.user, {})
            left = {product: pieces - held.get(product, 0) for product, pieces in cart.items()}
            self.carts[one.user] = {product: pieces for product, pieces in left.items() if pieces > 0}
            return
        raise GuiltyError(f"nobody confirmed the order {order['ID']} of {held} for {order['USER_ID']}")

    def _books_lists(self) -> None:
        for user, shown in self._listed:
            cart = self.carts.setdefault(user, {})
            for name, pieces in shown.pieces.items():
                cart[self.names[name]] = min(cart.get(self.names[name], 0) + pieces, MOST_PIECES)
        self._listed.clear()

    def _books_repeats(self, orders: Mapping[str, Mapping[str, Any]]) -> None:
        for user, order_id in self._repeats:
            cart = self.carts.setdefault(user, {})
            for line in orders[order_id]["BASKET"]:
                wanted = int(line["QUANTITY"])
                cart[line["PRODUCT_ID"]] = min(max(cart.get(line["PRODUCT_ID"], 0), wanted), MOST_PIECES)
        self._repeats.clear()

    def last_told(self, order_id: str) -> int:
        """The furthest status told of an order; -1: none."""
        return (self._told.get(f"Заказ {order_id}") or [-1])[-1]

    def leaves_no_trace(self, keys: Sequence[str]) -> None:
        """No record is about a stranger."""
        traces = [key for key in keys for stranger in self.strangers if str(stranger) in key]
        if traces:
            raise GuiltyError(f"records about strangers: {traces}")


_EFFECTS: Mapping[str, Callable[[Judge, Tap, str], None]] = {
    "a1": Judge._adds,
    "l1": Judge._sets_line,
    "l2": Judge._sets_on_card,
    "c1": Judge._clears,
    "o1": Judge._checks_out,
    "y1": Judge._checks_out,
    "j1": Judge._orders_now,
    "J1": Judge._adds_list,
    "W1": Judge._repeats_order,
}
"""What a button does to the books, by its prefix; the others do nothing to them."""


def _is_for_blocked(text: str) -> bool:
    """Whether it is what every stranger hears, or what he goes on hearing about orders he made."""
    asked_for_cash = text.startswith("Заказ № ") and "Оплатили курьеру" in text
    of_order = (told(text), restored(text), unpaid(text))
    return text in FOR_STRANGERS or any(of_order) or asked_for_cash
