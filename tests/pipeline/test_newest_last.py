"""An older edit of a message is never sent after a newer one, whoever dies, is slow, or is put off."""

# ruff: noqa: ARG001, ARG002 - the ports' and the job kinds' signatures

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Any

from shared.pipeline.claims import SENDING, SKEW
from shared.pipeline.decision import CallData, Decision
from shared.pipeline.inbox import Inbox
from shared.pipeline.jobs import Job, Lane
from shared.pipeline.outbox import Outbox
from shared.pipeline.outcomes import Outcome, UnknownOutcome
from shared.pipeline.sending import Attachments, DeliveryResult
from shared.store.collections import SCREENS, Collection
from shared.store.port import Conflict, Key, StoreError
from tests.pipeline.bench import Bench, Echo
from tests.support.fate import Death
from tests.support.stores import StoreWrapper

MESSAGE = "42:10"
SCREEN = SCREENS.key(MESSAGE)
CLAIM = SENDING + SKEW
OF_MESSAGE = {"chat_id": 42, "message_id": 10}


def edit(text: str, *, part: bool = False) -> dict[str, Any]:
    return {"text": text, "screen": MESSAGE, "part": part}


class Answer(Echo):
    """Writes its answer over the message."""

    async def done(self, job: Job, value: Any, decision: Decision) -> None:
        decision.send(edit(f"answer to {job.payload['want']}"))


def bench_of(bench: Bench) -> Bench:
    bench.kinds["answer"] = Answer()
    return bench


def inbox(bench: Bench, outbox: Outbox | None = None) -> Inbox:
    return Inbox(
        bench.store,
        outbox or bench.outbox(),
        bench.clock,
        bench.backlog,
        collection=Collection("inbox", timedelta(hours=1)),
    )


def tap(want: str) -> Callable[[Decision], Awaitable[None]]:
    """A tap whose button becomes «busy» until the portal has answered."""

    async def make_decision(decision: Decision) -> None:
        decision.send(edit(f"busy with {want}", part=True))
        await decision.enqueue(Job("answer", Lane.READ, {**OF_MESSAGE, "want": want}))

    return make_decision


def shows(text: str, *, part: bool = False) -> Callable[[Decision], Awaitable[None]]:
    async def make_decision(decision: Decision) -> None:
        decision.send(edit(text, part=part))

    return make_decision


def deadly(bench: Bench) -> Outbox:
    """An outbox whose process dies before the first message is out."""

    async def deliver(call: CallData, attachments: Attachments, seconds: float) -> DeliveryResult:
        raise Death

    return Outbox(bench.store, bench.tasks, deliver, bench.deliver.reaches, bench.clock)


async def dies(work: Awaitable[object]) -> None:
    try:
        await work
    except Death:
        return
    raise AssertionError("it lives")


async def test_a_tap_that_is_repeated_does_not_write_over_the_answer(bench: Bench):
    bench_of(bench)
    await dies(inbox(bench, deadly(bench)).handle("u1", tap("order")))
    bench.clock.advance(CLAIM)
    await bench.worker().serve()
    await inbox(bench).handle("u1", tap("order"))
    assert bench.deliver.texts == ["answer to order"]


async def test_an_answer_waits_while_the_tap_before_it_is_on_its_way(bench: Bench):
    bench_of(bench)
    serving: list[asyncio.Task[object]] = []

    async def during() -> None:
        serving.append(asyncio.create_task(bench.worker().serve()))
        for _ in range(30):
            await asyncio.sleep(0)
        assert bench.backend.asked == ["order"]
        assert bench.deliver.texts == []

    bench.deliver.during = during
    await inbox(bench).handle("u1", tap("order"))
    await serving[0]
    assert bench.deliver.texts == ["busy with order", "answer to order"]


async def test_what_was_put_off_is_not_sent_once_something_newer_is_shown(bench: Bench):
    bench.deliver.answers = deque([DeliveryResult(later=40.0)])
    await inbox(bench).handle("u1", shows("old"))
    await inbox(bench).handle("u2", shows("new"))
    bench.clock.advance(40)
    await bench.deliver_later()
    assert bench.deliver.texts == ["new"]
    assert (await bench.record(Key("inbox", "u1"))).data["outbox"] == []


async def test_what_else_the_older_one_had_to_say_is_said(bench: Bench):
    async def both(decision: Decision) -> None:
        decision.send(edit("old"))
        decision.send({"text": "a message of its own"})

    bench.deliver.answers = deque([DeliveryResult(later=40.0)])
    await inbox(bench).handle("u1", both)
    await inbox(bench).handle("u2", shows("new"))
    bench.clock.advance(40)
    await bench.deliver_later()
    assert bench.deliver.texts == ["new", "a message of its own"]


class Strict(StoreWrapper):
    """Refuses for good a write whose version is newer than what is stored, as Firestore's emulator does."""

    async def _around(self, call: str, about: Any, act: Callable[[], Awaitable[Any]]) -> Any:
        try:
            return await act()
        except Conflict as error:
            raise StoreError("Invalid base version") from error


async def test_what_went_out_before_a_pause_is_noted_once(bench: Bench):
    """Its screen keeps the version it had: who noted the rest by the record's own was refused, and said it anew."""

    async def both(decision: Decision) -> None:
        decision.send(edit("buttons", part=True))
        decision.send({"text": "paid"})

    bench.deliver.answers = deque([DeliveryResult(), DeliveryResult(later=40.0)])
    await inbox(bench).handle("u1", both)
    bench.clock.advance(40)
    bench.store = Strict(bench.store)
    await bench.deliver_later()
    assert bench.deliver.texts == ["buttons", "paid"]
    assert (await bench.record(Key("inbox", "u1"))).data["outbox"] == []


async def test_new_buttons_do_not_lose_a_text_that_has_still_to_come(bench: Bench):
    bench.deliver.answers = deque([DeliveryResult(later=40.0)])
    await inbox(bench).handle("u1", shows("text"))
    await inbox(bench).handle("u2", shows("buttons", part=True))
    bench.clock.advance(40)
    await bench.deliver_later()
    assert bench.deliver.texts == ["buttons", "text"]
    record = await bench.record(SCREEN)
    assert (record.data["turn"], record.data["whole"]) == (2, 1)


async def test_an_answer_that_is_settled_late_does_not_write_over_a_later_one(bench: Bench):
    """Its worker died over it; the chain went on by another permit."""
    bench_of(bench)
    await bench.enqueue(Job("answer", Lane.READ, {**OF_MESSAGE, "want": "first"}))
    bench.deliver.during = _die
    await dies(bench.worker().serve())
    await inbox(bench).handle("u1", tap("second"))
    bench.clock.advance(CLAIM + 1)
    await bench.worker().serve()
    await bench.deliver_later()
    await bench.worker().serve()
    assert [text for text in bench.deliver.texts if text.startswith("answer")] == ["answer to second"]


class Unsure(Answer):
    """Says by an edit of the message that nobody knows yet."""

    async def unsure(self, job: Job, reason: UnknownOutcome, decision: Decision) -> None:
        decision.send(edit("not sure yet"))

    async def delayed(self, job: Job, decision: Decision) -> None:
        decision.send({"text": "it takes longer"})


async def _news_that_wait(bench: Bench, *outcomes: Outcome) -> Job:
    """Have a write whose news were put off, and which is due again."""
    bench.kinds["unsure"] = Unsure()
    job = Job("unsure", Lane.WRITE, {**OF_MESSAGE, "want": "pay"})
    await bench.enqueue(job)
    bench.backend.will("pay", *outcomes)
    bench.deliver.answers = deque([DeliveryResult(later=300.0)])
    await bench.worker().serve()
    assert bench.deliver.texts == []
    bench.clock.advance(30)
    return job


async def test_news_of_a_job_that_a_later_decision_has_replaced_are_not_said_by_its_next_try(bench: Bench):
    job = await _news_that_wait(bench, UnknownOutcome("TIMEOUT"), UnknownOutcome("TIMEOUT"))
    await inbox(bench).handle("u1", shows("new"))
    await bench.worker().serve()
    assert bench.deliver.texts == ["new"]
    assert (await bench.job(job)).outbox == ()


async def test_news_of_a_job_that_nobody_has_replaced_are_said_by_its_next_try_and_close_their_screen(bench: Bench):
    await _news_that_wait(bench, UnknownOutcome("TIMEOUT"), UnknownOutcome("TIMEOUT"))
    await bench.worker().serve()
    assert bench.deliver.texts == ["not sure yet"]
    assert not (await bench.record(SCREEN)).data["open"]


async def test_who_decides_while_the_next_try_takes_the_old_news_up_waits_for_them(bench: Bench):
    """Reading the screen is not enough: the newer decision must see that its record is at it again."""
    await _news_that_wait(bench, UnknownOutcome("TIMEOUT"), UnknownOutcome("TIMEOUT"))
    decided = 0

    async def newer(decision: Decision) -> None:
        nonlocal decided
        decided += 1
        await decision.unit.get(SCREEN)
        if decided == 1:
            trying.append(asyncio.create_task(bench.worker().serve()))
            await sending.wait()
        decision.send(edit("new"))

    async def during() -> None:
        sending.set()
        for _ in range(10):
            await asyncio.sleep(0)

    trying: list[asyncio.Task[object]] = []
    sending = asyncio.Event()
    bench.deliver.during = during
    await inbox(bench).handle("u1", newer)
    await trying[0]
    assert decided == 2
    assert bench.deliver.texts == ["not sure yet", "new"]


async def _die() -> None:
    raise Death


async def test_a_dead_senders_claim_is_waited_for_in_a_task(bench: Bench, monkeypatch: Any):
    from shared.pipeline import sending  # noqa: PLC0415

    monkeypatch.setattr(sending, "LAST_BEGINNING", -1.0)
    await dies(inbox(bench, deadly(bench)).handle("u1", shows("old")))
    await inbox(bench).handle("u2", shows("new"))
    assert bench.deliver.texts == []
    [(key, at)] = bench.queue.later
    assert key == Key("inbox", "u2")
    bench.clock.advance(CLAIM + 60)
    assert at <= bench.clock()
    await bench.deliver_later()
    await inbox(bench).handle("u1", shows("old"))
    assert bench.deliver.texts == ["new"]


async def test_who_decides_while_an_older_edit_is_taken_up_decides_again_and_waits(bench: Bench):
    """The claim of the older edit and the newer decision cannot both miss each other."""
    bench.deliver.answers = deque([DeliveryResult(later=40.0)])
    await inbox(bench).handle("u1", shows("old"))
    bench.clock.advance(40)
    decided = 0

    async def newer(decision: Decision) -> None:
        nonlocal decided
        decided += 1
        await decision.unit.get(SCREEN)
        if decided == 1:
            taken = await bench.outbox().claim(await bench.record(Key("inbox", "u1")))
            sending.append(asyncio.create_task(bench.outbox().settle(taken)))
        decision.send(edit("new"))

    sending: list[asyncio.Task[None]] = []
    await inbox(bench).handle("u2", newer)
    await sending[0]
    assert decided == 2
    assert bench.deliver.texts == ["old", "new"]


async def test_a_screen_is_closed_by_the_note_that_its_message_is_out(bench: Bench):
    await inbox(bench).handle("u1", shows("one"))
    assert (await bench.record(SCREEN)).data == {"turn": 1, "whole": 1, "owner": "inbox/u1", "open": False}
    await inbox(bench).handle("u2", shows("two"))
    assert (await bench.record(SCREEN)).data == {"turn": 2, "whole": 2, "owner": "inbox/u2", "open": False}


class Counting(StoreWrapper):
    """Counts the round trips."""

    trips = 0

    async def _around(self, call: str, about: Any, act: Callable[[], Awaitable[Any]]) -> Any:
        self.trips += 1
        return await act()


async def test_the_sequence_costs_no_round_trip(bench: Bench):
    store = Counting(bench.store)
    bench.store = store
    await inbox(bench).handle("u1", shows("one"), [SCREEN])
    assert store.trips == 3, "the event with its screen, the commit, the note"
    bench_of(bench)
    await bench.enqueue(Job("answer", Lane.READ, {**OF_MESSAGE, "want": "x"}))
    store.trips = 0
    await bench.worker().serve()
    assert store.trips == 6, "due twice, lease, the job with its screen, the commit, the note"


async def test_a_record_that_is_gone_is_not_waited_for(bench: Bench):
    await dies(inbox(bench, deadly(bench)).handle("u1", shows("old")))
    bench.clock.advance(timedelta(hours=2).total_seconds())
    await inbox(bench).handle("u2", shows("new"))
    assert bench.deliver.texts == ["new"]


async def test_an_older_edit_whose_screen_somebody_takes_meanwhile_is_looked_at_again(bench: Bench):
    bench.deliver.answers = deque([DeliveryResult(later=40.0)])
    await inbox(bench).handle("u1", shows("old"))
    record = await bench.record(Key("inbox", "u1"))
    bench.clock.advance(40)

    class Between(StoreWrapper):
        async def _around(self, call: str, about: Any, act: Callable[[], Awaitable[Any]]) -> Any:
            if call == "commit":
                await inbox(bench).handle("u2", shows("new"))
            return await act()

    try:
        reaches = bench.deliver.reaches
        await Outbox(Between(bench.store), bench.tasks, bench.deliver, reaches, bench.clock).claim(record)
    except Conflict:
        await bench.deliver_later()
        assert bench.deliver.texts == ["new"]
        return
    raise AssertionError("both had the message")
