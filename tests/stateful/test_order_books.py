"""The books of orders can find guilty: each mutant of what tells a master of his order breaks one rule of theirs."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest

from shared.assistant import texts
from shared.assistant.chat_view import Screen
from shared.assistant.checkout import ending_screens
from shared.assistant.notifications import screens, sync
from shared.assistant.notifications.jobs import SYNC_ORDER, sync_job
from shared.bitrix.errors import NotFound
from shared.domain import order_records, payments_due
from shared.domain.order_record import OrderRecord
from shared.domain.orders import CreatedOrder, Order, Payment, PaymentKind, Shipment
from shared.pipeline.decision import Decision
from shared.pipeline.outcomes import Refusal
from shared.status import Status
from tests.assistant.samples import checkout, known_order, portal_order
from tests.assistant.stage import OPERATORS, Stage
from tests.stateful.hearing import GuiltyError
from tests.stateful.order_books import OrderBooks
from tests.stateful.portal_books import RANKS, AtPortal, Parcel
from tests.stateful.reading import plain
from tests.support.clock import run

Patch = pytest.MonkeyPatch
Story = Sequence[Order | None]
"""What one look after another finds; None: there is no such order any more."""

USUAL = portal_order()
DRILL, BIT = USUAL.lines
FEWER = replace(USUAL, lines=(DRILL, replace(BIT, quantity=Decimal(5))), total=Decimal(8215))
DEARER = replace(USUAL, total=Decimal(8790))
FIRST = Payment("1", "2", Decimal(8000), paid=False, kind=PaymentKind.PREPAID)
SECOND = Payment("2", "2", Decimal(440), paid=False, kind=PaymentKind.PREPAID)
IN_TWO = replace(USUAL, payments=(FIRST, SECOND))
IN_PART = replace(USUAL, payments=(replace(FIRST, paid=True), SECOND))
PAID = replace(USUAL, status=Status.PAYED, paid=True)
BACK = replace(USUAL, returned=Decimal(8440))
ONE, TWO = Shipment("1", "RU1", handed_over=True), Shipment("2", "RU2")
SENT = portal_order(Status.SHIPPED, shipments=(ONE, TWO))
BOTH_SENT = portal_order(Status.SHIPPED, shipments=(ONE, replace(TWO, handed_over=True)))
RENUMBERED = portal_order(Status.SHIPPED, shipments=(replace(ONE, tracking_number="RU7"),))
ON_ITS_WAY = portal_order(Status.SHIPPED, shipments=(ONE,))
CANCELED = portal_order(Status.CANCELED, reason="брак")
FINISHED = portal_order(Status.FINISHED)
OTHER_BILL = replace(USUAL, payments=(FIRST,))


def at_portal(order: Order) -> AtPortal:
    return AtPortal(
        id=order.id,
        rank=RANKS[order.status],
        lines={line.name: (line.quantity, line.price) for line in order.lines},
        total=order.total,
        paid=order.paid,
        part=order.paid_part,
        returned=order.returned,
        bill=order.payments_total if order.payments else order.total,
        parcels=tuple(Parcel(it.handed_over, it.delivered, it.tracking_number) for it in order.shipments),
        service="",
    )


async def _looks(stage: Stage, order: Order | None, books: OrderBooks) -> None:
    """Have an order looked at until nothing more is wanted, and all that is said read."""

    async def make_decision(decision: Decision) -> None:
        await decision.enqueue(sync_job(USUAL.id))

    jobs = (await stage.decision(make_decision)).jobs
    while jobs:
        gone = Refusal(NotFound.usual_code)
        seen = await (stage.refuse(jobs[0], gone) if order is None else stage.answer(jobs[0], order))
        for screen in seen.screens:
            if screen.params["chat_id"] == OPERATORS:
                books.money.operators_read(plain(screen.text))
            else:
                books.reads(plain(screen.text), screen.params["chat_id"], screen.params.get("message_id"))
        jobs = [job for job in seen.jobs if job.kind == SYNC_ORDER]
    stage.clock.time += timedelta(minutes=10)


async def _told(story: Story) -> None:
    """Tell the story of an order whose master confirmed the usual goods, and hold the books against its end."""
    stage, books = Stage(), OrderBooks()
    await stage.join()
    await stage.put(lambda unit: order_records.remember(unit, known_order()))
    books.opens(USUAL.id, at_portal(USUAL).lines, USUAL.total)
    made = ending_screens.order_made(checkout(), CreatedOrder(USUAL.id))
    books.reads(plain(made.text), 0, 77)
    for order in (USUAL, *story):
        await _looks(stage, order, books)
    last = story[-1]
    books.audits({} if last is None else {last.id: at_portal(last)}, {USUAL.id} if last is None else set())


def never(name: str) -> Callable[[Patch], None]:
    """A mutant that never takes this for news."""

    def forgets(patch: Patch) -> None:
        patch.setattr(OrderRecord, name, lambda *_: [] if name == "edits" else False)

    forgets.__name__ = f"never_{name}"
    return forgets


def never_is_doubtful(patch: Patch) -> None:
    patch.setattr(payments_due, "are_doubtful", lambda _: False)


def tells_other_sums(patch: Patch) -> None:
    patch.setattr(texts.orders, "edited_total", lambda *_: "Итого: было 8 440 ₽, стало <b>8 214 ₽</b>")


def tells_edits_again(patch: Patch) -> None:
    patch.setattr(OrderRecord, "with_goods", lambda known, _order: replace(known, lines=known.lines or USUAL.lines))


def tells_edits_of_nothing(patch: Patch) -> None:
    patch.setattr(OrderRecord, "is_recharged", lambda *_: True)


def confirms_another_sum(patch: Patch) -> None:
    real = texts.checkout.order_made

    def order_made(number: str, how: PaymentKind, total: Decimal, *more: Any, **told: Any) -> str:
        return real(number, how, total + 1, *more, **told)

    patch.setattr(texts.checkout, "order_made", order_made)


def forgets_what_is_paid(patch: Patch) -> None:
    patch.setattr(OrderRecord, "told_part", lambda known, _order: known)


def asks_for_all_of_it(patch: Patch) -> None:
    real = screens.paid_in_part

    def paid_in_part(known: OrderRecord, order: Order) -> Any:
        return replace(said := real(known, order), text=said.text.replace("ссылке: 440", "ссылке: 8440"))

    patch.setattr(screens, "paid_in_part", paid_in_part)


def takes_money_away(patch: Patch) -> None:
    patch.setattr(OrderRecord, "money_back", lambda *_: True)


def gives_back_again(patch: Patch) -> None:
    patch.setattr(OrderRecord, "told_money_back", lambda known, _order: known)


def tells_no_parcels(patch: Patch) -> None:
    patch.setattr(sync, "parcel_news", lambda *_: [])


def tells_parcels_again(patch: Patch) -> None:
    patch.setattr(sync, "stages", lambda _order: {})


def tells_no_numbers(patch: Patch) -> None:
    patch.setattr(sync, "way_of", lambda _order: "")


def tells_numbers_again(patch: Patch) -> None:
    ways = iter("abcdefgh")
    patch.setattr(sync, "way_of", lambda _order: next(ways))


def tells_nobody_of_a_deletion(patch: Patch) -> None:
    patch.setattr(screens, "deleted", lambda _known: Screen("Что-то случилось."))


def deletes_again(patch: Patch) -> None:
    real = OrderRecord.save
    patch.setattr(OrderRecord, "save", lambda known, unit: real(replace(known, gone=False), unit))


GUILTY: Sequence[tuple[Callable[[Patch], None], Story, str]] = [
    (never("edits"), (FEWER,), "is of .*, told were"),
    (tells_other_sums, (FEWER,), "costs 8215, told were 8214"),
    (tells_edits_again, (FEWER, FEWER), "was told before, and now is told"),
    (never("is_recharged"), (DEARER,), "costs 8790, told were 8440"),
    (tells_edits_of_nothing, (USUAL,), "an edit that changes nothing"),
    (confirms_another_sum, (USUAL,), "8440 was confirmed, and told is"),
    (never("paid_in_part"), (IN_TWO, IN_PART), "8000 of 5121 are paid, told were None"),
    (forgets_what_is_paid, (IN_PART, IN_PART), "were told 8000, and now is told"),
    (asks_for_all_of_it, (IN_PART,), "a link is of more than is due"),
    (never("money_back"), (PAID, BACK), "8440 of 5121 went back, told were None"),
    (never("money_back"), (IN_PART, IN_TWO), "nothing of 5121 is paid, told is otherwise"),
    (takes_money_away, (USUAL,), "money of 5121 is told to be gone"),
    (gives_back_again, (PAID, BACK, BACK), "8440 are told to have gone back"),
    (never_is_doubtful, (OTHER_BILL,), "its bill is of 8000; nobody was told"),
    (tells_no_parcels, (SENT,), "parcel 1 is .*, told were"),
    (tells_parcels_again, (SENT, BOTH_SENT), "were told .*, and now is told"),
    (tells_no_numbers, (ON_ITS_WAY, RENUMBERED), "goes by {'RU7'}, told were"),
    (tells_numbers_again, (ON_ITS_WAY, ON_ITS_WAY), "were told .*, and now again"),
    (tells_nobody_of_a_deletion, (None,), "were deleted, told were set"),
    (deletes_again, (None, None), "is told to be deleted once more"),
    (never("is_back"), (CANCELED, USUAL), "is at 0, its master was told 6"),
    (never("ended_otherwise"), (FINISHED, CANCELED), "is at 6, its master was told 5"),
]


@pytest.mark.parametrize(("mutates", "story", "verdict"), GUILTY, ids=lambda one: getattr(one, "__name__", ""))
def test_a_mutant_is_found_guilty(mutates: Callable[[Patch], None], story: Story, verdict: str):
    with pytest.MonkeyPatch.context() as patch:
        mutates(patch)
        with pytest.raises(GuiltyError, match=verdict):
            run(_told(story))


def test_the_bot_itself_is_not():
    for story in {tuple(map(repr, story)): story for _, story, _ in GUILTY}.values():
        run(_told(story))
    run(_told((IN_TWO, IN_PART, PAID)))
