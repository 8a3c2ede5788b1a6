"""The job that shows a page of a list: price and stock of its products, asked anew every time."""

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
from shared.pipeline.decision import Decision
from shared.pipeline.jobs import Job, Lane

PAGE_OFFERS = "page_offers"


def page_job(where: ChatTarget, search_id: str, page: int, products: Sequence[Product]) -> Job:
    """Return the job that shows these products as a page of the search."""
    return Job(PAGE_OFFERS, Lane.READ, PageOffersPayload(where, search_id, page, tuple(products)).as_data())


class PageOffersHandler(MasterJobHandler):
    """Price and stock of a page of a search."""

    def plan(self, job: Job) -> Operation[dict[str, Offer]]:
        """Ask for the products of the page."""
        payload = PageOffersPayload.from_data(job.payload)
        return self._portal.quote([product.id for product in payload.products], payload.target.price_type)

    async def done(self, job: Job, value: Mapping[str, Offer], decision: Decision) -> None:
        """Show the page."""
        payload = PageOffersPayload.from_data(job.payload)
        search = await searches.load_search(decision.unit, payload.search)
        if search is not None:
            ChatView(decision, payload.target).show(screens.found(search, payload.page, payload.products, value))


JOB_HANDLERS: JobHandlers = {PAGE_OFFERS: PageOffersHandler}
