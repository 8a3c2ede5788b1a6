"""What is kept of a quote, and what of it goes into the cart."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest

from shared.domain.carts import MOST_LINES, Cart, CartLine
from shared.domain.catalogue import Product
from shared.domain.pasted_lists.matching import LookUpStage, SoughtLine
from shared.domain.pasted_lists.quoted import PricedLine, QuotedItem, QuotedList, of_lines, put_into
from tests.assistant.samples import BIT, BIT_OFFER, CART, DRILL, DRILL_OFFER, OFFERS, SAW, SAW_OFFER, offer

FROM_STOCK = replace(SAW, on_order=False)
QUOTED = QuotedList("l1", (QuotedItem(DRILL, Decimal(3)), QuotedItem(BIT, Decimal(10))), ("нет-такого",))


@pytest.mark.parametrize(
    ("product", "available", "pieces"),
    [
        (SAW, "0", 3),
        (SAW, "2", 3),
        (FROM_STOCK, "0", 0),
        (FROM_STOCK, "2", 2),
        (FROM_STOCK, "2.9", 2),
        (FROM_STOCK, "9", 3),
    ],
)
def test_how_many_can_be_ordered(product: Product, available: str, pieces: int) -> None:
    line = PricedLine(product, Decimal(3), offer(product, "10", ("Тверь", available))).line
    assert (line.quantity if line else 0) == pieces


def test_what_nobody_sells_cannot_be_ordered() -> None:
    assert PricedLine(DRILL, Decimal(3), None).line is None


def test_what_can_be_ordered_and_what_is_not_clear_is_kept() -> None:
    lines = [
        SoughtLine("7", Decimal(3), LookUpStage.SETTLED, (DRILL,), 1),
        SoughtLine("пила", Decimal(3), LookUpStage.SETTLED, (FROM_STOCK,), 1),
        SoughtLine("бита", Decimal(3), LookUpStage.SETTLED, (BIT, SAW), 40),
        SoughtLine("нет", Decimal(3), LookUpStage.SETTLED),
    ]
    kept = of_lines("l1", lines, {"7": DRILL_OFFER, "9": SAW_OFFER})
    assert kept == QuotedList("l1", (QuotedItem(DRILL, Decimal(3)),), ("бита", "нет"))


def test_all_goes_into_the_cart_beside_what_is_there() -> None:
    added = put_into(CART, QUOTED, {"7": replace(DRILL_OFFER, price=Decimal(8000)), "8": BIT_OFFER})
    assert [(line.product_id, line.quantity) for line in added.cart.lines] == [("7", Decimal(4)), ("8", Decimal(20))]
    assert (added.quoted.waiting, added.no_room, added.gone) == ((), [], [])


def test_what_is_in_the_cart_is_not_added_again() -> None:
    first = put_into(Cart(), QUOTED, OFFERS)
    assert put_into(first.cart, first.quoted, OFFERS).cart == first.cart


def test_prices_are_those_of_now() -> None:
    added = put_into(Cart(), QUOTED, {"7": replace(DRILL_OFFER, price=Decimal(8000)), "8": BIT_OFFER})
    assert [line.price for line in added.cart.lines] == [Decimal(8000), Decimal(45)]


def test_what_has_no_room_can_be_added_later() -> None:
    full = Cart(
        tuple(CartLine(f"x{number}", "Товар", "", Decimal(1), "RUB", Decimal(1)) for number in range(MOST_LINES - 1))
    )
    added = put_into(full, QUOTED, OFFERS)
    assert (added.no_room, added.gone) == ([BIT.name], [])
    assert added.quoted.waiting == (QuotedItem(BIT, Decimal(10)),)
    rest = put_into(Cart(), added.quoted, OFFERS)
    assert [(line.product_id, line.quantity) for line in rest.cart.lines] == [("8", Decimal(10))]


def test_what_is_gone_is_named_and_forgotten() -> None:
    wanted = QuotedList("l1", (QuotedItem(DRILL, Decimal(3)), QuotedItem(FROM_STOCK, Decimal(1))))
    added = put_into(Cart(), wanted, {"9": SAW_OFFER})
    assert added.gone == [DRILL.name, SAW.name]
    assert (added.cart, added.quoted.goods) == (Cart(), ())
