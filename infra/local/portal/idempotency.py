"""`Idempotency-Key`: the same key and the same body are done once (spec §1).

A key is good for one method of one caller. Only an answer that came of work done is kept (`Outcome.keep`), for the TTL;
a refusal leaves the key free, so a corrected request may use it again. Of simultaneous requests the first works and the
others wait for its answer. Work goes on when its client has gone away.

See spec §1; shared/bitrix/README.md, «Rights and keys».
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import Awaitable, Callable, Coroutine
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from infra.local.clock import Clock
from infra.local.portal.errors import RestError

KEPT_FOR = timedelta(hours=72)

_UUID4 = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}", re.IGNORECASE)


@dataclass(frozen=True)
class Outcome:
    """What a request is answered with.

    `keep` says whether the answer must be repeated for the same key; `location` is where a redirect leads.
    """

    status: int
    body: bytes
    keep: bool = False
    error: str | None = None
    content_type: str = "application/json; charset=utf-8"
    location: str = field(default="", repr=False)


@dataclass(frozen=True)
class _Kept:
    fingerprint: str
    task: asyncio.Task[Outcome]
    expires_at: datetime


def check_key(key: str) -> str:
    """Return the key in one spelling; raises `RestError` 400 unless it is a UUID v4."""
    if not _UUID4.fullmatch(key):
        raise RestError(
            "INVALIDIDEMPOTENCYKEYEXCEPTION", "Header {Idempotency-Key} must hold a UUID v4 for a modifying method"
        )
    return key.lower()


class IdempotencyKeys:
    """The keys seen in the last 72 hours and what they were answered with."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._kept: dict[tuple[str, str], _Kept] = {}

    async def once(
        self, scope: str, key: str, fingerprint: str, work: Callable[[], Coroutine[Any, Any, Outcome]]
    ) -> tuple[Outcome, bool]:
        """Do the work unless it was done; return the answer and whether it is a repetition.

        Raises `RestError` 422 when the key came before with another body.
        """
        self._forget_expired()
        place = (scope, key)
        kept = self._kept.get(place)
        if kept is None:
            return await self._first(place, fingerprint, work), False
        if kept.fingerprint != fingerprint:
            raise RestError(
                "IDEMPOTENCYKEYREUSEDEXCEPTION", "The Idempotency-Key was already used with another request", 422
            )
        return await asyncio.shield(kept.task), True

    def _first(
        self, place: tuple[str, str], fingerprint: str, work: Callable[[], Coroutine[Any, Any, Outcome]]
    ) -> Awaitable[Outcome]:
        task = asyncio.create_task(work())
        self._kept[place] = _Kept(fingerprint, task, self._clock.now() + KEPT_FOR)

        def settle(done: asyncio.Task[Outcome]) -> None:
            if done.cancelled() or done.exception() is not None or not done.result().keep:
                self._kept.pop(place, None)

        task.add_done_callback(settle)
        return asyncio.shield(task)

    def _forget_expired(self) -> None:
        now = self._clock.now()
        for place in [place for place, kept in self._kept.items() if kept.expires_at <= now]:
            del self._kept[place]
