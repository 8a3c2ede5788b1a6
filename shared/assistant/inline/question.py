"""Inline queries: what somebody types after the bot's name, and which query of a master is his newest.

Only the newest one matters: whoever types sends a query with every few letters. Collection `inline_queries` has a
record per master: his newest query, and the job that works on it. A newer query takes the place of a job that nobody
has begun; what is under way for an older one ends without a further request or an answer.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Final

from shared.domain.searches import normalise
from shared.pipeline.decision import Decision
from shared.pipeline.jobs import Job, enqueue_instead
from shared.store.collections import INLINE_QUERIES
from shared.store.port import Key
from shared.store.unit_of_work import UnitOfWork

SHORTEST: Final = 3
"""Characters of a query that is looked up: people type on, and fewer would find half the shop."""

FRESH: Final = timedelta(seconds=25)
"""How long an answer is of use: Telegram forgets a query after 30 s, and it was on its way.

See shared/telegram/README.md, «Delivery».
"""

_OFFSET: Final = re.compile(r"[0-9]{1,4}")


@dataclass(frozen=True)
class InlineQuery:
    """An inline query: `offset` = how many results he has already, `bot` = our own user name, "" while not known."""

    user_id: int
    id: str
    text: str
    offset: int = 0
    bot: str = ""

    @property
    def is_short(self) -> bool:
        """Whether it is not looked up yet."""
        return len(self.text) < SHORTEST


def read(update: Mapping[str, Any]) -> InlineQuery | None:
    """Return the question; None when the update is none. An offset that is not ours is the beginning."""
    match update.get("inline_query"):
        case {"id": str() as id_, "from": {"id": int() as user_id}, "query": str() as text, **rest}:
            offset = str(rest.get("offset") or "")
            return InlineQuery(user_id, id_, normalise(text), int(offset) if _OFFSET.fullmatch(offset) else 0)
    return None


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
