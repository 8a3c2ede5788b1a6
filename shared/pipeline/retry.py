"""The retries of jobs that came to nothing (spec §2: 2 retries of a read after 250 and 500 ms with jitter)."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from shared.pipeline.jobs import Job, Lane
from shared.pipeline.outcomes import (
    Answered,
    Outcome,
    Postponed,
    Refusal,
    TokenRenewed,
    TransientFailure,
    UnknownOutcome,
)

READ_RETRIES = (timedelta(milliseconds=250), timedelta(milliseconds=500))
WRITE_RETRIES = tuple(timedelta(seconds=seconds) for seconds in (2, 5, 15, 30, 60, 120, 240))
"""Of a write whose outcome is unknown, and of one that never got out: eight minutes in all, without the tries."""
PROMISED = timedelta(minutes=10)
"""In which a master is told what became of such a write: no try begins so late that its silence would outlast it."""
LONGEST_TRY = timedelta(seconds=60)
LOOK_RETRIES = (
    *READ_RETRIES,
    *(timedelta(seconds=seconds) for seconds in (2, 5, 10, 20)),
    *[timedelta(seconds=30)] * 120,
)
"""Of a look at what has changed, which nobody asks for a second time: an hour."""
RENEWALS = 5
"""Tries that cost no attempt because the credential was out of date: each instance may find out on its own."""
JITTER = 0.2


@dataclass(frozen=True)
class RetryPlan:
    """Try the job at that moment.

    `first_doubt`: a write's outcome has just become unknown. `first_delay`: a write has just failed to get out for the
    first time, so it will take longer than anybody expects.
    """

    job: Job
    at: datetime
    first_doubt: bool = False
    first_delay: bool = False


def all_tries(job: Job) -> timedelta:
    """Return the pauses between all tries that a write has left, at most: then at last something is known."""
    return sum(WRITE_RETRIES[job.attempts :], timedelta()) * (1 + JITTER)


Judgement = RetryPlan | Answered | Refusal


def judge(job: Job, outcome: Outcome, now: datetime, dice: float) -> Judgement:
    """Decide what an outcome means for the job. `dice` in [0, 1) makes the jitter.

    A write of unknown outcome is sent again with the same idempotency key only: the portal's contract (spec §1) makes
    that harmless. When the tries are spent it is refused towards the master and the operators are called. Once there is
    doubt only the portal's own answer to the write ends it: not a lost connection, nor a door that is closed.

    A write that never got out is as patient, because somebody wants it done and trying again does no harm.
    """
    free = replace(job, lease="")
    if isinstance(outcome, Answered | Refusal):
        return _with_doubt(job, outcome)
    if isinstance(outcome, Postponed):
        # Spread a little: everything pushed back at once would knock again at once.
        return RetryPlan(free, outcome.until + timedelta(seconds=JITTER * dice))
    if isinstance(outcome, TokenRenewed) and job.renewals < RENEWALS:
        return RetryPlan(replace(free, renewals=job.renewals + 1), now + timedelta(seconds=JITTER * dice))
    return _tried(free, outcome, now, dice)


def _tried(
    job: Job, outcome: TokenRenewed | TransientFailure | UnknownOutcome, now: datetime, dice: float
) -> RetryPlan | Refusal:
    """Spend an attempt, or give up when there is none left."""
    doubt = job.doubt or isinstance(outcome, UnknownOutcome)
    first_doubt = doubt and not job.doubt
    # Finding out what became of a try is another matter than getting out: it has all its attempts.
    attempts = 0 if first_doubt else job.attempts
    reads = LOOK_RETRIES if job.lasting else READ_RETRIES
    pauses = WRITE_RETRIES if doubt or job.lane is Lane.WRITE else reads
    first_delay = job.lane is Lane.WRITE and not doubt and attempts == 0
    promised = now if first_doubt or first_delay else job.promised_at
    last = None if promised is None else promised + PROMISED - LONGEST_TRY
    # Who had no permits for minutes has more tries left than that: then to be late is better than not to know.
    too_late = last is not None and now >= last and attempts >= len(pauses) - 1
    if attempts >= len(pauses) or too_late:
        return Refusal(outcome.code, operators=doubt, unsure=doubt)
    pause = pauses[attempts] * (1 + JITTER * dice)
    if first_doubt:
        # The portal may still be at it: who looks too early sees half of it and makes the rest twice.
        pause = max(pause, timedelta(seconds=job.patience))
    at = now + pause if last is None else max(now, min(now + pause, last))
    again = replace(job, attempts=attempts + 1, doubt=doubt, promised_at=promised)
    return RetryPlan(again, at, first_doubt=first_doubt, first_delay=first_delay)


def _with_doubt(job: Job, outcome: Answered | Refusal) -> Answered | Refusal:
    """Return the answer; a refused credential says nothing about the try that is in doubt."""
    if job.doubt and isinstance(outcome, Refusal) and outcome.operators:
        return replace(outcome, unsure=True)
    return outcome
