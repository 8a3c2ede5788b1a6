"""The steps of a checkout up to each of its jobs."""

from dataclasses import replace
from decimal import Decimal

from shared.assistant.checkout.buttons import ChoosePayment
from shared.assistant.navigation import StartCheckout
from shared.domain import baskets, checkouts
from shared.domain.baskets import Basket
from shared.domain.checkouts import Checkout
from shared.domain.order_progress import OrderProgress
from shared.domain.orders import PaymentKind
from shared.pipeline.jobs import Job
from shared.pipeline.outcomes import Refusal
from tests.assistant.samples import ADDRESS, BIT_OFFER, BUYER, DRILL_OFFER, OFFERS, PAY_URL
from tests.assistant.stage import Stage as Theatre
from tests.support.quantities import decimals

FILLED = OrderProgress(in_basket=decimals({"7": 1, "8": 10}), basket={"7": "101", "8": "102"}, steps=1)
"""The contract's basket is filled; the order is still to come."""
CREATED = OrderProgress("5121", total=Decimal(8440), payment_url=PAY_URL, complete=True, steps=2)
UNSURE = Refusal("timeout", operators=True, unsure=True)
DEARER = {"7": DRILL_OFFER, "8": replace(BIT_OFFER, price=Decimal(52))}


async def asked(shop: Theatre, payment: PaymentKind = PaymentKind.PREPAID) -> Job:
    """Return the job of the check before the confirmation."""
    await shop.tap(StartCheckout())
    await shop.write(ADDRESS)
    return (await shop.tap(ChoosePayment(payment=payment))).job


async def confirmed(shop: Theatre, payment: PaymentKind = PaymentKind.PREPAID) -> Job:
    """Go on to the tap on «Заказать»; return the job of the check after it."""
    shown = await shop.answer(await asked(shop, payment), OFFERS)
    return (await shop.tap(shown.screen.data("✅ Заказать"))).job


async def filling(shop: Theatre, payment: PaymentKind = PaymentKind.PREPAID) -> Job:
    return (await shop.answer(await confirmed(shop, payment), OFFERS)).job


async def placing(shop: Theatre, payment: PaymentKind = PaymentKind.PREPAID) -> Job:
    return (await shop.answer(await filling(shop, payment), FILLED)).job


def asked_for(shop: Theatre, job: Job) -> list[str]:
    """Return the methods that the job asks the portal for."""
    return [command.method for command in shop.kinds[job.kind].plan(job).commands.values()]


async def checkout_of(shop: Theatre, job: Job) -> Checkout:
    checkout = await checkouts.load(shop.unit(), job.payload["checkout"])
    assert checkout is not None
    return checkout


async def basket_of(shop: Theatre) -> Basket:
    return await baskets.load(shop.unit(), BUYER)
