"""Parcels and bills of one order, changed by themselves: by the desk's forms, as a manager does."""

from __future__ import annotations

from decimal import Decimal

import pytest

from infra.local.portal import Portal
from infra.local.portal.native.model import SaleOrder
from shared.status import Status
from tests.local.portal.conftest import MakePortal, RestClient


@pytest.fixture
async def desk(make_portal: MakePortal) -> RestClient:
    return RestClient(make_portal(dialect="native"))


def an_order(portal: Portal) -> SaleOrder:
    """Three drills and a bit, in one parcel and on one bill of the whole price."""
    ledger, goods = portal.native.ledger, portal.shop.catalogue
    order = ledger.add_order(3, "RUB", 17, "tg-parts")
    lines = [ledger.add_line(order, goods.known(one), Decimal(many)) for one, many in (("1001", 3), ("1070", 1))]
    parcel = ledger.add_shipment(order, 3)
    for line in lines:
        ledger.add_shipment_item(parcel, line.id, line.quantity, "")
    ledger.add_payment(order, 1, order.price)
    ledger.save(order)
    return order


async def does(desk: RestClient, order: SaleOrder, act: str, **fields: str) -> int:
    answer = await desk.http.post(f"/desk/orders/{order.id}/parts/{act}", data=fields)
    if answer.status_code == 303:
        assert answer.headers["location"] == f"/orders/{order.id}"
    return answer.status_code


async def shown(desk: RestClient, order: SaleOrder) -> str:
    return (await desk.http.get(f"/orders/{order.id}")).text


def status(desk: RestClient, order: SaleOrder) -> Status:
    found = desk.portal.front.orders.get(str(order.id))
    assert found is not None
    return found.status


async def test_a_parcel_goes_ahead_and_the_rest_follows(desk: RestClient):
    order = an_order(desk.portal)
    assert "Отправить часть отдельно" in await shown(desk, order)
    assert await does(desk, order, "split", **{"lines[1001]": "2", "lines[1070]": "0"}) == 303
    first, second = order.own_shipments
    assert [[item.quantity for item in one.items] for one in (first, second)] == [[1, 1], [2]]
    assert await does(desk, order, "send", shipment=str(second.id), tracking="RU2") == 303
    assert "в пути · трек-номер RU2" in await shown(desk, order)
    assert await does(desk, order, "deliver", shipment=str(second.id)) == 303
    assert second.tracking_number == "RU2"
    assert status(desk, order) is Status.SHIPPED, "the other parcel is not there yet"
    await does(desk, order, "send", shipment=str(first.id), tracking="")
    assert "Отправить часть отдельно" not in await shown(desk, order)
    await does(desk, order, "deliver", shipment=str(first.id))
    assert status(desk, order) is Status.DELIVERED


async def test_a_bill_is_paid_in_parts_and_money_is_given_back(desk: RestClient):
    order = an_order(desk.portal)
    assert await does(desk, order, "divide", sum="1000") == 303
    rest, part = order.payments
    assert (rest.amount + part.amount, part.amount) == (order.price, Decimal(1000))
    await does(desk, order, "settle", payment=str(part.id))
    assert status(desk, order) is Status.NEW
    await does(desk, order, "settle", payment=str(rest.id))
    assert status(desk, order) is Status.PAYED
    assert "Оплата частями" not in await shown(desk, order)
    await does(desk, order, "refund", payment=str(part.id))
    assert "деньги возвращены" in await shown(desk, order)
    row = (await desk.result("sale.payment.get", {"id": part.id}))["payment"]
    assert (row["isReturn"], row["paid"]) == ("P", "N")
    assert await does(desk, order, "renew") == 303
    assert [payment.amount for payment in order.payments if payment.is_due] == [Decimal(1000)]


async def test_what_makes_no_sense_changes_nothing(desk: RestClient):
    order = an_order(desk.portal)
    refused = [
        await does(desk, order, "split", **{"lines[1001]": "4"}),
        await does(desk, order, "split", **{"lines[1001]": "0"}),
        await does(desk, order, "divide", sum=str(order.price)),
        await does(desk, order, "refund", payment=str(order.payments[0].id)),
    ]
    assert refused == [400] * 4
    assert [await does(desk, order, "send", shipment="1"), await does(desk, order, "burn")] == [404, 404]
    assert (len(order.own_shipments), len(order.payments), order.version) == (1, 1, 1)
