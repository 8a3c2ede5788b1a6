"""Masters who have looked at their return and tap «Оформить возврат»."""

from __future__ import annotations

import random
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from infra.local.portal import NativeOptions
from shared.assistant.returns.uploading import upload_jobs
from shared.domain import return_drafts as drafts
from shared.domain.orders import PaymentKind
from shared.domain.return_drafts import DraftPhoto, DraftStage, ReturnDraft, ReturnItem
from shared.pipeline.decision import Decision
from shared.store.unit_of_work import UnitOfWork, decide
from tests.chaos.masters import CONFIRMATION, FIRST_BUYER, FIRST_MASTER
from tests.chaos.town import DELIVERY, PAY_SYSTEMS, Town

ADDRESS = {"ADDRESS": "Тверь, ул. Советская, 10"}


@dataclass(frozen=True)
class Parcel:
    """A return as its master confirmed it: `goods` maps products of his order to pieces that come back."""

    number: int
    order_id: str
    goods: Mapping[str, int]
    photos: int

    @property
    def chat(self) -> int:
        """His chat, and his Telegram id."""
        return FIRST_MASTER + self.number

    @property
    def id(self) -> str:
        """The id of the draft."""
        return f"draft-{self.number}"

    @property
    def files(self) -> list[str]:
        """What Telegram calls his photos."""
        return [f"photo-{self.number}-{index}" for index in range(self.photos)]

    @property
    def draft(self) -> ReturnDraft:
        """The draft as the tap leaves it."""
        return ReturnDraft(
            id=self.id,
            user_id=self.chat,
            chat_id=self.chat,
            order_id=self.order_id,
            goods=tuple(
                ReturnItem(product, f"Товар {product}", pieces, pieces) for product, pieces in self.goods.items()
            ),
            message_id=CONFIRMATION,
            reason="Брак & бой, $result[order]" if self.number % 10 == 0 else "Брак",
            pictures=tuple(DraftPhoto(file, f"unique-{file}", "jpg") for file in self.files),
            stage=DraftStage.SENDING,
        )


def parcels(town: Town, count: int, dice: random.Random) -> list[Parcel]:
    """Return what as many masters send back, each from an order of his own that is on the portal."""
    products = [product.id for product in town.portal.shop.catalogue.all()]
    made = []
    for number in range(count):
        goods = {product: dice.randint(1, 3) for product in dice.sample(products, dice.randint(1, 3))}
        made.append(Parcel(number, _bought(town, FIRST_BUYER + number, goods), goods, dice.randint(1, 3)))
    return made


def _bought(town: Town, buyer: int, goods: Mapping[str, int]) -> str:
    """Return an order that the shop has delivered; a real portal does not hold a return against its order's lines."""
    if town.plan.dialect == "native":
        return str(town.portal.native.ledger.add_order(NativeOptions().person_type_id, "RUB", buyer, "").id)
    orders = town.portal.shop.orders
    for product, pieces in goods.items():
        orders.add_to_basket(str(buyer), product, Decimal(pieces))
    return orders.create(str(buyer), PAY_SYSTEMS[PaymentKind.CASH], DELIVERY, ADDRESS, prepaid=False).id


async def send(town: Town, parcel: Parcel) -> None:
    """Leave behind what the tap leaves: a draft that is being sent, and a job per photo."""

    async def make_decision(unit: UnitOfWork) -> Decision:
        decision = Decision(unit)
        await drafts.load(unit, parcel.id)
        parcel.draft.save(unit)
        for job in upload_jobs(parcel.draft, decision.now):
            await decision.enqueue(job)
        return decision

    decision, _ = await decide(town.store, town.clock, make_decision)
    await town.tasks.permit(decision.permits)
