"""People of a day: each searches once or confirms one order, and is noted when he sees what came of it."""

from __future__ import annotations

import json
import random
from decimal import Decimal
from itertools import accumulate, count

from infra.bench.cold import said_in_dialogue
from infra.bench.day_world import Town
from infra.local.portal.catalogue.model import CURRENCY
from shared.assistant.chat_view import ChatTarget
from shared.assistant.checkout.payloads import OrderPayload
from shared.assistant.checkout.turns import recheck_job
from shared.domain import carts, checkouts, masters
from shared.domain.cart_lines import CartLine
from shared.domain.carts import Cart
from shared.domain.checkouts import Checkout, CheckoutStage
from shared.domain.masters import Master
from shared.domain.orders import PaymentKind
from shared.entry import telegram_update
from shared.entry.http import Incoming
from shared.pipeline.decision import Decision
from shared.store.unit_of_work import UnitOfWork, decide

FIRST = 700_001
CONFIRMATION = 77
"""The message with the button that an order's master tapped."""

BUYER = 9_001
PLENTY = 1_000_000
ADDRESS = "Тверь, ул. Советская, 10"


class Crowd:
    """Everybody who does something. The moment of an answer is the Bot API's."""

    def __init__(self, town: Town, dice: random.Random) -> None:
        self._town = town
        self._dice = dice
        self._numbers = count()
        goods = town.portal.shop.catalogue.all()
        self._words = list(dict.fromkeys(" ".join(one.name.split()[:2]) for one in goods))
        self._zipf = list(accumulate(1 / place for place in range(1, len(self._words) + 1)))
        self._goods = goods
        for one in goods:
            # What is sold out is no order any more.
            one.stock = dict.fromkeys(one.stock, PLENTY)
        self._asked: dict[int, float] = {}
        self._confirmed: dict[int, float] = {}

    def words(self, count: int) -> list[str]:
        """Return so many queries that find goods, each in three words."""
        goods = self._town.portal.shop.catalogue.all()
        return list(dict.fromkeys(" ".join(one.name.split()[:3]) for one in goods))[:count]

    async def searches(self, at: float, words: str = "") -> None:
        """Search for something at that moment, by chance if no words are given."""
        who = FIRST + next(self._numbers)
        words = words or self._dice.choices(self._words, cum_weights=self._zipf)[0]
        await self._town.clock.sleep(at)
        await self._comes_in(who)
        self._asked[who] = self._town.clock.monotonic()
        body = json.dumps(said_in_dialogue(who, words, who)).encode()
        await telegram_update.receive(self._town.here, Incoming({}, body))

    async def orders(self, at: float) -> None:
        """Tap «Заказать» at that moment, one or two lines in the cart."""
        who, goods = FIRST + next(self._numbers), self._dice.sample(self._goods, self._dice.choice((1, 1, 2)))
        lines = tuple(CartLine(one.id, one.name, one.article, one.price, CURRENCY, Decimal(1)) for one in goods)
        payment = self._dice.choice(list(PaymentKind))
        await self._town.clock.sleep(at)
        self._confirmed[who] = self._town.clock.monotonic()

        async def make_decision(unit: UnitOfWork) -> Decision:
            decision = Decision(unit)
            await unit.get_many([masters.key(who), carts.key(who), checkouts.key(f"c{who}")])
            Master(who, str(BUYER + who - FIRST), "Иван", unit.now).save(unit)
            carts.save(unit, who, Cart(lines))
            told = {one.id: Decimal(one.available) for one in goods}
            checkout = Checkout(
                id=f"c{who}",
                user_id=who,
                buyer_id=str(BUYER + who - FIRST),
                lines=lines,
                available=told,
                address=ADDRESS,
                payment=payment,
                stage=CheckoutStage.CHECKING,
            )
            checkout.save(unit)
            await decision.enqueue(recheck_job(OrderPayload.of(ChatTarget(who, CONFIRMATION), checkout)))
            return decision

        decision, _ = await decide(self._town.here.store, self._town.clock.now, make_decision)
        await self._town.here.tasks.permit(decision.permits)

    async def _comes_in(self, who: int) -> None:
        async def make_decision(unit: UnitOfWork) -> None:
            await masters.load(unit, who)
            Master(who, str(BUYER), "Иван", unit.now).save(unit)

        await decide(self._town.here.store, self._town.clock.now, make_decision)

    def found(self) -> list[float]:
        """Return the seconds until each search was answered."""
        return [self._town.chats.answered[who] - at for who, at in self._asked.items()]

    def ordered(self) -> list[float]:
        """Return the seconds until each order had its number."""
        return [self._town.chats.numbered[who] - at for who, at in self._confirmed.items()]
