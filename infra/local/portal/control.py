"""Control end points under `/_sim`, for tests and scripts. Everything is JSON; errors are Bitrix-shaped with status 400/404.

| end point | what it does |
|---|---|
| `GET /_sim/calls?since=` | requests to REST and for pictures, oldest first (`calls.CallRecord`); `since`: ISO time or unix seconds |
| `DELETE /_sim/calls` | forgets them |
| `GET /_sim/orders` | all orders as the contract's `sale.order.get` shows them, with `payment_url` for prepaid ones |
| `POST /_sim/orders/<id>` | `{"status", "reason", "tracking", "eta", "paid", "lines": {product: quantity}}`, any of them: changes the order, sends the webhook |
| `GET /_sim/returns`, `POST /_sim/returns/<id>` | `{"status", "reason"}`: decides on a return, sends the webhook |
| `GET /_sim/products?q=` | products with price and stock by store id |
| `POST /_sim/products/<id>` | `{"price", "stock": {store: amount}}`: a store by its id or name; much more in the README |
| `GET, POST, DELETE /_sim/faults` | `{"kind", "count" or "rate", "method"?, "seconds"?, "commands"?, "location"?}` (`faults.Fault`) |
| `GET /_sim/webhooks` | events sent, with their attempts (`webhooks.Delivery`) |
| `GET /_sim/oauth` | the token pairs and how they stand, without the tokens |
| `POST /_sim/oauth` | `{"expire": true}` ends the access tokens, `{"revoke": true}` everything |
| `POST /_sim/oauth/issue` | a new pair, as the installation of the application gives it |

`native_control` has those that only a native portal has. All others work alike in both dialects: what is native is shown and moved by the ten words.
"""  # noqa: E501 - a table is easier to read unbroken

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from infra.local.portal.catalogue import Amount, Product
from infra.local.portal.changes import read_order_change, read_return_change
from infra.local.portal.contract.sales import order_view, payment_url
from infra.local.portal.encoding import read_params
from infra.local.portal.errors import RestError, missing, mistyped, out_of_range
from infra.local.portal.faults import Fault, FaultKind
from infra.local.portal.figures import money
from infra.local.portal.goods_changes import change_product
from infra.local.portal.hits import one_hit
from infra.local.portal.oauth_web import OAuthEndpoint
from infra.local.portal.orders import Order
from infra.local.portal.params import Params
from infra.local.portal.returns import Return
from infra.local.portal.shop import Shop
from infra.local.portal.shop_api import Front
from infra.local.portal.timing import iso
from infra.local.portal.transport import RestEndpoint

_BODY_LIMIT = 1024 * 1024
_MAX_SECONDS = 600


class Control:
    """The end points under `/_sim`."""

    def __init__(self, front: Front, shop: Shop, rest: RestEndpoint, oauth: OAuthEndpoint) -> None:
        self._front = front
        self._shop = shop
        self._rest = rest
        self._oauth = oauth

    def routes(self) -> list[Route]:
        """Return the routes, relative to `/_sim`."""
        return [
            Route("/calls", self.calls, methods=["GET"]),
            Route("/calls", self.forget_calls, methods=["DELETE"]),
            Route("/orders", self.orders, methods=["GET"]),
            Route("/orders/{id}", self.change_order, methods=["POST"]),
            Route("/returns", self.returns, methods=["GET"]),
            Route("/returns/{id}", self.change_return, methods=["POST"]),
            Route("/products", self.products, methods=["GET"]),
            Route("/products/{id}", self.change_product, methods=["POST"]),
            Route("/faults", self.faults, methods=["GET"]),
            Route("/faults", self.add_fault, methods=["POST"]),
            Route("/faults", self.clear_faults, methods=["DELETE"]),
            Route("/webhooks", self.webhooks, methods=["GET"]),
            Route("/oauth", self.token_pairs, methods=["GET"]),
            Route("/oauth", self.end_tokens, methods=["POST"]),
            Route("/oauth/issue", self.issue_tokens, methods=["POST"]),
        ]

    async def calls(self, request: Request) -> Response:
        """List the requests made to the portal."""
        since = _read_moment(request.query_params.get("since", ""))
        return JSONResponse([record.view() for record in self._rest.calls.since(since)])

    async def forget_calls(self, _request: Request) -> Response:
        """Start the list of requests anew."""
        self._rest.calls.clear()
        return JSONResponse([])

    async def orders(self, request: Request) -> Response:
        """List the orders."""
        return JSONResponse([self._order(order, request) for order in self._front.orders.all()])

    async def change_order(self, request: Request) -> Response:
        """Change an order as the shop would."""
        order = self._front.orders.get(request.path_params["id"])
        if order is None:
            raise _not_found("order")
        change = read_order_change(await _read(request))
        with one_hit():
            self._front.change_order(order, change)
        return JSONResponse(self._order(self._front.orders.get(order.id) or order, request))

    async def returns(self, _request: Request) -> Response:
        """List the returns."""
        return JSONResponse([_return_view(item) for item in self._front.returns.all()])

    async def change_return(self, request: Request) -> Response:
        """Decide on a return as the shop would."""
        item = self._front.returns.get(request.path_params["id"])
        if item is None:
            raise _not_found("return")
        status, reason = read_return_change(await _read(request))
        self._front.change_return(item, status, reason)
        return JSONResponse(_return_view(self._front.returns.get(item.id) or item))

    async def products(self, request: Request) -> Response:
        """List the products that match a text, or all of them."""
        found = self._shop.catalogue.search(request.query_params.get("q", ""))
        return JSONResponse([_product_view(product) for product in found])

    async def change_product(self, request: Request) -> Response:
        """Change a product's price or stock under the master's feet."""
        product = self._shop.catalogue.get(request.path_params["id"])
        if product is None:
            raise _not_found("product")
        change_product(self._shop.catalogue, product, await _read(request))
        return JSONResponse(_product_view(product))

    async def faults(self, _request: Request) -> Response:
        """List the faults, spent ones included."""
        return JSONResponse([fault.view() for fault in self._rest.faults.all()])

    async def add_fault(self, request: Request) -> Response:
        """Put a fault in force."""
        return JSONResponse(self._add_fault(await _read(request)).view())

    def _add_fault(self, params: Params) -> Fault:
        kind = params.text("kind")
        if kind not in {known.value for known in FaultKind}:
            raise out_of_range("kind", f"one of {', '.join(known.value for known in FaultKind)}")
        if params.has("count") and params.has("rate"):
            raise out_of_range("rate", "either count or rate")
        rate = float(params.positive("rate")) if params.has("rate") else None
        if rate is not None and rate > 1:
            raise out_of_range("rate", "must be at most 1")
        seconds = float(params.positive("seconds")) if params.has("seconds") else 5.0
        if seconds > _MAX_SECONDS:
            raise out_of_range("seconds", f"must be at most {_MAX_SECONDS}")
        return self._rest.faults.add(
            FaultKind(kind),
            count=params.integer("count") if params.has("count") else None,
            rate=rate,
            method=params.optional_text("method") or None,
            seconds=seconds,
            commands=params.integer("commands") if params.has("commands") else 1,
            location=params.optional_text("location"),
        )

    async def clear_faults(self, _request: Request) -> Response:
        """End all faults."""
        self._rest.faults.clear()
        return JSONResponse([])

    async def webhooks(self, _request: Request) -> Response:
        """List the events and how their delivery went."""
        return JSONResponse([delivery.view() for delivery in self._shop.webhooks.all()])

    async def token_pairs(self, _request: Request) -> Response:
        """List the token pairs."""
        return JSONResponse(self._rest.tokens.view())

    async def end_tokens(self, request: Request) -> Response:
        """End the access tokens, or everything the application was given."""
        params = await _read(request)
        expire, revoke = params.flag("expire"), params.flag("revoke")
        if not expire and not revoke:
            raise missing("expire")
        if expire:
            self._rest.tokens.expire()
        if revoke:
            self._rest.tokens.revoke()
        return JSONResponse(self._rest.tokens.view())

    async def issue_tokens(self, request: Request) -> Response:
        """Give out a pair; the only end point that shows tokens."""
        return JSONResponse(self._oauth.view(self._rest.tokens.issue(), request))

    def _order(self, order: Order, request: Request) -> dict[str, Any]:
        host = (self._shop.options.public_url or str(request.base_url)).rstrip("/")
        return {**order_view(order), "payment_url": payment_url(order, host) if order.pay_token else None}


async def _read(request: Request) -> Params:
    return Params(await read_params(request, _BODY_LIMIT))


def _read_moment(text: str) -> datetime | None:
    if not text:
        return None
    try:
        return datetime.fromtimestamp(float(text), UTC)
    except (ValueError, OverflowError, OSError):
        pass
    try:
        moment = datetime.fromisoformat(text.replace(" ", "+"))  # an unescaped «+» of the offset arrives as a space
    except ValueError:
        raise mistyped("since", "ISO time or unix seconds") from None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def _number(amount: Amount) -> int | float:
    """Return a quantity as JSON has it."""
    return int(amount) if amount == int(amount) else float(amount)


def _product_view(product: Product) -> dict[str, Any]:
    return {
        "id": product.id,
        "name": product.name,
        "article": product.article,
        "category": product.category.value,
        "price": money(product.price),
        "stock": {store: _number(amount) for store, amount in product.stock.items()},
    }


def _return_view(item: Return) -> dict[str, Any]:
    return {
        "id": item.id,
        "order_id": item.order_id,
        "status": item.status.value,
        "reason": item.reason,
        "wish": item.wish,
        "items": {product_id: _number(quantity) for product_id, quantity in item.items.items()},
        "photos": list(item.photos),
        "created_at": iso(item.created_at),
    }


def _not_found(what: str) -> RestError:
    return RestError("ERROR_NOT_FOUND", f"There is no such {what}", 404)
