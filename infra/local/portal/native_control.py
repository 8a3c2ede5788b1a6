"""Control end points under `/_sim` for what managers make of a native portal; the README beside lists all of them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from infra.local.portal.encoding import read_params
from infra.local.portal.goods_changes import product_details
from infra.local.portal.native.contact_book import CrmContact
from infra.local.portal.native.deal_book import Deal
from infra.local.portal.native_states import NativeStates, not_found
from infra.local.portal.params import Params

_BODY_LIMIT = 1024 * 1024


class NativeControl:
    """The end points that only a native portal has."""

    def __init__(self, states: NativeStates) -> None:
        self._states = states

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
            Route("/deals", self.deals, methods=["GET"]),
            Route("/deals/{id:int}", self.change_deal, methods=["POST"]),
            Route("/contacts", self.contacts, methods=["GET"]),
            Route("/contacts", self.add_contact, methods=["POST"]),
            Route("/timeline", self.timeline, methods=["GET"]),
            Route("/budget", self.exhaust, methods=["POST"]),
            Route("/buyers/{id:int}", self.charge_buyer, methods=["POST"]),
        ]

    async def setup(self, _request: Request) -> Response:
        """Show the portal's settings."""
        return JSONResponse(self._states.setup.view())

    async def change_setup(self, request: Request) -> Response:
        """Change the portal's settings."""
        self._states.setup.change(await _read(request))
        return JSONResponse(self._states.setup.view())

    async def add_product(self, request: Request) -> Response:
        """Add a product, or a variation of one."""
        added = self._states.add_product(await _read(request))
        return JSONResponse(product_details(self._states.catalogue.known(added)))

    async def product(self, request: Request) -> Response:
        """Show all that may be changed about a product."""
        product = self._states.catalogue.get(request.path_params["id"])
        if product is None:
            raise not_found("product")
        return JSONResponse(product_details(product))

    async def fill_up(self, request: Request) -> Response:
        """Let the catalogue have so many goods."""
        return JSONResponse({"goods": self._states.fill_up(await _read(request))})

    async def change_orders(self, request: Request) -> Response:
        """Change many orders at once."""
        return JSONResponse(self._states.change_orders(await _read(request)))

    async def make_odd(self, request: Request) -> Response:
        """Let an order and its parts answer with other values."""
        return JSONResponse(self._states.make_odd(request.path_params["id"], await _read(request)))

    async def deals(self, _request: Request) -> Response:
        """List the deals."""
        return JSONResponse([deal_view(deal) for deal in self._states.deals()])

    async def change_deal(self, request: Request) -> Response:
        """Move a deal, or delete it with its order; list those there are then."""
        self._states.change_deal(request.path_params["id"], await _read(request))
        return JSONResponse([deal_view(deal) for deal in self._states.deals()])

    async def contacts(self, _request: Request) -> Response:
        """List the contacts."""
        return JSONResponse([contact_view(one, self._states.orders_of(one)) for one in self._states.contacts.all()])

    async def add_contact(self, request: Request) -> Response:
        """Add a contact, perhaps with a company."""
        return JSONResponse(contact_view(self._states.add_contact(await _read(request)), []))

    async def timeline(self, _request: Request) -> Response:
        """List the comments in the timelines."""
        return JSONResponse([vars(comment) for comment in self._states.comments])

    async def exhaust(self, request: Request) -> Response:
        """Use up a method's time."""
        return JSONResponse(self._states.exhaust(await _read(request)))

    async def charge_buyer(self, request: Request) -> Response:
        """Charge a buyer another kind of price."""
        buyer, params = request.path_params["id"], await _read(request)
        self._states.charge(buyer, params)
        return JSONResponse({"id": str(buyer), "price_type": params.integer("price_type")})


def deal_view(deal: Deal) -> dict[str, str]:
    """Return a deal as JSON."""
    return {"id": str(deal.id), "order_id": str(deal.order_id), "stage": deal.stage, **deal.fields}


def contact_view(contact: CrmContact, orders: Sequence[str]) -> dict[str, Any]:
    """Return a contact as JSON, with the ids of his orders."""
    told = {"id": str(contact.id), "phones": list(contact.phones), "company_id": str(contact.company_id or "")}
    return {**told, "orders": orders, **contact.fields}


async def _read(request: Request) -> Params:
    return Params(await read_params(request, _BODY_LIMIT))
