"""Sixty returns with their photos through a storm: each is registered once, and its master is told once (issue 3)."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

import pytest

from infra.local.portal import NativeOptions
from infra.local.portal.deliveries import Delivery
from infra.local.portal.faults import FaultKind
from infra.local.portal.returns import Return
from shared.assistant.returns import media
from shared.assistant.returns.uploading import upload_jobs
from shared.assistant.texts import returns as texts
from shared.domain import return_drafts as drafts
from shared.domain import return_records
from shared.domain.orders import PaymentKind
from shared.domain.return_drafts import DraftPhoto, DraftStage, ReturnDraft, ReturnItem
from shared.pipeline.decision import Decision
from shared.status import Status
from shared.store.unit_of_work import UnitOfWork
from tests.chaos.masters import CONFIRMATION, FIRST_BUYER, FIRST_MASTER
from tests.chaos.storm import all_tap, everywhere, report, upon
from tests.chaos.town import DELIVERY, OPERATORS, PAY_SYSTEMS, Plan, Town, content_of, running_town
from tests.support.clock import run

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
                ReturnItem(product, f"Товар {product}", Decimal(pieces), Decimal(pieces))
                for product, pieces in self.goods.items()
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
    return orders.create(str(buyer), PAY_SYSTEMS[PaymentKind.CASH], Delivery(DELIVERY), ADDRESS, prepaid=False).id


async def send(town: Town, parcel: Parcel) -> None:
    """Leave behind what the tap leaves: a draft that is being sent, and a job per photo."""

    async def make_decision(unit: UnitOfWork) -> Decision:
        decision = Decision(unit)
        await drafts.load(unit, parcel.id)
        parcel.draft.save(unit)
        for job in upload_jobs(parcel.draft, decision.now):
            await decision.enqueue(job)
        return decision

    await town.commits(make_decision)


ARRIVALS = 90.0
"""Seconds within which all masters tap."""


def storm(town: Town) -> None:
    """Let the photos, the return and the looks after a doubt fail."""
    faults = town.portal.rest.faults
    everywhere(town)
    native = town.plan.dialect == "native"
    upon(town, "disk.folder.uploadfile", rate=0.04)
    upon(town, "crm.item.add" if native else "app.rma.add", rate=0.06)
    faults.add(FaultKind.OPERATION_LIMIT, rate=0.01, method="disk.folder.uploadfile")
    if native:
        faults.add(FaultKind.SERVER_ERROR, rate=0.1, method="disk.folder.getchildren")
        faults.add(FaultKind.SERVER_ERROR, rate=0.1, method="crm.item.list")


async def assert_exactly_once(town: Town, sent: Sequence[Parcel]) -> None:
    """Hold the portal's returns and files, the bot's records and the masters' screens against what was sent."""
    assert town.alarms == []
    assert town.phones.screens[OPERATORS] == []
    made = town.portal.front.returns.all()
    of_order = {one.order_id: one for one in made}
    assert len(made) == len(of_order) == len(sent)
    uploaded = Counter(file.content for file in town.portal.shop.disk.all())
    assert uploaded == Counter(content_of(file) for parcel in sent for file in parcel.files)
    for parcel in sent:
        one = of_order[parcel.order_id]
        assert one.items == {product: Decimal(pieces) for product, pieces in parcel.goods.items()}
        assert one.wish == parcel.draft.reason
        assert [_content(town, photo) for photo in one.photos] == [content_of(file) for file in parcel.files]
        await _assert_known(town, parcel, one)
        _assert_told(town, parcel, one.id)


def _id_of(photo: str) -> str:
    """Return a file's id; in the contract a photo is the link of its page."""
    return photo.rstrip("/").rpartition("/")[2]


def _content(town: Town, photo: str) -> bytes:
    file = town.portal.shop.disk.get(_id_of(photo))
    assert file is not None
    return file.content


async def _assert_known(town: Town, parcel: Parcel, one: Return) -> None:
    unit = UnitOfWork(town.store, town.clock)
    draft = await drafts.load(unit, parcel.id)
    assert isinstance(draft, ReturnDraft)
    assert (draft.stage, draft.lost) == (DraftStage.DONE, 0)
    assert await return_records.list_ids(unit, parcel.chat) == [one.id]
    for photo in one.photos:
        assert await unit.get(media.key(_id_of(photo))) is not None, "it is deleted when its time is over"


def _assert_told(town: Town, parcel: Parcel, return_id: str) -> None:
    told = texts.registered(return_id, Status.RETURN_IN_PROGRESS, "", 0)
    screens = town.phones.screens[parcel.chat]
    assert [screen for screen in screens if screen != texts.unsure()] == [told]
    assert screens[-1] == told


@pytest.mark.parametrize("dialect", ["native", "contract"])
def test_every_return_and_photo_is_made_once_whatever_fails(dialect: str, dice: random.Random):
    async def story() -> None:
        plan = Plan(dialect, oauth=True, kills=0.08, doubled=0.2, busy=0.03)
        async with running_town(plan, dice) as town:
            sent = parcels(town, 60, dice)
            storm(town)
            await all_tap(town, sent, send, ARRIVALS)
            print(report(town))  # noqa: T201 - shown when the test fails
            await assert_exactly_once(town, sent)

    run(story())
