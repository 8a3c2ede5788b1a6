"""Control end points under `/_sim` for what managers do to the orders of a native portal; the README lists them."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from infra.local.portal.changes import read_lines, read_sum
from infra.local.portal.encoding import read_params
from infra.local.portal.errors import missing, out_of_range
from infra.local.portal.figures import money, plain
from infra.local.portal.hits import one_hit
from infra.local.portal.native.manager_acts import GIVEN_BACK, SENT, THERE, ManagerActs
from infra.local.portal.native.model import SaleOrder
from infra.local.portal.native.order_repository import Ledger
from infra.local.portal.native_states import not_found
from infra.local.portal.params import Params

_BODY_LIMIT = 1024 * 1024


class ManagerControl:
    """The end points of the acts; each answers how the order's parcels and payments are then."""

    def __init__(self, acts: ManagerActs, ledger: Ledger) -> None:
        self._acts = acts
        self._ledger = ledger

    def routes(self) -> list[Route]:
        """Return the routes, relative to `/_sim`."""
        return [
            Route("/orders/{id:int}", self.delete, methods=["DELETE"]),
            Route("/orders/{id:int}/parts", self.parts, methods=["GET"]),
            Route("/orders/{id:int}/parcels", self.split, methods=["POST"]),
            Route("/orders/{id:int}/payments", self.divide_bill, methods=["POST"]),
            Route("/orders/{id:int}/bill", self.renew_bill, methods=["POST"]),
            Route("/parcels/{id:int}", self.move_parcel, methods=["POST"]),
            Route("/payments/{id:int}", self.change_payment, methods=["POST"]),
        ]

    async def parts(self, request: Request) -> Response:
        """Show an order's parcels and payments."""
        return JSONResponse(parts_view(self._order(request.path_params["id"])))

    async def delete(self, request: Request) -> Response:
        """Remove an order."""
        with one_hit():
            self._acts.delete(self._order(request.path_params["id"]))
        return JSONResponse({})

    async def split(self, request: Request) -> Response:
        """Put some of the goods into a parcel of their own."""
        order, params = self._order(request.path_params["id"]), await _read(request)
        with one_hit():
            self._acts.split(order, read_lines(params))
        return JSONResponse(parts_view(order))

    async def divide_bill(self, request: Request) -> Response:
        """Let a part of the bill be paid by itself."""
        order, params = self._order(request.path_params["id"]), await _read(request)
        with one_hit():
            self._acts.divide_bill(order, read_sum(params, "sum"))
        return JSONResponse(parts_view(order))

    async def renew_bill(self, request: Request) -> Response:
        """Let the bill be of what is due."""
        order = self._order(request.path_params["id"])
        with one_hit():
            self._acts.renew_bill(order)
        return JSONResponse(parts_view(order))

    async def move_parcel(self, request: Request) -> Response:
        """Send a parcel, let it arrive, write its number."""
        parcel, params = self._ledger.shipment(request.path_params["id"]), await _read(request)
        if parcel is None or parcel.system:
            raise not_found("parcel")
        order, status = self._ledger.known(parcel.order_id), params.optional_text("status")
        if status not in ("", SENT, THERE):
            raise out_of_range("status", f"{SENT} or {THERE}")
        tracking = params.text("tracking", blank=True) if params.has("tracking") else None
        with one_hit():
            self._acts.move_parcel(order, parcel, status, tracking)
        return JSONResponse(parts_view(order))

    async def change_payment(self, request: Request) -> Response:
        """Mark a payment as made or not made, or give it back."""
        payment, params = self._ledger.payment(request.path_params["id"]), await _read(request)
        if payment is None:
            raise not_found("payment")
        order, way = self._ledger.known(payment.order_id), params.optional_text("returned")
        if way not in ("", *GIVEN_BACK):
            raise out_of_range("returned", f"one of {', '.join(GIVEN_BACK)}")
        if not way and not params.has("paid"):
            raise missing("paid")
        with one_hit():
            if way:
                self._acts.give_back(order, payment, way)
            else:
                self._acts.settle(order, payment, paid=params.flag("paid"))
        return JSONResponse(parts_view(order))

    def _order(self, order_id: int) -> SaleOrder:
        order = self._ledger.get(order_id)
        if order is None:
            raise not_found("order")
        return order


def parts_view(order: SaleOrder) -> dict[str, Any]:
    """Return an order's parcels and payments as JSON."""
    product_of = {line.id: line.product.id for line in order.basket}
    parcels = [
        {
            "id": str(one.id),
            "sent": one.deducted,
            "status": one.status_id,
            "tracking": one.tracking_number,
            "lines": {product_of[item.basket_id]: plain(item.quantity) for item in one.items},
        }
        for one in order.own_shipments
    ]
    payments = [
        {"id": str(one.id), "sum": money(one.amount), "paid": one.paid, "returned": one.returned}
        for one in order.payments
    ]
    return {"parcels": parcels, "payments": payments, "due": money(order.price - order.paid_sum or Decimal(0))}


async def _read(request: Request) -> Params:
    return Params(await read_params(request, _BODY_LIMIT))
