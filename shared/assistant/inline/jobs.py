"""From an inline query to its answer: names (skipped when the hints are at hand), then price and stock of one page.

Both steps are reads that share a batch with others. There is no guessing at mistyped words as in a dialogue: whoever
types has not finished most of his words. A question that came to nothing is answered by an empty list, not in a chat.
"""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from shared.assistant import masters, texts
from shared.assistant.inline import newest, results
from shared.assistant.inline.question import FRESH, Question
from shared.assistant.kind import Kind, price_type_of
from shared.assistant.search import shelf
from shared.assistant.search.shelf import PORTAL_PAGE, Hints
from shared.assistant.search.spelling.ways import Way, best, ways
from shared.bitrix.model import Found, Offer
from shared.bitrix.portal import Operation, Portal
from shared.bitrix.together import together
from shared.pipeline.jobs import TOO_LATE, Job, Lane
from shared.pipeline.kinds import JobKind
from shared.pipeline.outcomes import Refused
from shared.pipeline.turn import Turn
from shared.telegram.api import AnswerInlineQuery
from shared.telegram.calls import Call

log = logging.getLogger(__name__)

INLINE_FIND = "inline_find"
INLINE_OFFERS = "inline_offers"

_Want = Callable[[Turn, Question, Job], Awaitable[None]]


async def look_for(turn: Turn, question: Question) -> None:
    """Answer a question of a master: from hints of the last minute if there are any, else by asking the portal."""
    until = turn.now + FRESH
    known = await shelf.cached(turn.unit, question.text, _start(question))
    if known is not None:
        await _price(turn, question, known, until, newest.begin)
        return
    tried = [asdict(way) for way in ways(question.text)]
    payload = {"question": asdict(question), "ways": tried}
    await newest.begin(turn, question, Job(INLINE_FIND, Lane.READ, payload, until=until))


def _start(question: Question) -> int:
    """Return where the portal's page begins that the wanted results are on."""
    return question.offset // PORTAL_PAGE * PORTAL_PAGE


async def _price(turn: Turn, question: Question, known: Hints, until: datetime | None, want: _Want) -> None:
    """Ask for the prices of the wanted page of what was found."""
    products = known.found.products[question.offset - _start(question) :][: results.PAGE]
    if not products:
        say(turn, results.empty(question, texts.labels.INLINE_NOTHING))
        return
    master = await masters.load(turn.unit, question.user_id)
    payload = {
        "question": asdict(question),
        "products": [asdict(product) for product in products],
        "total": known.found.total,
        "price_type": master.price_type if master else "",
    }
    await want(turn, question, Job(INLINE_OFFERS, Lane.READ, payload, until=until))


def say(turn: Turn, answer: AnswerInlineQuery) -> None:
    """Answer after the commit."""
    turn.send(Call.from_method(answer).as_data())


class _Inline(Kind):
    """What the two steps share: nobody may wait for the answer any more."""

    def __init__(self, portal: Portal, operators_chat_id: int | None) -> None:
        super().__init__(operators_chat_id)
        self._portal = portal

    async def failed(self, job: Job, reason: Refused, turn: Turn) -> None:
        """Answer emptily: an apology would have to go into a chat where nobody asked for it."""
        question = await _awaited(job, turn)
        if question is not None:
            say(turn, results.empty(question, texts.labels.INLINE_TROUBLE))
        if reason.code != TOO_LATE:
            self.report(job, reason, turn)


async def _awaited(job: Job, turn: Turn) -> Question | None:
    """Return the job's question if its answer still matters: it is not too late, and he has not typed on."""
    question = Question(**job.payload["question"])
    late = job.until is not None and job.until <= turn.now
    if not late and await newest.is_newest(turn.unit, question):
        return question
    log.info("dropped", extra={"fields": {"event": "inline_dropped", "late": late}})
    return None


class InlineFind(_Inline):
    """Names that match a query, in one of its spellings."""

    def plan(self, job: Job) -> Operation[list[Any]]:
        """Ask for the 50 names the page is among, in every way."""
        start = _start(Question(**job.payload["question"]))
        return together([self._portal.search(way["query"], start) for way in job.payload["ways"]])

    async def done(self, job: Job, value: Sequence[object], turn: Turn) -> None:
        """Keep the names for a minute and go on to the prices.

        That nothing was found is not kept: in the dialogue the same words lead to a guess.
        """
        question = await _awaited(job, turn)
        if question is None:
            return
        tried = [Way(**way) for way in job.payload["ways"]]
        hit = best([(way, found) for way, found in zip(tried, value, strict=True) if isinstance(found, Found)])
        known = shelf.storable(Hints(*hit)) if hit else Hints()
        if hit:
            await shelf.cache(turn.unit, question.text, _start(question), known)
        await _price(turn, question, known, job.until, newest.go_on)


class InlineOffers(_Inline):
    """Price and stock of one page of results."""

    def __init__(self, portal: Portal, operators_chat_id: int | None, zone: ZoneInfo) -> None:
        super().__init__(portal, operators_chat_id)
        self._zone = zone

    def plan(self, job: Job) -> Operation[dict[str, Offer]]:
        """Ask for the products of the page."""
        return self._portal.quote([product["id"] for product in job.payload["products"]], price_type_of(job))

    async def done(self, job: Job, value: Mapping[str, Offer], turn: Turn) -> None:
        """Answer."""
        question = await _awaited(job, turn)
        if question is not None:
            products = shelf.products_from_data(job.payload["products"])
            say(turn, results.page(question, products, value, job.payload["total"], turn.now, self._zone))


def kinds(portal: Portal, operators_chat_id: int | None, zone: ZoneInfo) -> Sequence[tuple[str, JobKind]]:
    """Return this capability's part of the registry."""
    return (
        (INLINE_FIND, InlineFind(portal, operators_chat_id)),
        (INLINE_OFFERS, InlineOffers(portal, operators_chat_id, zone)),
    )
