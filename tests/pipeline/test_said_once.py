"""Of many who go on with a record's messages one sends; a Telegram that keeps silent hears a message twice at most."""

# ruff: noqa: ARG001 - the ports' signatures

from __future__ import annotations

import asyncio
from collections import deque
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest

from shared.pipeline import sending
from shared.pipeline.claims import PATIENT_SENDING, SENDING, SILENCE, SKEW, claim_until
from shared.pipeline.decision import CallData
from shared.pipeline.jobs import Job, JobState
from shared.pipeline.outbox import GRACE, Outbox
from shared.pipeline.outcomes import UnknownOutcome
from shared.pipeline.sending import Attachments, DeliveryResult
from shared.store.collections import SCREENS
from shared.store.port import Create, Key, Put
from tests.pipeline.bench import NOW, Bench, is_done, read, write
from tests.support.clock import run

KEY = Key("inbox", "7")
CLAIM = SENDING + SKEW


async def answered(bench: Bench, *, due_at: datetime = NOW) -> Job:
    """Leave a job as a worker does that died right before it said the answer."""
    job = replace(read("paid"), state=JobState.ANSWERED, outbox=({"text": "paid"},), sending=due_at)
    await bench.store.commit([Create(job.key, job.as_data(), due_at=due_at)])
    return job


async def left(bench: Bench, **data: Any) -> None:
    whole = {"permits": [], "outbox": [{"text": "one"}], "sent": 0, "tries": 1, **data}
    await bench.store.commit([Create(KEY, whole, NOW + timedelta(hours=48))])


@pytest.mark.parametrize("permits", [2, 10])
async def test_of_many_permits_that_find_an_unsaid_answer_one_has_it_said(bench: Bench, permits: int):
    job = await answered(bench)
    await asyncio.gather(*(bench.worker().serve() for _ in range(permits)))
    assert len(bench.queue.later) == 1
    await bench.deliver_later()
    assert bench.deliver.texts == ["paid"]
    assert is_done(await bench.job(job))


async def test_of_many_tasks_for_a_record_one_sends(bench: Bench):
    await left(bench)
    await asyncio.gather(*(bench.outbox().take_up(KEY) for _ in range(10)))
    assert bench.deliver.texts == ["one"]


async def test_who_comes_second_leaves_a_task_for_the_end_of_the_claim(bench: Bench):
    await left(bench, sending=NOW + timedelta(seconds=7))
    await bench.outbox().take_up(KEY)
    assert bench.deliver.texts == []
    assert bench.queue.later == [(KEY, NOW + timedelta(seconds=7))]
    bench.clock.advance(7)
    await bench.deliver_later()
    assert bench.deliver.texts == ["one"]


async def test_a_fresh_answer_is_claimed_by_its_own_commit(bench: Bench):
    await bench.enqueue(read("order"))

    async def meanwhile() -> None:
        await bench.worker().serve()
        bench.clock.advance(CLAIM - 1)
        await bench.worker().serve()
        assert bench.queue.later == []

    bench.deliver.during = meanwhile
    await bench.worker().serve()
    assert bench.deliver.texts == ["order: ok"]


async def test_a_job_is_not_done_anew_while_its_news_goes_out(bench: Bench):
    """Else the answer might arrive before «it takes longer», or the news go out with the answer once more."""
    job = write("pay")
    await bench.enqueue(job)
    bench.backend.will("pay", UnknownOutcome("TIMEOUT"))

    async def meanwhile() -> None:
        bench.clock.advance(CLAIM - 1)
        assert (await bench.worker().serve()).jobs == 0

    bench.deliver.during = meanwhile
    await bench.worker().serve()
    assert (await bench.worker().serve()).jobs == 1
    assert bench.deliver.texts == ["pay unsure: TIMEOUT", "pay: ok"]


async def test_the_news_of_a_job_is_left_to_who_does_it_just_now(bench: Bench):
    job = write("pay")
    await bench.enqueue(job)
    bench.backend.will("pay", UnknownOutcome("TIMEOUT"))
    bench.deliver.answers.append(DeliveryResult(later=1.0))
    await bench.worker().serve()
    bench.clock.advance(30)

    async def meanwhile() -> None:
        await bench.deliver_later()
        assert bench.deliver.texts == []

    bench.backend.during = meanwhile
    await bench.worker().serve()
    assert bench.deliver.texts == ["pay: ok"]


def silent(bench: Bench, silence: float) -> Outbox:
    """An outbox to a Telegram that takes everything and answers nothing before this many seconds have passed."""
    ends = bench.clock() + timedelta(seconds=silence)

    async def deliver(call: CallData, attachments: Attachments, seconds: float) -> DeliveryResult:
        bench.deliver.calls.append(call)
        answers_in = (ends - bench.clock()).total_seconds()
        bench.clock.advance(max(0.0, min(answers_in, seconds)))
        return DeliveryResult(2.0, unanswered=True) if answers_in > seconds else DeliveryResult()

    async def reaches(seconds: float) -> bool:
        answers_in = (ends - bench.clock()).total_seconds()
        bench.clock.advance(max(0.0, min(answers_in, seconds)))
        return answers_in <= seconds

    return Outbox(bench.store, bench.tasks, deliver, reaches, bench.clock)


async def go_on(bench: Bench, outbox: Outbox) -> int:
    """Do the tasks until there is none; return how many there were."""
    tasks = 0
    while bench.queue.later:
        key, at = bench.queue.later[0]
        bench.queue.tasks.pop(0)
        bench.clock.advance(max(0.0, (at - bench.clock()).total_seconds()))
        await outbox.take_up(key)
        tasks += 1
    return tasks


@pytest.mark.parametrize(("seconds", "copies"), [(5, 1), (30, 2), (60, 2), (75, 2), (100, 2), (2000, 2)])
async def test_a_telegram_that_keeps_silent_hears_it_twice_at_most(bench: Bench, seconds: float, copies: int):
    await left(bench)
    outbox = silent(bench, seconds)
    await outbox.take_up(KEY)
    await go_on(bench, outbox)
    assert bench.deliver.texts == ["one"] * copies
    assert (await bench.record(KEY)).data["outbox"] == []


async def test_after_a_death_in_the_silence_one_copy_goes_out_when_it_is_over(bench: Bench):
    await left(bench, sending=NOW)
    outbox = silent(bench, 45)
    await outbox.take_up(KEY)
    assert bench.deliver.texts == []
    assert (await bench.record(KEY)).data["unanswered"] == 1, "the next one knows of it"
    await go_on(bench, outbox)
    assert bench.deliver.texts == ["one"]


async def test_who_dies_asking_whether_telegram_answers_costs_no_copy_and_no_time(bench: Bench):
    await left(bench, unanswered=1)

    async def die(seconds: float) -> bool:
        raise asyncio.CancelledError

    with pytest.raises(asyncio.CancelledError):
        await Outbox(bench.store, bench.tasks, bench.deliver, die, bench.clock).take_up(KEY)
    await bench.outbox().take_up(KEY)
    assert (bench.deliver.texts, bench.deliver.asked) == (["one"], [SENDING])


async def test_what_did_not_arrive_for_sure_goes_on_without_a_question(bench: Bench):
    await left(bench)
    await bench.outbox().take_up(KEY)
    assert (bench.deliver.texts, bench.deliver.asked) == (["one"], [])


async def test_permits_are_made_whether_telegram_answers_or_not(bench: Bench):
    await left(bench, permits=[NOW], sending=NOW)
    bench.deliver.reached = False
    await bench.outbox().take_up(KEY)
    assert (bench.queue.permits, bench.deliver.texts) == ([NOW], [])
    assert (await bench.record(KEY)).data["permits"] == []


async def test_permits_that_a_dead_one_left_ask_telegram_nothing(bench: Bench):
    await left(bench, outbox=[], permits=[NOW], sending=NOW)
    await bench.outbox().take_up(KEY)
    assert (bench.queue.permits, bench.deliver.asked) == ([NOW], [])


async def test_one_that_kept_silent_twice_is_left_alone_for_a_minute(bench: Bench):
    await left(bench, unanswered=1)
    bench.deliver.answers.append(DeliveryResult(2.0, unanswered=True))
    await bench.outbox().take_up(KEY)
    [(_, at)] = bench.queue.later
    assert at - bench.clock() == timedelta(seconds=SILENCE)
    assert (await bench.record(KEY)).data["unanswered"] == 2


async def test_who_waits_longer_has_claimed_it_for_longer(bench: Bench):
    await left(bench, unanswered=1)

    async def during() -> None:
        assert (await bench.record(KEY)).data["sending"] == claim_until(NOW, patient=True)

    bench.deliver.during = during
    await bench.outbox().take_up(KEY)
    assert claim_until(NOW, patient=True) - NOW == timedelta(seconds=PATIENT_SENDING + SKEW)
    assert bench.deliver.texts == ["one"]


async def test_a_message_that_hangs_is_cut_off_before_the_claim_ends(bench: Bench, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(sending, "SENDING", 0.01)
    await left(bench)

    async def hang() -> None:
        await asyncio.Event().wait()

    bench.deliver.during = hang
    await bench.outbox().take_up(KEY)
    assert (await bench.record(KEY)).data["unanswered"] == 1
    assert len(bench.queue.later) == 1


async def test_messages_that_time_is_short_for_go_on_in_a_task(bench: Bench, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(sending, "LAST_BEGINNING", -1.0)
    await left(bench, outbox=[{"text": "one"}, {"text": "two"}])
    await bench.outbox().take_up(KEY)
    assert bench.deliver.texts == ["one"]
    assert bench.queue.later == [(KEY, NOW)]
    await bench.deliver_later()
    assert bench.deliver.texts == ["one", "two"]


async def test_a_record_that_is_never_left_alone_has_a_task_look_again(bench: Bench, monkeypatch: pytest.MonkeyPatch):
    from shared.store.port import Conflict  # noqa: PLC0415

    async def lost(record: object) -> None:
        raise Conflict("somebody was faster")

    await left(bench)
    outbox = bench.outbox()
    monkeypatch.setattr(outbox, "claim", lost)
    await outbox.take_up(KEY)
    assert bench.queue.later == [(KEY, claim_until(NOW))]


async def test_permits_that_were_left_are_made_once_by_many_permits(bench: Bench):
    job = replace(read("order"), state=JobState.ANSWERED, permits=(NOW,))
    await bench.store.commit([Create(job.key, job.as_data(), due_at=NOW)])
    await asyncio.gather(*(bench.worker().serve() for _ in range(5)))
    assert bench.queue.permits == [NOW]
    assert is_done(await bench.job(job))


async def test_an_answer_that_was_handed_over_is_looked_at_again_should_the_task_be_lost(bench: Bench):
    job = await answered(bench)
    await bench.worker().serve()
    bench.queue.tasks.clear()
    assert (await bench.record(job.key)).due_at == NOW + GRACE
    bench.clock.advance(GRACE.total_seconds())
    await bench.worker().serve()
    await bench.deliver_later()
    assert bench.deliver.texts == ["paid"]


async def silent_once(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> Outbox:
    """An instance whose Telegram has kept silent over a message of somebody else's."""
    monkeypatch.setattr(sending, "SOON", -1.0)
    await left(bench)
    await bench.store.commit([Create(Key("inbox", "8"), (await bench.record(KEY)).data, NOW + timedelta(hours=48))])
    outbox = bench.outbox()
    bench.deliver.answers.append(DeliveryResult(2.0, unanswered=True))
    await outbox.take_up(Key("inbox", "8"))
    assert (bench.deliver.texts, bench.deliver.asked) == ([], [])
    return outbox


async def test_while_telegram_keeps_silent_nothing_new_goes_out(bench: Bench, monkeypatch: pytest.MonkeyPatch):
    """It would arrive, and go out once more when the silence is over."""
    outbox = await silent_once(bench, monkeypatch)
    bench.deliver.reached = False
    await outbox.take_up(KEY)
    assert (bench.deliver.texts, len(bench.deliver.asked)) == ([], 1)
    assert (await bench.record(KEY)).data["unanswered"] == 0, "it did not go out"
    assert [at for key, at in bench.queue.later if key == KEY] == [NOW + timedelta(seconds=2)]
    bench.deliver.reached = True
    await outbox.take_up(KEY)
    assert bench.deliver.texts == ["one"]


async def test_once_telegram_has_answered_it_is_not_asked_any_more(bench: Bench, monkeypatch: pytest.MonkeyPatch):
    outbox = await silent_once(bench, monkeypatch)
    await outbox.take_up(KEY)
    await left_again(bench)
    await outbox.take_up(KEY)
    assert (bench.deliver.texts, len(bench.deliver.asked)) == (["one", "two"], 1)


async def left_again(bench: Bench) -> None:
    record = await bench.record(KEY)
    data = {**record.data, "outbox": [{"text": "two"}]}
    await bench.store.commit([Put(KEY, data, record.version, record.expires_at)])


async def test_a_message_waits_for_no_question_while_another_is_just_on_its_way(bench: Bench):
    await left(bench)

    async def meanwhile() -> None:
        await left_beside(bench)

    bench.deliver.during = meanwhile
    await bench.outbox().take_up(KEY)
    assert (sorted(bench.deliver.texts), bench.deliver.asked) == (["one", "two"], [])


async def left_beside(bench: Bench) -> None:
    data = {"permits": [], "outbox": [{"text": "two"}], "sent": 0, "tries": 1}
    await bench.store.commit([Create(Key("inbox", "8"), data, NOW + timedelta(hours=48))])
    await bench.outbox().take_up(Key("inbox", "8"))


async def batch(lasts: float, *, answers: bool) -> tuple[list[float], list[int]]:
    """Have five records said at once by one instance.

    Return when each message went out, and how often each record's had no answer.
    """
    bench, clock = Bench(), asyncio.get_running_loop().time
    keys = [Key("inbox", str(number)) for number in range(5)]
    data = {"permits": [], "outbox": [{"text": "one"}], "sent": 0, "tries": 0}
    await bench.store.commit([Create(key, data, NOW + timedelta(hours=48)) for key in keys])
    out: list[float] = []

    async def deliver(call: CallData, attachments: Attachments, seconds: float) -> DeliveryResult:
        out.append(clock())
        await asyncio.sleep(lasts)
        return DeliveryResult() if answers else DeliveryResult(0.0, unanswered=True)

    async def reaches(seconds: float) -> bool:
        await asyncio.sleep(0.1 if answers else seconds)
        return answers

    outbox = Outbox(bench.store, bench.tasks, deliver, reaches, bench.clock)
    await asyncio.gather(*(outbox.take_up(key) for key in keys))
    return out, sorted([(await bench.record(key)).data.get("unanswered", 0) for key in keys])


def test_of_a_batch_one_message_goes_out_into_a_silence():
    """The others would each arrive twice."""
    out, unanswered = run(batch(5.0, answers=False))
    assert len(out) == 1
    assert unanswered == [0, 0, 0, 0, 1]


def test_a_batch_waits_for_its_first_message_only():
    out, _ = run(batch(0.2, answers=True))
    assert out[0] == 0.0
    assert all(0.2 <= at <= 0.3 for at in out[1:])


def test_a_batch_waits_for_no_slow_message():
    """Telegram answers the question, and the slow one goes on beside the others."""
    out, unanswered = run(batch(3.0, answers=True))
    assert all(2.1 <= at <= 2.2 for at in out[1:])
    assert unanswered == [0] * 5


async def test_of_a_silent_telegram_news_of_a_job_that_goes_on_is_not_waited_for(bench: Bench):
    job = replace(write("pay"), outbox=({"text": "unsure"},), unanswered=1, tries=1)
    await bench.store.commit([Create(job.key, job.as_data(), due_at=NOW)])
    bench.deliver.answers = deque([DeliveryResult(2.0, unanswered=True)])
    await bench.outbox().take_up(job.key)
    assert (await bench.record(job.key)).due_at == NOW


@pytest.mark.parametrize("left", [{"unanswered": 1, "tries": 1}, {"sending": NOW}], ids=["no answer", "sender died"])
async def test_news_in_doubt_that_the_next_try_takes_along_stays_in_doubt(bench: Bench, left: dict[str, Any]):
    job = replace(write("pay"), outbox=({"text": "unsure"},), **left)
    await bench.store.commit([Create(job.key, job.as_data(), due_at=NOW)])
    bench.backend.will("pay", UnknownOutcome("TIMEOUT"))
    bench.deliver.reached = False
    await bench.worker().serve()
    assert (bench.deliver.texts, len(bench.deliver.asked)) == ([], 1), "Telegram is asked first"
    assert (await bench.record(job.key)).data["unanswered"] == 1
    assert len(bench.queue.permits) == 1, "the next try does not wait for Telegram"


async def test_fresh_news_behind_what_was_replaced_is_in_no_doubt(bench: Bench):
    job = replace(write("pay"), outbox=({"text": "old", "screen": "7_1", "turn": 1},), unanswered=1, tries=1)
    screen = {"turn": 2, "whole": 2, "owner": "jobs/other", "open": False}
    await bench.store.commit(
        [Create(job.key, job.as_data(), due_at=NOW), Create(SCREENS.key("7_1"), screen, NOW + timedelta(hours=72))]
    )
    bench.backend.will("pay", UnknownOutcome("TIMEOUT"))
    await bench.worker().serve()
    assert (bench.deliver.texts, bench.deliver.asked) == (["pay unsure: TIMEOUT"], [])
