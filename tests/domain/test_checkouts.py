"""What differs at a check from what a master was shown."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest

from shared.domain.cart_lines import Obstacle, line_of, unpriced_line
from shared.domain.checkout_changes import LimitChange, NoLongerSold, NotForSale, PriceChange, StepChange, compare
from shared.domain.offers import Offer, Stock
from tests.assistant.samples import CABLE, CABLE_OFFER, DOLLARS, ON_REQUEST, SAW, SCREW, SCREW_OFFER

METRES = line_of(CABLE, CABLE_OFFER, Decimal("2.5"))
SCREWS = line_of(SCREW, SCREW_OFFER, Decimal(100))
SAWS = line_of(SAW, replace(ON_REQUEST, price=Decimal(100)), Decimal(1))


def test_metres_that_are_sold_as_before_are_no_change() -> None:
    assert compare((METRES, SCREWS), {}, {"12": CABLE_OFFER, "13": SCREW_OFFER}) == ((METRES, SCREWS), [])


def test_the_price_is_that_of_the_quantity() -> None:
    dearer = replace(SCREW_OFFER, ranges=(SCREW_OFFER.ranges[0], replace(SCREW_OFFER.ranges[1], price=Decimal("1.3"))))
    (now,), changes = compare((SCREWS,), None, {"13": dearer})
    assert now.price == Decimal("1.3")
    assert changes == [PriceChange(now, Decimal("1.2"))]


def test_another_step_is_another_quantity_and_is_told() -> None:
    (now,), changes = compare((METRES,), None, {"12": replace(CABLE_OFFER, step=Decimal(1))})
    assert now.quantity == Decimal(3)
    assert changes == [StepChange(now, METRES)]


def test_a_line_without_a_price_gets_one_and_that_is_no_change() -> None:
    least = replace(SCREW_OFFER, ranges=SCREW_OFFER.ranges[1:])
    wanted = (unpriced_line(CABLE, Decimal("2.3")), unpriced_line(SCREW, Decimal(1)))
    assert compare(wanted, None, {"12": CABLE_OFFER, "13": least}) == ((METRES, line_of(SCREW, least, Decimal(1))), [])
    few = replace(CABLE_OFFER, on_order=False, stocks=(Stock("Тверь", Decimal(1)),))
    (now,), changes = compare(wanted[:1], None, {"12": few})
    assert (now.quantity, changes) == (Decimal(1), [LimitChange(now, Decimal("2.3"))])


@pytest.mark.parametrize(("offer", "why"), [(ON_REQUEST, Obstacle.ON_REQUEST), (DOLLARS, Obstacle.FOREIGN)])
def test_what_cannot_be_ordered_any_more_is_taken_out_and_told(offer: Offer, why: Obstacle) -> None:
    assert compare((SAWS, METRES), None, {"9": offer, "12": CABLE_OFFER}) == (
        (METRES,),
        [NotForSale(SAWS.at(offer), why)],
    )


def test_a_quantity_without_a_price_is_taken_out_and_what_nobody_sells_too() -> None:
    offer = replace(SCREW_OFFER, ranges=SCREW_OFFER.ranges[:1])
    lines, changes = compare((SCREWS, METRES), {}, {"13": offer})
    assert lines == ()
    assert changes == [NotForSale(SCREWS.at(offer), Obstacle.NO_PRICE), NoLongerSold(METRES)]
