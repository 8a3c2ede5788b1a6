"""The weekly word to operators about searches that found nothing: each is looked for again, and told if it still is so.

A shop that has taken the goods up meanwhile, or whose operators have said what the words mean, hears nothing of them.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from shared.assistant import texts
from shared.assistant.chat_view import ChatTarget, ChatView, Screen
from shared.assistant.job_handler import BackgroundJobHandler, JobHandlers
from shared.assistant.keyboard import COPIED, column, copying
from shared.assistant.search.scheduling import EMPTY_DIGEST, EmptyDigestPayload
from shared.bitrix.combine import combine
from shared.bitrix.portal import Operation
from shared.domain import own_words
from shared.domain.catalogue import ProductPage
from shared.domain.spelling import loose
from shared.pipeline.decision import Decision
from shared.pipeline.jobs import Job


class EmptyDigestHandler(BackgroundJobHandler):
    """What masters looked for in vain in a week."""

    def plan(self, job: Job) -> Operation[list[Any]]:
        """Look for each once more, by the likeliest of its spellings."""
        payload = EmptyDigestPayload.from_data(job.payload)
        words = own_words.known_with(payload.own)
        asked = [next(iter(loose.spellings(query, words)), query) for query in payload.queries]
        return combine([self._portal.search(text) for text in asked], needed=0)

    async def done(self, job: Job, value: Sequence[object], decision: Decision) -> None:
        """Tell the operators of those that still find nothing, with a button for each that begins its meaning."""
        payload = EmptyDigestPayload.from_data(job.payload)
        rows = zip(payload.queries, payload.counts, value, strict=True)
        empty = [(query, count) for query, count, page in rows if isinstance(page, ProductPage) and not page.products]
        if not empty or self._operators_chat_id is None:
            return
        ChatView(decision, ChatTarget(self._operators_chat_id)).say(screen(empty))


def screen(empty: Sequence[tuple[str, int]]) -> Screen:
    """Words that found nothing and how often, with a button for each that copies the beginning of its `/word`."""
    begun = [(query, texts.operators.word_begun(query)) for query, _ in empty]
    buttons = [copying(texts.labels.says_what(query), text) for query, text in begun if len(text) <= COPIED]
    return Screen(texts.operators.empty_searches(empty), column(*buttons))


JOB_HANDLERS: JobHandlers = {EMPTY_DIGEST: EmptyDigestHandler}
