"""The weekly word to operators about searches that found nothing: each is looked for again, and told if it still is so.

A shop that has taken the goods up meanwhile, or whose operators have said what the words mean, hears nothing of them.
Where names of the catalogue have a word near an unknown one, a button adds it to the shop's own words.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import accumulate
from typing import Any

from shared.assistant.chat_view import ChatTarget, ChatView
from shared.assistant.job_handler import BackgroundJobHandler, JobHandlers
from shared.assistant.search import digest_screens
from shared.assistant.search.scheduling import EMPTY_DIGEST, EmptyDigestPayload
from shared.bitrix.combine import combine
from shared.bitrix.encoding import MOST_COMMANDS
from shared.bitrix.portal import Operation
from shared.domain import own_words, word_guesses
from shared.domain.catalogue import ProductPage
from shared.domain.spelling import loose, meanings
from shared.domain.word_guesses import WordGuess
from shared.pipeline.decision import Decision
from shared.pipeline.jobs import Job


class EmptyDigestHandler(BackgroundJobHandler):
    """What masters looked for in vain in a week."""

    def plan(self, job: Job) -> Operation[list[Any]]:
        """Look for each once more, by the likeliest of its spellings; then for names that hold a piece of its words."""
        operations = [self._portal.search(text) for _, text in _asked(EmptyDigestPayload.from_data(job.payload))]
        weights = accumulate(operation.weight for operation in operations)
        return combine(
            [one for one, weight in zip(operations, weights, strict=True) if weight <= MOST_COMMANDS], needed=0
        )

    async def done(self, job: Job, value: Sequence[object], decision: Decision) -> None:
        """Tell the operators of those that still find nothing, and what they may mean."""
        rows = _rows(EmptyDigestPayload.from_data(job.payload), value)
        if not rows or self._operators_chat_id is None:
            return
        told = await word_guesses.keep(decision.unit, f"{decision.now:%Y%m%d}", rows)
        ChatView(decision, ChatTarget(self._operators_chat_id)).say(digest_screens.screen(told))


def _asked(payload: EmptyDigestPayload) -> list[tuple[int, str]]:
    """Return what is asked, each with the number of its words: all of them whole, then pieces."""
    words = own_words.known_with(payload.own)
    whole = [next(iter(loose.spellings(query, words)), query) for query in payload.queries]
    pieces = [
        (number, text) for number, query in enumerate(payload.queries) for text in meanings.questions(query, words)
    ]
    return [*enumerate(whole), *pieces]


def _rows(payload: EmptyDigestPayload, value: Sequence[object]) -> list[WordGuess]:
    """Return the words that still find nothing, each with its guess."""
    words = own_words.known_with(payload.own)
    names: dict[int, list[str]] = {number: [] for number in range(len(payload.queries))}
    for (number, _), page in zip(_asked(payload), value, strict=False):
        names[number] += [one.name for one in page.products] if isinstance(page, ProductPage) else []
    rows = zip(payload.queries, payload.counts, value, strict=False)
    return [
        WordGuess(query, count, meanings.likely(query, names[number], words))
        for number, (query, count, page) in enumerate(rows)
        if isinstance(page, ProductPage) and not page.products
    ]


JOB_HANDLERS: JobHandlers = {EMPTY_DIGEST: EmptyDigestHandler}
