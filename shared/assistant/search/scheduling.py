"""The schedule of the digest of searches that found nothing. Loads no aiogram: `housekeeping` starts fast."""

from __future__ import annotations

from dataclasses import dataclass

from shared.domain import empty_searches, own_words
from shared.pipeline.decision import Decision
from shared.pipeline.jobs import Job, Lane
from shared.pipeline.payloads import Payload

EMPTY_DIGEST = "empty_digest"


@dataclass(frozen=True)
class EmptyDigestPayload(Payload):
    """The words, how often each was typed, and the shop's own lines about them."""

    queries: tuple[str, ...]
    counts: tuple[int, ...]
    own: tuple[str, ...]


async def want_digest(decision: Decision) -> None:
    """Have the words of a week looked for once more, if it is over."""
    counted = await empty_searches.take_week(decision.unit)
    if not counted:
        return
    lines = await own_words.load(decision.unit)
    queries = tuple(words for words, _ in counted)
    own = own_words.of_queries(queries, lines)
    payload = EmptyDigestPayload(queries, tuple(count for _, count in counted), own)
    id_ = f"{EMPTY_DIGEST}:{decision.now:%Y%m%d}"
    await decision.enqueue(Job(EMPTY_DIGEST, Lane.READ, payload.as_data(), id=id_, lasting=True), background=True)
