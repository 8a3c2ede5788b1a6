"""What is kept of an order, and the list of a master's orders."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from functools import partial

from shared.domain import order_records, payments_due
from shared.domain.order_record import OrderRecord
from shared.domain.order_records import LISTED
from shared.domain.orders import CreatedOrder, PaymentKind
from shared.status import Status
from shared.store.unit_of_work import UnitOfWork
from tests.assistant import samples
from tests.assistant.samples import NOW, OTHER, PAY_URL, USER, known_order, portal_order
from tests.assistant.stage import Stage


async def _remember(stage: Stage, *known: OrderRecord) -> None:
    for order in known:
        await stage.put(partial(_put, order))


async def _put(order: OrderRecord, unit: UnitOfWork) -> None:
    await order_records.remember(unit, order)


def test_an_order_is_what_its_checkout_was() -> None:
    checkout = samples.checkout(payment=PaymentKind.CASH)
    made = OrderRecord.made(checkout, CreatedOrder("5121", payment_url=PAY_URL), 77, NOW)
    assert (made.user_id, made.chat_id, made.payment) == (USER, 77, PaymentKind.CASH)
    assert (made.total, made.currency, made.made_at) == (Decimal(8440), "RUB", NOW)
    assert made.lines == portal_order().lines
    assert (made.shown, made.status, made.payment_url) == ((Status.NEW,), Status.NEW, PAY_URL)


def test_a_payment_link_is_not_in_what_a_log_shows() -> None:
    assert PAY_URL not in repr(known_order())


async def test_an_order_comes_back_as_it_was_saved(stage: Stage) -> None:
    known = replace(known_order(Status.NEW, Status.SHIPPED, url=None), total=Decimal("8440.50"))
    await _remember(stage, known)
    assert await order_records.load(stage.unit(), "5121") == known


async def test_an_order_is_kept_for_400_days_from_its_making(stage: Stage) -> None:
    await _remember(stage, known_order())
    stage.clock.advance(days=399)

    async def touch(unit: UnitOfWork) -> None:
        known = await order_records.load(unit, "5121")
        assert known is not None
        known.seen(portal_order()).told([Status.SHIPPED]).save(unit)

    await stage.put(touch)
    assert await order_records.load(stage.unit(), "5121") is not None
    stage.clock.advance(days=1)
    assert await order_records.load(stage.unit(), "5121") is None


async def test_an_order_is_its_masters_only(stage: Stage) -> None:
    await _remember(stage, known_order())
    assert await order_records.load_of(stage.unit(), "5121", USER) == known_order()
    assert await order_records.load_of(stage.unit(), "5121", OTHER) is None
    assert await order_records.load_of(stage.unit(), "9", USER) is None


async def test_the_list_is_newest_first(stage: Stage) -> None:
    await _remember(stage, known_order(id_="1"), known_order(id_="2"), known_order(id_="3", user_id=OTHER))
    assert await order_records.list_ids(stage.unit(), USER) == ["2", "1"]
    assert await order_records.list_ids(stage.unit(), OTHER) == ["3"]
    assert await order_records.list_ids(stage.unit(), 9) == []


async def test_an_order_remembered_twice_is_listed_once_and_what_was_told_stays(stage: Stage) -> None:
    told = known_order(Status.NEW, Status.SHIPPED)
    await _remember(stage, told, known_order(id_="2"), known_order())
    assert await order_records.list_ids(stage.unit(), USER) == ["5121", "2"]
    assert await order_records.load(stage.unit(), "5121") == told


async def test_the_list_is_bounded(stage: Stage) -> None:
    await _remember(stage, *(known_order(id_=str(number)) for number in range(LISTED + 5)))
    ids = await order_records.list_ids(stage.unit(), USER)
    assert len(ids) == LISTED
    assert ids[0] == str(LISTED + 4)


async def test_orders_that_are_forgotten_are_left_out(stage: Stage) -> None:
    await _remember(stage, known_order(id_="1"), known_order(id_="3"))
    found = await order_records.load_many(stage.unit(), ["3", "2", "1"])
    assert [order.id for order in found] == ["3", "1"]


async def test_an_order_is_found_by_its_number_before_its_id(stage: Stage) -> None:
    numbered = {"1": "2", "2": "3", "4": "ИМ-88/5", "5": ""}
    await _remember(stage, *(replace(known_order(id_=id_), account_number=name) for id_, name in numbered.items()))
    await _remember(stage, replace(known_order(id_="6", user_id=OTHER), account_number="7"))

    async def found(typed: str) -> str | None:
        known = await order_records.find_of(stage.unit(), typed, USER)
        return known.id if known is not None else None

    asked = ("2", "3", "1", "4", "5", "им-88/5", "им885", "ИМ 88 5", "88", "6", "7", "", "№", "x" * 500)
    assert [await found(typed) for typed in asked] == ["1", "2", "1", "4", "5", "4", "4", "4", *[None] * 6]


async def test_an_order_older_than_the_list_is_found_by_its_id(stage: Stage) -> None:
    await _remember(stage, *(known_order(id_=str(number)) for number in range(LISTED + 1)))
    known = await order_records.find_of(stage.unit(), "0", USER)
    assert known is not None


async def test_a_record_of_the_version_before_has_its_id_for_a_number(stage: Stage) -> None:
    await _remember(stage, known_order())
    stored = await stage.read(order_records.key("5121"))
    assert stored is not None
    del stored["account_number"]
    await stage.put(lambda unit: unit.create(order_records.key("5120"), stored))
    known = await order_records.load(stage.unit(), "5120")
    assert known is not None
    assert known.number == "5120"
    assert known.seen(replace(portal_order(), account_number="ИМ-1")).number == "ИМ-1"


async def test_an_order_whose_money_went_back_is_not_waited_for(stage: Stage) -> None:
    returned = replace(portal_order(), returned=Decimal(8440))
    await _remember(stage, known_order().seen(returned))
    kept = await order_records.load(stage.unit(), "5121")
    assert kept is not None
    assert (known_order().is_unpaid, kept.is_unpaid, payments_due.waits_for_money(kept, returned)) == (
        True,
        False,
        False,
    )
    assert kept.seen(portal_order()).is_unpaid, "another payment was opened"


async def test_a_record_of_before_knows_only_what_was_told(stage: Stage) -> None:
    await _remember(stage, known_order(Status.NEW, Status.SHIPPED))
    data = await stage.read(order_records.key("5121"))
    assert data is not None
    before = {name: value for name, value in data.items() if name not in ("seen_status", "payment_id", "doubted")}
    await stage.save(order_records.key("5121"), lambda unit: unit.put(order_records.key("5121"), before))
    known = await order_records.load(stage.unit(), "5121")
    assert known is not None
    assert (known.latest, known.payment_id, known.doubted) == (Status.SHIPPED, "", False)


async def test_a_record_that_kept_no_money_given_back_takes_the_next_look_for_told(stage: Stage) -> None:
    await _remember(stage, replace(known_order(), given_back=True))
    stored = await stage.read(order_records.key("5121"))
    assert stored is not None
    del stored["returned"]
    await stage.put(lambda unit: unit.create(order_records.key("5120"), stored))
    known = await order_records.load(stage.unit(), "5120")
    assert known is not None
    back = replace(portal_order(), returned=Decimal(8440))
    assert not known.money_back(back)
    await _remember(stage, replace(known, id="5119"))
    again = await order_records.load(stage.unit(), "5119")
    assert again is not None
    assert again.returned is None
    seen = again.noticed(back)
    assert seen.money_back(replace(back, returned=Decimal(9000)))
    assert not seen.money_back(back)
