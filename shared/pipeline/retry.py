"""When a job that came to nothing is tried again (spec §2: 2 retries of a read after 250 and 500 ms with jitter)."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from shared.pipeline.jobs import Job
from shared.pipeline.outcomes import Answered, Outcome, PushedBack, Refused, Unknown

READ_RETRIES = (timedelta(milliseconds=250), timedelta(milliseconds=500))
WRITE_RETRIES = tuple(timedelta(seconds=seconds) for seconds in (2, 5, 15, 30, 60, 120, 240))
JITTER = 0.2


@dataclass(frozen=True)
class Again:
    """Try the job at that moment; `first_doubt`: a write's outcome has just become unknown."""

    job: Job
    at: datetime
    first_doubt: bool = False


Verdict = Again | Answered | Refused


def judge(job: Job, outcome: Outcome, now: datetime, dice: float) -> Verdict:
    """Decide what an outcome means for the job. `dice` in [0, 1) makes the jitter.

    A write of unknown outcome is sent again with the same idempotency key only: the portal's contract (spec §1) makes
    that harmless. When the tries are spent it is refused towards the master and the operators are called. Once there is
    doubt only the portal's own answer to the write ends it: not a lost connection, nor a door that is closed.
    """
    free = replace(job, lease="")
    if isinstance(outcome, Answered | Refused):
        return _with_doubt(job, outcome)
    if isinstance(outcome, PushedBack):
        # Spread a little: everything pushed back at once would knock again at once.
        return Again(free, outcome.until + timedelta(seconds=JITTER * dice))
    doubt = job.doubt or isinstance(outcome, Unknown)
    pauses = WRITE_RETRIES if doubt else READ_RETRIES
    if job.attempts >= len(pauses):
        return Refused(outcome.code, operators=doubt, unsure=doubt)
    first_doubt = doubt and not job.doubt
    pause = pauses[job.attempts] * (1 + JITTER * dice)
    if first_doubt:
        # The portal may still be at it: who looks too early sees half of it and makes the rest twice.
        pause = max(pause, timedelta(seconds=job.patience))
    return Again(replace(free, attempts=job.attempts + 1, doubt=doubt), now + pause, first_doubt=first_doubt)


def _with_doubt(job: Job, outcome: Answered | Refused) -> Answered | Refused:
    """Return the answer; a refused credential says nothing about the try that is in doubt."""
    if job.doubt and isinstance(outcome, Refused) and outcome.operators:
        return replace(outcome, unsure=True)
    return outcome
