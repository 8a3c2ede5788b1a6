"""The jobs of a list: names, by hints of the last minute, the portal or a guess; then price and stock of a page.

Each step is one request: `find` asks in the ways of `spelling.ways` at once; `guess`, when nothing was found, for what
may be meant instead (`spelling.guesses`). Names cost no third one.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import accumulate
from typing import Any

from shared.assistant import funnel
from shared.assistant.chat_view import ChatTarget, ChatView
from shared.assistant.funnel import FunnelStep
from shared.assistant.job_handler import JobContext, JobHandlers, MasterJobHandler
from shared.assistant.search import cards, pages, screens
from shared.assistant.search.hint_turns import HintTurns
from shared.assistant.search.payloads import FindPayload, GuessPayload, SearchAddress
from shared.bitrix.combine import combine
from shared.bitrix.encoding import MOST_COMMANDS
from shared.bitrix.portal import Operation
from shared.domain import barcodes, empty_searches, own_words, searches
from shared.domain.catalogue import Product, ProductDetails, ProductPage
from shared.domain.searches import PORTAL_PAGE, CachedPage, Search
from shared.domain.spelling import articles, guesses
from shared.domain.spelling.variants import QueryVariant, best, ways
from shared.domain.spelling.words import article_and_count, without_quantity
from shared.pipeline.decision import Decision
from shared.pipeline.jobs import Job, Lane

FIND = "find"
GUESS = "guess"


async def look_for(decision: Decision, where: ChatTarget, search: Search, page: int) -> None:
    """Show a page of a search: from hints of the last minute if there are any, else by asking the portal."""
    start = page * screens.PAGE // PORTAL_PAGE * PORTAL_PAGE
    known = await searches.cached(decision.unit, search.key, start, own_words.key())
    if known is not None:
        await show(decision, where, search, page, known)
        return
    own = own_words.of_queries([search.query], await own_words.load(decision.unit))
    address = SearchAddress(where, search.id, search.query, page, start, search.section, search.parent, own)
    # The further pages of a list are of the spelling that found it.
    tried = ways(search.query, own_words.known_with(own)) if search.way is None else [search.way]
    await decision.enqueue(_find(address, tried, last=search.way is not None))


def _find(address: SearchAddress, tried: Sequence[QueryVariant], *, last: bool) -> Job:
    """Return the job that asks in these ways; `last`: nothing else is tried when they find nothing."""
    return Job(FIND, Lane.READ, FindPayload(address, tuple(tried), last).as_data())


async def show(decision: Decision, where: ChatTarget, search: Search, page: int, known: CachedPage) -> None:
    """Show a page of what was found: a list, or the card of the only product with just the article that was typed."""
    products = pages.on_page(known, page)
    if known.way is None or not products:
        ChatView(decision, where).show(screens.nothing_found(search.query))
        return
    if page == 0 and not search.section and not search.parent:
        funnel.passed(FunnelStep.SEARCH)
    found = search.found_in(known.way, known.found.total, products)
    if found.total == 1 and _is_asked_for(products[0], search, known.way):
        await searches.load_search(decision.unit, search.id)
        found.of(where.chat_id).save(decision.unit)
        await decision.enqueue(cards.card_by_id(where, products[0].id, search.id))
    else:
        await pages.show_page(decision, where, found, page, products)


def _is_asked_for(product: Product, search: Search, way: QueryVariant) -> bool:
    if search.section:
        return False
    counted = article_and_count(search.query)
    if counted is not None and articles.squashed(product.article) == articles.squashed(counted[0]):
        return True
    if barcodes.is_ean(search.query):
        return not way.told
    typed = {articles.squashed(words) for words in (search.query, without_quantity(search.query))}
    return articles.squashed(product.article) in typed and not way.told


class _FindingHandler(MasterJobHandler):
    """What asking for names has in common."""

    def __init__(self, context: JobContext) -> None:
        super().__init__(context)
        self._turns = HintTurns()

    async def _show(self, job: Job, address: SearchAddress, known: CachedPage, decision: Decision) -> None:
        """Keep the names for a minute and go on to the prices."""
        kept = searches.storable(known)
        if known.way is None and not address.section and not address.parent:
            await empty_searches.note(decision.unit, [address.query], where="search")
        begun = Search(address.search, address.query, section=address.section, parent=address.parent)
        hints = searches.hints_key(begun.key, address.start)
        if self._turns.is_of(job.id, hints, decision.now):
            search = await searches.load_with_hints(decision.unit, begun, address.start)
            await searches.cache(decision.unit, search.key, address.start, kept)
        else:
            search = await searches.load_search(decision.unit, begun.id) or begun
        await show(decision, address.target, search, address.page, kept)


class FindHandler(_FindingHandler):
    """Names that match a query, in one of its spellings."""

    def plan(self, job: Job) -> Operation[list[Any]]:
        """Ask for the 50 names the page is among, in every way."""
        payload = FindPayload.from_data(job.payload)
        start = payload.address.start
        if payload.address.parent:
            return combine([self._portal.product(payload.address.parent, start)])
        if payload.address.section:
            return combine([self._portal.products_of(payload.address.section, start)])
        if start:
            return combine([self._portal.search(way.query, start) for way in payload.ways])
        return self._portal.search_ways([way.query for way in payload.ways])

    async def done(self, job: Job, value: Sequence[object], decision: Decision) -> None:
        """Show what was found, or guess what was meant."""
        payload = FindPayload.from_data(job.payload)
        address = payload.address
        pairs = zip(payload.ways, value, strict=True)
        answers = [(way, found) for way, one in pairs if (found := _page_in(one)) is not None]
        words = own_words.known_with(address.own)
        listed = address.section or address.parent
        hit = next(iter(answers), None) if listed else best(address.query, answers, words)
        if hit is None and not payload.last and guesses.asked(address.query, words):
            await decision.enqueue(Job(GUESS, Lane.READ, GuessPayload(address).as_data()))
        else:
            await self._show(job, address, CachedPage(*hit) if hit else CachedPage(), decision)


def _page_in(answer: object) -> ProductPage | None:
    """Return the page of goods that a way was answered by; None when it failed."""
    if isinstance(answer, ProductDetails):
        return answer.variations
    return answer if isinstance(answer, ProductPage) else None


class GuessHandler(_FindingHandler):
    """What was meant by a query that found nothing."""

    def plan(self, job: Job) -> Operation[list[Any]]:
        """Ask for as many guesses as one request has room for, the likeliest first."""
        address = GuessPayload.from_data(job.payload).address
        asked = guesses.asked(address.query, own_words.known_with(address.own))
        operations = [self._portal.search(way.query) for way in asked]
        weights = accumulate(operation.weight for operation in operations)
        return combine([one for one, weight in zip(operations, weights, strict=True) if weight <= MOST_COMMANDS])

    async def done(self, job: Job, value: Sequence[object], decision: Decision) -> None:
        """Show the guess that found something, or say that nothing was found."""
        address = GuessPayload.from_data(job.payload).address
        words = own_words.known_with(address.own)
        pairs = zip(guesses.asked(address.query, words), value, strict=False)
        answers = [(way, found) for way, found in pairs if isinstance(found, ProductPage)]
        hit = guesses.found(address.query, answers, words)
        await self._show(job, address, CachedPage(*hit) if hit else CachedPage(), decision)


JOB_HANDLERS: JobHandlers = {FIND: FindHandler, GUESS: GuessHandler}
