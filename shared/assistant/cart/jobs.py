"""The cart with the prices and the stock of this moment."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from shared.assistant import texts
from shared.assistant.cart import screens
from shared.assistant.chat_view import ChatTarget, ChatView, Screen
from shared.assistant.job_handler import MasterJobHandler, price_type_of, target_of, target_payload
from shared.bitrix.portal import Operation, Portal
from shared.domain import carts
from shared.domain.carts import Cart, of_order
from shared.domain.offers import Offer
from shared.domain.orders import Order
from shared.pipeline.decision import Decision
from shared.pipeline.jobs import Job, Lane
from shared.pipeline.registry import JobHandler

CART_OFFERS = "cart_offers"
REPEAT_ORDER = "repeat_order"


def cart_job(where: ChatTarget, user_id: int, cart: Cart) -> Job:
    """Return the job that shows the cart."""
    products = [line.product_id for line in cart.lines]
    return Job(CART_OFFERS, Lane.READ, {**target_payload(where), "user_id": user_id, "products": products})


def repeat_job(where: ChatTarget, user_id: int, order_id: str) -> Job:
    """Return the job that puts an order's goods into the cart; named after the order, so that one is enough."""
    payload = {**target_payload(where), "user_id": user_id, "order": order_id}
    return Job(REPEAT_ORDER, Lane.READ, payload, id=f"{REPEAT_ORDER}:{order_id}")


class CartOffersHandler(MasterJobHandler):
    """Price and stock of what is in the cart."""

    def __init__(self, portal: Portal, operators_chat_id: int | None) -> None:
        super().__init__(operators_chat_id)
        self._portal = portal

    def plan(self, job: Job) -> Operation[dict[str, Offer]]:
        """Ask for the cart's products."""
        return self._portal.quote(job.payload["products"], price_type_of(job))

    async def done(self, job: Job, value: Mapping[str, Offer], decision: Decision) -> None:
        """Show the cart as it is now; it keeps the prices shown, to tell the difference at the confirmation."""
        user_id = job.payload["user_id"]
        cart = (await carts.load(decision.unit, user_id)).repriced(value)
        carts.save(decision.unit, user_id, cart)
        # A product that was put in since the question is unknown, not unsold.
        asked = {product: value.get(product) for product in job.payload["products"]}
        ChatView(decision, target_of(job)).show(screens.cart(cart, asked))


class RepeatOrderHandler(MasterJobHandler):
    """The goods of an order, once more."""

    def __init__(self, portal: Portal, operators_chat_id: int | None) -> None:
        super().__init__(operators_chat_id)
        self._portal = portal

    def plan(self, job: Job) -> Operation[Order]:
        """Ask for the order: the goods as they were sold in the end."""
        return self._portal.order(job.payload["order"])

    async def done(self, job: Job, value: Order, decision: Decision) -> None:
        """Put the goods into the cart and have it shown, with prices and stock of now; what is not sold is said there.

        The cart then holds at least the order's quantities: repeating twice does not double them.
        """
        user_id, view, lines = job.payload["user_id"], ChatView(decision, target_of(job)), of_order(value)
        if not lines:
            view.say(screens.nothing_to_repeat(value.id))
            return
        cart, left_out = (await carts.load(decision.unit, user_id)).with_at_least(lines)
        if left_out:
            view.say(Screen(texts.cart.not_repeated([line.name for line in left_out])))
        carts.save(decision.unit, user_id, cart)
        await decision.enqueue(cart_job(view.target, user_id, cart))


def kinds(portal: Portal, operators_chat_id: int | None) -> Sequence[tuple[str, JobHandler]]:
    """Return this capability's part of the registry."""
    return (
        (CART_OFFERS, CartOffersHandler(portal, operators_chat_id)),
        (REPEAT_ORDER, RepeatOrderHandler(portal, operators_chat_id)),
    )
