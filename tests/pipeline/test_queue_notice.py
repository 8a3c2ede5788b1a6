"""Who waits long is told once, and what he was told does not outlive the wait."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from functools import partial

import pytest

from shared.pipeline.decision import CallData
from shared.pipeline.jobs import Job, Lane
from shared.pipeline.outcomes import Postponed, TransientFailure, UnknownOutcome
from shared.pipeline.queue_notice import LONG, MOST_TOLD, SILENT, Notifier, QueueNotifier, WaitCause, long_waits
from shared.pipeline.retry import JITTER, WRITE_RETRIES
from shared.pipeline.select import Load
from shared.store.port import Create, Key, Put, Record, Unavailable, Version, Write
from tests.pipeline.bench import NOW, Bench, file, is_done, read, write
from tests.pipeline.test_worker_races import Faster
from tests.support.clock import run

BATCH = 50
ASKER = 42
AHEAD = 14
"""Writes before the one who waits: seven seconds."""


@dataclass
class FakeNotifier:
    """Notes what it says. `during` happens while the first message is on its way."""

    told: list[tuple[int, float]] = field(default_factory=list)
    causes: list[WaitCause] = field(default_factory=list)
    withdrawn: list[CallData] = field(default_factory=list)
    arrives: bool = True
    during: Callable[[], Awaitable[object]] | None = None

    async def tell(self, asker: int, wait: timedelta, cause: WaitCause) -> CallData | None:
        self.causes.append(cause)
        self.told.append((asker, wait.total_seconds()))
        if self.during is not None:
            during, self.during = self.during, None
            await during()
        return {"text": f"withdraw {len(self.told)}"} if self.arrives else None

    async def withdraw(self, notice: CallData) -> None:
        self.withdrawn.append(notice)


@pytest.fixture
def notifier() -> FakeNotifier:
    return FakeNotifier()


def _queue_notifier(bench: Bench, notifier: Notifier) -> QueueNotifier:
    return QueueNotifier(bench.store, bench.clock, notifier)


def _left(*jobs: Job) -> list[tuple[Record, Job]]:
    return [(Record(job.key, job.as_data(), Version("1"), due_at=NOW), job) for job in jobs]


def _long_waits(*jobs: Job, batch: int = BATCH, per_second: float = 2.0) -> list[tuple[str, float]]:
    waiting = long_waits(_left(*jobs), lambda job: Load(job.payload.get("weight", 1)), batch, per_second)
    return [(one.job.payload["want"], one.wait.total_seconds()) for one in waiting]


def _writes(count: int) -> list[Job]:
    return [write(f"w{number}") for number in range(count)]


def _asked(name: str, asker: int = ASKER, **more: int) -> Job:
    return read(name, chat_id=asker, **more)


async def _queue(bench: Bench, *jobs: Job, ahead: int = AHEAD) -> None:
    """Have the jobs wanted behind so many writes."""
    await bench.enqueue(*_writes(ahead), due_at=NOW - timedelta(seconds=1))
    await bench.enqueue(*jobs)


@dataclass
class TimedNotifier(FakeNotifier):
    """Keeps until when each was told to wait, in the steps of five seconds that a message has."""

    now: Callable[[], datetime] = field(kw_only=True)
    until: dict[int, datetime] = field(default_factory=dict)

    async def tell(self, asker: int, wait: timedelta, cause: WaitCause) -> CallData | None:
        self.until[asker] = self.now() + timedelta(seconds=-(-wait.total_seconds() // 5) * 5)
        return await super().tell(asker, wait, cause)


@pytest.mark.parametrize("seed", range(5))
async def test_the_time_told_is_kept_in_nine_of_ten_cases(bench: Bench, seed: int):
    """Seventy masters within five seconds, many of whom order, at two permits a second."""
    dice = random.Random(seed)  # noqa: S311 - a fair mix, not a secret
    notifier = TimedNotifier(now=bench.clock)
    worker = bench.worker(notifier=_queue_notifier(bench, notifier))
    joining = {asker: dice.uniform(0, 5) for asker in range(70)}
    served: dict[str, datetime] = {}
    while len(served) < len(joining):
        seconds = (bench.clock() - NOW).total_seconds()
        for asker in [one for one, at in joining.items() if seconds - 0.5 < at <= seconds]:
            lane = write if dice.random() < 0.6 else partial(read, weight=dice.randint(2, 25))
            await bench.enqueue(lane(f"{asker}", chat_id=asker))
        seen = len(bench.backend.requests)
        await worker.serve()
        for request in bench.backend.requests[seen:]:
            served |= dict.fromkeys(request.wants, bench.clock())
        bench.clock.advance(0.5)
    kept = [served[f"{asker}"] <= until for asker, until in notifier.until.items()]
    assert len(kept) >= 10, "nobody had to wait"
    assert sum(kept) >= 0.9 * len(kept)


# Who waits long.


def test_behind_a_few_nobody_waits_long():
    assert _long_waits() == []
    assert _long_waits(*_writes(8), _asked("r")) == []
    assert _long_waits(*_writes(9), _asked("r")) == [("r", LONG.total_seconds())]


def test_what_shares_a_request_shares_the_wait():
    reads = [_asked(f"r{number}", number) for number in range(40)]
    assert _long_waits(*reads) == []
    assert _long_waits(*_writes(12), *reads[:2]) == [("r0", 6.5), ("r1", 6.5)]
    assert _long_waits(*reads[:1], *_writes(12), reads[1]) == [], "the first request takes both"
    assert _long_waits(*(_asked(f"r{number}", number, weight=40) for number in range(11))) == [("r9", 5), ("r10", 5.5)]
    assert [wait for _, wait in _long_waits(*reads, batch=4)] == [5] * 4


def test_a_faster_queue_is_a_shorter_one():
    assert _long_waits(*_writes(24), _asked("r"), per_second=5.0) == [("r", 5)]


def test_files_and_writes_of_masters_wait_too():
    jobs = [*_writes(9), write("order", chat_id=1), file("photo", chat_id=2)]
    assert _long_waits(*jobs) == [("order", 5), ("photo", 5.5)]


def test_behind_his_own_requests_nobody_is_in_a_crowd():
    own = [write(f"photo{number}", chat_id=ASKER) for number in range(30)]
    assert _long_waits(*own) == []
    assert _long_waits(*_writes(10), *own) == [("photo0", 5.5)]


def test_who_was_told_is_not_told_again():
    assert _long_waits(*_writes(12), replace(_asked("first"), told="t1"), _asked("second")) == []


def test_what_nobody_waits_for_tells_nobody():
    assert _long_waits(*_writes(30)) == []


def test_a_permit_tells_a_few_only():
    assert len(_long_waits(*_writes(10), *(write(f"o{number}", chat_id=number) for number in range(30)))) == MOST_TOLD


# What he is told, and what becomes of it.


async def test_he_is_told_once_however_many_permits_come(bench: Bench, notifier: FakeNotifier):
    job = _asked("r")
    await _queue(bench, job)
    worker = bench.worker(notifier=_queue_notifier(bench, notifier))
    await asyncio.gather(*(worker.serve() for _ in range(3)))
    await worker.serve()
    assert [asker for asker, _ in notifier.told] == [ASKER]
    assert 6 <= notifier.told[0][1] <= 7
    assert (await bench.job(job)).notice == {"text": "withdraw 1"}
    assert notifier.withdrawn == []


async def test_the_answer_withdraws_it(bench: Bench, notifier: FakeNotifier):
    job = _asked("r")
    await _queue(bench, job)
    worker = bench.worker(notifier=_queue_notifier(bench, notifier))
    while not is_done(await bench.job(job)):
        await worker.serve()
    assert bench.deliver.texts[-2:] == ["withdraw 1", "r: ok"]
    done = await bench.job(job)
    assert (done.told, done.told_until, done.notice) == ("", None, None)


async def test_a_short_queue_costs_nothing(bench: Bench, notifier: FakeNotifier):
    await bench.enqueue(*_writes(3), _asked("r"))
    worker = bench.worker(notifier=_queue_notifier(bench, notifier))
    for _ in range(4):
        await worker.serve()
    assert notifier.told == []


async def _told(bench: Bench, notifier: FakeNotifier, job: Job) -> None:
    """Have the job waiting alone, its asker told."""
    await _queue(bench, job)
    await bench.worker(notifier=_queue_notifier(bench, notifier)).serve()
    assert notifier.told
    while len(await bench.open_jobs()) > 1:
        await bench.worker().serve()


@pytest.mark.parametrize(("asker", "said"), [(ASKER, False), (43, True)])
async def test_the_next_job_on_the_way_takes_it_along_if_it_is_his(
    bench: Bench, notifier: FakeNotifier, asker: int, said: bool
):
    job = read("names", chat_id=ASKER, then="prices", to={"chat_id": asker})
    await _told(bench, notifier, job)
    await bench.worker().serve()
    assert ("withdraw 1" in bench.deliver.texts) is said
    (following,) = await bench.open_jobs()
    assert (following.told != "", following.notice is not None) == (not said, not said)
    await bench.worker().serve()
    assert bench.deliver.texts.count("withdraw 1") == 1


async def test_a_read_that_is_tried_again_keeps_it(bench: Bench, notifier: FakeNotifier):
    job = _asked("r")
    bench.backend.will("r", TransientFailure("TIMEOUT"))
    await _told(bench, notifier, job)
    await bench.worker().serve()
    assert (await bench.job(job)).notice is not None
    bench.clock.advance(2)
    await bench.worker().serve()
    assert bench.deliver.texts[-2:] == ["withdraw 1", "r: ok"]


async def test_news_of_a_write_in_doubt_withdraw_it(bench: Bench, notifier: FakeNotifier):
    job = write("order", chat_id=ASKER)
    bench.backend.will("order", UnknownOutcome("TIMEOUT"))
    await _told(bench, notifier, job)
    await bench.worker().serve()
    assert bench.deliver.texts[-2:] == ["withdraw 1", "order unsure: TIMEOUT"]
    bench.clock.advance(120)
    await bench.worker().serve()
    assert bench.deliver.texts[-2:] == ["withdraw 1", "order: ok"], "once more, for the first may not have gone out"


async def test_an_answer_faster_than_the_message_has_it_withdrawn_at_once(bench: Bench, notifier: FakeNotifier):
    job = _asked("r")

    async def catch_up() -> None:
        while not is_done(await bench.job(job)):
            await bench.worker().serve()

    notifier.during = catch_up
    await _queue(bench, job)
    await bench.worker(notifier=_queue_notifier(bench, notifier)).serve()
    assert notifier.withdrawn == [{"text": "withdraw 1"}]
    assert "withdraw 1" not in bench.deliver.texts


async def test_a_message_that_did_not_arrive_is_not_repeated(bench: Bench, notifier: FakeNotifier):
    job = _asked("r")
    notifier.arrives = False
    await _queue(bench, job)
    worker = bench.worker(notifier=_queue_notifier(bench, notifier))
    while not is_done(await bench.job(job)):
        await worker.serve()
    assert (len(notifier.told), notifier.withdrawn) == (1, [])


async def test_a_job_somebody_took_meanwhile_is_not_told_of(bench: Bench, notifier: FakeNotifier):
    job = _asked("r")
    await _queue(bench, job, ahead=0)
    record = await bench.record(job.key)
    (waiting,) = long_waits([*_left(*_writes(AHEAD)), (record, job)], lambda _: Load(1), BATCH, 2.0)
    await bench.worker().serve()
    await _queue_notifier(bench, notifier).tell([waiting])
    assert notifier.told == []


class Away(Faster):
    """A store that is away for commits that mark or note, as `fails` says of the written data."""

    fails: Callable[[dict[str, object]], bool]

    async def commit(self, writes: Sequence[Write]) -> dict[Key, Version]:
        for one in writes:
            if isinstance(one, Create | Put) and self.fails(dict(one.data)):
                raise Unavailable("away")
        return await super().commit(writes)


@pytest.mark.parametrize(("field_", "told"), [("told", 0), ("notice", 1)])
async def test_a_store_that_is_away_costs_the_notice_and_not_the_answer(
    bench: Bench, notifier: FakeNotifier, field_: str, told: int
):
    job = _asked("r")
    await _queue(bench, job)

    async def nothing() -> None: ...

    store = Away(bench, nothing)
    store.fails = lambda data: bool(data.get(field_))
    await bench.worker(notifier=QueueNotifier(store, bench.clock, notifier)).serve()
    assert (len(notifier.told), len(notifier.withdrawn)) == (told, told)
    while not is_done(await bench.job(job)):
        await bench.worker().serve()
    assert bench.deliver.texts[-1] == "r: ok"


async def test_a_record_of_older_code_is_readable():
    data = {name: value for name, value in read("r").as_data().items() if name not in {"told", "notice"}}
    assert (Job.from_data(data).told, Job.from_data(data).notice) == ("", None)
    assert Job.from_data(data).asker is None
    assert Job.from_data(file("f", chat_id=7).as_data()).asker == 7
    assert Job.from_data(data).lane is Lane.READ


# Waiting for the portal.


async def test_who_waits_for_a_resting_method_is_told_at_once_and_once(bench: Bench, notifier: FakeNotifier):
    job = _asked("r")
    bench.backend.will("r", Postponed(NOW + timedelta(minutes=10)), Postponed(NOW + timedelta(seconds=604)))
    await bench.enqueue(job)
    worker = bench.worker(notifier=_queue_notifier(bench, notifier))
    await worker.serve()
    (told,) = notifier.told
    assert (told[0], round(told[1])) == (ASKER, 600)
    assert notifier.causes == [WaitCause.PORTAL]
    bench.clock.advance(seconds=601)
    await worker.serve()
    assert len(notifier.told) == 1
    bench.clock.advance(seconds=120)
    await worker.serve()
    assert bench.deliver.texts == ["withdraw 1", "r: ok"]


async def test_a_wait_that_became_longer_than_he_was_told_is_told_in_the_place_of_the_first(
    bench: Bench, notifier: FakeNotifier
):
    job = _asked("r")
    bench.backend.will("r", Postponed(NOW + timedelta(minutes=10)), Postponed(NOW + timedelta(minutes=20)))
    await bench.enqueue(job)
    worker = bench.worker(notifier=_queue_notifier(bench, notifier))
    await worker.serve()
    bench.clock.advance(seconds=601)
    await worker.serve()
    assert [round(seconds) for _, seconds in notifier.told] == [600, 599]
    assert notifier.withdrawn == [{"text": "withdraw 1"}]
    assert (await bench.job(job)).notice == {"text": "withdraw 2"}
    bench.clock.advance(seconds=601)
    await worker.serve()
    assert bench.deliver.texts == ["withdraw 2", "r: ok"]


async def test_a_short_queue_that_turns_out_a_resting_method_is_told_of_again(bench: Bench, notifier: FakeNotifier):
    """What he was told goes along with the next job on the way."""
    bench.backend.will("prices", Postponed(NOW + timedelta(minutes=10)))
    await _told(bench, notifier, read("names", chat_id=ASKER, then="prices", to={"chat_id": ASKER}))
    worker = bench.worker(notifier=_queue_notifier(bench, notifier))
    await worker.serve()
    await worker.serve()
    assert notifier.causes == [WaitCause.QUEUE, WaitCause.PORTAL]
    assert notifier.withdrawn == [{"text": "withdraw 1"}]


async def test_an_answer_on_its_way_is_not_deleted_with_the_first_notice(bench: Bench, notifier: FakeNotifier):
    """The answer is written over a notice it knows of: who takes one away takes it out of the job first."""
    job = _asked("r")
    bench.backend.will("r", Postponed(NOW + timedelta(minutes=10)), Postponed(NOW + timedelta(minutes=20)))
    await bench.enqueue(job)
    worker = bench.worker(notifier=_queue_notifier(bench, notifier))
    await worker.serve()
    bench.clock.advance(seconds=601)

    async def looks() -> None:
        assert (await bench.job(job)).notice is None
        assert notifier.withdrawn == [{"text": "withdraw 1"}]

    notifier.during = looks
    await worker.serve()
    assert len(notifier.told) == 2


async def test_who_was_told_by_the_version_before_is_told_of_a_longer_wait(bench: Bench, notifier: FakeNotifier):
    data = {name: value for name, value in _asked("r").as_data().items() if name != "told_until"} | {"told": "t1"}
    bench.backend.will("r", Postponed(NOW + timedelta(minutes=10)))
    await bench.enqueue(Job.from_data(data))
    await bench.worker(notifier=_queue_notifier(bench, notifier)).serve()
    assert len(notifier.told) == 1


async def test_who_waits_for_a_slow_portal_is_told_after_its_first_silence(bench: Bench, notifier: FakeNotifier):
    async def silent() -> None:
        bench.clock.advance(seconds=3)

    bench.backend.will("r", TransientFailure("timeout"))
    bench.backend.during = silent
    await bench.enqueue(_asked("r"))
    await bench.worker(notifier=_queue_notifier(bench, notifier)).serve()
    [(_, seconds)] = notifier.told
    assert 6 <= seconds <= 7, "two tries are left"


def test_who_waits_for_a_silent_request_is_told_while_it_is_under_way(notifier: FakeNotifier):
    """On a loop that skips: a write may take a minute."""

    async def story() -> None:
        bench, job = Bench(), write("w", chat_id=ASKER)

        async def silent() -> None:
            await asyncio.sleep(SILENT.total_seconds() - 1)
            assert notifier.told == []
            await asyncio.sleep(30)
            assert (await bench.job(job)).notice == {"text": "withdraw 1"}

        bench.backend.during = silent
        await bench.enqueue(job)
        await bench.worker(notifier=_queue_notifier(bench, notifier)).serve()
        assert bench.deliver.texts == ["withdraw 1", "w: ok"]

    run(story())
    assert (notifier.told, notifier.causes) == ([(ASKER, 71)], [WaitCause.PORTAL])


def test_a_notice_on_its_way_is_noted_before_the_answer(notifier: FakeNotifier):
    async def story() -> None:
        bench, job = Bench(), write("w", chat_id=ASKER)
        bench.backend.during = lambda: asyncio.sleep(SILENT.total_seconds() + 1)
        notifier.during = lambda: asyncio.sleep(10)
        await bench.enqueue(job)
        await bench.worker(notifier=_queue_notifier(bench, notifier)).serve()
        assert bench.deliver.texts == ["withdraw 1", "w: ok"]

    run(story())


def test_who_waits_for_several_things_at_once_is_told_once(notifier: FakeNotifier):
    """The photos of a return, say; a longer wait is news, and so is the next one."""

    async def story() -> None:
        bench = Bench()
        worker = bench.worker(notifier=_queue_notifier(bench, notifier))

        async def serves() -> None:
            bench.backend.during = partial(asyncio.sleep, 30)
            await worker.serve()

        async def both() -> None:
            await asyncio.gather(serves(), asyncio.sleep(30))

        await bench.enqueue(*(write(f"photo {number}", chat_id=ASKER) for number in (1, 2)))
        bench.backend.during = both
        await worker.serve()
        assert [seconds for _, seconds in notifier.told] == [71]
        for name in ("later", "rests"):
            await bench.enqueue(write(name, chat_id=ASKER))
        bench.backend.will("rests", Postponed(NOW + timedelta(minutes=10)))
        bench.backend.during = both
        await worker.serve()
        assert [round(seconds) for _, seconds in notifier.told] == [71, 71, 600]

    run(story())


async def test_who_was_told_by_the_jobs_own_words_is_not_told_by_these_too(bench: Bench, notifier: FakeNotifier):
    job = write("w", chat_id=ASKER)
    bench.backend.will("w", *[TransientFailure("refused")] * 7)
    await bench.enqueue(job)
    worker = bench.worker(notifier=_queue_notifier(bench, notifier))
    for pause in (*WRITE_RETRIES, timedelta()):
        await worker.serve()
        bench.clock.advance(pause.total_seconds() * (1 + JITTER))
    assert notifier.told == []
    assert bench.deliver.texts == ["w takes longer", "w: ok"]


@pytest.mark.parametrize(
    ("job", "outcome"),
    [
        (_asked("r"), Postponed(NOW + timedelta(seconds=1))),
        (_asked("r"), TransientFailure("refused at once")),
        (read("r"), Postponed(NOW + timedelta(minutes=10))),
        (write("r", chat_id=ASKER), UnknownOutcome("timeout")),
    ],
)
async def test_a_short_wait_one_that_nobody_waits_and_one_that_is_told_of_have_no_notice(
    bench: Bench, notifier: FakeNotifier, job: Job, outcome: Postponed | TransientFailure | UnknownOutcome
):
    bench.backend.will("r", outcome)
    await bench.enqueue(job)
    await bench.worker(notifier=_queue_notifier(bench, notifier)).serve()
    assert notifier.told == []
