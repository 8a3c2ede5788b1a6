"""The cart."""

from dataclasses import replace
from decimal import Decimal
from typing import Any

from shared.assistant import texts
from shared.assistant.cart import screens as cart
from shared.assistant.chat_view import Screen
from shared.assistant.common_screens import empty_cart
from shared.domain.cart_lines import line_of
from shared.domain.carts import Cart
from shared.domain.offers import Offer
from shared.domain.quantities import ONE
from tests.assistant import samples
from tests.assistant.gallery.case import case
from tests.assistant.gallery.painting import FOLDER, painted
from tests.assistant.samples import BIT, BIT_LINE, CART, DRILL_LINE, OFFERS, SAW_LINE, SAW_OFFER
from tests.support.golden import agreed


def _cart_after(offers: dict[str, Offer | None], *lines: Any) -> Screen:
    return cart.cart(Cart(lines), offers)


CABLE_LINE = line_of(samples.CABLE, samples.CABLE_OFFER, Decimal("2.5"))


def _sold_otherwise() -> Screen:
    screws = line_of(samples.SCREW, samples.SCREW_OFFER, Decimal(100))
    saw, dear = line_of(samples.SAW, samples.ON_REQUEST, Decimal(1)), line_of(samples.SAW, samples.DOLLARS, Decimal(2))
    many = replace(screws.of(Decimal(510)), product_id="14")
    return cart.cart(Cart((CABLE_LINE, screws, saw, replace(dear, product_id="10"), many)))


def _rounded() -> Screen:
    before = Cart((replace(CABLE_LINE, quantity=Decimal("2.3")),))
    offers = {"12": samples.CABLE_OFFER}
    return cart.cart(before.at(offers), offers, before)


FROM_STOCK = line_of(replace(samples.SAW, on_order=False), samples.offer(samples.SAW, "12499.5", ("Тверь", "2")), ONE)


def _limited() -> Screen:
    """Two of four are left, the bit is gone."""
    gone = replace(BIT_LINE, on_order=False, limit=Decimal(0))
    before = Cart((replace(FROM_STOCK, quantity=Decimal(4)), gone))
    return cart.cart(Cart((FROM_STOCK.of(Decimal(2)), gone)), {}, before)


CASES = [
    case("пусто", empty_cart),
    case("пусто: заказ оформляется", empty_cart, ordering=True),
    case("есть ещё товары: заказ оформляется", cart.cart, samples.ORDERING),
    case("всё в наличии", cart.cart, CART, OFFERS),
    case("не хватает, нет совсем, не продаётся", _cart_after,
         {"7": None, "8": samples.offer(BIT, "45", ("Тверь", "4")), "9": SAW_OFFER}, DRILL_LINE, BIT_LINE, SAW_LINE),
    case("после изменения: без вопроса к порталу", cart.cart, Cart((SAW_LINE,))),
    case("метры, десятки, цена по запросу, другая валюта, столько не продаётся", _sold_otherwise),
    case("количество округлили", _rounded),
    case("столько уже нет, нет совсем", _limited),
    case("больше нет", cart.cart, Cart((FROM_STOCK.of(Decimal(2)),))),
    case("добавлено: больше нет", texts.cart.in_cart_all, Decimal(2), "шт."),
    case("плюс: больше нет", texts.cart.no_more, Decimal(2), "шт."),
    case("плюс: нет", texts.cart.no_more, Decimal(0), "шт."),
    case("цены не узнать", cart.unpriced, Cart((CABLE_LINE, BIT_LINE)), is_ours=False),
    case("цены не узнать: ошибка у нас", cart.unpriced, CART, is_ours=True),
    case("цены не узнать: пусто", cart.unpriced, Cart(), is_ours=False),
    case("добавлено", texts.cart.in_cart, Decimal(2), "шт."),
    case("добавлено: метры", texts.cart.in_cart, Decimal("2.5"), "м"),
    case("добавлено: второе нажатие", texts.cart.in_cart_already, Decimal(2), "шт."),
    case("карточка: в корзине", cart.added_keyboard, BIT_LINE),
    case("карточка: убрали из корзины", cart.taken_out_keyboard, "8"),
    case("убрали из корзины", texts.cart.taken_out),
    case("больше не помещается", texts.cart.cart_full, 20),
    case("повтор: не всё поместилось", texts.cart.not_repeated, [f"Бита PH{number}" for number in range(1, 13)]),
    case("повтор: нечего", cart.nothing_to_repeat, "5121"),
    case("повтор: второе нажатие", texts.cart.repeating),
    case("строки уже нет", texts.cart.cart_changed),
]  # fmt: skip


def test_the_screens_are_as_reviewed() -> None:
    assert painted(CASES) == agreed(FOLDER / "cart.txt", painted(CASES))
