"""The one commit that follows a job's answer: what it means for the job, for the master and for what comes next."""

from __future__ import annotations

import logging
import uuid
from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import datetime

from shared.clock import Now
from shared.log_events import LogEvent, log_event
from shared.pipeline.answer_time import answers
from shared.pipeline.claims import claim_until, may_have_arrived
from shared.pipeline.dead_letters import keep
from shared.pipeline.decision import Decision, Notice
from shared.pipeline.jobs import Job, JobState, Lane, unsent
from shared.pipeline.outcomes import Outcome, Refusal, UnknownOutcome
from shared.pipeline.payloads import screen_of
from shared.pipeline.registry import JobHandler
from shared.pipeline.retry import RetryPlan, all_tries, judge
from shared.pipeline.screens import still_to_say, take_turns
from shared.store.collections import JOBS, SCREENS
from shared.store.port import Key, Record, Store, StoreError
from shared.store.unit_of_work import UnitOfWork, decide

log = logging.getLogger(__name__)

BUG = Refusal("BUG", operators=True)

Follow = Callable[[Job, Decision], Awaitable[None]]


async def commit_result(
    store: Store, now: Now, kind: JobHandler, job: Job, outcome: Outcome, dice: float, leased: Record | None = None
) -> Record | None:
    """Commit what follows and return the job's new record; None = it is not ours any more (its lease had ended).

    Called once more after a lost answer it returns the record that the first call wrote. `leased` is the job as its
    worker wrote it, which need not be read again.

    A bug in the handler's decision goes to the dead letters, and whoever waits is told as after a refusal; no other job
    is held up.
    """

    async def follow(current: Job, decision: Decision) -> None:
        await _follow(kind, current, outcome, dice, decision)

    try:
        return await _commit(store, now, job, follow, leased)
    except StoreError:
        raise
    except Exception as error:  # noqa: BLE001 - whatever a kind does wrong, its neighbours in the batch go on
        bug = error

    async def apologise(current: Job, decision: Decision) -> None:
        await _apologise(kind, current, bug, decision)

    return await _commit(store, now, job, apologise)


async def put_back(store: Store, now: Now, job: Job) -> None:
    """Give a leased job back as it was, due at once: nothing was asked. Raises `StoreError`.

    It gets no permit: the one it was taken by is not spent and comes again.
    """

    async def free(current: Job, decision: Decision) -> None:
        free = replace(current, lease="", answered_by=job.answered_by)
        decision.unit.put(job.key, free.as_data(), due_at=decision.now)

    await _commit(store, now, job, free)


async def _commit(store: Store, now: Now, job: Job, follow: Follow, leased: Record | None = None) -> Record | None:
    async def one_turn(unit: UnitOfWork) -> bool:
        data = (await unit.get_many([job.key, *_answered_in(job)])).get(job.key)
        if data is None or data["lease"] != job.lease or data["state"] != JobState.PENDING:
            return False
        current = replace(Job.from_data(data), answered_by=job.lease)
        await follow(current, Decision(unit, _notice(current)))
        return True

    ours, unit = await decide(store, now, one_turn, known=[] if leased is None else [leased])
    return unit.committed(job.key) if ours else await _written_before(store, job)


async def _written_before(store: Store, job: Job) -> Record | None:
    """Return the record as this worker wrote it by a commit whose answer was lost; None when another had the job."""
    record = await store.get(job.key)
    if record is not None and record.data.get("answered_by") == job.lease and not record.data["lease"]:
        return record
    log_event(log, logging.INFO, LogEvent.LEASE_LOST, "lease was over")
    return None


def _answered_in(job: Job) -> list[Key]:
    """Return the record of the message that the answer changes, which is read with the job in one round trip."""
    name = screen_of(job.payload)
    return [] if name is None else [SCREENS.key(name)]


def _notice(job: Job) -> Notice | None:
    if job.asker is None or job.notice is None:
        return None
    return Notice(job.asker, job.told, job.told_until, job.notice)


async def _follow(kind: JobHandler, job: Job, outcome: Outcome, dice: float, decision: Decision) -> None:
    verdict = judge(job, outcome, decision.now, dice)
    if isinstance(verdict, RetryPlan):
        await _again(kind, verdict, outcome, decision)
        return
    refusal = verdict if isinstance(verdict, Refusal) else await kind.done(job, verdict.value, decision)
    if refusal is not None:
        await kind.failed(job, refusal, decision)
    await _close(replace(job, refused=refusal is not None), decision)


async def _again(kind: JobHandler, again: RetryPlan, outcome: Outcome, decision: Decision) -> None:
    job = again.job
    if again.first_doubt and isinstance(outcome, UnknownOutcome):
        await kind.unsure(job, outcome, decision)
    if again.first_delay:
        await kind.delayed(job, decision)
    if decision.calls:
        # He is told something newer than that he is in a queue. The job keeps the notice: this may never go out.
        decision.withdraw_notice()
        job = replace(job, told=uuid.uuid4().hex, told_until=again.at + all_tries(job))
    log_event(
        log, logging.INFO, LogEvent.RETRY, "again", kind=job.kind, attempts=job.attempts, outcome=type(outcome).__name__
    )
    await _write(job, JobState.PENDING, decision, due_at=again.at, permits=[*decision.permits, again.at])


async def _apologise(kind: JobHandler, job: Job, bug: Exception, decision: Decision) -> None:
    await keep(decision.unit, f"job:{job.id}", {"kind": job.kind, "payload": job.payload}, bug)
    try:
        # A write was answered before the bug: the portal may hold something of it.
        await kind.failed(job, replace(BUG, unsure=job.lane is Lane.WRITE), decision)
    except StoreError:
        raise
    except Exception:  # noqa: BLE001 - logged, and the job is closed all the same
        log_event(log, logging.ERROR, LogEvent.BUG, "no apology", exc_info=True, kind=job.kind)
    await _close(replace(job, refused=True), decision)


async def _close(job: Job, decision: Decision) -> None:
    """Leave the job answered, or done when nobody is to be told, or pending when it was wanted again meanwhile.

    With messages to send it is answered first even so: a new run beside the sending would say them twice. A notice of
    doubt or delay that did not go out goes no more: it is not so any longer, and a job that comes of this one might
    have given its answer by then, whose place on the screen the notice would take.
    """
    decision.withdraw_notice()
    free = replace(job, lease="", attempts=0, renewals=0, doubt=False, outbox=(), sent=0)
    free = replace(free, told="", told_until=None, notice=None)
    if job.asked_at is not None and not answers([*unsent(job), *decision.calls]):
        decision.hand_on(job.asked_at)
        free = replace(free, asked_at=None)
    if decision.permits and not decision.calls and not job.again and max(decision.permits) <= decision.now:
        # Nobody is to be told, and what follows is due: whoever comes next does it, should its permit be lost. So
        # nobody notes that it was made.
        await _write(free, JobState.DONE, decision, due_at=None, permits=decision.permits)
    elif decision.permits or decision.calls:
        await _write(free, JobState.ANSWERED, decision, due_at=claim_until(decision.now), permits=decision.permits)
    elif job.again:
        await _write(
            replace(free, again=False), JobState.PENDING, decision, due_at=decision.now, permits=[decision.now]
        )
    else:
        await _write(free, JobState.DONE, decision, due_at=None, permits=[])


async def _write(
    job: Job, state: JobState, decision: Decision, *, due_at: datetime | None, permits: list[datetime]
) -> None:
    news = await take_turns(decision.unit, job.key, decision.calls)
    kept = await still_to_say(decision.unit, job.key, unsent(job))
    outbox = (*kept, *news)
    # What this takes along from an earlier try may have gone out already.
    unanswered = max(job.unanswered, int(may_have_arrived(job.as_data()))) if kept else 0
    # Whoever commits this sends it: the claim is part of the commit. With doubt Telegram is asked first, without one.
    sending = claim_until(decision.now) if outbox and not unanswered else None
    fresh = replace(job, state=state, outbox=outbox, sent=0, tries=0, unanswered=unanswered, sending=sending)
    record = replace(fresh, permits=tuple(permits))
    ttl = None if state is JobState.PENDING else JOBS.kept
    decision.unit.put(job.key, record.as_data(), ttl=ttl, due_at=due_at)
