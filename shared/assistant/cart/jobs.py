"""The jobs of the cart: showing it with the prices and the stock of this moment, and repeating an order."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from shared.assistant import texts
from shared.assistant.cart import screens
from shared.assistant.chat_view import ChatTarget, ChatView, Screen
from shared.assistant.job_handler import ChatPayload, JobHandlers, MasterJobHandler, by_button, is_misread
from shared.assistant.keyboard import Row
from shared.assistant.navigation import RepeatOrder
from shared.bitrix.portal import Operation
from shared.domain import carts
from shared.domain.carts import Cart, of_order
from shared.domain.offers import Offer
from shared.domain.orders import Order
from shared.pipeline.decision import Decision
from shared.pipeline.jobs import Job, Lane
from shared.pipeline.outcomes import Refusal

CART_OFFERS = "cart_offers"
REPEAT_ORDER = "repeat_order"


@dataclass(frozen=True)
class CartOffersPayload(ChatPayload):
    """Whose cart is shown, and the products in it."""

    user_id: int
    products: tuple[str, ...]


@dataclass(frozen=True)
class RepeatOrderPayload(ChatPayload):
    """Who wants an order's goods in his cart, and the order's id."""

    user_id: int
    order: str


def cart_job(where: ChatTarget, user_id: int, cart: Cart) -> Job:
    """Return the job that shows the cart."""
    payload = CartOffersPayload(where, user_id, tuple(line.product_id for line in cart.lines))
    return Job(CART_OFFERS, Lane.READ, payload.as_data())


def repeat_job(where: ChatTarget, user_id: int, order_id: str) -> Job:
    """Return the job that puts an order's goods into the cart; named after the order, so that one is enough."""
    payload = RepeatOrderPayload(where, user_id, order_id)
    return Job(REPEAT_ORDER, Lane.READ, payload.as_data(), id=f"{REPEAT_ORDER}:{order_id}")


class CartOffersHandler(MasterJobHandler):
    """Price and stock of what is in the cart."""

    def plan(self, job: Job) -> Operation[dict[str, Offer]]:
        """Ask for the cart's products."""
        payload = CartOffersPayload.from_data(job.payload)
        return self._portal.quote(payload.products, payload.target.price_type)

    async def done(self, job: Job, value: Mapping[str, Offer], decision: Decision) -> None:
        """Show the cart as it is now; it keeps the prices shown, to tell the difference at the confirmation."""
        payload = CartOffersPayload.from_data(job.payload)
        kept = await carts.load(decision.unit, payload.user_id)
        cart = kept.at(value)
        carts.save(decision.unit, payload.user_id, cart)
        # A product that was put in since the question is unknown, not unsold.
        asked = {product: value.get(product) for product in payload.products}
        ChatView(decision, payload.target).show(screens.cart(cart, asked, kept))

    async def failed(self, job: Job, reason: Refusal, decision: Decision) -> None:
        """Show what is kept: whatever the portal answers, a cart can be looked at, changed and emptied."""
        payload = CartOffersPayload.from_data(job.payload)
        cart = await carts.load(decision.unit, payload.user_id)
        ChatView(decision, payload.target).show(screens.unpriced(cart, is_ours=is_misread(reason)))
        await self.report(job, reason, decision)


class RepeatOrderHandler(MasterJobHandler):
    """The goods of an order, once more."""

    def plan(self, job: Job) -> Operation[Order]:
        """Ask for the order: the goods as they were sold in the end."""
        return self._portal.order(RepeatOrderPayload.from_data(job.payload).order)

    def once_more(self, job: Job) -> Row:
        """Return the order's own button."""
        return by_button(RepeatOrder(order=RepeatOrderPayload.from_data(job.payload).order))

    async def done(self, job: Job, value: Order, decision: Decision) -> None:
        """Put the goods into the cart and have it shown, with prices and stock of now; what is not sold is said there.

        The cart then holds at least the order's quantities: repeating twice does not double them.
        """
        payload, lines = RepeatOrderPayload.from_data(job.payload), of_order(value)
        view = ChatView(decision, payload.target)
        if not lines:
            view.say(screens.nothing_to_repeat(value.number))
            return
        cart, left_out = (await carts.load(decision.unit, payload.user_id)).with_at_least(lines)
        if left_out:
            view.say(Screen(texts.cart.not_repeated([line.name for line in left_out])))
        carts.save(decision.unit, payload.user_id, cart)
        await decision.enqueue(cart_job(view.target, payload.user_id, cart))


JOB_HANDLERS: JobHandlers = {CART_OFFERS: CartOffersHandler, REPEAT_ORDER: RepeatOrderHandler}
