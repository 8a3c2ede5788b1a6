"""Sixty returns with their photos through a storm: each is registered once, and its master is told once (issue 3)."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Sequence
from decimal import Decimal

import pytest

from infra.local.portal.faults import FaultKind
from infra.local.portal.returns import Return
from shared.assistant.returns import media
from shared.assistant.texts import returns as texts
from shared.domain import return_drafts as drafts
from shared.domain import return_records
from shared.domain.return_drafts import DraftStage, ReturnDraft
from shared.status import Status
from shared.store.unit_of_work import UnitOfWork
from tests.chaos.returners import Parcel, parcels, send
from tests.chaos.storm import all_tap, everywhere, report, upon
from tests.chaos.town import OPERATORS, Plan, Town, content_of, running_town
from tests.support.clock import run

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
    assert town.alarms.texts == []
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
