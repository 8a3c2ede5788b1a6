"""The cart with the prices and the stock of this moment."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from shared.assistant.cart import cart as carts
from shared.assistant.cart import screens
from shared.assistant.cart.cart import Cart
from shared.assistant.desk import Desk, Place
from shared.assistant.kind import Kind, address_of, place
from shared.bitrix.model import Offer
from shared.bitrix.portal import Operation, Portal
from shared.pipeline.jobs import Job, Lane
from shared.pipeline.kinds import JobKind
from shared.pipeline.turn import Turn

CART_OFFERS = "cart_offers"


def cart_job(where: Place, user_id: int, cart: Cart) -> Job:
    """Return the job that shows the cart."""
    products = [line.product_id for line in cart.lines]
    return Job(CART_OFFERS, Lane.READ, {**address_of(where), "user_id": user_id, "products": products})


class CartOffers(Kind):
    """Price and stock of what is in the cart."""

    def __init__(self, portal: Portal, operators_chat_id: int | None) -> None:
        super().__init__(operators_chat_id)
        self._portal = portal

    def plan(self, job: Job) -> Operation[dict[str, Offer]]:
        """Ask for the cart's products."""
        return self._portal.quote(job.payload["products"])

    async def done(self, job: Job, value: Mapping[str, Offer], turn: Turn) -> None:
        """Show the cart as it is now; it keeps the prices shown, to tell the difference at the confirmation."""
        user_id = job.payload["user_id"]
        cart = (await carts.load(turn.unit, user_id)).repriced(value)
        carts.save(turn.unit, user_id, cart)
        # A product that was put in since the question is unknown, not unsold.
        asked = {product: value.get(product) for product in job.payload["products"]}
        Desk(turn, place(job)).show(screens.cart(cart, asked))


def kinds(portal: Portal, operators_chat_id: int | None) -> Sequence[tuple[str, JobKind]]:
    """Return this capability's part of the registry."""
    return ((CART_OFFERS, CartOffers(portal, operators_chat_id)),)
