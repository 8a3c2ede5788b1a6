"""Goods sold from stock only: no more of them than there is, from the card to the confirmation."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest

from shared.assistant.cart.buttons import SetLine
from shared.assistant.cart.jobs import cart_job
from shared.assistant.chat_view import ChatTarget
from shared.assistant.navigation import AddToCart
from shared.assistant.search.buttons import SetQuantity
from shared.assistant.search.screens import card_keyboard
from shared.domain import carts, searches
from shared.domain.cart_lines import CartLine, Obstacle, line_data, line_from_data, line_of
from shared.domain.carts import Cart
from shared.domain.checkout_changes import LimitChange, NotForSale, StockChange, compare
from shared.domain.offers import Offer
from tests.assistant.samples import CABLE, CABLE_OFFER, SAW, SCREW, SCREW_OFFER, USER, offer, search
from tests.assistant.stage import SCREEN, Stage
from tests.support.master import NB

FROM_STOCK = replace(SAW, on_order=False)
TWO = offer(SAW, "12499.5", ("Тверь", "1.5"), ("Клин", "1"))
NONE = offer(SAW, "12499.5")
LINE = line_of(FROM_STOCK, TWO, Decimal(1))


def test_a_line_holds_no_more_than_there_is_in_whole_steps() -> None:
    assert (LINE.on_order, LINE.limit) == (False, Decimal(2))
    assert [LINE.of(Decimal(wanted)).quantity for wanted in (1, 2, 4)] == [1, 2, 2]
    cable = line_of(replace(CABLE, on_order=False), CABLE_OFFER, Decimal(500))
    assert cable.quantity == Decimal("120.5")
    few = replace(SCREW_OFFER, stocks=offer(SCREW, "1", ("Тверь", "25")).stocks)
    assert line_of(replace(SCREW, on_order=False), few, Decimal(100)).quantity == 20


def test_what_is_sold_on_order_has_no_limit() -> None:
    line = line_of(SAW, TWO, Decimal(40))
    assert (line.limit, line.quantity, line.obstacle, line.is_usual) == (None, Decimal(40), None, True)


def test_what_is_sold_out_is_not_ordered_and_keeps_its_quantity() -> None:
    line = LINE.of(Decimal(2)).at(NONE)
    assert (line.quantity, line.obstacle, line.total) == (Decimal(2), Obstacle.SOLD_OUT, Decimal(0))
    assert line.at(TWO).obstacle is None


def test_fewer_than_the_least_that_is_sold_are_none() -> None:
    few = replace(SCREW_OFFER, stocks=offer(SCREW, "1", ("Тверь", "9")).stocks)
    assert line_of(replace(SCREW, on_order=False), few, Decimal(10)).obstacle is Obstacle.SOLD_OUT


@pytest.mark.parametrize(("told", "limit"), [(None, 2), (False, 2), (True, None)])
def test_the_portals_word_of_now_counts_and_else_that_of_the_card(told: bool | None, limit: int | None) -> None:
    assert LINE.at(replace(TWO, on_order=told)).limit == limit
    assert line_of(SAW, replace(TWO, on_order=told), Decimal(1)).limit == (2 if told is False else None)


def test_a_record_keeps_it_and_one_of_the_version_before_is_read() -> None:
    assert line_from_data(line_data(LINE)) == LINE
    plain = line_data(line_of(SAW, TWO, Decimal(1)))
    assert "limit" not in plain
    assert "on_order" not in plain
    assert line_from_data(plain).limit is None


def test_the_check_tells_what_is_left() -> None:
    four = replace(LINE, limit=Decimal(5)).of(Decimal(4))
    lines, changes = compare((four,), {"9": Decimal(5)}, {"9": TWO})
    assert lines == (four.at(TWO),)
    assert changes == [LimitChange(lines[0], Decimal(4))]
    lines, changes = compare((four,), {"9": Decimal(5)}, {"9": NONE})
    assert lines == ()
    assert changes == [NotForSale(four.at(NONE), Obstacle.SOLD_OUT)]
    on_order = line_of(SAW, TWO, Decimal(4))
    assert compare((on_order,), {"9": Decimal(5)}, {"9": TWO}) == ((on_order,), [StockChange(on_order, Decimal("2.5"))])


# The buttons.


async def _remember(stage: Stage, *told: CartLine) -> None:
    known = search(FROM_STOCK)
    for line in told:
        known = known.tell(line)
    await stage.save(searches._search_key("s1"), known.save)


def _tap(kind: type[SetQuantity | AddToCart], quantity: int) -> SetQuantity | AddToCart:
    return kind(search="s1", product="9", quantity=Decimal(quantity), price=Decimal("12499.5"), currency="RUB")


async def test_plus_on_the_card_ends_where_the_stock_does(stage: Stage) -> None:
    await _remember(stage, LINE)
    seen = await stage.tap(_tap(SetQuantity, 2))
    assert (seen.toasts, seen.screen.labels[1]) == ([None], f"2{NB}шт.")
    seen = await stage.tap(seen.screen.data("+"))
    assert seen.toasts == [f"Больше нет: в наличии 2{NB}шт."]
    assert seen.screen.labels[1] == f"2{NB}шт."


def test_a_card_on_order_goes_on() -> None:
    rows = card_keyboard("s1", line_of(SAW, TWO, Decimal(2))).inline_keyboard
    assert SetQuantity.unpack(rows[0][2].callback_data or "").quantity == 3


async def test_a_card_of_the_version_before_goes_on_until_the_cart_is_opened(stage: Stage) -> None:
    await _remember(stage)
    seen = await stage.tap(_tap(SetQuantity, 4))
    assert seen.screen.labels[1] == f"4{NB}шт."
    await stage.tap(_tap(AddToCart, 4))
    (line,) = (await _cart(stage)).lines
    assert (line.on_order, line.limit, line.quantity) == (False, None, Decimal(4))


async def test_adding_ends_where_the_stock_does(stage: Stage) -> None:
    await _remember(stage, LINE)
    assert (await stage.tap(_tap(AddToCart, 1))).toasts == [f"В корзине: 1{NB}шт."]
    further = await stage.tap(_tap(AddToCart, 2), message_id=SCREEN + 1)
    assert further.toasts == [f"В корзине: 2{NB}шт. — больше нет"]
    assert (await _cart(stage)).quantity("9") == 2
    await _remember(stage)
    await stage.tap(_tap(AddToCart, 3), message_id=SCREEN + 2)
    assert (await _cart(stage)).quantity("9") == 2, "what the cart knows holds where an old card says nothing"


async def test_plus_in_the_cart_ends_where_the_stock_does(stage: Stage) -> None:
    await _fill(stage, LINE.of(Decimal(2)))
    seen = await stage.tap(SetLine(product="9", quantity=Decimal(3)))
    assert seen.toasts == [f"Больше нет: в наличии 2{NB}шт."]
    assert "   больше нет" in seen.screen.text
    assert (await _cart(stage)).quantity("9") == 2


@pytest.mark.parametrize(
    ("quote", "told", "quantity"),
    [
        (TWO, f"было 4{NB}шт., а есть только 2{NB}шт.", 2),
        (NONE, "нет в наличии, спросите менеджера", 4),
        (replace(TWO, on_order=True), f"в наличии 2,5{NB}шт., остальное под заказ", 4),
    ],
)
async def test_the_opened_cart_says_what_is_left(stage: Stage, quote: Offer, told: str, quantity: int) -> None:
    cart = await _fill(stage, replace(LINE, limit=Decimal(5)).of(Decimal(4)))
    seen = await stage.answer((await _opening(stage, cart)), {"9": quote})
    assert told in seen.screen.text
    assert ("под заказ" in seen.screen.text) is bool(quote.on_order)
    assert (await _cart(stage)).quantity("9") == quantity


async def _fill(stage: Stage, line: CartLine) -> Cart:
    cart = Cart((line,))
    await stage.save(carts.key(USER), lambda unit: carts.save(unit, USER, cart))
    return cart


async def _cart(stage: Stage) -> Cart:
    return await carts.load(stage.unit(), USER)


async def _opening(stage: Stage, cart: Cart):
    job = cart_job(ChatTarget(USER, SCREEN), USER, cart)

    async def want(decision) -> None:
        await decision.enqueue(job)

    return (await stage.decision(want)).job
