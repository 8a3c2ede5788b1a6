"""One page of a list of goods: kept, so that its buttons know what they speak of, and shown with price and stock."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from shared.assistant.chat_view import ChatTarget, ChatView
from shared.assistant.job_handler import JobHandlers, MasterJobHandler
from shared.assistant.search import screens
from shared.assistant.search.payloads import PageOffersPayload
from shared.bitrix.portal import Operation
from shared.domain import searches
from shared.domain.catalogue import Product
from shared.domain.offers import Offer
from shared.domain.searches import PORTAL_PAGE, CachedPage, Search
from shared.pipeline.decision import Decision
from shared.pipeline.jobs import Job, Lane

PAGE_OFFERS = "page_offers"


def on_page(known: CachedPage, page: int) -> Sequence[Product]:
    """Return the products of a page of what was found."""
    return known.found.products[page * screens.PAGE % PORTAL_PAGE :][: screens.PAGE]


async def show_page(
    decision: Decision, where: ChatTarget, search: Search, page: int, products: Sequence[Product]
) -> None:
    """Keep the search and show these products as a page of it; what has a price is asked for it first."""
    # With hints at hand a search is new, so nobody has looked for its record yet.
    await searches.load_search(decision.unit, search.id)
    search.of(where.chat_id).save(decision.unit)
    if all(product.has_variations for product in products):
        ChatView(decision, where).show(screens.found(search, page, products, {}))
    else:
        await decision.enqueue(page_job(where, search.id, page, products))


async def kept(decision: Decision, where: ChatTarget, shown: Sequence[Product]) -> str:
    """Keep goods of a list that nobody searched for, for their cards; return its id."""
    search = Search(searches.new_id(), "").of(where.chat_id).remember(shown)
    await searches.load_search(decision.unit, search.id)
    search.save(decision.unit)
    return search.id


def page_job(where: ChatTarget, search_id: str, page: int, products: Sequence[Product]) -> Job:
    """Return the job that shows these products as a page of the search."""
    return Job(PAGE_OFFERS, Lane.READ, PageOffersPayload(where, search_id, page, tuple(products)).as_data())


class PageOffersHandler(MasterJobHandler):
    """Price and stock of a page of a search."""

    def plan(self, job: Job) -> Operation[dict[str, Offer]]:
        """Ask for the products of the page; what has variations has neither price nor stock."""
        payload = PageOffersPayload.from_data(job.payload)
        sold = [product.id for product in payload.products if not product.has_variations]
        return self._portal.quote(sold, payload.target.price_type)

    async def done(self, job: Job, value: Mapping[str, Offer], decision: Decision) -> None:
        """Show the page."""
        payload = PageOffersPayload.from_data(job.payload)
        search = await searches.load_search(decision.unit, payload.search)
        if search is not None:
            ChatView(decision, payload.target).show(screens.found(search, payload.page, payload.products, value))


JOB_HANDLERS: JobHandlers = {PAGE_OFFERS: PageOffersHandler}
