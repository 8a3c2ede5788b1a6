"""Only the newest query of a master matters: whoever types sends one with every few letters.

Collection `inline_queries`, a record per master: his newest query, and the job that works on it. A newer query takes
the place of a job that nobody has begun; what is under way for an older one ends without a further request or an
answer.
"""

from __future__ import annotations

from shared.assistant.inline.question import InlineQuery
from shared.pipeline.decision import Decision
from shared.pipeline.jobs import Job, enqueue_instead
from shared.store.collections import INLINE_QUERIES
from shared.store.port import Key
from shared.store.unit_of_work import UnitOfWork


async def begin(decision: Decision, question: InlineQuery, job: Job) -> None:
    """Have this job work on a question that has just come."""
    known = await decision.unit.get(_key(question))
    if known is not None and await enqueue_instead(decision.unit, job, known["job"]):
        _remember(decision.unit, question, known["job"])
        return
    await decision.enqueue(job)
    _remember(decision.unit, question, job.id)


async def go_on(decision: Decision, question: InlineQuery, job: Job) -> None:
    """Have this job go on with a question that is still the newest."""
    await decision.enqueue(job)
    await decision.unit.get(_key(question))
    _remember(decision.unit, question, job.id)


async def is_newest(unit: UnitOfWork, question: InlineQuery) -> bool:
    """Whether its master has typed on since."""
    known = await unit.get(_key(question))
    return known is not None and known["query"] == question.id


def _remember(unit: UnitOfWork, question: InlineQuery, job_id: str) -> None:
    unit.put(_key(question), {"query": question.id, "job": job_id}, ttl=INLINE_QUERIES.kept)


def _key(question: InlineQuery) -> Key:
    return INLINE_QUERIES.key(str(question.user_id))
