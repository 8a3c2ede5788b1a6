"""What is kept of a quote, and what of it goes into the cart."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest

from shared.domain.cart_lines import CartLine, unpriced_line
from shared.domain.carts import MOST_LINES, Cart
from shared.domain.catalogue import Product
from shared.domain.offers import Stock
from shared.domain.pasted_lists.matching import LookUpStage, SoughtLine
from shared.domain.pasted_lists.quoted import PricedLine, QuotedItem, QuotedList, of_lines, put_into
from tests.assistant.samples import (
    BIT,
    BIT_OFFER,
    CABLE,
    CABLE_OFFER,
    CART,
    DOLLARS,
    DRILL,
    DRILL_OFFER,
    OFFERS,
    ON_REQUEST,
    SAW,
    SAW_OFFER,
    offer,
)

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
    assert kept == QuotedList("l1", (QuotedItem(DRILL, Decimal(3)),), ("бита", "нет"), lines=tuple(lines))


def test_all_of_it_can_be_ordered_at_once_until_some_is_in_the_cart() -> None:
    assert QUOTED.at_once == (unpriced_line(DRILL, Decimal(3)), unpriced_line(BIT, Decimal(10)))
    assert put_into(Cart(), QUOTED, {"7": DRILL_OFFER}).quoted.at_once == ()
    long = QuotedList("l1", tuple(QuotedItem(BIT, Decimal(1), line=number) for number in range(MOST_LINES + 1)))
    assert (len(replace(long, goods=long.goods[1:]).at_once), long.at_once) == (MOST_LINES, ())


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


@pytest.mark.parametrize(
    ("wanted", "measure", "sold", "as_typed"),
    [("2.5", "м", "2.5", True), ("2.5", "", "2.5", True), ("2.3", "м", "2.5", False), ("3", "кг", "3", False)],
)
def test_metres_are_quoted_in_whole_steps(wanted: str, measure: str, sold: str, as_typed: bool) -> None:
    item = PricedLine(CABLE, Decimal(wanted), CABLE_OFFER, measure)
    assert item.line is not None
    assert (item.line.quantity, item.is_as_typed) == (Decimal(sold), as_typed)


@pytest.mark.parametrize(
    ("unit", "measure", "same"),
    [("см", "м", False), ("мл", "л", False), ("пог. м", "м", True), ("Метр", "м", True), ("м2", "м", False)],
)
def test_a_unit_is_the_measure_he_wrote_only_as_a_whole(unit: str, measure: str, same: bool) -> None:
    item = PricedLine(CABLE, Decimal(5), replace(CABLE_OFFER, unit=unit), measure)
    assert item.is_as_typed is same


def test_of_what_is_sold_from_stock_whole_steps_are_taken() -> None:
    few = replace(CABLE_OFFER, stocks=(Stock("Тверь", Decimal("1.7")),))
    item = PricedLine(replace(CABLE, on_order=False), Decimal(3), few)
    assert item.line is not None
    assert item.line.quantity == Decimal("1.5")
    none = replace(few, stocks=(Stock("Тверь", Decimal("0.4")),))
    assert replace(item, offer=none).line is None


def test_what_only_people_can_order_is_not_put_into_the_cart() -> None:
    lines = [SoughtLine("пила", Decimal(1), LookUpStage.SETTLED, (SAW,), 1)]
    kept = of_lines("l1", lines, {"9": ON_REQUEST})
    assert (kept.goods, kept.by_manager) == ((), True)
    added = put_into(Cart(), QuotedList("l1", (QuotedItem(SAW, Decimal(1)),)), {"9": DOLLARS})
    assert (added.cart, added.gone) == (Cart(), [SAW.name])
