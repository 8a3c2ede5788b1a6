"""The cart of goods that are not sold by the piece at one price, and of records and buttons of the version before."""

from __future__ import annotations

import logging
from dataclasses import replace
from decimal import Decimal

import pytest

from shared.assistant import texts
from shared.assistant.cart.buttons import SetLine
from shared.assistant.cart.jobs import cart_job
from shared.assistant.chat_view import ChatTarget
from shared.assistant.navigation import AddToCart
from shared.domain import carts
from shared.domain.cart_lines import CartLine, Obstacle, line_data, line_from_data, line_of
from shared.domain.carts import Cart
from shared.domain.searches import Search
from shared.log_events import LogEvent
from shared.pipeline.outcomes import Refusal
from shared.store.collections import SEARCHES
from tests.assistant.samples import (
    BIT,
    BIT_LINE,
    CABLE,
    CABLE_OFFER,
    CART,
    DOLLARS,
    DRILL_LINE,
    ON_REQUEST,
    SAW,
    SCREW,
    SCREW_OFFER,
    USER,
)
from tests.assistant.stage import SCREEN, Stage

METRES = line_of(CABLE, CABLE_OFFER, Decimal("2.5"))
SCREWS = line_of(SCREW, SCREW_OFFER, Decimal(90))

# Lines.


def test_more_pieces_may_make_all_of_them_cheaper() -> None:
    assert (SCREWS.price, SCREWS.total) == (Decimal("1.5"), Decimal(135))
    more = SCREWS.of(Decimal(100))
    assert (more.price, more.total) == (Decimal("1.2"), Decimal(120))
    assert more.of(Decimal(90)) == SCREWS


def test_a_quantity_without_a_price_counts_for_nothing_and_is_not_ordered() -> None:
    many = SCREWS.of(Decimal(510))
    assert (many.obstacle, many.total) == (Obstacle.NO_PRICE, Decimal(0))
    assert Cart((many, METRES)).total == Decimal(225)
    assert Cart((many, METRES)).orderable == (METRES,)


@pytest.mark.parametrize(
    ("offer", "why"),
    [(ON_REQUEST, Obstacle.ON_REQUEST), (DOLLARS, Obstacle.FOREIGN), (replace(DOLLARS, foreign=False), None)],
)
def test_what_has_no_price_of_the_shop_is_not_ordered(offer, why) -> None:
    assert line_of(SAW, offer, Decimal(1)).obstacle is why


def test_currencies_are_not_summed() -> None:
    cart = Cart((line_of(SAW, DOLLARS, Decimal(1)), BIT_LINE))
    assert (cart.total, cart.currency) == (Decimal(450), "RUB")


def test_currencies_are_not_summed_before_anybody_says_that_one_is_foreign() -> None:
    repeated = CartLine("9", "Пила", "", Decimal(150), "USD", Decimal(1))
    assert Cart((BIT_LINE, repeated)).total == Decimal(450)


def test_a_line_is_rounded_to_the_kopeck_as_the_portal_does() -> None:
    line = replace(METRES, price=Decimal("45.33"))
    assert line.total == Decimal("113.33")
    assert Cart((line, replace(line, product_id="x"))).total == Decimal("226.66")


def test_what_is_sold_otherwise_now_is_taken_so() -> None:
    assert METRES.at(replace(CABLE_OFFER, step=Decimal(1))).quantity == Decimal(3)
    assert line_of(CABLE, replace(CABLE_OFFER, unit="шт"), Decimal(1)).unit == "шт."


# Records.


def test_a_line_of_the_version_before_is_read_and_a_plain_one_is_written_as_then() -> None:
    named = {"product_id": "8", "name": BIT.name, "article": BIT.article}
    before = {**named, "price": "45", "currency": "RUB", "quantity": 10}
    assert line_from_data(before) == BIT_LINE
    assert line_data(BIT_LINE) == before
    assert type(line_data(BIT_LINE)["quantity"]) is int


@pytest.mark.parametrize("line", [METRES, SCREWS, line_of(SAW, DOLLARS, Decimal(2)), BIT_LINE])
async def test_a_cart_comes_back_as_it_was(stage: Stage, line: CartLine) -> None:
    await stage.save(carts.key(USER), lambda unit: carts.save(unit, USER, Cart((line,))))
    assert await carts.load(stage.unit(), USER) == Cart((line,))


# Buttons.


async def _card_told(stage: Stage, line: CartLine) -> None:
    """A card has been shown, and what its buttons speak of is kept."""
    await stage.save(SEARCHES.key("s1"), Search("s1", "кабель").remember([CABLE, SCREW, BIT]).tell(line).save)


async def test_metres_go_into_the_cart_by_the_cards_button(stage: Stage) -> None:
    await _card_told(stage, METRES)
    seen = await stage.tap(
        AddToCart(search="s1", product="12", quantity=Decimal("2.5"), price=Decimal(90), currency="RUB")
    )
    assert seen.toasts == ["В корзине: 2,5\u00a0м"]
    assert (await carts.load(stage.unit(), USER)).lines == (METRES,)


async def test_a_button_of_the_version_before_still_adds_pieces(stage: Stage) -> None:
    await _card_told(stage, METRES)
    assert (await stage.tap("a1:s1:8:3:45:RUB")).toasts == ["В корзине: 3\u00a0шт."]


@pytest.mark.parametrize(
    ("data", "quantity"), [("l1:12:3", "3"), ("l1:12:2.5", "2.5"), ("l1:12:2.3", "2.5"), ("l1:12:1E+99", "999")]
)
async def test_the_carts_buttons_go_by_whole_steps(stage: Stage, data: str, quantity: str) -> None:
    await stage.save(carts.key(USER), lambda unit: carts.save(unit, USER, Cart((METRES,))))
    await stage.tap(data)
    assert (await carts.load(stage.unit(), USER)).quantity("12") == Decimal(quantity)


async def test_less_than_a_step_takes_it_out(stage: Stage) -> None:
    await stage.save(carts.key(USER), lambda unit: carts.save(unit, USER, Cart((METRES,))))
    seen = await stage.tap(SetLine(product="12", quantity=Decimal(0)))
    assert seen.screen.text == texts.cart.cart_empty()


# When the portal cannot be asked.


@pytest.mark.parametrize(("code", "is_ours"), [("bad_answer", True), ("access_denied", False)])
async def test_a_cart_is_shown_whatever_the_portal_answers(
    stage: Stage, caplog: pytest.LogCaptureFixture, code: str, is_ours: bool
) -> None:
    await stage.save(carts.key(USER), lambda unit: carts.save(unit, USER, CART))
    job = cart_job(ChatTarget(USER, SCREEN), USER, CART)
    await stage.save(job.key, lambda unit: unit.put(job.key, job.as_data(), due_at=unit.now))
    with caplog.at_level(logging.ERROR):
        seen = await stage.refuse(job, Refusal(code, "prices does not fit"))
    assert DRILL_LINE.name in seen.screen.text
    assert seen.screen.text.endswith(texts.cart.prices_unknown(is_ours=is_ours))
    assert {"Очистить", "✕", "−", "+"} <= set(seen.screen.labels)
    told = [vars(record)["fields"]["event"] for record in caplog.records]
    assert (LogEvent.BUG in told) is is_ours
