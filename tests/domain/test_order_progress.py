"""Progress of an order survives being written down."""

from __future__ import annotations

import json
from dataclasses import replace
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from shared.domain.order_progress import OrderProgress
from shared.domain.orders import OrderRef

ids = st.text("0123456789", min_size=1, max_size=8)
anything = st.builds(
    OrderProgress,
    order_id=st.none() | ids,
    in_basket=st.dictionaries(ids, st.decimals("0.001", 999, places=3), max_size=3),
    basket=st.dictionaries(ids, ids, max_size=3),
    has_properties=st.booleans(),
    shipment_id=st.none() | ids,
    shipped=st.frozensets(ids, max_size=3),
    payment_id=st.none() | ids,
    payment_fits=st.booleans(),
    prices=st.dictionaries(ids, st.decimals(0, 10**6, places=2), max_size=3),
    delivery=st.decimals(0, 10**6, places=2),
    total=st.none() | st.decimals(0, 10**9, places=2),
    payment_url=st.none() | st.just("https://shop.example/pay?access=s3cret"),
    link_missing=st.booleans(),
    complete=st.booleans(),
    canceled=st.booleans(),
    absent=st.booleans(),
    extra=st.lists(ids.map(OrderRef), max_size=2).map(tuple),
    account_number=st.text(max_size=9),
    steps=st.integers(0, 9),
)


@given(anything)
def test_it_comes_back_without_its_link(progress: OrderProgress) -> None:
    written = json.dumps(progress.as_data())
    assert "s3cret" not in written
    assert "s3cret" not in repr(progress)
    assert OrderProgress.from_data(json.loads(written)) == replace(progress, payment_url=None)


def test_an_empty_record_is_a_start() -> None:
    assert OrderProgress.from_data({}) == OrderProgress()


def test_money_is_written_in_digits() -> None:
    assert OrderProgress(total=Decimal("1E+3")).as_data()["total"] == "1000"


def test_when_it_is_done() -> None:
    assert not OrderProgress().done
    assert OrderProgress(complete=True).done
    assert OrderProgress(canceled=True).done
