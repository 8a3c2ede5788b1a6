"""The list of orders by what is wanted of them, page by page."""

from __future__ import annotations

from dataclasses import replace
from functools import partial

import pytest

from shared.assistant import texts
from shared.assistant.navigation import ShowOrders
from shared.domain import order_records
from shared.domain.order_list import LOOKED_THROUGH, OrderFilter, OrderListPage, fits, page_of
from shared.domain.order_record import OrderRecord
from shared.domain.orders import PaymentKind
from shared.status import Status
from shared.store.unit_of_work import UnitOfWork
from tests.assistant.samples import USER, known_order, portal_order
from tests.assistant.stage import SCREEN, Stage

CASH, PREPAID = PaymentKind.CASH, PaymentKind.PREPAID


async def _put(order: OrderRecord, unit: UnitOfWork) -> None:
    await order_records.remember(unit, order)


async def _remember(stage: Stage, *known: OrderRecord) -> None:
    for order in known:
        await stage.put(partial(_put, order))


@pytest.mark.parametrize(
    ("order", "wanted"),
    [
        (known_order(), {OrderFilter.UNPAID, OrderFilter.ACTIVE}),
        (known_order(payment=CASH), {OrderFilter.ACTIVE}),
        (replace(known_order(), paid=True), {OrderFilter.ACTIVE}),
        (known_order(Status.NEW, Status.SHIPPED), {OrderFilter.UNPAID, OrderFilter.ACTIVE}),
        (known_order(Status.NEW, Status.DELIVERED), {OrderFilter.UNPAID, OrderFilter.OVER}),
        (known_order(Status.NEW, Status.DELIVERED, payment=CASH), {OrderFilter.OVER}),
        (known_order(Status.NEW, Status.CANCELED), {OrderFilter.OVER}),
        (replace(known_order(Status.NEW, Status.FINISHED), paid=True), {OrderFilter.OVER}),
    ],
)
def test_what_an_order_counts_as(order: OrderRecord, wanted: set[OrderFilter]) -> None:
    assert {which for which in OrderFilter if fits(order, which)} == {OrderFilter.ALL, *wanted}


@pytest.mark.parametrize("payment", PaymentKind)
@pytest.mark.parametrize("status", [Status.NEW, Status.PAYED, *Status])
def test_every_order_is_either_under_way_or_over(payment: PaymentKind, status: Status) -> None:
    order = known_order(Status.NEW, status, payment=payment)
    assert fits(order, OrderFilter.ACTIVE) is not fits(order, OrderFilter.OVER)


def test_a_late_payment_counts_although_it_is_no_news_any_more() -> None:
    """An order that was sent before it was paid is not told to be paid."""
    sent = known_order(Status.NEW, Status.SHIPPED)
    assert fits(sent, OrderFilter.UNPAID)
    assert not fits(sent.seen(portal_order(Status.SHIPPED, paid=True)), OrderFilter.UNPAID)


@pytest.mark.parametrize(("told", "unpaid"), [((Status.NEW,), True), ((Status.NEW, Status.PAYED), False)])
async def test_of_an_older_record_counts_what_was_told(stage: Stage, told: tuple[Status, ...], unpaid: bool) -> None:
    await _remember(stage, known_order(*told))
    where = order_records.key("5121")
    data = await stage.read(where)
    assert data is not None
    del data["paid"]
    await stage.save(where, lambda unit: unit.put(where, data))
    known = await order_records.load(stage.unit(), "5121")
    assert known is not None
    assert known.is_unpaid is unpaid


@pytest.fixture
async def mixed(stage: Stage) -> Stage:
    """A master with fourteen orders; those with an even number are canceled."""
    for number in range(1, 15):
        status = [Status.NEW] if number % 2 else [Status.NEW, Status.CANCELED]
        await _remember(stage, known_order(*status, id_=str(number)))
    return stage


async def _numbers(stage: Stage, which: OrderFilter, page: int) -> list[int]:
    ids = await order_records.list_ids(stage.unit(), USER)
    return [int(order.id) for order in (await page_of(stage.unit(), ids, which, page)).orders]


async def test_a_filter_holds_over_all_pages(mixed: Stage) -> None:
    assert [await _numbers(mixed, OrderFilter.OVER, page) for page in (0, 1)] == [[14, 12, 10, 8, 6], [4, 2]]
    assert [await _numbers(mixed, OrderFilter.ACTIVE, page) for page in (0, 1)] == [[13, 11, 9, 7, 5], [3, 1]]
    assert [await _numbers(mixed, OrderFilter.ALL, page) for page in (0, 2)] == [[14, 13, 12, 11, 10], [4, 3, 2, 1]]


@pytest.mark.parametrize(("page", "nearest"), [(99, 1), (-1, 0)])
async def test_a_page_beyond_the_filtered_ones_is_the_nearest(mixed: Stage, page: int, nearest: int) -> None:
    assert await _numbers(mixed, OrderFilter.OVER, page) == await _numbers(mixed, OrderFilter.OVER, nearest)


async def test_the_list_is_filtered_and_turned_in_place(mixed: Stage) -> None:
    first = (await mixed.write("/myorders")).screen
    assert [label for label in first.labels if label.endswith(" ✓")] == ["Все ✓"]
    seen = await mixed.tap(first.data("Завершённые"))
    assert (seen.screen.method, seen.screen.params["message_id"]) == ("editMessageText", SCREEN)
    assert seen.screen.text.startswith("📦 <b>Завершённые заказы</b> — 7\n\n№\u00a014 · ")
    assert [label for label in seen.screen.labels if label.endswith(" ✓")] == ["Завершённые ✓"]
    second = (await mixed.tap(seen.screen.data("›"))).screen
    assert second.labels[:2] == ["📦 Заказ №\u00a04", "📦 Заказ №\u00a02"]
    assert "2 из 2" in second.labels
    everything = (await mixed.tap(second.data("Все"))).screen
    assert "Ваши заказы</b> — 14" in everything.text


async def test_when_nothing_fits_it_says_so_and_leads_on(stage: Stage) -> None:
    await _remember(stage, known_order(payment=CASH))
    seen = await stage.tap(ShowOrders(page=3, which=OrderFilter.UNPAID))
    assert "Таких заказов нет." in seen.screen.text
    assert seen.screen.labels == ["Все", "Ждут оплаты ✓", "В работе", "Завершённые"]


async def test_a_button_of_the_list_without_filters_is_stale(mixed: Stage) -> None:
    seen = await mixed.tap("m1:0")
    assert seen.toasts == [texts.trouble.stale_button()]


async def test_a_filter_looks_through_a_bounded_number_of_orders_and_says_so(stage: Stage) -> None:
    ids = [str(number) for number in range(LOOKED_THROUGH + 20, 0, -1)]
    for id_ in (ids[0], ids[LOOKED_THROUGH - 1], ids[LOOKED_THROUGH]):
        await _remember(stage, known_order(id_=id_))
    page = await page_of(stage.unit(), ids, OrderFilter.UNPAID, 0)
    assert [order.id for order in page.orders] == [ids[0], ids[LOOKED_THROUGH - 1]]
    assert page.cut
    whole = await page_of(stage.unit(), ids[:LOOKED_THROUGH], OrderFilter.UNPAID, 0)
    assert whole == OrderListPage(page.orders, OrderFilter.UNPAID, 0, 2)
