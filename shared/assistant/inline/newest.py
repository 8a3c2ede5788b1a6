"""Only the newest query of a master matters: whoever types sends one with every few letters.

Collection `inline_queries`, a record per master: his newest query, and the job that works on it. A newer query takes
the place of a job that nobody has begun; what is under way for an older one ends without a further request or an
answer.
"""

from __future__ import annotations

from datetime import timedelta

from shared.assistant.inline.question import Question
from shared.pipeline.jobs import Job, want_instead
from shared.pipeline.turn import Turn
from shared.store.port import Key
from shared.store.unit import Unit

COLLECTION = "inline_queries"
KEPT = timedelta(minutes=1)
"""Longer than a query lives."""


async def begin(turn: Turn, question: Question, job: Job) -> None:
    """Have this job work on a question that has just come."""
    known = await turn.unit.get(_key(question))
    if known is not None and await want_instead(turn.unit, job, known["job"]):
        _remember(turn.unit, question, known["job"])
        return
    await turn.want(job)
    _remember(turn.unit, question, job.id)


async def go_on(turn: Turn, question: Question, job: Job) -> None:
    """Have this job go on with a question that is still the newest."""
    await turn.want(job)
    await turn.unit.get(_key(question))
    _remember(turn.unit, question, job.id)


async def is_newest(unit: Unit, question: Question) -> bool:
    """Whether its master has typed on since."""
    known = await unit.get(_key(question))
    return known is not None and known["query"] == question.id


def _remember(unit: Unit, question: Question, job_id: str) -> None:
    unit.put(_key(question), {"query": question.id, "job": job_id}, ttl=KEPT)


def _key(question: Question) -> Key:
    return Key(COLLECTION, str(question.user_id))
