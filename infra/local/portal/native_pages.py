"""What a person who plays the shop opens and presses on a native portal only: its settings and its stranger states."""

from __future__ import annotations

from urllib.parse import quote

from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import Route

from infra.local.portal.forms import back, read_form
from infra.local.portal.hits import one_hit
from infra.local.portal.native_states import NativeStates
from infra.local.portal.setup_page import setup_page


class NativePages:
    """The pages and forms; whatever they do, a control end point does as well."""

    def __init__(self, states: NativeStates) -> None:
        self._states = states

    def routes(self) -> list[Route]:
        """Return the routes."""
        return [
            Route("/setup", self.show_setup, methods=["GET"]),
            Route("/desk/setup", self.change_setup, methods=["POST"]),
            Route("/desk/catalogue", self.fill_up, methods=["POST"]),
            Route("/desk/budget", self.exhaust, methods=["POST"]),
            Route("/desk/buyers", self.charge_buyer, methods=["POST"]),
            Route("/desk/products", self.add_goods, methods=["POST"]),
            Route("/desk/contacts", self.add_contact, methods=["POST"]),
            Route("/desk/orders", self.change_orders, methods=["POST"]),
            Route("/desk/deals/{id:int}", self.change_deal, methods=["POST"]),
            Route("/desk/orders/{id:int}/odd", self.make_odd, methods=["POST"]),
            Route("/desk/orders/{id:int}/parts/{act}", self.change_part, methods=["POST"]),
        ]

    async def show_setup(self, _request: Request) -> Response:
        """Show the portal's settings."""
        return HTMLResponse(setup_page(self._states.setup.view(), len(self._states.catalogue)))

    async def change_setup(self, request: Request) -> Response:
        """Change the portal's settings."""
        self._states.setup.change(await read_form(request))
        return back("/setup")

    async def fill_up(self, request: Request) -> Response:
        """Let the catalogue have so many goods."""
        self._states.fill_up(await read_form(request))
        return back("/setup")

    async def exhaust(self, request: Request) -> Response:
        """Let a method rest."""
        self._states.exhaust(await read_form(request))
        return back("/setup")

    async def charge_buyer(self, request: Request) -> Response:
        """Charge a buyer another kind of price."""
        params = await read_form(request)
        self._states.charge(params.integer("buyer"), params)
        return back("/setup")

    async def add_contact(self, request: Request) -> Response:
        """Add a contact."""
        params = await read_form(request)
        self._states.add_contact(params.replacing("phones", params.optional_text("phones").split(",")))
        return back("/setup")

    async def add_goods(self, request: Request) -> Response:
        """Add a product or a variation of one."""
        product = self._states.catalogue.known(self._states.add_product(await read_form(request)))
        return back(f"/goods?q={quote(product.name, safe='')}#product-{product.id}")

    async def change_orders(self, request: Request) -> Response:
        """Change many orders in one request of the portal."""
        params = await read_form(request)
        ids = params.optional_text("ids").replace(",", " ").split()
        self._states.change_orders(params.replacing("ids", ids))
        return back("/")

    async def change_deal(self, request: Request) -> Response:
        """Move a deal to another stage, or delete it with its order."""
        self._states.change_deal(request.path_params["id"], await read_form(request))
        return back("/")

    async def change_part(self, request: Request) -> Response:
        """Change one parcel or one bill of an order."""
        order_id, act = request.path_params["id"], request.path_params["act"]
        params = await read_form(request)
        with one_hit():
            self._states.change_part(order_id, act, params)
        return back(f"/orders/{order_id}")

    async def make_odd(self, request: Request) -> Response:
        """Let one field of an order answer with another value, or all as usual again."""
        order_id, params = request.path_params["id"], await read_form(request)
        if params.has("field"):
            self._states.make_field_odd(order_id, params)
        else:
            self._states.make_odd(order_id, params)
        return back(f"/#order-{order_id}")
