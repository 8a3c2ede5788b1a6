"""A native portal and a client that speaks to it as the bot would."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl

import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from infra.local.portal import NativeOptions, Portal, PortalOptions
from tests.local.portal.conftest import MakePortal, PortalClient

ORDER = {"lid": "s1", "personTypeId": 3, "currency": "RUB", "userId": 17, "xmlId": "tg-1"}
SHIPMENT = {"allowDelivery": "N", "deducted": "N", "deliveryId": 3}


@dataclass(frozen=True)
class Made:
    """Ids of a whole order."""

    id: int
    lines: list[int]
    shipment: int
    payment: int


class NativeClient(PortalClient):
    """Calls a native portal, which does not look at idempotency keys."""

    async def refusal(self, method: str, params: dict[str, Any] | None = None) -> tuple[int, Any]:
        answer = await self.call(method, params)
        return answer.status_code, answer.json()["error"]

    async def batch(self, cmd: dict[str, str], *, halt: int = 0) -> dict[str, Any]:
        result: dict[str, Any] = await self.result("batch", {"cmd": cmd, "halt": halt})
        return result

    async def order(self, **fields: Any) -> int:
        made = await self.result("sale.order.add", {"fields": {**ORDER, **fields}})
        return int(made["order"]["id"])

    async def line(self, order_id: int, product_id: int = 1001, quantity: float = 1) -> int:
        fields = {"orderId": order_id, "productId": product_id, "quantity": quantity, "currency": "RUB"}
        made = await self.result("sale.basketitem.addCatalogProduct", {"fields": fields})
        return int(made["basketItem"]["id"])

    async def whole_order(self, *, pay_system: int = 1, lines: dict[int, int] | None = None) -> Made:
        order_id = await self.order()
        chosen = lines or {1001: 1}
        line_ids = [await self.line(order_id, product, quantity) for product, quantity in chosen.items()]
        made = await self.result("sale.shipment.add", {"fields": {"orderId": order_id, **SHIPMENT}})
        shipment = made["shipment"]["id"]
        for line_id, quantity in zip(line_ids, chosen.values(), strict=True):
            item = {"orderDeliveryId": shipment, "basketId": line_id, "quantity": quantity}
            await self.result("sale.shipmentitem.add", {"fields": item})
        price = (await self.get(order_id))["price"]
        fields = {"orderId": order_id, "paySystemId": pay_system, "sum": price}
        payment = (await self.result("sale.payment.add", {"fields": fields}))["payment"]["id"]
        return Made(order_id, line_ids, shipment, payment)

    async def get(self, order_id: int) -> dict[str, Any]:
        order: dict[str, Any] = (await self.result("sale.order.get", {"id": order_id}))["order"]
        return order


class Bot:
    """Receives the portal's form posts."""

    def __init__(self, status: int = 200) -> None:
        self.status = status
        self.posts: list[dict[str, str]] = []
        self.headers: list[dict[str, str]] = []
        self.app = Starlette(routes=[Route("/webhook/bitrix", self._take, methods=["POST"])])

    async def _take(self, request: Request) -> Response:
        self.posts.append(dict(parse_qsl((await request.body()).decode(), strict_parsing=True)))
        self.headers.append(dict(request.headers))
        return Response(status_code=self.status)

    def names(self) -> list[str]:
        return [post["event"] for post in self.posts]


@pytest.fixture
def options(options: PortalOptions) -> PortalOptions:
    native = NativeOptions(core_rules=True)
    return PortalOptions(dialect="native", burst=1000, access_tokens=options.access_tokens, native=native)


@pytest.fixture
def rest(portal: Portal) -> NativeClient:
    return NativeClient(portal)


MakeRest = Callable[..., NativeClient]


@pytest.fixture
def make_rest(make_portal: MakePortal) -> MakeRest:
    return lambda **changes: NativeClient(make_portal(**changes))
