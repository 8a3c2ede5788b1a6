"""Puts the simulated portal together."""

from __future__ import annotations

import hmac
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import cast

import httpx
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, Response
from starlette.routing import Mount, Route

from infra.local.clock import Clock
from infra.local.portal.admin_pages import Desk
from infra.local.portal.calls import CallRecord, visible_headers
from infra.local.portal.contract.methods import contract_dialect
from infra.local.portal.control import Control
from infra.local.portal.errors import RestError
from infra.local.portal.manager_control import ManagerControl
from infra.local.portal.native.disk import DiskMethods
from infra.local.portal.native.methods import native_dialect
from infra.local.portal.native.shop import NativeShop
from infra.local.portal.native_control import NativeControl
from infra.local.portal.native_pages import NativePages
from infra.local.portal.native_states import NativeStates
from infra.local.portal.oauth import TokenServer
from infra.local.portal.oauth_web import OAuthEndpoint
from infra.local.portal.operating import OperatingBudget
from infra.local.portal.options import PortalOptions
from infra.local.portal.pages import no_such_payment_page, pay_page
from infra.local.portal.pictures import Pictures, has_file, media_type
from infra.local.portal.runner import Runner
from infra.local.portal.shop import Shop
from infra.local.portal.shop_api import Front
from infra.local.portal.timing import Stopwatch
from infra.local.portal.transport import RestEndpoint
from infra.local.portal.uploads import Uploads
from infra.local.portal.webhooks import WebhookSender


class Portal:
    """A running simulated portal.

    `app` is the ASGI application. `shop`, `rest` (calls, faults, credentials), `tokens` and `webhooks` are what tests
    in the same process look at and change; `webhooks.url` may be set once the bot's address is known. `shop` holds the
    orders of the dialect `contract`, `native` those of the other one; both sell the same goods. `front` is the one that
    the portal's dialect works on. `states` is what a native portal can be made into, None with the contract.
    """

    def __init__(self, options: PortalOptions, *, clock: Clock, http: httpx.AsyncClient) -> None:
        self.webhooks = WebhookSender(options, clock, http)
        self.shop = Shop(options, clock, self.webhooks)
        self.native = NativeShop(options, clock, self.webhooks, self.shop.catalogue)
        self.tokens = TokenServer(options.oauth, clock)
        self._clock = clock
        self._pictures = Pictures()
        disk = DiskMethods(options, self.shop.disk)
        self.front: Front
        self._extra: list[Route] = []
        self._pages: list[Route] = []
        self.states: NativeStates | None = None
        if options.dialect == "native":
            self.front = self.native
            dialect = native_dialect(options, self.native, disk, self._pictures, clock)
            budget = OperatingBudget(options.native.operating_limit, clock)
            runner = Runner(dialect, options, clock, budget)
            self.states = NativeStates(self.native, budget)
            managers = ManagerControl(self.native.managers, self.native.ledger)
            self._extra = [*NativeControl(self.states).routes(), *managers.routes()]
            self._pages = NativePages(self.states).routes()
        else:
            self.front = self.shop
            runner = Runner(contract_dialect(self.shop), options, clock)
        self.rest = RestEndpoint(runner, options, clock, self.tokens)
        self._oauth = OAuthEndpoint(self.tokens, self.rest, options, clock)
        self._uploads = Uploads(disk, self.rest, options)
        parts_of = None if self.states is None else self.states.parts_of
        self._desk = Desk(self.front, self.shop, self.rest.calls, parts_of, options.room_url)
        self._control = Control(self.front, self.shop, self.rest, self._oauth)
        self.app = Starlette(
            routes=self._routes(), lifespan=self._lifespan, exception_handlers={RestError: _show_refusal}
        )

    def _routes(self) -> list[Route | Mount]:
        verbs = ["GET", "POST"]
        return [
            *self._pages,
            *self._desk.routes(),
            Route("/pay/{token}", self.pay, methods=verbs),
            Route("/upload/{id:int}.jpg", self.picture, methods=["GET"]),
            Route("/upload/{id:int}-{number:int}.jpg", self.picture, methods=["GET"]),
            Route("/rest/download.json", self.download, methods=["GET"]),
            Route("/rest/upload.json", self._uploads.receive, methods=["POST"]),
            *self._oauth.routes(),
            Route("/rest/{user}/{key}/{method}", self.rest.handle, methods=verbs),
            Route("/rest/{method}", self.rest.handle, methods=verbs),
            Mount("/_sim", routes=[*self._extra, *self._control.routes()]),
        ]

    @asynccontextmanager
    async def _lifespan(self, _app: Starlette) -> AsyncIterator[None]:
        yield
        await self.close()

    async def close(self) -> None:
        """Stop the deliveries on their way; a server does this by itself when it shuts the application down."""
        await self.webhooks.close()

    async def pay(self, request: Request) -> Response:
        """Show the payment page; POST takes the payment, once."""
        order = self.front.orders.by_pay_token(request.path_params["token"])
        if order is None:
            return HTMLResponse(no_such_payment_page(), 404)
        just_paid = request.method == "POST" and self.front.pay(order)
        return HTMLResponse(pay_page(order, just_paid=just_paid))

    async def picture(self, request: Request) -> Response:
        """Serve a product's picture; not counted against the rate of REST."""
        watch = Stopwatch.start(self._clock)
        product = self.shop.catalogue.get(str(request.path_params["id"]))
        number = request.path_params.get("number", 0)
        found = product is not None and has_file(product) and number <= product.more_pictures
        record = CallRecord(
            time=watch.started_at,
            kind="picture",
            http_method=request.method,
            method="",
            path=request.url.path,
            headers=visible_headers(request.headers),
            status=200 if found else 404,
        )
        self.rest.calls.add(record)
        if product is None or not found:
            raise HTTPException(404)
        content = await self._pictures.get(product, number)
        record.duration = self._clock.monotonic() - watch.started
        return Response(content, media_type=media_type(product))

    async def download(self, request: Request) -> Response:
        """Serve a Disk file by the link its upload was answered with."""
        file_id = request.query_params.get("token", "").removeprefix("disk|")
        file = self.shop.disk.get(file_id)
        given = request.query_params.get("auth", "")
        if file is None or not hmac.compare_digest(file.token.encode(), given.encode()):
            raise HTTPException(404)
        return Response(file.content, media_type="application/octet-stream")


def create_portal(options: PortalOptions, *, clock: Clock, http: httpx.AsyncClient) -> Portal:
    """Make a portal; `http` sends its webhooks and stays the caller's to close."""
    return Portal(options, clock=clock, http=http)


async def _show_refusal(_request: Request, error: Exception) -> Response:
    refusal = cast("RestError", error)  # Starlette hands in what the handler is registered for
    return JSONResponse(refusal.body(), refusal.status)
