from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest

from shared.domain import checkouts
from shared.domain.checkout_changes import NoLongerSold, PriceChange, StockChange, compare
from shared.domain.checkouts import CheckoutStage, new_id
from shared.domain.orders import OrderRef, PaymentKind
from tests.assistant import samples
from tests.assistant.samples import BIT, BIT_LINE, BIT_OFFER, DRILL, DRILL_LINE, DRILL_OFFER, OFFERS, offer
from tests.assistant.stage import Stage as Theatre

LINES = (DRILL_LINE, BIT_LINE)
TOLD = {"7": Decimal(4), "8": Decimal(120)}


def test_nothing_changed() -> None:
    assert compare(LINES, TOLD, OFFERS) == (LINES, [])


def test_a_price_changed_up_or_down() -> None:
    lines, changes = compare(LINES, TOLD, {"7": replace(DRILL_OFFER, price=Decimal(7000)), "8": BIT_OFFER})
    assert lines == (replace(DRILL_LINE, price=Decimal(7000)), BIT_LINE)
    assert changes == [PriceChange(lines[0], Decimal(7990))]


def test_the_same_price_written_otherwise_is_no_change() -> None:
    _, changes = compare(LINES, TOLD, {"7": replace(DRILL_OFFER, price=Decimal("7990.0000")), "8": BIT_OFFER})
    assert changes == []


def test_a_product_is_gone() -> None:
    lines, changes = compare(LINES, TOLD, {"8": BIT_OFFER})
    assert lines == (BIT_LINE,)
    assert changes == [NoLongerSold(DRILL_LINE)]


def test_everything_is_gone() -> None:
    assert compare(LINES, TOLD, {}) == ((), [NoLongerSold(DRILL_LINE), NoLongerSold(BIT_LINE)])


@pytest.mark.parametrize(
    ("told", "now", "changed"),
    [
        ("120", "9", True),
        ("10", "0", True),
        ("120", "10", False),  # still enough
        ("9", "0", False),  # he was told of too few before
        ("9", "8", False),
        ("0", "120", False),  # better is no reason to ask again
    ],
)
def test_stock_counts_when_there_was_enough_and_now_is_not(told: str, now: str, changed: bool) -> None:
    offers = {"8": offer(BIT, "45", ("Тверь", now))}
    _, changes = compare((BIT_LINE,), {"8": Decimal(told)}, offers)
    assert changes == ([StockChange(BIT_LINE, Decimal(now))] if changed else [])


def test_stock_he_was_never_told_of_is_no_change() -> None:
    offers = {"8": offer(BIT, "45")}
    assert compare((BIT_LINE,), None, offers) == ((BIT_LINE,), [])
    assert compare((BIT_LINE,), {}, offers) == ((BIT_LINE,), [])


def test_price_and_stock_of_one_line() -> None:
    (line,), changes = compare((DRILL_LINE,), TOLD, {"7": offer(DRILL, "1")})
    assert changes == [PriceChange(line, Decimal(7990)), StockChange(line, Decimal(0))]


async def test_a_checkout_comes_back_as_it_was_saved(stage: Theatre) -> None:
    shown = replace(samples.checkout(payment=PaymentKind.CASH), id=new_id()).at(
        CheckoutStage.DONE, OrderRef("7", "ИМ-5121")
    )
    await stage.save(checkouts.key(shown.id), shown.save)
    assert await checkouts.load(stage.unit(), shown.id) == shown


async def test_a_checkout_is_forgotten_after_a_day(stage: Theatre) -> None:
    shown = samples.checkout()
    await stage.save(checkouts.key(shown.id), shown.save)
    stage.clock.advance(hours=24)
    assert await checkouts.load(stage.unit(), shown.id) is None


def test_sums_are_of_the_lines() -> None:
    assert (samples.checkout().total, samples.checkout().currency) == (Decimal(8440), "RUB")


def test_ids_are_new() -> None:
    assert new_id() != new_id()
