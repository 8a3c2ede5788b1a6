"""The jobs of an inline query: names (skipped when the hints are at hand), then price and stock of one page.

Both steps are reads that share a batch with others. There is no guessing at mistyped words as in a dialogue: whoever
types has not finished most of his words. A question that came to nothing is answered by an empty list, not in a chat.
"""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from shared.assistant import texts
from shared.assistant.inline import results
from shared.assistant.inline.question import FRESH, InlineQuery, begin, go_on, is_newest
from shared.assistant.job_handler import JobHandlers, MasterJobHandler, is_misread
from shared.bitrix.combine import combine
from shared.bitrix.portal import Operation
from shared.domain import masters, searches
from shared.domain.catalogue import Product, ProductPage
from shared.domain.offers import Offer
from shared.domain.searches import PORTAL_PAGE, CachedPage
from shared.domain.spelling.variants import QueryVariant, best, ways
from shared.log_events import LogEvent, log_event
from shared.pipeline.decision import Decision
from shared.pipeline.jobs import TOO_LATE, Job, Lane
from shared.pipeline.outcomes import Refusal
from shared.pipeline.payloads import Payload
from shared.telegram.api import AnswerInlineQuery
from shared.telegram.calls import StoredCall

log = logging.getLogger(__name__)

INLINE_FIND = "inline_find"
INLINE_OFFERS = "inline_offers"

_Want = Callable[[Decision, InlineQuery, Job], Awaitable[None]]


@dataclass(frozen=True)
class InlinePayload(Payload):
    """The query that is answered. No `chat_id`: nobody is told of the queue in a chat where he did not ask."""

    question: InlineQuery


@dataclass(frozen=True)
class InlineFindPayload(InlinePayload):
    """The ways in which names are asked for."""

    ways: tuple[QueryVariant, ...]


@dataclass(frozen=True)
class InlineOffersPayload(InlinePayload):
    """The products of one page of results, of `total`, and the kind of price their master buys at."""

    products: tuple[Product, ...]
    total: int
    price_type: str = ""


async def look_for(decision: Decision, question: InlineQuery) -> None:
    """Answer a question of a master: from hints of the last minute if there are any, else by asking the portal."""
    until = decision.now + FRESH
    known = await searches.cached(decision.unit, question.text, _start(question))
    if known is not None:
        await _price(decision, question, known, until, begin)
        return
    payload = InlineFindPayload(question, tuple(ways(question.text)))
    await begin(decision, question, Job(INLINE_FIND, Lane.READ, payload.as_data(), until=until))


def _start(question: InlineQuery) -> int:
    """Return where the portal's page begins that the wanted results are on."""
    return question.offset // PORTAL_PAGE * PORTAL_PAGE


async def _price(
    decision: Decision, question: InlineQuery, known: CachedPage, until: datetime | None, want: _Want
) -> None:
    """Ask for the prices of the wanted page of what was found."""
    products = known.found.products[question.offset - _start(question) :][: results.PAGE]
    if not products:
        say(decision, results.empty(question, texts.labels.INLINE_NOTHING))
        return
    master = await masters.load(decision.unit, question.user_id)
    price_type = master.price_type if master else ""
    payload = InlineOffersPayload(question, tuple(products), known.found.total, price_type)
    await want(decision, question, Job(INLINE_OFFERS, Lane.READ, payload.as_data(), until=until))


def say(decision: Decision, answer: AnswerInlineQuery) -> None:
    """Answer after the commit."""
    decision.send(StoredCall.from_method(answer).as_data())


class _InlineHandler(MasterJobHandler):
    """What the two steps share: nobody may wait for the answer any more."""

    async def failed(self, job: Job, reason: Refusal, decision: Decision) -> None:
        """Answer emptily: an apology would have to go into a chat where nobody asked for it."""
        question = await _awaited(job, decision)
        if question is not None:
            label = texts.labels.INLINE_MISREAD if is_misread(reason) else texts.labels.INLINE_TROUBLE
            say(decision, results.empty(question, label))
        if reason.code != TOO_LATE:
            await self.report(job, reason, decision)


async def _awaited(job: Job, decision: Decision) -> InlineQuery | None:
    """Return the job's question if its answer still matters: it is not too late, and he has not typed on."""
    question = InlinePayload.from_data(job.payload).question
    late = job.until is not None and job.until <= decision.now
    if not late and await is_newest(decision.unit, question):
        return question
    log_event(log, logging.INFO, LogEvent.INLINE_DROPPED, "dropped", late=late)
    return None


class InlineFindHandler(_InlineHandler):
    """Names that match a query, in one of its spellings."""

    def plan(self, job: Job) -> Operation[list[Any]]:
        """Ask for the 50 names the page is among, in every way."""
        payload = InlineFindPayload.from_data(job.payload)
        return combine([self._portal.search(way.query, _start(payload.question)) for way in payload.ways])

    async def done(self, job: Job, value: Sequence[object], decision: Decision) -> None:
        """Keep the names for a minute and go on to the prices.

        That nothing was found is not kept: in the dialogue the same words lead to a guess.
        """
        question = await _awaited(job, decision)
        if question is None:
            return
        tried = InlineFindPayload.from_data(job.payload).ways
        pairs = zip(tried, value, strict=True)
        hit = best(question.text, [(way, found) for way, found in pairs if isinstance(found, ProductPage)])
        known = searches.storable(CachedPage(*hit)) if hit else CachedPage()
        if hit:
            await searches.cache(decision.unit, question.text, _start(question), known)
        await _price(decision, question, known, job.until, go_on)


class InlineOffersHandler(_InlineHandler):
    """Price and stock of one page of results."""

    def plan(self, job: Job) -> Operation[dict[str, Offer]]:
        """Ask for the products of the page; what has variations is asked for only where nothing else is there."""
        payload = InlineOffersPayload.from_data(job.payload)
        sold = [product for product in payload.products if not product.has_variations]
        return self._portal.quote([product.id for product in sold or payload.products], payload.price_type)

    async def done(self, job: Job, value: Mapping[str, Offer], decision: Decision) -> None:
        """Answer."""
        question = await _awaited(job, decision)
        if question is not None:
            payload = InlineOffersPayload.from_data(job.payload)
            shown = results.page(question, payload.products, value, payload.total, decision.now, self._zone)
            say(decision, shown)


JOB_HANDLERS: JobHandlers = {INLINE_FIND: InlineFindHandler, INLINE_OFFERS: InlineOffersHandler}
