"""What a person who plays the shop opens and presses: orders, returns with their photos, goods with price and stock."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from http import HTTPStatus
from urllib.parse import quote, urlsplit

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import Route

from infra.local.portal.calls import CallLog
from infra.local.portal.changes import read_order_change, read_return_change
from infra.local.portal.forms import back, read_form
from infra.local.portal.goods_changes import change_product
from infra.local.portal.goods_page import goods_page
from infra.local.portal.hits import one_hit
from infra.local.portal.order_page import order_page, story_of
from infra.local.portal.pages import desk_page, order_card
from infra.local.portal.returns import Return
from infra.local.portal.returns_page import ReturnOnDesk
from infra.local.portal.shop import Shop
from infra.local.portal.shop_api import Front

_FILE_PAGE = re.compile(r"/docs/file/([0-9]{1,18})/.*")
_PICTURES: Mapping[bytes, str] = {
    b"\xff\xd8\xff": "image/jpeg",
    b"\x89PNG": "image/png",
    b"GIF8": "image/gif",
    b"RIFF": "image/webp",
}
"""How the pictures begin that a browser shows; anything else is downloaded, for it may be a page with a script."""


PartsOf = Callable[[str], str]


class Desk:
    """The pages of the shop's people. `front` is the dialect's side of the shop, `shop` has its goods and files.

    On a native portal they lead to what only such a one can be made into (`native_pages`): it has `parts_of`, an
    order's parcels and bills in HTML.
    """

    def __init__(self, front: Front, shop: Shop, calls: CallLog, parts_of: PartsOf | None, room_url: str) -> None:
        self._front = front
        self._shop = shop
        self._calls = calls
        self._room_url = room_url
        self._native = parts_of is not None
        self._parts_of = parts_of or (lambda _: "")

    def routes(self) -> list[Route]:
        """Return the routes."""
        return [
            Route("/", self.show, methods=["GET"]),
            Route("/orders/{id}", self.show_order, methods=["GET"]),
            Route("/goods", self.show_goods, methods=["GET"]),
            Route("/desk/orders/{id}", self.move_order, methods=["POST"]),
            Route("/desk/returns/{id}", self.decide_return, methods=["POST"]),
            Route("/desk/products/{id}", self.change_goods, methods=["POST"]),
            Route("/docs/file/{id}/{name:path}", self.file, methods=["GET"]),
        ]

    async def show(self, _request: Request) -> Response:
        """Show the orders and returns."""
        returns = [self._on_desk(item) for item in self._front.returns.all()]
        return HTMLResponse(desk_page(self._front.orders.all(), returns, native=self._native))

    async def show_order(self, request: Request) -> Response:
        """Show one order, and what was asked and told about it."""
        order = self._front.orders.get(request.path_params["id"])
        if order is None:
            raise HTTPException(HTTPStatus.NOT_FOUND)
        remembered = f"{self._room_url}?order={order.id}" if self._room_url else ""
        card = order_card(order, native=self._native) + self._parts_of(order.id)
        story = story_of(order, self._calls.since(), self._shop.webhooks.all())
        return HTMLResponse(order_page(order.number or order.id, card, story, remembered))

    def _on_desk(self, item: Return) -> ReturnOnDesk:
        products = {product_id: self._shop.catalogue.get(product_id) for product_id in item.items}
        names = {product_id: product.name for product_id, product in products.items() if product is not None}
        files = [file_id for photo in item.photos if (file_id := _file_of(photo)) and self._shop.disk.get(file_id)]
        return ReturnOnDesk(item, names, files)

    async def move_order(self, request: Request) -> Response:
        """Change an order by the desk's form."""
        order = self._front.orders.get(request.path_params["id"])
        if order is None:
            raise HTTPException(HTTPStatus.NOT_FOUND)
        change = read_order_change(await read_form(request))
        with one_hit():
            self._front.change_order(order, change)
        came_from = urlsplit(request.headers.get("referer", "")).path
        return back(came_from if came_from == f"/orders/{order.id}" else f"/#order-{order.id}")

    async def decide_return(self, request: Request) -> Response:
        """Decide on a return by the desk's form."""
        item = self._front.returns.get(request.path_params["id"])
        if item is None:
            raise HTTPException(HTTPStatus.NOT_FOUND)
        status, reason = read_return_change(await read_form(request))
        self._front.change_return(item, status, reason)
        return back(f"/#return-{item.id}")

    async def show_goods(self, request: Request) -> Response:
        """Show the goods that match a text."""
        query = request.query_params.get("q", "")
        return HTMLResponse(
            goods_page(query, self._shop.catalogue.search(query), self._shop.catalogue.stores, native=self._native)
        )

    async def change_goods(self, request: Request) -> Response:
        """Change a product's price and stock by the form; the buyers see it at their next look."""
        product = self._shop.catalogue.get(request.path_params["id"])
        if product is None:
            raise HTTPException(HTTPStatus.NOT_FOUND)
        change_product(self._shop.catalogue, product, await read_form(request))
        return back(f"/goods?q={quote(product.article, safe='')}#product-{product.id}")

    async def file(self, request: Request) -> Response:
        """Show a photo from the Disk, as its page on the portal does to who is logged in there."""
        file = self._shop.disk.get(request.path_params["id"])
        if file is None:
            raise HTTPException(HTTPStatus.NOT_FOUND)
        kind = next((kind for start, kind in _PICTURES.items() if file.content.startswith(start)), None)
        headers = {"X-Content-Type-Options": "nosniff"} | ({} if kind else {"Content-Disposition": "attachment"})
        return Response(file.content, media_type=kind or "application/octet-stream", headers=headers)


def _file_of(photo: str) -> str | None:
    """Return the Disk file of a photo: its id, or what the link of its page names."""
    if photo.isdecimal():
        return photo
    found = _FILE_PAGE.fullmatch(urlsplit(photo).path)
    return found[1] if found else None
