"""What managers do to an order on a native portal, and what the bot is shown and told of it."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from tests.local.portal.native.conftest import NativeClient
from tests.local.portal.native.test_goods_states import sim


async def parts(rest: NativeClient, order_id: int) -> dict[str, Any]:
    return dict((await rest.http.get(f"/_sim/orders/{order_id}/parts")).json())


async def test_goods_prices_and_delivery_are_edited(rest: NativeClient):
    made = await rest.whole_order()
    before = await rest.get(made.id)
    (product,) = {str(line["productId"]) for line in before["basketItems"]}
    change = {"lines": {product: 3, "1004": 2}, "prices": {product: "100.50"}, "delivery_price": 350}
    await sim(rest, f"orders/{made.id}", change)
    after = await rest.get(made.id)
    lines = {str(line["productId"]): (line["quantity"], line["price"]) for line in after["basketItems"]}
    assert lines[product] == (3, 100.5)
    assert lines["1004"][0] == 2
    assert after["price"] == 350 + sum(quantity * price for quantity, price in lines.values())
    (parcel,) = (await parts(rest, made.id))["parcels"]
    assert parcel["lines"] == {product: "3", "1004": "2"}
    await sim(rest, f"orders/{made.id}", {"lines": {"1004": 0}})
    assert [str(line["productId"]) for line in (await rest.get(made.id))["basketItems"]] == [product]
    assert (await rest.http.post(f"/_sim/orders/{made.id}", json={"lines": {"9": 1}})).status_code == 400


async def test_a_parcel_is_split_and_each_goes_its_way(rest: NativeClient):
    made = await rest.whole_order()
    (product,) = {str(line["productId"]) for line in (await rest.get(made.id))["basketItems"]}
    await sim(rest, f"orders/{made.id}", {"lines": {product: 3}})
    assert (await rest.http.post(f"/_sim/orders/{made.id}/parcels", json={"lines": {product: 3}})).status_code == 400
    split = await sim(rest, f"orders/{made.id}/parcels", {"lines": {product: 1}})
    assert [one["lines"] for one in split["parcels"]] == [{product: "2"}, {product: "1"}]
    first, second = (one["id"] for one in split["parcels"])
    await sim(rest, f"parcels/{second}", {"status": "SHIPPED", "tracking": "RU2"})
    shown = {str(it["id"]): it for it in (await rest.get(made.id))["shipments"] if it["system"] == "N"}
    assert [(shown[it]["deducted"], shown[it]["trackingNumber"]) for it in (first, second)] == [("N", ""), ("Y", "RU2")]
    assert (await rest.http.post(f"/_sim/parcels/{second}", json={"status": "PAYED"})).status_code == 400
    assert (await rest.http.post("/_sim/parcels/9", json={"status": "SHIPPED"})).status_code == 404


async def test_a_bill_is_paid_in_parts(rest: NativeClient):
    made = await rest.whole_order()
    price = Decimal(str((await rest.get(made.id))["price"]))
    divided = await sim(rest, f"orders/{made.id}/payments", {"sum": 100})
    assert [Decimal(one["sum"]) for one in divided["payments"]] == [price - 100, 100]
    first, second = (one["id"] for one in divided["payments"])
    paid = await sim(rest, f"payments/{second}", {"paid": True})
    assert (Decimal(paid["due"]), (await rest.get(made.id))["payed"]) == (price - 100, "N")
    await sim(rest, f"payments/{first}", {"paid": True})
    assert (await rest.get(made.id))["payed"] == "Y"
    assert (await rest.http.post(f"/_sim/orders/{made.id}/payments", json={"sum": 1})).status_code == 400
    assert (await rest.http.post(f"/_sim/payments/{first}", json={})).status_code == 400
    assert (await rest.http.post("/_sim/payments/9", json={"paid": True})).status_code == 404


async def test_a_bill_is_made_of_what_is_due(rest: NativeClient):
    made = await rest.whole_order()
    (product,) = {str(line["productId"]) for line in (await rest.get(made.id))["basketItems"]}
    await sim(rest, f"orders/{made.id}/payments", {"sum": 100})
    await sim(rest, f"orders/{made.id}", {"lines": {product: 5}})
    price = Decimal(str((await rest.get(made.id))["price"]))
    renewed = await sim(rest, f"orders/{made.id}/bill", {})
    assert [Decimal(one["sum"]) for one in renewed["payments"]] == [price]
    await sim(rest, f"payments/{renewed['payments'][0]['id']}", {"paid": True})
    await sim(rest, f"orders/{made.id}", {"lines": {product: 6}})
    renewed = await sim(rest, f"orders/{made.id}/bill", {})
    assert [one["paid"] for one in renewed["payments"]] == [True, False]
    await sim(rest, f"orders/{made.id}", {"lines": {product: 5}})
    assert len((await sim(rest, f"orders/{made.id}/bill", {}))["payments"]) == 1


async def test_money_is_given_back(rest: NativeClient):
    made = await rest.whole_order()
    (payment,) = (await parts(rest, made.id))["payments"]
    assert (await rest.http.post(f"/_sim/payments/{payment['id']}", json={"returned": "P"})).status_code == 400
    await sim(rest, f"payments/{payment['id']}", {"paid": True})
    await sim(rest, f"payments/{payment['id']}", {"returned": "P"})
    after = await rest.get(made.id)
    assert (after["payed"], [(it["paid"], it["isReturn"]) for it in after["payments"]]) == ("N", [("N", "P")])
    assert (await rest.http.post(f"/_sim/payments/{payment['id']}", json={"returned": "N"})).status_code == 400


async def test_an_unpaid_order_is_deleted(rest: NativeClient):
    made, paid = await rest.whole_order(), await rest.whole_order()
    (payment,) = (await parts(rest, paid.id))["payments"]
    await sim(rest, f"payments/{payment['id']}", {"paid": True})
    assert (await rest.http.delete(f"/_sim/orders/{paid.id}")).status_code == 400
    assert (await rest.http.delete(f"/_sim/orders/{made.id}")).status_code == 200
    assert [one["ID"] for one in (await rest.http.get("/_sim/orders")).json()] == [str(paid.id)]
    assert (await rest.http.delete(f"/_sim/orders/{made.id}")).status_code == 404
