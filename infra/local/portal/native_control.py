"""Control end points under `/_sim` for what managers make of a native portal; the README beside lists all of them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from infra.local.portal.changes import read_order_change
from infra.local.portal.encoding import read_params
from infra.local.portal.errors import RestError, mistyped
from infra.local.portal.goods_changes import add_product, fill_up, product_details
from infra.local.portal.hits import one_hit
from infra.local.portal.native.shop import NativeShop
from infra.local.portal.operating import OperatingBudget
from infra.local.portal.params import Params

_BODY_LIMIT = 1024 * 1024
_PARTS = ("order", "line", "payment", "shipment")


class NativeControl:
    """The end points that only a native portal has."""

    def __init__(self, shop: NativeShop, budget: OperatingBudget) -> None:
        self._shop = shop
        self._budget = budget

    def routes(self) -> list[Route]:
        """Return the routes, relative to `/_sim`."""
        return [
            Route("/setup", self.setup, methods=["GET"]),
            Route("/setup", self.change_setup, methods=["POST"]),
            Route("/products", self.add_product, methods=["POST"]),
            Route("/products/{id}", self.product, methods=["GET"]),
            Route("/catalogue", self.fill_up, methods=["POST"]),
            Route("/orders", self.change_orders, methods=["POST"]),
            Route("/orders/{id:int}/odd", self.make_odd, methods=["POST"]),
            Route("/budget", self.exhaust, methods=["POST"]),
        ]

    async def setup(self, _request: Request) -> Response:
        """Show the portal's settings."""
        return JSONResponse(self._shop.setup.view())

    async def change_setup(self, request: Request) -> Response:
        """Change the portal's settings."""
        self._shop.setup.change(await _read(request))
        return JSONResponse(self._shop.setup.view())

    async def add_product(self, request: Request) -> Response:
        """Add a product, or a variation of one."""
        return JSONResponse(product_details(add_product(self._shop.catalogue, await _read(request))))

    async def product(self, request: Request) -> Response:
        """Show all that may be changed about a product."""
        product = self._shop.catalogue.get(request.path_params["id"])
        if product is None:
            raise _not_found("product")
        return JSONResponse(product_details(product))

    async def fill_up(self, request: Request) -> Response:
        """Let the catalogue have so many goods."""
        fill_up(self._shop.catalogue, await _read(request))
        return JSONResponse({"goods": len(self._shop.catalogue)})

    async def change_orders(self, request: Request) -> Response:
        """Change many orders in one request of the portal, as a manager does in the list of orders."""
        params = await _read(request)
        orders = [self._shop.orders.get(order_id) for order_id in params.id_values("ids")]
        change = read_order_change(params)
        with one_hit():
            for order in orders:
                if order is None:
                    raise _not_found("order")
                self._shop.change_order(order, change)
        return JSONResponse([order.id for order in orders if order is not None])

    async def make_odd(self, request: Request) -> Response:
        """Let an order and its parts answer with other values, whatever they are."""
        order = self._shop.ledger.get(request.path_params["id"])
        if order is None:
            raise _not_found("order")
        params = await _read(request)
        given = {part: params.raw(part) for part in _PARTS if params.has(part)}
        odd: dict[str, dict[str, Any]] = {}
        for part, fields in given.items():
            if not isinstance(fields, Mapping):
                raise mistyped(part, "array")
            odd[part] = dict(fields)
        order.odd = odd
        return JSONResponse(odd)

    async def exhaust(self, request: Request) -> Response:
        """Use up a method's time, for whoever calls it."""
        method = (await _read(request)).text("method").lower()
        return JSONResponse({"method": method, "reset_at": self._budget.exhaust(method)})


async def _read(request: Request) -> Params:
    return Params(await read_params(request, _BODY_LIMIT))


def _not_found(what: str) -> RestError:
    return RestError("ERROR_NOT_FOUND", f"There is no such {what}", 404)
