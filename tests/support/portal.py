"""A portal at the level of HTTP: one that answers what it was told to, and a small one that keeps orders.

The second was written from the reference, not from our code: it runs batches as shared/bitrix/README.md says, a
reference that does not resolve is passed on as text, empty maps are `[]`, a basket item's id is text in an order.
"""

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from itertools import count
from typing import Any

import httpx

from shared.bitrix.client import CallReport
from tests.bitrix.php import parse_line

KEY = "s3cr3tk3yvalue99"
BASE = f"https://masters.example/rest/17/{KEY}/"

Reply = httpx.Response | Exception | Callable[[httpx.Request], httpx.Response]


@dataclass
class FakePortal:
    """Answers requests with the queued `replies` (an exception is raised), and keeps what was asked.

    What nobody queued an answer for is answered by `usual`: an error unless a test knows better. `reports` is for a
    client to fill.
    """

    replies: list[Reply] = field(default_factory=list)
    requests: list[httpx.Request] = field(default_factory=list)
    reports: list[CallReport] = field(default_factory=list)

    def __call__(self, request: httpx.Request) -> httpx.Response:
        self.requests.append(request)
        reply = self.replies.pop(0) if self.replies else self.usual(request)
        if isinstance(reply, Exception):
            raise reply
        return reply if isinstance(reply, httpx.Response) else reply(request)

    def usual(self, request: httpx.Request) -> httpx.Response:
        raise AssertionError(f"nobody said what to answer to {request.url.path}")

    def says(self, body: Any, status: int = 200, **headers: str) -> None:
        self.replies.append(httpx.Response(status, json=body, headers=headers))

    def result(self, result: Any, **more: Any) -> None:
        self.says({"result": result, **more})

    def body(self, number: int = -1) -> Any:
        return json.loads(self.requests[number].content)


PRICES = {"1243": 490, "1250": 12.5, "1260": 100}
_REFERENCE = re.compile(r"^\$result((?:\[[^\]]+\])+)$")


class RefusedError(Exception):
    """The portal's `error` and `error_description`."""

    def __init__(self, code: object, text: str = "") -> None:
        super().__init__(code)
        self.said = {"error": code, "error_description": text}


@dataclass
class OrderPortal(FakePortal):
    """`refuse` has the methods that fail; `lose_after` lets the connection break after so many commands."""

    orders: dict[int, dict[str, Any]] = field(default_factory=dict)
    refuse: dict[str, object] = field(default_factory=dict)
    lose_after: int | None = None
    ids: Any = field(default_factory=lambda: count(5121))

    def usual(self, request: httpx.Request) -> httpx.Response:
        method, params = request.url.path.rpartition("/")[2], self.body()
        try:
            result = self.batch(params) if method == "batch" else self.call(method, params)
        except RefusedError as refused:
            return httpx.Response(400, json=refused.said)
        return httpx.Response(200, json={"result": result})

    def batch(self, params: Mapping[str, Any]) -> Any:
        assert len(params["cmd"]) <= 50
        results: dict[str, Any] = {}
        errors: dict[str, Any] = {}
        for key, line in params["cmd"].items():
            method, inner = parse_line(line)
            try:
                results[key] = self.call(method, _resolved(inner, results))
            except RefusedError as refused:
                errors[key] = refused.said
                if params["halt"]:
                    break
        return {"result": results or [], "result_error": errors or [], "result_total": [], "result_next": []}

    def call(self, method: str, params: Mapping[str, Any]) -> Any:
        """Do what one command says and return its result."""
        if self.lose_after is not None:
            if self.lose_after == 0:
                self.lose_after = None
                raise httpx.ReadTimeout("lost")
            self.lose_after -= 1
        if method in self.refuse:
            raise RefusedError(self.refuse[method], "no")
        name, act = _METHODS[method]
        return {name: act(self, params.get("fields", params))} if name else act(self, params)

    def _order(self, order_id: Any) -> dict[str, Any]:
        if not str(order_id).isdigit() or int(order_id) not in self.orders:
            raise RefusedError(200540400001, "order does not exist")
        return self.orders[int(order_id)]

    def _part(self, kind: str, part_id: Any, code: object) -> tuple[dict[str, Any], dict[str, Any]]:
        """Find a part of any order: the order and the part."""
        parts = [(order, part) for order in self.orders.values() for part in order[kind]]
        found = [pair for pair in parts if str(pair[1]["id"]) == str(part_id)]
        if not found:
            raise RefusedError(code, f"none in {kind}")
        return found[0]

    def _add(self, parts: list[dict[str, Any]], **part: Any) -> dict[str, Any]:
        parts.append({"id": next(self.ids), **part})
        return parts[-1]

    def add_order(self, fields: Mapping[str, Any]) -> dict[str, Any]:
        order: dict[str, Any] = {"id": next(self.ids), "xmlId": fields["xmlId"], "currency": fields["currency"]}
        order |= {"userId": int(fields["userId"]), "statusId": "N", "canceled": "N", "payed": "N"}
        order |= {kind: [] for kind in ("basketItems", "shipments", "payments", "propertyValues")}
        self.orders[order["id"]] = order
        return order

    def get_order(self, params: Mapping[str, Any]) -> dict[str, Any]:
        order = self._order(params.get("id"))
        items = order["basketItems"]
        system = {"id": 1, "system": "Y", "statusId": "DN", "shipmentItems": []}
        return {
            **order,
            "price": sum(item["price"] * item["quantity"] for item in items),
            "basketItems": [{**item, "id": str(item["id"])} for item in items],
            "shipments": [system, *order["shipments"]],
            "payments": [{**payment, "paid": "N", "isReturn": "N"} for payment in order["payments"]],
        }

    def list_orders(self, params: Mapping[str, Any]) -> list[dict[str, Any]]:
        names = ("id", "xmlId", "statusId", "canceled")
        found = [order for order in self.orders.values() if order["xmlId"] == params["filter"]["=xmlId"]]
        return [{name: order[name] for name in names} for order in found]

    def update_order(self, params: Mapping[str, Any]) -> Any:
        self._order(params["id"]).update(params["fields"])
        return {"order": self._order(params["id"])}

    def add_item(self, fields: Mapping[str, Any]) -> dict[str, Any]:
        order, product = self._order(fields["orderId"]), str(fields["productId"])
        if product not in PRICES:
            raise RefusedError("200140400007", "bad product")
        pieces = int(fields["quantity"])
        return self._add(order["basketItems"], productId=int(product), quantity=pieces, price=PRICES[product])

    def set_properties(self, fields: Mapping[str, Any]) -> list[dict[str, Any]]:
        given = fields["order"]["propertyValues"]
        values: list[dict[str, Any]] = []
        for value in given.values() if isinstance(given, dict) else given:
            self._add(values, **value)
        self._order(fields["order"]["id"])["propertyValues"] = values
        return values

    def add_shipment(self, fields: Mapping[str, Any]) -> dict[str, Any]:
        said = {name: fields[name] for name in ("allowDelivery", "deducted")}
        own = {"deliveryId": int(fields["deliveryId"]), "statusId": "DN", "system": "N", "shipmentItems": []}
        return self._add(self._order(fields["orderId"])["shipments"], **said, **own)

    def add_shipment_item(self, fields: Mapping[str, Any]) -> dict[str, Any]:
        order, shipment = self._part("shipments", fields["orderDeliveryId"], 201240400002)
        basket = str(fields["basketId"])
        if basket not in {str(item["id"]) for item in order["basketItems"]}:
            raise RefusedError(201240400003, "no basket item")
        if basket in {str(item["basketId"]) for item in shipment["shipmentItems"]}:
            raise RefusedError(201250000001, "duplicate")
        return self._add(shipment["shipmentItems"], basketId=int(basket), quantity=int(fields["quantity"]))

    def add_payment(self, fields: Mapping[str, Any]) -> dict[str, Any]:
        system, amount = int(fields["paySystemId"]), float(fields["sum"])
        return self._add(self._order(fields["orderId"])["payments"], paySystemId=system, sum=amount)

    def update_payment(self, params: Mapping[str, Any]) -> Any:
        _, payment = self._part("payments", params["id"], 200640400001)
        payment["sum"] = float(params["fields"]["sum"])
        return {"payment": payment}

    def link(self, params: Mapping[str, Any]) -> dict[str, Any]:
        number = self._part("payments", params["id"], 200640400001)[1]["id"]
        url = f"https://shop.example/pay/?access=abc&paymentId={number}"
        return {"url": url, "shortUrl": f"https://b24.example/~{number}", "qr": "iVBORw0KGgo="}


_METHODS: Mapping[str, tuple[str, Callable[[OrderPortal, Mapping[str, Any]], Any]]] = {
    "sale.order.add": ("order", OrderPortal.add_order),
    "sale.order.get": ("order", OrderPortal.get_order),
    "sale.order.list": ("orders", OrderPortal.list_orders),
    "sale.order.update": ("", OrderPortal.update_order),
    "sale.basketitem.addCatalogProduct": ("basketItem", OrderPortal.add_item),
    "sale.propertyvalue.modify": ("propertyValues", OrderPortal.set_properties),
    "sale.shipment.add": ("shipment", OrderPortal.add_shipment),
    "sale.shipmentitem.add": ("shipmentItem", OrderPortal.add_shipment_item),
    "sale.payment.add": ("payment", OrderPortal.add_payment),
    "sale.payment.update": ("", OrderPortal.update_payment),
    "salescenter.payment.getPublicUrl": ("payment", OrderPortal.link),
}
"""Method → the name of its result, and what does it; without a name it is given all parameters, not the fields."""


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
