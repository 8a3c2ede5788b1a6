"""Orders that people made for a master's contact elsewhere: found, kept, followed like ours."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from functools import partial

import pytest

from shared.assistant import texts
from shared.assistant.orders.adopting import MOST_DEALS, MOST_ORDERS
from shared.bitrix.errors import NotFound
from shared.domain import found_orders, order_parts, order_records
from shared.domain.orders import Order, Payment, PaymentKind
from shared.domain.statuses import news
from shared.pipeline.jobs import Job
from shared.pipeline.outcomes import Refusal
from shared.status import Status
from tests.assistant.samples import MASTER, NOW, OTHER, USER, known_order, portal_order
from tests.assistant.stage import Stage
from tests.bitrix.native.speaking import native


@pytest.fixture
async def stage() -> Stage:
    made = Stage(native())
    await made.join(replace(MASTER, bitrix_user_id="contact-44"))
    return made


def found(order_id: str, status: Status = Status.SHIPPED, *, days: int = 1) -> Order:
    return replace(portal_order(status, paid=True), id=order_id, created_at=NOW - timedelta(days=days))


async def _to_read(stage: Stage, orders: Sequence[str]) -> Job:
    """The job that reads the orders of his only deal."""
    looking = (await stage.write("/myorders")).job
    listing = (await stage.answer(looking, ["301"])).job
    return (await stage.answer(listing, [orders])).job


async def test_the_list_is_shown_at_once_and_then_the_portal_is_asked(stage: Stage) -> None:
    seen = await stage.write("/myorders")
    assert seen.screen.text == texts.orders.no_orders()
    (command,) = stage.kinds[seen.job.kind].plan(seen.job).commands.values()
    assert (command.method, command.params["filter"]) == ("crm.item.list", {"contactId": 44})


async def test_who_is_no_contact_costs_the_portal_nothing(stage: Stage) -> None:
    await stage.join()
    assert (await stage.write("/myorders")).jobs == []


async def test_what_is_found_is_told_once_and_listed_by_its_age(stage: Stage) -> None:
    ours = replace(known_order(id_="5121"), made_at=NOW - timedelta(days=2))
    await stage.put(partial(order_records.remember, order=ours))
    reading = await _to_read(stage, ["5121", "600", "601"])
    assert reading.payload["ids"] == ["600", "601"], "ours is known"
    seen = await stage.answer(reading, [found("600", days=3), found("601", days=1)])
    assert seen.screen.text == texts.orders.adopted(["600", "601"])
    assert await order_records.list_ids(stage.unit(), USER) == ["601", "5121", "600"]
    assert (await stage.answer((await stage.write("/myorders")).job, ["301"])).jobs != [], "the deal is not known"
    await stage.put(partial(order_parts.remember_deal, deal_id="301", order_ids=["5121", "600", "601"]))
    looking = (await stage.write("/myorders")).job
    assert (await stage.answer(looking, ["301"])).jobs == []


async def test_a_deal_that_an_event_told_of_is_looked_at_all_the_same(stage: Stage) -> None:
    """Events tell of everybody's deals; its order is nobody's here yet."""
    await stage.put(partial(order_parts.remember_deal, deal_id="301", order_ids=["600"]))
    assert (await _to_read(stage, ["600"])).payload["ids"] == ["600"]


async def test_an_order_of_another_master_stays_his(stage: Stage) -> None:
    await stage.put(partial(order_records.remember, order=known_order(id_="600", user_id=OTHER)))
    listing = (await stage.answer((await stage.write("/myorders")).job, ["301"])).job
    assert (await stage.answer(listing, [["600"]])).jobs == []


async def test_one_that_cannot_be_read_costs_only_itself(stage: Stage) -> None:
    reading = await _to_read(stage, ["600", "601"])
    seen = await stage.answer(reading, [NotFound("gone"), found("601")])
    assert seen.screen.text == texts.orders.adopted(["601"])
    assert await order_records.load(stage.unit(), "600") is None


async def test_nothing_found_says_nothing(stage: Stage) -> None:
    looking = (await stage.write("/myorders")).job
    seen = await stage.answer(looking, [])
    assert (seen.calls, seen.jobs) == ([], [])


@pytest.mark.parametrize("reason", [Refusal("portal_failed"), Refusal("access_denied", operators=True)])
async def test_a_portal_that_is_silent_or_refuses_says_nothing_either(stage: Stage, reason: Refusal) -> None:
    """People are not called at each /myorders either."""
    assert (await stage.refuse((await stage.write("/myorders")).job, reason)).calls == []


async def test_there_is_an_end_to_what_is_asked(stage: Stage) -> None:
    many = [str(number) for number in range(1, 60)]
    listing = (await stage.answer((await stage.write("/myorders")).job, many)).job
    assert len(listing.payload["ids"]) == MOST_DEALS
    assert stage.kinds[listing.kind].plan(listing).weight <= MOST_DEALS
    reading = (await stage.answer(listing, [many])).job
    assert len(reading.payload["ids"]) == MOST_ORDERS


@pytest.mark.parametrize("status", [Status.NEW, Status.SHIPPED, Status.DELIVERED, Status.FINISHED, Status.CANCELED])
@pytest.mark.parametrize("paid", [False, True])
def test_what_became_of_it_so_far_is_no_news(status: Status, paid: bool) -> None:
    order = portal_order(status, paid=paid)
    record = found_orders.record_of(order, USER, USER, NOW)
    assert news(order, record.payment, record.shown) == []
    assert not record.edits(order)
    assert not record.money_back(order)
    assert record.latest is (Status.PAYED if paid and status is Status.NEW else status)


@pytest.mark.parametrize(
    ("kinds", "paid_by"),
    [
        ([PaymentKind.CASH], PaymentKind.CASH),
        ([PaymentKind.CASH, PaymentKind.CASH], PaymentKind.CASH),
        ([PaymentKind.CASH, None], PaymentKind.PREPAID),
        ([PaymentKind.PREPAID, PaymentKind.CASH], PaymentKind.PREPAID),
        ([], PaymentKind.PREPAID),
    ],
)
def test_the_courier_is_asked_about_only_where_all_is_paid_in_cash(
    kinds: list[PaymentKind | None], paid_by: PaymentKind
) -> None:
    payments = [Payment(str(number), "3", Decimal(1), paid=False, kind=kind) for number, kind in enumerate(kinds)]
    assert found_orders.payment_kind(replace(portal_order(), payments=payments)) is paid_by
