"""An order's goods once more, into the cart."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest

from shared.assistant import texts
from shared.assistant.navigation import RepeatOrder
from shared.domain import carts, order_records
from shared.domain.carts import MOST_LINES, Cart, of_order
from shared.domain.orders import OrderLine
from shared.domain.quantities import MOST
from tests.assistant.samples import (
    BIT_LINE,
    CART,
    DRILL_LINE,
    DRILL_OFFER,
    OTHER,
    SAW_LINE,
    USER,
    known_order,
    portal_order,
)
from tests.assistant.stage import Stage

TAP = RepeatOrder(order="5121")


@pytest.fixture
async def ordered(stage: Stage) -> Stage:
    """A master with an order and an empty cart."""
    await stage.put(lambda unit: order_records.remember(unit, known_order()))
    return stage


def _many(count: int, quantity: int = 1) -> tuple[OrderLine, ...]:
    return tuple(
        OrderLine(str(100 + number), f"Бита {number}", Decimal(quantity), Decimal(5)) for number in range(count)
    )


async def _cart(stage: Stage) -> Cart:
    return await carts.load(stage.unit(), USER)


async def test_the_goods_lie_in_the_cart_and_it_is_shown_with_prices_of_now(ordered: Stage) -> None:
    asked = await ordered.tap(TAP)
    assert (asked.job.id, asked.toasts, asked.typing) == ("repeat_order:5121", [None], True)
    answered = await ordered.answer(asked.job, portal_order())
    assert [(line.product_id, line.quantity) for line in (await _cart(ordered)).lines] == [
        ("7", Decimal(1)),
        ("8", Decimal(10)),
    ]
    assert (answered.job.kind, answered.job.payload["message_id"]) == ("cart_offers", None)
    shown = await ordered.answer(answered.job, {"7": replace(DRILL_OFFER, price=Decimal(9000))})
    assert "1\u00a0шт. × 9\u00a0000\u00a0₽" in shown.screen.text
    assert "Бита PH2 50 мм — сейчас не продаётся" in shown.screen.text
    assert shown.screen.method == "sendMessage", "the order stays on the screen"


async def test_twice_does_not_double_the_goods(ordered: Stage) -> None:
    for _ in range(2):
        await ordered.answer((await ordered.tap(TAP)).job, portal_order())
    assert [line.quantity for line in (await _cart(ordered)).lines] == [1, 10]


async def test_a_double_tap_is_one_question(ordered: Stage) -> None:
    await ordered.tap(TAP)
    second = await ordered.tap(TAP)
    assert (second.toasts, second.jobs, second.screens) == ([texts.cart.repeating()], [], [])


async def test_what_does_not_fit_is_named(ordered: Stage) -> None:
    seen = await ordered.answer((await ordered.tap(TAP)).job, portal_order(lines=_many(MOST_LINES + 2)))
    assert seen.screen.text == texts.cart.not_repeated(["Бита 20", "Бита 21"])
    assert len((await _cart(ordered)).lines) == MOST_LINES


@pytest.mark.parametrize("lines", [(), (OrderLine("", "Доставка", Decimal(1), Decimal(300)),)])
async def test_an_order_without_goods(ordered: Stage, lines: tuple[OrderLine, ...]) -> None:
    seen = await ordered.answer((await ordered.tap(TAP)).job, portal_order(lines=lines))
    assert seen.screen.text == texts.cart.nothing_to_repeat("5121")
    assert seen.jobs == []


@pytest.mark.parametrize("order", ["100", "99"])
async def test_another_masters_order_is_repeated_by_nobody(ordered: Stage, order: str) -> None:
    await ordered.put(lambda unit: order_records.remember(unit, known_order(id_="100", user_id=OTHER)))
    seen = await ordered.tap(RepeatOrder(order=order))
    assert seen.screen.text == texts.orders.order_unknown(order)
    assert seen.jobs == []


async def test_a_silent_portal_leaves_the_cart_alone(ordered: Stage) -> None:
    seen = await ordered.refuse((await ordered.tap(TAP)).job)
    assert seen.screen.text == texts.trouble.portal_silent()
    assert (await ordered.tap(seen.screen.data(texts.labels.TRY_AGAIN))).job.kind == "repeat_order"
    assert (await _cart(ordered)).lines == ()


def test_the_cart_keeps_what_is_more_and_takes_what_is_missing() -> None:
    held = Cart((replace(DRILL_LINE, quantity=Decimal(5)), SAW_LINE))
    cart, left_out = held.with_at_least([DRILL_LINE, BIT_LINE])
    assert [(line.product_id, line.quantity) for line in cart.lines] == [
        ("7", Decimal(5)),
        ("9", Decimal(2)),
        ("8", Decimal(10)),
    ]
    assert left_out == []


def test_pieces_are_bounded() -> None:
    cart, _ = Cart().with_at_least(of_order(portal_order(lines=_many(1, 5000))))
    assert cart.lines[0].quantity == MOST


def test_a_weight_stays_what_it_is_and_a_product_is_one_line() -> None:
    line = OrderLine("11", "Припой ПОС-61", Decimal("0.75"), Decimal(900), "кг")
    (whole,) = of_order(portal_order(lines=(line, line)))
    assert (whole.quantity, whole.unit, whole.price, whole.currency) == (Decimal("1.5"), "кг", Decimal(900), "RUB")


def test_a_full_cart_still_takes_more_of_what_it_holds() -> None:
    full = Cart(tuple(of_order(portal_order(lines=_many(MOST_LINES)))))
    cart, left_out = full.with_at_least([*of_order(portal_order(lines=_many(1, 9))), *CART.lines])
    assert cart.lines[0].quantity == 9
    assert [line.product_id for line in left_out] == ["7", "8"]
