"""What each master's cart must hold: what the bot said it did with each tap, applied here."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from shared.assistant import texts
from tests.stateful.hearing import GuiltyError, Tap
from tests.stateful.reading import Goods, goods

MOST_PIECES = 999


@dataclass
class CartBook:
    """Pieces by product, of each master. `names` are the goods by the names that screens show.

    `checked_out` are the carts that went to a confirmation, which stays what it was when the cart changes later.
    """

    names: Mapping[str, str]
    carts: dict[int, dict[str, int]] = field(default_factory=dict)
    checked_out: dict[int, list[dict[str, int]]] = field(default_factory=dict)
    _repeats: list[tuple[int, str]] = field(default_factory=list)
    _listed: list[tuple[int, Goods]] = field(default_factory=list)
    _lists: set[str] = field(default_factory=set)

    def of(self, user: int) -> dict[str, int]:
        return self.carts.setdefault(user, {})

    def hears_answer(self, tap: Tap, toast: str) -> None:
        """What the bot says it did with a tap is done in the book."""
        if tap.kind in _EFFECTS:
            _EFFECTS[tap.kind](self, tap, toast)

    def _adds(self, tap: Tap, toast: str) -> None:
        if not toast.startswith("В корзине: "):
            return
        cart, (_, product, pieces, *_) = self.of(tap.user), tap.fields
        cart[product] = min(cart.get(product, 0) + int(pieces), MOST_PIECES)
        if toast != f"В корзине: {cart[product]:,} шт.".replace(",", " "):
            raise GuiltyError(f"the cart holds {cart[product]}: «{toast}»")

    def _sets_line(self, tap: Tap, toast: str) -> None:
        cart, product, pieces = self.of(tap.user), tap.fields[0], min(int(tap.fields[1]), MOST_PIECES)
        gone = toast == texts.cart.cart_changed()
        if gone is (product in cart):
            raise GuiltyError(f"«{tap.data}» with the cart {cart}: the bot says it is {'not' * gone} there")
        if not gone and pieces > 0:
            cart[product] = pieces
        elif not gone:
            del cart[product]

    def _sets_on_card(self, tap: Tap, toast: str) -> None:
        """On its card a product that the cart does not hold is not put there."""
        cart, product, pieces = self.of(tap.user), tap.fields[0], min(int(tap.fields[1]), MOST_PIECES)
        if (toast == texts.cart.cart_changed()) is (product in cart):
            raise GuiltyError(f"«{tap.data}» with the cart {cart}: «{toast}»")
        if product in cart and pieces > 0:
            cart[product] = pieces
        else:
            cart.pop(product, None)

    def _clears(self, tap: Tap, _toast: str) -> None:
        self.of(tap.user).clear()

    def _checks_out(self, tap: Tap, _toast: str) -> None:
        self.checked_out.setdefault(tap.user, []).append(dict(self.of(tap.user)))

    def _orders_now(self, tap: Tap, _toast: str) -> None:
        """A card's product is going to be confirmed alone, whatever is in the cart."""
        _, product, pieces, *_ = tap.fields
        self.checked_out.setdefault(tap.user, []).append({product: int(pieces)})

    def _adds_list(self, tap: Tap, toast: str) -> None:
        shown = goods(tap.under)
        if toast == texts.lists.adding() and shown is not None and tap.fields[0] not in self._lists:
            self._lists.add(tap.fields[0])
            self._listed.append((tap.user, shown))

    def repeats(self, user: int, order_id: str) -> None:
        """A master's order is going to be put into his cart again."""
        self._repeats.append((user, order_id))

    def under_way(self) -> set[int]:
        """Whose cart the bot itself changes just now in a way that is not yet in the book."""
        return {who for who, _ in (*self._repeats, *self._listed)}

    def takes_out(self, user: int, held: Mapping[str, int]) -> None:
        """What was ordered is in the cart no more."""
        left = {product: pieces - held.get(product, 0) for product, pieces in self.of(user).items()}
        self.carts[user] = {product: pieces for product, pieces in left.items() if pieces > 0}

    def books(self, orders: Mapping[str, Mapping[str, Any]]) -> None:
        """Everything is at rest: what lists and repeated orders hold is in the carts."""
        for user, shown in self._listed:
            cart = self.of(user)
            for name, pieces in shown.pieces.items():
                cart[self.names[name]] = min(cart.get(self.names[name], 0) + pieces, MOST_PIECES)
        for user, order_id in self._repeats:
            cart = self.of(user)
            for line in orders[order_id]["BASKET"] if order_id in orders else ():
                wanted = int(line["QUANTITY"])
                cart[line["PRODUCT_ID"]] = min(max(cart.get(line["PRODUCT_ID"], 0), wanted), MOST_PIECES)
        self._listed.clear()
        self._repeats.clear()

    def audits(self, users: Iterable[int], kept: Mapping[int, Mapping[str, int]]) -> None:
        """Compare with what the records hold."""
        for user in users:
            held = self.carts.get(user, {})
            if held != kept.get(user, {}):
                raise GuiltyError(f"the cart of {user} holds {kept.get(user, {})}, it should hold {held}")


_EFFECTS: Mapping[str, Callable[[CartBook, Tap, str], None]] = {
    "a1": CartBook._adds,
    "l1": CartBook._sets_line,
    "l2": CartBook._sets_on_card,
    "c1": CartBook._clears,
    "o1": CartBook._checks_out,
    "y1": CartBook._checks_out,
    "j1": CartBook._orders_now,
    "J1": CartBook._adds_list,
}
"""What a button does to the book, by its prefix; the others do nothing to it."""
