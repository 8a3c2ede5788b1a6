"""Orders of a real portal: the exact commands, the phases, what the answers add."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest

from shared.bitrix.client import BitrixClient
from shared.bitrix.errors import BadAnswer, BitrixError, OutcomeUnknown, PartlyDone, Refused, Verdict
from shared.bitrix.native import NativePortal
from shared.domain.order_progress import OrderProgress
from shared.domain.orders import LineItem, NewOrder, PaymentKind
from tests.bitrix.native.conftest import OrderPortal
from tests.bitrix.native.speaking import KEY, asked, lines_of, native, new_order, told

ORDER_ID = "$result[order][order][id]"


async def make(client: BitrixClient, portal: NativePortal, order: NewOrder, progress: OrderProgress) -> OrderProgress:
    return await client.write(portal.place_order(order, progress), KEY)


async def look(client: BitrixClient, portal: NativePortal, order: NewOrder) -> OrderProgress:
    (found,) = await client.read([portal.look_up_order(order, OrderProgress())])
    if isinstance(found, BitrixError):
        raise found
    assert isinstance(found, OrderProgress)
    return found


@pytest.mark.parametrize(("external", "sent"), [(False, None), (True, "Y")])
def test_discounts_are_kept_off_where_a_setting_says_so(external: bool, sent: str | None) -> None:
    operation = native(external_order=external).place_order(new_order(), OrderProgress())
    assert operation.commands["order"].params["fields"]["externalOrder"] == sent


def test_a_prepaid_order_is_one_chain() -> None:
    operation = native().place_order(new_order(), OrderProgress())
    assert operation.weight == 9
    assert operation.optional == frozenset()
    text = lines_of(operation)
    assert list(text) == ["order", "i1", "i2", "prop", "ship", "s1", "s2", "tot", "pay"], (
        "no link before the sum is agreed to"
    )
    assert text["order"] == (
        "sale.order.add?fields[lid]=s1&fields[personTypeId]=3&fields[currency]=RUB&fields[userId]=17"
        f"&fields[xmlId]={KEY}"
        "&fields[userDescription]=%D0%97%D0%B2%D0%BE%D0%BD%D0%B8%D1%82%D0%B5"
        "&fields[comments]=%D0%9C%D0%B0%D1%81%D1%82%D0%B5%D1%80%3A%20501%3B"
    )
    add = "sale.basketitem.addCatalogProduct?fields[orderId]="
    assert text["i1"] == f"{add}{ORDER_ID}&fields[productId]=1243&fields[quantity]=2&fields[currency]=RUB"
    assert text["i2"] == f"{add}{ORDER_ID}&fields[productId]=1250&fields[quantity]=1&fields[currency]=RUB"
    values = "fields[order][propertyValues]"
    assert text["prop"] == (
        f"sale.propertyvalue.modify?fields[order][id]={ORDER_ID}&{values}[0][orderPropsId]=26"
        f"&{values}[0][value]=%D0%A2%D0%B2%D0%B5%D1%80%D1%8C%2C%20%D1%83%D0%BB.%20%D0%9C%D0%B8%D1%80%D0%B0%2C%205"
        f"&{values}[1][orderPropsId]=22&{values}[1][value]=%2B79990000000"
    )
    assert text["ship"] == (
        f"sale.shipment.add?fields[orderId]={ORDER_ID}&fields[allowDelivery]=N&fields[deducted]=N"
        "&fields[deliveryId]=198"
    )
    into = "sale.shipmentitem.add?fields[orderDeliveryId]=$result[ship][shipment][id]&fields[basketId]="
    assert text["s1"] == f"{into}$result[i1][basketItem][id]&fields[quantity]=2"
    assert text["s2"] == f"{into}$result[i2][basketItem][id]&fields[quantity]=1"
    assert text["tot"] == f"sale.order.get?id={ORDER_ID}"
    assert text["pay"] == (
        f"sale.payment.add?fields[orderId]={ORDER_ID}&fields[paySystemId]=118&fields[sum]=$result[tot][order][price]"
    )


def test_a_cash_order_is_paid_by_its_own_system() -> None:
    operation = native().place_order(new_order(payment=PaymentKind.CASH), OrderProgress())
    assert operation.commands["pay"].params["fields"]["paySystemId"] == 119


def test_what_is_not_given_is_not_sent() -> None:
    text = lines_of(native(buyer_user_id="").place_order(new_order(comment="", phone=""), OrderProgress()))
    assert "userDescription" not in text["order"]
    assert "fields[userId]=501" in text["order"]
    assert "propertyValues][1]" not in text["prop"]
    assert (
        "propertyValues][1]"
        not in lines_of(native(phone_property_id="").place_order(new_order(), OrderProgress()))["prop"]
    )


def test_two_lines_of_one_product_become_one() -> None:
    operation = native().place_order(new_order(("1243", 2), ("1243", 3)), OrderProgress())
    assert [key for key in operation.commands if key.startswith("i")] == ["i1"]
    assert operation.commands["i1"].params["fields"]["quantity"] == 5


@pytest.mark.parametrize(
    ("order", "progress"),
    [
        (new_order(), OrderProgress(complete=True)),
        (new_order(), OrderProgress(canceled=True)),
        (new_order(("1243", 0)), OrderProgress()),
        (replace(new_order(), lines=()), OrderProgress()),
        (new_order(address=" "), OrderProgress()),
    ],
)
def test_what_cannot_be_made(order: NewOrder, progress: OrderProgress) -> None:
    with pytest.raises(ValueError, match=r"nothing is missing|an order needs"):
        native().place_order(order, progress)


async def test_an_order_in_one_request(client: BitrixClient, fake: OrderPortal) -> None:
    progress = await make(client, native(), new_order(), OrderProgress(absent=True))
    (order,) = fake.orders
    (payment,) = order.payments
    (shipment,) = order.own_shipments
    lines = {line.product.id: str(line.id) for line in order.basket}
    assert progress == OrderProgress(
        order_id="5121",
        basket=lines,
        has_properties=True,
        shipment_id=str(shipment.id),
        shipped=frozenset(lines.values()),
        payment_id=str(payment.id),
        total=Decimal("992.5"),
        reserved=progress.reserved,
        prices={"1243": Decimal(490), "1250": Decimal("12.5")},
        complete=True,
        steps=1,
    )
    assert progress.reserved == new_order().quantities
    assert progress.done
    assert list(lines) == ["1243", "1250"]
    assert fake.requests == 1
    assert payment.amount == Decimal("992.5")


def whole(**differs: Any) -> OrderProgress:
    usual: dict[str, Any] = {
        "order_id": "5",
        "basket": {"1243": "6", "1250": "7"},
        "has_properties": True,
        "shipment_id": "8",
        "shipped": frozenset({"6", "7"}),
        "payment_id": "9",
        "total": Decimal(7),
        "complete": True,
    }
    return OrderProgress(**(usual | differs))


@pytest.mark.parametrize(
    ("differs", "keys"),
    [
        ({"basket": {"1243": "6"}, "shipped": frozenset({"6"})}, ["i2", "s2", "tot", "fix"]),
        ({"has_properties": False}, ["prop", "tot"]),
        ({"shipment_id": None, "shipped": frozenset()}, ["ship", "s1", "s2", "tot"]),
        ({"shipped": frozenset({"7"})}, ["s1", "tot"]),
        ({"payment_id": None}, ["tot", "pay"]),
        ({"payment_fits": False}, ["tot", "fix"]),
        ({}, ["tot"]),
    ],
)
def test_only_what_is_missing_is_asked_for(differs: dict[str, Any], keys: list[str]) -> None:
    operation = native().place_order(new_order(), whole(complete=False, **differs))
    assert list(operation.commands) == keys
    text = "".join(lines_of(operation).values())
    assert "$result[order]" not in text
    assert "$result[i1]" not in text


def test_a_payment_of_another_sum_is_corrected() -> None:
    operation = native().place_order(new_order(), whole(complete=False, payment_fits=False))
    assert lines_of(operation)["fix"] == (
        "sale.payment.update?id=9&fields[paySystemId]=118&fields[sum]=$result[tot][order][price]"
    )
    answers = {
        "tot": {"order": {"id": 5, "price": 7}},
        "fix": {"payment": {"id": 9}},
    }
    assert told(operation, answers).done


async def test_a_slow_portal_is_asked_in_phases(client: BitrixClient, fake: OrderPortal) -> None:
    portal, order, progress = native(phases=True), new_order(), OrderProgress()
    asked = []
    while not progress.done:
        asked.append(list(portal.place_order(order, progress).commands))
        progress = OrderProgress.from_data(progress.as_data())
        progress = await make(client, portal, order, progress)
    assert asked == [["order", "i1", "i2"], ["prop", "ship", "s1", "s2"], ["tot", "pay"]]
    assert progress.steps == 3
    assert progress.total == Decimal("992.5")
    assert len(fake.orders) == 1


async def test_many_lines_go_in_phases_and_parts(client: BitrixClient, fake: OrderPortal) -> None:
    products = [str(number) for number in range(1101, 1161)]
    for product in products:
        fake.product(product).price = Decimal(1)
    most = new_order(*((product, 1) for product in products[:22]))
    assert native().place_order(most, OrderProgress()).weight == 49
    order, progress = new_order(*((product, 1) for product in products)), OrderProgress()
    weights = []
    while not progress.done:
        weights.append(native().place_order(order, progress).weight)
        progress = await make(client, native(), order, progress)
    assert weights == [50, 11, 50, 14]
    assert progress.total == 60
    (made,) = fake.orders
    (shipment,) = made.own_shipments
    assert len(made.basket) == len(shipment.items) == 60


async def test_a_refused_line_leaves_a_half_order_that_is_known(client: BitrixClient, fake: OrderPortal) -> None:
    order = new_order(("1243", 1), ("666", 1))
    with pytest.raises(PartlyDone) as caught:
        await make(client, native(), order, OrderProgress())
    assert caught.value.done == ("order", "i1")
    found = await look(client, native(), order)
    assert (found.order_id, list(found.basket), found.done) == ("5121", ["1243"], False)
    with pytest.raises(Refused) as refused:
        await make(client, native(), order, found)
    assert refused.value.verdict is Verdict.REFUSED
    await client.write(native().cancel_order("5121", "нет товара"), KEY)
    assert fake.orders[0].canceled
    assert (await look(client, native(), order)).canceled


async def test_a_refused_order_leaves_nothing(client: BitrixClient, fake: OrderPortal) -> None:
    fake.refuse.add("sale.order.add")
    with pytest.raises(Refused):
        await make(client, native(), new_order(), OrderProgress())
    assert (await look(client, native(), new_order())).absent


@pytest.mark.parametrize("after", range(9))
async def test_an_answer_lost_at_any_point(client: BitrixClient, fake: OrderPortal, after: int) -> None:
    fake.lose_after = after
    order = new_order()
    with pytest.raises(OutcomeUnknown):
        await make(client, native(), order, OrderProgress())
    found = await look(client, native(), order)
    assert found.absent == (after == 0)
    progress = await make(client, native(), order, found)
    assert progress.done
    assert progress.total == Decimal("992.5")
    assert len(fake.orders) == 1


def test_an_answer_about_another_order_is_refused() -> None:
    operation = native().place_order(new_order(payment=PaymentKind.CASH), whole(complete=False, payment_id=None))
    answers = {"tot": {"order": {"id": 6, "price": 7}}, "pay": {"payment": {"id": 9}}}
    with pytest.raises(BadAnswer):
        told(operation, answers)


def test_a_key_that_is_not_kept_is_reported(caplog: pytest.LogCaptureFixture) -> None:
    operation = native(phases=True).place_order(new_order(("1243", 1)), OrderProgress())
    answers = {"order": {"order": {"id": 5, "xmlId": "bx_1"}}, "i1": {"basketItem": {"id": 6}}}
    assert told(operation, answers).order_id == "5"
    assert "did not keep the key of order 5" in caplog.text


def test_an_order_without_an_id_is_refused() -> None:
    operation = native(phases=True).place_order(new_order(("1243", 1)), OrderProgress())
    with pytest.raises(BadAnswer):
        told(operation, {"order": {"order": {"id": None}}, "i1": {"basketItem": {"id": 6}}})


def test_the_number_is_learned_from_the_answers_there_are() -> None:
    cash = new_order(payment=PaymentKind.CASH)
    operation = native().place_order(cash, OrderProgress())
    made = {"order": {"id": 5121, "xmlId": KEY, "accountNumber": "ИМ-88"}}
    answers = {key: {"basketItem": {"id": 1}} for key in ("i1", "i2")} | dict.fromkeys(("prop", "s1", "s2"), True)
    answers |= {"ship": {"shipment": {"id": 2}}, "pay": {"payment": {"id": 3}}}
    read = {"order": {"id": 5121, "price": 1, "accountNumber": "ИМ-88"}}
    assert told(operation, {**answers, "order": made, "tot": read}).account_number == "ИМ-88"
    bare = {"order": {"id": 5121, "xmlId": KEY}}
    assert told(operation, {**answers, "order": bare, "tot": read}).account_number == "ИМ-88"


def test_metres_are_sent_as_they_are() -> None:
    order = replace(new_order(), lines=(LineItem("7", Decimal("2.50")), LineItem("8", Decimal(10))))
    sent = asked(native().place_order(order, OrderProgress()))
    assert [sent[key][1]["fields"]["quantity"] for key in ("i1", "s1", "i2", "s2")] == ["2.50", "2.50", 10, 10]


def _set_aside(*amounts: object) -> dict[str, object]:
    return {"id": 5, "price": "7", "basketItems": [{"id": "6", "productId": 1243, "reservations": [
        {"id": number, "storeId": 1, "quantity": amount} for number, amount in enumerate(amounts)
    ]}]}  # fmt: skip


@pytest.mark.parametrize(
    ("amounts", "reserved"),
    [((2, "0.5"), {"1243": Decimal("2.5")}), ((), {}), ((1, "few"), {}), ((None,), {})],
)
def test_what_is_set_aside_is_read_with_the_sum(amounts: tuple[object, ...], reserved: dict[str, Decimal]) -> None:
    there = whole(complete=False)
    read = {"tot": {"order": _set_aside(*amounts)}}
    assert told(native().place_order(new_order(), there), read).reserved == reserved
