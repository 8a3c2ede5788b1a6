"""A small portal for these tests: it keeps orders, runs batches as a real one does, and can fail at any point.

Written from shared/bitrix/README.md, not from our code: references are resolved after decoding, one that does not
resolve is passed on as text, `halt` stops at the first error, empty maps are `[]`, a basket item's id is text in
`sale.order.get`.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from itertools import count
from typing import Any

import httpx

from tests.bitrix.php import parse_line

PRICES = {"1243": 490, "1250": 12.5, "1260": 100}
_REFERENCE = re.compile(r"^\$result((?:\[[^\]]+\])+)$")


class RefusedError(Exception):
    """The portal's `error` and `error_description`."""

    def __init__(self, code: object, text: str = "") -> None:
        super().__init__(code)
        self.code, self.text = code, text


@dataclass
class FakePortal:
    """`refuse` has the methods that fail; `lose_after` lets the connection break after so many commands."""

    orders: dict[int, dict[str, Any]] = field(default_factory=dict)
    refuse: dict[str, object] = field(default_factory=dict)
    lose_after: int | None = None
    drops_filters: bool = False
    log: list[str] = field(default_factory=list)
    requests: int = 0
    ids: Any = field(default_factory=lambda: count(5121))

    def answer(self, request: httpx.Request) -> httpx.Response:
        self.requests += 1
        method = request.url.path.rpartition("/")[2]
        params = json.loads(request.content)
        try:
            body = {"result": self.batch(params) if method == "batch" else self.call(method, params)}
        except RefusedError as refused:
            return httpx.Response(400, json={"error": refused.code, "error_description": refused.text})
        return httpx.Response(200, json=body)

    def batch(self, params: Mapping[str, Any]) -> dict[str, Any]:
        assert len(params["cmd"]) <= 50
        results: dict[str, Any] = {}
        errors: dict[str, Any] = {}
        for key, line in params["cmd"].items():
            method, inner = parse_line(line)
            try:
                results[key] = self.call(method, _resolved(inner, results))
            except RefusedError as refused:
                errors[key] = {"error": refused.code, "error_description": refused.text}
                if params["halt"]:
                    break
        return {"result": results or [], "result_error": errors or [], "result_total": [], "result_next": []}

    def call(self, method: str, params: Mapping[str, Any]) -> Any:
        if self.lose_after is not None:
            if self.lose_after == 0:
                self.lose_after = None
                raise httpx.ReadTimeout("lost")
            self.lose_after -= 1
        if method in self.refuse:
            raise RefusedError(self.refuse[method], "no")
        self.log.append(method)
        return self.methods()[method](params)

    def methods(self) -> Mapping[str, Callable[[Mapping[str, Any]], Any]]:
        return {
            "sale.order.add": self.order_add,
            "sale.order.get": lambda params: {"order": self.view(self.order(params.get("id")))},
            "sale.order.list": self.order_list,
            "sale.order.update": self.order_update,
            "sale.basketitem.addCatalogProduct": self.basket_add,
            "sale.propertyvalue.modify": self.properties,
            "sale.shipment.add": self.shipment_add,
            "sale.shipmentitem.add": self.shipment_item_add,
            "sale.payment.add": self.payment_add,
            "sale.payment.update": self.payment_update,
            "salescenter.payment.getPublicUrl": self.link,
        }

    def order(self, order_id: Any) -> dict[str, Any]:
        if not str(order_id).isdigit() or int(order_id) not in self.orders:
            raise RefusedError(200540400001, "order does not exist")
        return self.orders[int(order_id)]

    def view(self, order: Mapping[str, Any]) -> dict[str, Any]:
        price = sum(item["price"] * item["quantity"] for item in order["basketItems"])
        items = [{**item, "id": str(item["id"])} for item in order["basketItems"]]
        system = {"id": 1, "system": "Y", "statusId": "DN", "shipmentItems": []}
        payments = [{**payment, "paid": "N", "isReturn": "N"} for payment in order["payments"]]
        shipments = [system, *order["shipments"]]
        return {
            **order,
            "price": price,
            "basketItems": items,
            "shipments": shipments,
            "payments": payments,
            "requisiteLink": [],
        }

    def order_add(self, params: Mapping[str, Any]) -> Any:
        fields = params["fields"]
        for name in ("lid", "personTypeId", "currency"):
            if name not in fields:
                raise RefusedError(0, "Required fields")
        order = {
            "id": next(self.ids),
            "xmlId": fields["xmlId"],
            "statusId": "N",
            "canceled": "N",
            "payed": "N",
            "currency": fields["currency"],
            "userId": int(fields["userId"]),
            "basketItems": [],
            "shipments": [],
            "payments": [],
            "propertyValues": [],
        }
        self.orders[int(order["id"])] = order
        return {"order": order}

    def order_list(self, params: Mapping[str, Any]) -> Any:
        key = params["filter"]["=xmlId"]
        found = [order for order in self.orders.values() if self.drops_filters or order["xmlId"] == key]
        names = ("id", "xmlId", "statusId", "canceled")
        return {"orders": [{name: order[name] for name in names} for order in found]}

    def order_update(self, params: Mapping[str, Any]) -> Any:
        order = self.order(params["id"])
        order.update(params["fields"])
        return {"order": order}

    def basket_add(self, params: Mapping[str, Any]) -> Any:
        fields = params["fields"]
        order = self.order(fields["orderId"])
        product = str(fields["productId"])
        if product not in PRICES:
            raise RefusedError("200140400007", "bad product")
        item = {
            "id": next(self.ids),
            "productId": int(product),
            "quantity": int(fields["quantity"]),
            "price": PRICES[product],
        }
        order["basketItems"].append(item)
        return {"basketItem": item}

    def properties(self, params: Mapping[str, Any]) -> Any:
        fields = params["fields"]["order"]
        order = self.order(fields["id"])
        given = fields["propertyValues"]
        values = list(given.values()) if isinstance(given, dict) else given
        order["propertyValues"] = [{**value, "id": next(self.ids)} for value in values]
        return {"propertyValues": order["propertyValues"]}

    def shipment_add(self, params: Mapping[str, Any]) -> Any:
        fields = params["fields"]
        shipment = {
            "id": next(self.ids),
            "deliveryId": int(fields["deliveryId"]),
            "statusId": "DN",
            "allowDelivery": fields["allowDelivery"],
            "deducted": fields["deducted"],
            "system": "N",
            "shipmentItems": [],
        }
        self.order(fields["orderId"])["shipments"].append(shipment)
        return {"shipment": shipment}

    def shipment_item_add(self, params: Mapping[str, Any]) -> Any:
        fields = params["fields"]
        for order in self.orders.values():
            for shipment in order["shipments"]:
                if str(shipment["id"]) == str(fields["orderDeliveryId"]):
                    return self._into(order, shipment, fields)
        raise RefusedError(201240400002, "no shipment")

    def _into(self, order: Mapping[str, Any], shipment: dict[str, Any], fields: Mapping[str, Any]) -> Any:
        basket = str(fields["basketId"])
        if basket not in {str(item["id"]) for item in order["basketItems"]}:
            raise RefusedError(201240400003, "no basket item")
        if basket in {str(item["basketId"]) for item in shipment["shipmentItems"]}:
            raise RefusedError(201250000001, "duplicate")
        item = {"id": next(self.ids), "basketId": int(basket), "quantity": int(fields["quantity"])}
        shipment["shipmentItems"].append(item)
        return {"shipmentItem": item}

    def payment_add(self, params: Mapping[str, Any]) -> Any:
        fields = params["fields"]
        payment = {"id": next(self.ids), "paySystemId": int(fields["paySystemId"]), "sum": float(fields["sum"])}
        self.order(fields["orderId"])["payments"].append(payment)
        return {"payment": payment}

    def payment_update(self, params: Mapping[str, Any]) -> Any:
        payment = self._payment(params["id"])
        payment["sum"] = float(params["fields"]["sum"])
        return {"payment": payment}

    def link(self, params: Mapping[str, Any]) -> Any:
        payment = self._payment(params["id"])
        url = f"https://shop.example/pay/?access=abc&paymentId={payment['id']}"
        return {"payment": {"url": url, "shortUrl": f"https://b24.example/~{payment['id']}", "qr": "iVBORw0KGgo="}}

    def _payment(self, payment_id: Any) -> dict[str, Any]:
        for order in self.orders.values():
            for payment in order["payments"]:
                if str(payment["id"]) == str(payment_id):
                    found: dict[str, Any] = payment
                    return found
        raise RefusedError(200640400001, "no payment")


def _resolved(value: Any, results: Mapping[str, Any]) -> Any:
    if isinstance(value, dict):
        return {name: _resolved(item, results) for name, item in value.items()}
    found = _REFERENCE.match(value)
    if found is None:
        return value
    place: Any = results
    try:
        for step in found[1][1:-1].split("]["):
            place = place[int(step)] if isinstance(place, list) else place[step]
    except (LookupError, ValueError):
        return value
    return place
