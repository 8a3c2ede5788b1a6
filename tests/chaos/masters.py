"""Masters who have looked at their confirmation and tap «Заказать»."""

import random
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from shared.assistant.chat_view import ChatTarget
from shared.assistant.checkout.payloads import OrderPayload
from shared.assistant.checkout.turns import recheck_job
from shared.domain import carts, checkouts, masters
from shared.domain.cart_lines import CartLine
from shared.domain.carts import Cart
from shared.domain.checkouts import Checkout, CheckoutStage
from shared.domain.masters import Master
from shared.domain.orders import PaymentKind
from shared.pipeline.decision import Decision
from shared.store.unit_of_work import UnitOfWork
from tests.chaos.town import PLENTY, Town

CONFIRMATION = 77
"""The message with the button he tapped; it is edited in place."""
FIRST_MASTER = 700_001
FIRST_BUYER = 9_001


@dataclass(frozen=True)
class Wish:
    """An order as its master confirmed it: `goods` maps products to pieces. The address is his alone."""

    number: int
    buyer: str
    goods: Mapping[str, int]
    payment: PaymentKind

    @property
    def chat(self) -> int:
        """His chat, and his Telegram id."""
        return FIRST_MASTER + self.number

    @property
    def address(self) -> str:
        odd = ", домофон $result[order]" if self.number % 10 == 0 else ""
        return f"Тверь, ул. Советская, {self.number} & Ко{odd}"

    @property
    def checkout(self) -> str:
        return f"checkout-{self.number}"


def wishes(count: int, products: list[str], dice: random.Random, *, sharing: int = 0) -> list[Wish]:
    """Return wishes of as many masters; the first `sharing` of them have one buyer by threes."""
    made = []
    for number in range(count):
        lines = dice.choices((1, 2, 3, 6, 20), (40, 25, 20, 12, 3))[0]
        goods = {product: dice.randint(1, 9) for product in dice.sample(products, lines)}
        buyer = number // 3 if number < sharing else number
        made.append(Wish(number, str(FIRST_BUYER + buyer), goods, dice.choice(list(PaymentKind))))
    return made


async def tap(town: Town, wish: Wish) -> None:
    """Leave behind what the tap leaves: a checkout that is being checked, and the job that does it."""
    lines = tuple(_line(town, product, pieces) for product, pieces in wish.goods.items())
    told = {line.product_id: Decimal(PLENTY) for line in lines}
    checkout = Checkout(
        id=wish.checkout,
        user_id=wish.chat,
        buyer_id=wish.buyer,
        lines=lines,
        available=told,
        address=wish.address,
        payment=wish.payment,
        stage=CheckoutStage.CHECKING,
    )

    async def make_decision(unit: UnitOfWork) -> Decision:
        decision = Decision(unit)
        await masters.load(unit, wish.chat)
        Master(wish.chat, wish.buyer, "Мастер", town.clock.now()).save(unit)
        await carts.load(unit, wish.chat)
        carts.save(unit, wish.chat, Cart(lines))
        await checkouts.load(unit, wish.checkout)
        checkout.save(unit)
        await decision.enqueue(recheck_job(OrderPayload.of(ChatTarget(wish.chat, CONFIRMATION), checkout)))
        return decision

    await town.commits(make_decision)


def _line(town: Town, product_id: str, pieces: int) -> CartLine:
    product = town.portal.shop.catalogue.get(product_id)
    assert product is not None
    return CartLine(product.id, product.name, product.article, product.price, "RUB", Decimal(pieces))
