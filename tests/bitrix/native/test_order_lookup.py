"""Whatever part of an order is on the portal: looked up and made, it is whole, and nothing of it is there twice."""

from __future__ import annotations

import asyncio
from collections import Counter
from decimal import Decimal
from typing import Any

import httpx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shared.bitrix.auth import WebhookAuth
from shared.bitrix.client import BitrixClient
from shared.bitrix.errors import BadAnswer, BitrixError, NotFound, PartlyDone
from shared.bitrix.native import NativePortal
from shared.bitrix.portal import Answer
from shared.domain.order_progress import OrderProgress
from shared.domain.orders import NewOrder, OrderRef, PaymentKind
from tests.bitrix.native.conftest import OrderPortal
from tests.bitrix.native.speaking import KEY, ODD, asked, heard, native, new_order
from tests.bitrix.native.test_orders import LINE, PAYMENT, SHIPMENT, VALUE
from tests.bitrix.native.test_orders import row as whole
from tests.support.portal import BASE

LINES = (("1243", 2), ("1250", 1), ("1260", 3))
TOTAL = Decimal("1292.5")


async def complete(fake: OrderPortal, portal: NativePortal, order: NewOrder) -> OrderProgress:
    """Do what a worker does about an order whose fate is unknown."""
    async with httpx.AsyncClient(transport=fake.transport) as http:
        client = BitrixClient(http, BASE, auth=WebhookAuth())
        progress = await look(client, portal, order)
        for _ in range(10):
            for extra in progress.extra:
                await client.write(portal.cancel_order(extra.id, "двойной"), KEY)
            if progress.done:
                return progress
            try:
                progress = await client.write(portal.place_order(order, progress), KEY)
            except BitrixError:
                progress = await look(client, portal, order)
    raise AssertionError("it never comes to an end")


async def look(client: BitrixClient, portal: NativePortal, order: NewOrder) -> OrderProgress:
    """Read until there is an answer."""
    for _ in range(3):
        (found,) = await client.read([portal.look_up_order(order, OrderProgress())])
        if isinstance(found, OrderProgress):
            return found
    raise AssertionError(found)


def put(fake: OrderPortal, order: NewOrder, parts: dict[str, Any]) -> None:
    """Put parts of an order onto the portal, in an order of their own making."""
    if not parts["order"]:
        return
    ledger = fake.ledger
    made = ledger.add_order(3, "RUB", 17, order.key)
    items = {
        product: ledger.add_line(made, fake.product(product), Decimal(pieces)).id
        for (product, pieces), there in zip(LINES, parts["lines"], strict=True)
        if there
    }
    if parts["properties"]:
        ledger.replace_properties(made, {26: order.address, 22: order.phone})
    if parts["shipment"]:
        shipment = ledger.add_shipment(made, 198)
        for (product, pieces), there in zip(LINES, parts["shipped"], strict=True):
            if there and product in items:
                ledger.add_shipment_item(shipment, items[product], Decimal(pieces), "")
    if parts["payment"]:
        ledger.add_payment(made, 118, made.price)


def check(fake: OrderPortal, progress: OrderProgress, order: NewOrder) -> None:
    (kept,) = [made for made in fake.orders if not made.canceled]
    assert progress.order_id == str(kept.id)
    assert Counter({line.product.id: int(line.quantity) for line in kept.basket}) == dict(LINES)
    assert len(kept.basket) == len(LINES)
    (shipment,) = kept.own_shipments
    quantities = {line.id: line.quantity for line in kept.basket}
    assert {item.basket_id: item.quantity for item in shipment.items} == quantities
    assert len(shipment.items) == len(LINES)
    values = {number: one.value for number, one in kept.properties.items()}
    assert values == {26: order.address, 22: order.phone}
    (payment,) = kept.payments
    assert payment.amount == TOTAL == progress.total
    assert progress.payment_id == str(payment.id)


three = st.tuples(st.booleans(), st.booleans(), st.booleans())
some_parts = st.fixed_dictionaries({
    "order": st.booleans(),
    "lines": three,
    "properties": st.booleans(),
    "shipment": st.booleans(),
    "shipped": three,
    "payment": st.booleans(),
})  # fmt: skip


@settings(max_examples=100)
@given(
    parts=some_parts,
    payment=st.sampled_from(PaymentKind),
    phases=st.booleans(),
    lost=st.none() | st.integers(0, 14),
)
def test_any_part_of_an_order_is_completed(
    parts: dict[str, Any], payment: PaymentKind, phases: bool, lost: int | None
) -> None:
    fake, order = OrderPortal(), new_order(*LINES, payment=payment)
    put(fake, order, parts)
    fake.lose_after = lost
    check(fake, asyncio.run(complete(fake, native(phases=phases), order)), order)


@settings(max_examples=40)
@given(first=some_parts, second=some_parts)
def test_of_two_orders_the_older_is_kept_and_the_other_canceled(first: dict[str, Any], second: dict[str, Any]) -> None:
    fake, order = OrderPortal(), new_order(*LINES)
    put(fake, order, first)
    put(fake, order, second)
    progress = asyncio.run(complete(fake, native(), order))
    check(fake, progress, order)
    assert progress.order_id == str(fake.orders[0].id)


def test_the_commands() -> None:
    operation = native().look_up_order(new_order(), OrderProgress())
    listing = {
        "select": ["id", "accountNumber", "xmlId", "statusId", "canceled"],
        "filter": {"=xmlId": KEY},
        "order": {"id": "asc"},
    }
    assert asked(operation)["list"] == ("sale.order.list", listing)
    assert operation.commands["get"].params["id"].render("o0_") == "$result[o0_list][orders][0][id]"
    assert operation.weight == 2
    assert operation.optional == {"get"}


FAILED = Answer(None, error=NotFound("order does not exist"))


def test_absent_is_said_only_of_an_empty_list() -> None:
    operation = native().look_up_order(new_order(), OrderProgress(steps=2))
    assert heard(operation, {"orders": []}, FAILED) == OrderProgress(absent=True, steps=2)
    assert heard(operation, [], FAILED).absent
    # An unresolved reference may be read as 1, and order 1 may exist.
    assert heard(operation, {"orders": []}, {"order": row(id=1)}).absent


@pytest.mark.parametrize("listing", [{}, {"items": []}, None, "", {"orders": "none"}, {"orders": [7]}])
def test_a_list_that_makes_no_sense_says_nothing(listing: Any) -> None:
    with pytest.raises(BadAnswer):
        heard(native().look_up_order(new_order(), OrderProgress()), listing, FAILED)


def row(**differs: Any) -> dict[str, Any]:
    usual = {"id": 5, "xmlId": KEY, "statusId": "N", "canceled": "N", "price": 7, "basketItems": []}
    return usual | differs


@pytest.mark.parametrize("key", ["other", "", None, KEY.upper()])
def test_a_dropped_filter_is_noticed(key: object) -> None:
    operation = native().look_up_order(new_order(), OrderProgress())
    with pytest.raises(BadAnswer, match="xmlId"):
        heard(operation, {"orders": [row(), row(id=6, xmlId=key)]}, {"order": row()})


def test_an_order_once_known_is_never_absent() -> None:
    operation = native().look_up_order(new_order(), OrderProgress(order_id="5"))
    with pytest.raises(BadAnswer, match="not found by its key"):
        heard(operation, {"orders": []}, FAILED)


def test_an_order_that_cannot_be_read() -> None:
    operation = native().look_up_order(new_order(), OrderProgress())
    with pytest.raises(NotFound):
        heard(operation, {"orders": [row()]}, FAILED)
    with pytest.raises(BadAnswer, match="another"):
        heard(operation, {"orders": [row()]}, {"order": row(id=6)})


def test_numbers_are_compared_as_numbers() -> None:
    listing = {"orders": [row(id="10"), row(id="9"), row(id=11, canceled="Y"), row(id=12, statusId="D"), row(id=100)]}
    progress = heard(native().look_up_order(new_order(), OrderProgress()), listing, {"order": row(id="9")})
    assert (progress.order_id, progress.extra) == ("9", (OrderRef("10"), OrderRef("100")))


def there(**differs: Any) -> OrderProgress:
    operation = native().look_up_order(new_order(), OrderProgress())
    return heard(operation, {"orders": [row()]}, {"order": row(**differs)})


@pytest.mark.parametrize("differs", [{"canceled": "Y"}, {"statusId": "D"}])
def test_a_canceled_order_is_done(differs: dict[str, Any]) -> None:
    assert (there(**differs).canceled, there(**differs).done) == (True, True)


def test_empty_maps_and_absent_fields() -> None:
    empty = there(basketItems=[], shipments=[], payments=[], propertyValues=[])
    assert empty == there(shipments=None, payments={}, propertyValues="") == OrderProgress("5", total=Decimal(7))


def test_foreign_goods_and_doubled_lines_are_left_alone() -> None:
    items = [
        {"id": "12", "productId": 1243, "quantity": 2, "price": 1},
        {"id": "9", "productId": "1243", "quantity": 2, "price": 1},
        {"id": "13", "productId": 777, "quantity": 2, "price": 1},
    ]
    assert there(basketItems=items).basket == {"1243": "9"}


def test_the_systems_shipment_and_money_given_back_do_not_count() -> None:
    shipments = [{"id": 3, "system": "Y", "shipmentItems": [{"id": 1, "basketId": 9}]}]
    payments = [{"id": 4, "isReturn": "Y", "sum": 7}]
    progress = there(shipments=shipments, payments=payments)
    assert (progress.shipment_id, progress.shipped, progress.payment_id) == (None, frozenset(), None)


@pytest.mark.parametrize(
    ("payment", "fits"),
    [
        ({"sum": 7, "paid": "N"}, True),
        ({"sum": "7.00"}, True),
        ({"sum": 6, "paid": "N"}, False),
        ({"sum": 6, "paid": "Y"}, True),
    ],
)
def test_whether_the_payment_fits(payment: dict[str, Any], fits: bool) -> None:
    assert there(payments=[{"id": 4, "isReturn": "N", **payment}]).payment_fits is fits


@pytest.mark.parametrize(
    ("values", "has"),
    [
        ([(26, "Тверь,  ул. Мира, 5 "), ("22", "+79990000000")], True),
        ([(26, "Тверь, ул. Мира, 5")], False),
        ([(26, "Москва"), (22, "+79990000000")], False),
        ([(26, None), (22, "+79990000000")], False),
        ([(26, ["Тверь, ул. Мира, 5"]), (22, "+79990000000")], True),
        ([(26, []), (22, "+79990000000")], False),
    ],
)
def test_whether_the_address_is_there(values: list[tuple[object, object]], has: bool) -> None:
    assert (
        there(propertyValues=[{"orderPropsId": name, "value": value} for name, value in values]).has_properties is has
    )


async def test_progress_that_was_written_down_goes_on(client: BitrixClient, fake: OrderPortal) -> None:
    fake.refuse.add("sale.shipment.add")
    portal, order = native(), new_order(*LINES)
    with pytest.raises(PartlyDone):
        await client.write(portal.place_order(order, OrderProgress()), KEY)
    fake.refuse.clear()
    found = await look(client, portal, order)
    assert found.has_properties
    kept = OrderProgress.from_data(found.as_data())
    assert kept == found
    check(fake, await client.write(portal.place_order(order, kept), KEY), order)


def test_the_numbers_of_all_that_is_found_are_known() -> None:
    listing = {"orders": [row(id="10", accountNumber="ИМ-2"), row(id="9", accountNumber="ИМ-1")]}
    found = row(id="9", accountNumber="ИМ-1")
    progress = heard(native().look_up_order(new_order(), OrderProgress()), listing, {"order": found})
    assert (progress.account_number, progress.extra) == ("ИМ-1", (OrderRef("10", "ИМ-2"),))


LISTED = {"id": 5121, "accountNumber": "5121", "xmlId": KEY, "statusId": "N", "canceled": "N"}


@settings(deadline=None)
@given(st.data())
def test_no_odd_field_makes_an_order_seem_absent(data: st.DataObject) -> None:
    """Absent it would be made once more: what cannot be read is a doubt, and another look."""

    def odd(usual: dict[str, Any], sound: set[str]) -> dict[str, Any]:
        names = st.sampled_from(sorted(usual.keys() - sound))
        gone = data.draw(st.sets(names, max_size=2))
        changed = usual | data.draw(st.dictionaries(names | st.just("unheard"), ODD, max_size=3))
        return {name: value for name, value in changed.items() if name not in gone}

    parts = {"basketItems": LINE, "payments": PAYMENT, "shipments": SHIPMENT, "propertyValues": VALUE}
    record = odd(whole(), {"id", "price"})
    for name, usual in parts.items():
        if data.draw(st.booleans()):
            record[name] = [usual, odd(usual, set()), data.draw(ODD)]
    try:
        found = heard(
            native().look_up_order(new_order(), OrderProgress()),
            {"orders": [odd(LISTED, {"id", "xmlId"})]},
            {"order": record},
        )
    except BadAnswer:
        return
    assert (found.order_id, found.absent) == ("5121", False)


@given(st.dictionaries(st.sampled_from(["accountNumber", "statusId", "canceled", "unheard"]), ODD))
def test_of_an_order_in_the_list_only_id_and_key_are_needed(odd: dict[str, Any]) -> None:
    found = heard(native().look_up_order(new_order(), OrderProgress()), {"orders": [LISTED | odd]}, {"order": whole()})
    assert found.order_id == "5121"
