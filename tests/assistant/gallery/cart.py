"""The cart."""

from typing import Any

from shared.assistant import texts
from shared.assistant.cart import screens as cart
from shared.assistant.chat_view import Screen
from shared.assistant.common_screens import empty_cart
from shared.domain.carts import Cart
from shared.domain.offers import Offer
from tests.assistant import samples
from tests.assistant.gallery.case import case
from tests.assistant.samples import BIT, BIT_LINE, CART, DRILL_LINE, OFFERS, SAW_LINE, SAW_OFFER


def _cart_after(offers: dict[str, Offer | None], *lines: Any) -> Screen:
    return cart.cart(Cart(lines), offers)


CASES = [
    case("пусто", empty_cart),
    case("всё в наличии", cart.cart, CART, OFFERS),
    case("не хватает, нет совсем, не продаётся", _cart_after,
         {"7": None, "8": samples.offer(BIT, "45", ("Тверь", "4")), "9": SAW_OFFER}, DRILL_LINE, BIT_LINE, SAW_LINE),
    case("после изменения: без вопроса к порталу", cart.cart, Cart((SAW_LINE,))),
    case("добавлено", texts.cart.in_cart, 2),
    case("больше не помещается", texts.cart.cart_full, 20),
    case("повтор: не всё поместилось", texts.cart.not_repeated, [f"Бита PH{number}" for number in range(1, 13)]),
    case("повтор: нечего", cart.nothing_to_repeat, "5121"),
    case("повтор: второе нажатие", texts.cart.repeating),
    case("строки уже нет", texts.cart.cart_changed),
]  # fmt: skip
