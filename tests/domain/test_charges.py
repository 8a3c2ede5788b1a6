"""What a portal charges against what was confirmed."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

from shared.domain.charges import TotalDifference, difference
from shared.domain.checkout_changes import PriceChange
from shared.domain.order_progress import OrderProgress
from tests.assistant import samples

CONFIRMED = samples.checkout()
TOTAL = CONFIRMED.total
FIRST = CONFIRMED.lines[0]


def test_the_same_sum_is_no_difference_however_it_is_written() -> None:
    assert difference(CONFIRMED, OrderProgress(total=TOTAL.quantize(Decimal("0.001")))) is None
    assert difference(CONFIRMED, OrderProgress(total=TOTAL, delivery=Decimal(350))) is None
    assert difference(CONFIRMED, OrderProgress()) is None


def test_delivery_prices_and_the_rest_make_up_the_difference() -> None:
    cheaper = FIRST.price - 400
    made = OrderProgress(total=TOTAL + 100, delivery=Decimal(350), prices={FIRST.product_id: cheaper, "999": TOTAL})
    found = difference(CONFIRMED, made)
    assert found == TotalDifference(
        TOTAL, TOTAL + 100, (PriceChange(replace(FIRST, price=cheaper), FIRST.price),), Decimal(350)
    )
    assert found.rest == 100 - 350 + 400 * FIRST.quantity


def test_what_was_confirmed_for_bringing_it_is_no_difference() -> None:
    confirmed = replace(CONFIRMED, services=samples.SERVICES, delivery="3")
    assert difference(confirmed, OrderProgress(total=TOTAL + 350, delivery=Decimal(350))) is None
    found = difference(confirmed, OrderProgress(total=TOTAL + 500, delivery=Decimal(500)))
    assert found == TotalDifference(TOTAL + 350, TOTAL + 500, delivery=Decimal(150))
    assert found.rest == 0


def test_what_no_line_tells_is_the_rest() -> None:
    found = difference(CONFIRMED, OrderProgress(total=TOTAL - 844))
    assert found is not None
    assert found == TotalDifference(TOTAL, TOTAL - 844)
    assert found.rest == -844
