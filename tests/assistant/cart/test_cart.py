"""The arithmetic of the cart."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from shared.domain import carts
from shared.domain.cart_lines import CartLine
from shared.domain.carts import MOST_LINES, Cart
from shared.domain.catalogue import Product
from shared.domain.offers import Offer
from shared.domain.quantities import MOST
from tests.assistant.samples import BIT, BIT_LINE, BIT_OFFER, CART, DRILL, DRILL_LINE, USER, line
from tests.assistant.stage import Stage
from tests.support.quantities import decimals

PRICES = st.decimals(min_value=0, max_value=10**6, places=2)
IDS = st.sampled_from([str(number) for number in range(1, 30)])
COUNTS = st.integers(-5, 2000)
STEPS = st.lists(st.tuples(st.sampled_from(["add", "set", "without"]), IDS, COUNTS, PRICES), max_size=60)


def _step(cart: Cart, step: tuple[str, str, int, Decimal]) -> Cart:
    what, product, count, price = step
    if what == "add":
        wanted = CartLine(product, f"Товар {product}", "", price, "RUB", Decimal(count))
        return cart.add(wanted) or cart
    return cart.set(product, Decimal(count)) if what == "set" else cart.without({product: Decimal(count)})


@given(STEPS)
@example([("add", "1", 999, Decimal(0)), ("without", "1", -1, Decimal(0))])
def test_whatever_is_done_the_cart_stays_a_cart(steps: list[tuple[str, str, int, Decimal]]) -> None:
    cart = Cart()
    for step in steps:
        cart = _step(cart, step)
        products = [item.product_id for item in cart.lines]
        assert len(set(products)) == len(products) <= MOST_LINES, "one line per product"
        assert all(1 <= line.quantity <= MOST for line in cart.lines)
        assert cart.total == sum(line.price * line.quantity for line in cart.lines)


def test_the_total() -> None:
    assert Cart().total == Decimal(0)
    assert CART.total == Decimal(8440)
    assert BIT_LINE.total == Decimal(450)


def test_the_currency_is_the_shops() -> None:
    assert Cart().currency == "RUB"
    assert Cart((CartLine("1", "Bit", "", Decimal(1), "KZT", Decimal(1)),)).currency == "KZT"


def test_more_of_the_same_is_one_line() -> None:
    cart = CART.add(line(BIT, 5, "60"))
    assert cart is not None
    assert [(line.product_id, line.quantity, line.price) for line in cart.lines] == [
        ("7", Decimal(1), Decimal(7990)),
        ("8", Decimal(15), Decimal(45)),
    ]


@pytest.mark.parametrize(("count", "kept"), [(1, 1), (999, 999), (1000, 999), (0, 1), (-5, 1)])
def test_the_pieces_of_a_new_line_are_bounded(count: int, kept: int) -> None:
    cart = Cart().add(line(DRILL, count, "1"))
    assert cart is not None
    assert cart.quantity("7") == kept


def test_no_twenty_first_line() -> None:
    cart = Cart()
    for number in range(MOST_LINES):
        cart = cart.add(line(Product(str(number), "Товар"), 1, "1")) or Cart()
    assert len(cart.lines) == MOST_LINES
    assert cart.add(line(Product("new", "Товар"), 1, "1")) is None
    more = cart.add(line(Product("0", "Товар"), 1, "1"))
    assert more is not None
    assert more.quantity("0") == 2


def test_nothing_of_a_product_takes_it_out() -> None:
    assert CART.set("8", Decimal(0)).lines == (DRILL_LINE,)
    assert CART.set("8", Decimal(-1)).lines == (DRILL_LINE,)
    assert CART.set("unknown", Decimal(5)) == CART


def test_what_was_ordered_leaves_and_what_was_added_meanwhile_stays() -> None:
    assert CART.without(decimals({"7": 1, "8": 4, "9": 3})).lines == (line(BIT, 6, "45"),)
    assert CART.without({}) == CART


def test_prices_shown_now_are_kept() -> None:
    repriced = CART.at({"8": Offer("8", Decimal(52), "KZT")})
    assert [(line.price, line.currency) for line in repriced.lines] == [(Decimal(7990), "RUB"), (Decimal(52), "KZT")]


async def test_a_cart_comes_back_as_it_was_saved(stage: Stage) -> None:
    await stage.save(carts.key(USER), lambda unit: carts.save(unit, USER, CART.at({"8": BIT_OFFER})))
    assert await carts.load(stage.unit(), USER) == CART


async def test_a_cart_is_kept_for_30_days(stage: Stage) -> None:
    await stage.save(carts.key(USER), lambda unit: carts.save(unit, USER, CART))
    stage.clock.advance(days=29, hours=23)
    assert await carts.load(stage.unit(), USER) == CART
    stage.clock.advance(hours=2)
    assert await carts.load(stage.unit(), USER) == Cart()
