"""Several checkouts of one buyer take turns at his basket."""

from __future__ import annotations

from dataclasses import replace

import pytest

from shared.assistant import texts
from shared.assistant.checkout.buttons import ConfirmOrder
from shared.domain import checkouts
from shared.domain.offers import Offer
from shared.pipeline.jobs import Job
from shared.pipeline.outcomes import Refusal
from tests.assistant import samples
from tests.assistant.checkout.steps import CREATED, DEARER, FILLED, UNSURE, basket_of, filling
from tests.assistant.samples import BIT_LINE, MASTER, OFFERS, OTHER
from tests.assistant.stage import Stage as Theatre


async def _third_party(shop: Theatre, id_: str, user: int = OTHER) -> Job:
    """Another master of the same buyer taps «Заказать»; return the job of the check."""
    await shop.join(replace(MASTER, telegram_id=user))
    checkout = samples.checkout(BIT_LINE, user_id=user, id_=id_)
    await shop.save(checkouts.key(id_), checkout.save)
    return (await shop.tap(ConfirmOrder(checkout=id_), user=user)).job


@pytest.fixture
async def queue(shop: Theatre) -> tuple[Theatre, Job]:
    """The first fills the basket; the second and the third wait for it."""
    first = await filling(shop)
    for id_, user in (("second", OTHER), ("third", OTHER + 1)):
        seen = await shop.answer(await _third_party(shop, id_, user), OFFERS)
        assert (seen.calls, seen.jobs) == ([], [])
    return shop, first


async def _in_line(shop: Theatre) -> list[str]:
    return [payload["checkout"] for payload in (await basket_of(shop)).waiting]


async def test_the_second_waits_until_the_first_is_done(queue: tuple[Theatre, Job]) -> None:
    shop, first = queue
    assert await _in_line(shop) == ["second", "third"]
    placing = await shop.answer(first, FILLED)
    assert [job.id for job in placing.jobs] == [f"make_order:{first.payload['checkout']}:2"]
    seen = await shop.answer(placing.job, CREATED)
    assert {job.id for job in seen.jobs} == {"sync_order:5121", "recheck:second"}
    assert await _in_line(shop) == ["third"]
    following = await shop.answer(await _job(shop, "recheck:second"), OFFERS)
    assert following.job.id == "make_order:second"
    assert following.job.payload["chat_id"] == OTHER
    (command,) = shop.kinds[following.job.kind].plan(following.job).commands.values()
    assert command.params["fields"] == {"PRODUCT_ID": 8, "QUANTITY": 10, "FUSER_ID": 501}


async def test_the_second_goes_on_when_the_first_was_refused(queue: tuple[Theatre, Job]) -> None:
    shop, first = queue
    seen = await shop.refuse(first)
    assert [job.id for job in seen.jobs] == ["recheck:second"]
    assert (await shop.answer(await _job(shop, "recheck:second"), OFFERS)).job.id == "make_order:second"


GIVE_UP: list[dict[str, Offer] | Refusal | None] = [Refusal("portal_failed"), {"8": DEARER["8"]}, {}, None]


@pytest.mark.parametrize("why", GIVE_UP, ids=["failed", "changed", "gone", "forgotten"])
async def test_the_third_does_not_wait_for_a_second_that_gave_up(
    queue: tuple[Theatre, Job], why: dict[str, Offer] | Refusal | None
) -> None:
    shop, first = queue
    await shop.refuse(first)
    second = await _job(shop, "recheck:second")
    if why is None:
        await shop.save(checkouts.key("second"), lambda unit: unit.delete(checkouts.key("second")))
    if isinstance(why, Refusal):
        seen = await shop.refuse(second, why)
    else:
        seen = await shop.answer(second, OFFERS if why is None else why)
    assert [job.id for job in seen.jobs] == ["recheck:third"]
    assert (await shop.answer(await _job(shop, "recheck:third"), OFFERS)).job.id == "make_order:third"


async def test_the_third_is_told_too_when_the_basket_is_for_people(queue: tuple[Theatre, Job]) -> None:
    shop, first = queue
    await shop.refuse(first, UNSURE)
    second = await shop.answer(await _job(shop, "recheck:second"), OFFERS)
    assert second.screens[0].text == texts.checkout.order_refused()
    third = await shop.answer(await _job(shop, "recheck:third"), OFFERS)
    assert third.screens[0].text == texts.checkout.order_refused()
    assert third.screens[0].params["chat_id"] == OTHER + 1
    assert await _in_line(shop) == []


async def test_a_check_that_gives_up_takes_the_basket_from_nobody(queue: tuple[Theatre, Job]) -> None:
    shop, first = queue
    job = await _third_party(shop, "fourth", OTHER + 2)
    seen = await shop.refuse(job)
    assert seen.jobs == []
    basket = await basket_of(shop)
    assert basket.holder == first.payload["checkout"]
    assert await _in_line(shop) == ["second", "third"]


async def _job(shop: Theatre, id_: str) -> Job:
    (job,) = [job for job in await shop.pending() if job.id == id_]
    return job
