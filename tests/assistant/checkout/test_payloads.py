"""The payloads of the checkout's jobs: they come back as they were, and those of the version before are read."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.assistant.chat_view import ChatTarget
from shared.assistant.checkout.payloads import (
    CancelPayload,
    ConfirmPayload,
    KnownOrderPayload,
    OrderPayload,
    PlaceOrderPayload,
)
from shared.domain import baskets, carts, checkouts, order_records
from shared.domain.baskets import Basket
from shared.domain.cart_lines import CartLine
from shared.domain.checkouts import CheckoutStage
from shared.domain.offers import PriceRange
from shared.domain.order_progress import OrderProgress
from shared.domain.orders import PaymentKind
from shared.pipeline.jobs import Job, Lane
from shared.store.port import Key
from tests.assistant import samples
from tests.assistant.checkout.steps import CREATED, FILLED, asked_for
from tests.assistant.samples import ADDRESS, BUYER, CART, NATIVE, USER
from tests.assistant.stage import OPERATORS, SCREEN
from tests.assistant.stage import Stage as Theatre
from tests.support.quantities import decimals

words = st.text(max_size=20)
ids = st.text("0123456789abcdef", min_size=1, max_size=32)
targets = st.builds(ChatTarget, st.integers(1, 10**12), st.none() | st.integers(1, 10**6), st.sampled_from(["", "4"]))
amounts = st.decimals("0.001", 999, places=3)
lines = st.lists(
    st.builds(
        CartLine,
        ids,
        words,
        words,
        st.decimals(0, 10**7, places=2),
        st.just("RUB"),
        amounts,
        unit=st.sampled_from(["шт.", "м"]),
        step=st.sampled_from([Decimal(1), Decimal("0.5")]),
        ranges=st.lists(st.builds(PriceRange, amounts, st.none() | amounts, amounts), max_size=2).map(tuple),
        foreign=st.booleans(),
    ),
    max_size=3,
).map(tuple)
orders = st.builds(
    OrderPayload, targets, ids, ids, lines, words, st.sampled_from(PaymentKind), phone=words, comment=words
)
progresses = st.builds(
    OrderProgress,
    st.none() | ids,
    in_basket=st.dictionaries(ids, amounts, max_size=3),
    steps=st.integers(0, 9),
)
payloads = st.one_of(
    st.builds(ConfirmPayload, targets, st.integers(1, 10**12), ids, lines, words, st.sampled_from(PaymentKind), words),
    orders,
    st.builds(PlaceOrderPayload, orders, ids, progresses, st.integers(1, 20)),
    st.builds(CancelPayload, ids),
    st.builds(KnownOrderPayload, targets, ids),
)
Payload = ConfirmPayload | OrderPayload | PlaceOrderPayload | CancelPayload | KnownOrderPayload


@given(payloads)
def test_a_payload_comes_back_as_it_was(payload: Payload) -> None:
    stored = json.loads(json.dumps(payload.as_data()))
    assert type(payload).from_data({**stored, "of a newer version": 1}) == payload


# What the version before stored, as it stood in its records.

LINES = [
    {
        "product_id": "7",
        "name": "Шуруповёрт Makita DF333DWYE",
        "article": "DF333DWYE",
        "price": "7990",
        "currency": "RUB",
        "quantity": 1,
    },
    {
        "product_id": "8",
        "name": "Бита PH2 50 мм",
        "article": "PH2-50",
        "price": "45",
        "currency": "RUB",
        "quantity": 10,
    },
]
CONFIRM_BEFORE = {
    "chat_id": 42,
    "message_id": 77,
    "price_type": "4",
    "user_id": 42,
    "buyer_id": "501",
    "lines": LINES,
    "address": "Тверь, ул. Советская, 10",
    "payment": "prepaid",
    "phone": "+79123456789",
}
ORDER_BEFORE = {
    "chat_id": 42,
    "message_id": 77,
    "checkout": "c0ffee",
    "lines": LINES,
    "add": [],
    "buyer_id": "501",
    "address": "Тверь, ул. Советская, 10",
    "payment": "prepaid",
    "phone": "+79123456789",
    "comment": "",
}
FILL_BEFORE = {**ORDER_BEFORE, "add": [{"product_id": "8", "quantity": 6}]}
MAKE_BEFORE = {**ORDER_BEFORE, "key": "4e20f6ef-9e59-4c1b-a330-2c6efaab08ca", "progress": {}, "step": 1}
PROGRESS_BEFORE = {
    "order_id": "5121",
    "basket": {"7": "255"},
    "has_properties": False,
    "shipment_id": None,
    "shipped": [],
    "payment_id": None,
    "payment_fits": True,
    "total": None,
    "link_missing": False,
    "complete": False,
    "canceled": False,
    "absent": False,
    "extra": [],
    "steps": 1,
}
CONFIRMED = OrderPayload(
    ChatTarget(USER, SCREEN), "c0ffee", BUYER, CART.lines, ADDRESS, PaymentKind.PREPAID, phone="+79123456789"
)


def test_what_the_version_before_stored_is_read() -> None:
    target = ChatTarget(USER, SCREEN, "4")
    confirm = ConfirmPayload(target, USER, BUYER, CART.lines, ADDRESS, PaymentKind.PREPAID, "+79123456789")
    assert ConfirmPayload.from_data(CONFIRM_BEFORE) == confirm
    assert OrderPayload.from_data(ORDER_BEFORE) == CONFIRMED
    key = "4e20f6ef-9e59-4c1b-a330-2c6efaab08ca"
    assert PlaceOrderPayload.from_data(MAKE_BEFORE) == PlaceOrderPayload(CONFIRMED, key, OrderProgress())
    begun = {**MAKE_BEFORE, "progress": PROGRESS_BEFORE, "step": 2}
    progress = OrderProgress("5121", basket={"7": "255"}, steps=1)
    assert PlaceOrderPayload.from_data(begun) == PlaceOrderPayload(CONFIRMED, key, progress, 2)
    assert CancelPayload.from_data({"order": "5121"}) == CancelPayload("5121")
    asked = {"chat_id": 42, "message_id": None, "order": "5121"}
    assert KnownOrderPayload.from_data(asked) == KnownOrderPayload(ChatTarget(USER), "5121")


@pytest.mark.parametrize(
    ("data", "there"), [(ORDER_BEFORE, {"7": 1, "8": 10}), (FILL_BEFORE, {"7": 1, "8": 4})], ids=["order", "basket"]
)
def test_the_contracts_jobs_of_the_version_before_tell_what_lies_in_the_basket(
    data: Mapping[str, Any], there: dict[str, int]
) -> None:
    assert PlaceOrderPayload.from_data(data) == PlaceOrderPayload(
        CONFIRMED, "", OrderProgress(in_basket=decimals(there))
    )


# The checkouts that were under way.


async def _under_way(shop: Theatre, job: Job) -> Job:
    """Leave the records that the version before left behind."""
    await shop.save(carts.key(USER), lambda unit: carts.save(unit, USER, CART))
    checkout = replace(samples.checkout(), phone="+79123456789").at(CheckoutStage.PLACING)
    await shop.save(checkouts.key("c0ffee"), checkout.save)
    waiting = {**ORDER_BEFORE, "checkout": "second", "chat_id": 43}
    await shop.save(baskets.key(BUYER), Basket(BUYER, holder="c0ffee", waiting=(waiting,)).save)
    record = job.as_data()
    await shop.save(Key("jobs", job.id), lambda unit: unit.put(job.key, record, due_at=shop.clock()))
    return job


async def _assert_finished(shop: Theatre, job: Job) -> None:
    """The answer finishes the checkout and wakes who waited."""
    seen = await shop.answer(job, CREATED)
    assert "создан." in seen.screen.text
    assert {following.id for following in seen.jobs} == {"sync_order:5121", "recheck:second"}
    assert await order_records.list_ids(shop.unit(), USER) == ["5121"]
    assert await baskets.load(shop.unit(), BUYER) == Basket(BUYER)


async def test_a_basket_that_was_being_filled_becomes_an_order(stage: Theatre) -> None:
    job = await _under_way(stage, Job("fill_basket", Lane.WRITE, FILL_BEFORE, id="fill_basket:c0ffee"))
    (command,) = stage.kinds[job.kind].plan(job).commands.values()
    assert command.params["fields"] == {"PRODUCT_ID": 8, "QUANTITY": 6, "FUSER_ID": 501}
    following = (await stage.answer(job, FILLED)).job
    assert asked_for(stage, following) == ["sale.order.add"]
    await _assert_finished(stage, following)


async def test_an_order_that_was_being_made_of_a_basket_is_finished(stage: Theatre) -> None:
    job = await _under_way(stage, Job("place_order", Lane.WRITE, ORDER_BEFORE, id="place_order:c0ffee"))
    assert asked_for(stage, job) == ["sale.order.add"]
    await _assert_finished(stage, job)


async def test_an_order_that_was_being_made_on_a_real_portal_is_finished() -> None:
    shop = Theatre(NATIVE)
    await shop.join()
    job = await _under_way(shop, Job("make_order", Lane.WRITE, MAKE_BEFORE, id="make_order:c0ffee", patience=62.0))
    assert asked_for(shop, job)[0] == "sale.order.add"
    await _assert_finished(shop, job)


async def test_half_an_order_of_the_version_before_is_cleared_up() -> None:
    shop = Theatre(NATIVE)
    await shop.join()
    begun = {**MAKE_BEFORE, "progress": PROGRESS_BEFORE, "step": 2}
    job = await _under_way(shop, Job("clear_up_order", Lane.READ, begun, id="clear_up_order:c0ffee"))
    assert asked_for(shop, job)[0] == "sale.order.list"
    seen = await shop.answer(job, OrderProgress("5121", total=Decimal(7990)))
    assert seen.calls == []
    cancel = seen.job
    assert (cancel.kind, asked_for(shop, cancel)) == ("cancel_order", ["sale.order.update"])


async def test_who_was_told_of_half_an_order_by_the_version_before_is_not_told_again() -> None:
    shop = Theatre(NATIVE)
    await shop.join()
    begun = {**MAKE_BEFORE, "progress": PROGRESS_BEFORE, "step": 2}
    job = await _under_way(shop, Job("clear_up_order", Lane.READ, begun, id="clear_up_order:c0ffee"))
    (people,) = (await shop.refuse(job)).screens
    assert people.params["chat_id"] == OPERATORS
