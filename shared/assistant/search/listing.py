"""A page of a list: price and stock of its products, asked anew every time."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict

from shared.assistant.chat_view import ChatTarget, ChatView
from shared.assistant.job_handler import MasterJobHandler, price_type_of, target_of, target_payload
from shared.assistant.search import screens
from shared.bitrix.portal import Operation, Portal
from shared.domain import searches
from shared.domain.catalogue import Product
from shared.domain.offers import Offer
from shared.pipeline.decision import Decision
from shared.pipeline.jobs import Job, Lane
from shared.pipeline.registry import JobHandler

PAGE_OFFERS = "page_offers"


def page_job(where: ChatTarget, search_id: str, page: int, products: Sequence[Product]) -> Job:
    """Return the job that shows these products as a page of the search."""
    payload = {
        **target_payload(where),
        "search": search_id,
        "page": page,
        "products": [asdict(item) for item in products],
    }
    return Job(PAGE_OFFERS, Lane.READ, payload)


class PageOffersHandler(MasterJobHandler):
    """Price and stock of a page of a search."""

    def __init__(self, portal: Portal, operators_chat_id: int | None) -> None:
        super().__init__(operators_chat_id)
        self._portal = portal

    def plan(self, job: Job) -> Operation[dict[str, Offer]]:
        """Ask for the products of the page."""
        return self._portal.quote([product["id"] for product in job.payload["products"]], price_type_of(job))

    async def done(self, job: Job, value: Mapping[str, Offer], decision: Decision) -> None:
        """Show the page."""
        search = await searches.load_search(decision.unit, job.payload["search"])
        if search is not None:
            products = searches.products_from_data(job.payload["products"])
            ChatView(decision, target_of(job)).show(screens.found(search, job.payload["page"], products, value))


def kinds(portal: Portal, operators_chat_id: int | None) -> Sequence[tuple[str, JobHandler]]:
    """Return the kind of jobs that show a page."""
    return ((PAGE_OFFERS, PageOffersHandler(portal, operators_chat_id)),)
