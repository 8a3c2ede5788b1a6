"""The job that looks for the one of a label's codes that the catalogue has: all of them in one request."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from shared.assistant import funnel
from shared.assistant.chat_view import ChatTarget, ChatView
from shared.assistant.funnel import FunnelStep
from shared.assistant.job_handler import JobHandlers, MasterJobHandler
from shared.assistant.search import cards, finding, pages, screens
from shared.assistant.search.payloads import LabelPayload
from shared.bitrix.portal import Operation
from shared.domain import barcodes, empty_searches, searches
from shared.domain.catalogue import Product, ProductPage
from shared.domain.searches import CachedPage
from shared.domain.spelling import articles
from shared.domain.spelling.variants import QueryVariant
from shared.pipeline.decision import Decision
from shared.pipeline.jobs import Job, Lane

FIND_BY_LABEL: Final = "find_by_label"

_Found = Mapping[str, ProductPage]


def label_job(where: ChatTarget, queries: Sequence[str]) -> Job:
    """Return the job that looks for these; which of them is an article, nobody knows but the catalogue."""
    return Job(FIND_BY_LABEL, Lane.READ, LabelPayload(where, tuple(queries)).as_data())


class FindByLabelHandler(MasterJobHandler):
    """What the catalogue has of a label's codes."""

    def plan(self, job: Job) -> Operation[list[Any]]:
        """Ask for each."""
        return self._portal.search_ways(LabelPayload.from_data(job.payload).queries)

    async def done(self, job: Job, value: Sequence[object], decision: Decision) -> None:
        """Show the only product, or let the master choose among several."""
        payload = LabelPayload.from_data(job.payload)
        pairs = zip(payload.queries, value, strict=True)
        found = {query: page for query, page in pairs if isinstance(page, ProductPage) and page.products}
        if not found:
            await empty_searches.note(decision.unit, payload.queries[:1], where="search")
            ChatView(decision, payload.target).show(screens.nothing_found(payload.queries[0]))
        elif len(found) == 1:
            ((query, page),) = found.items()
            known = searches.storable(CachedPage(QueryVariant(query), page))
            await finding.show(decision, payload.target, searches.new_search(query), 0, known)
        else:
            await _choice(decision, payload.target, found)


async def _choice(decision: Decision, where: ChatTarget, found: _Found) -> None:
    funnel.passed(FunnelStep.SEARCH)
    products = [searches.without_key(one) for one in likeliest(found)][: screens.PAGE]
    query = " / ".join(found)
    search = searches.new_search(query).found_in(QueryVariant(query), len(products), products)
    if len(products) == 1:
        await searches.load_search(decision.unit, search.id)
        search.of(where.chat_id).save(decision.unit)
        await decision.enqueue(cards.card_by_id(where, products[0].id, search.id))
    else:
        await pages.show_page(decision, where, search, 0, products)


def likeliest(found: _Found) -> Sequence[Product]:
    """Return the products that have the number of a good, else those of a whole article, else all; each once."""
    numbered = [one for query, page in found.items() if barcodes.is_ean(query) for one in page.products]
    whole = [one for query, page in found.items() for one in page.products if _has(one, query)]
    every = [one for page in found.values() for one in page.products]
    return list({one.id: one for one in numbered or whole or every}.values())


def _has(product: Product, query: str) -> bool:
    return articles.squashed(product.article) == articles.squashed(query)


JOB_HANDLERS: JobHandlers = {FIND_BY_LABEL: FindByLabelHandler}
