"""A page of a list: price and stock of its products, asked anew every time."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict

from shared.assistant.desk import Desk, Place
from shared.assistant.kind import Kind, address_of, place, price_type_of
from shared.assistant.search import screens, shelf
from shared.bitrix.model import Offer, Product
from shared.bitrix.portal import Operation, Portal
from shared.pipeline.jobs import Job, Lane
from shared.pipeline.kinds import JobKind
from shared.pipeline.turn import Turn

PAGE_OFFERS = "page_offers"


def page_job(where: Place, search_id: str, page: int, products: Sequence[Product]) -> Job:
    """Return the job that shows these products as a page of the search."""
    payload = {**address_of(where), "search": search_id, "page": page, "products": [asdict(item) for item in products]}
    return Job(PAGE_OFFERS, Lane.READ, payload)


class PageOffers(Kind):
    """Price and stock of a page of a search."""

    def __init__(self, portal: Portal, operators_chat_id: int | None) -> None:
        super().__init__(operators_chat_id)
        self._portal = portal

    def plan(self, job: Job) -> Operation[dict[str, Offer]]:
        """Ask for the products of the page."""
        return self._portal.quote([product["id"] for product in job.payload["products"]], price_type_of(job))

    async def done(self, job: Job, value: Mapping[str, Offer], turn: Turn) -> None:
        """Show the page."""
        search = await shelf.load_search(turn.unit, job.payload["search"])
        if search is not None:
            products = shelf.products_from_data(job.payload["products"])
            Desk(turn, place(job)).show(screens.found(search, job.payload["page"], products, value))


def kinds(portal: Portal, operators_chat_id: int | None) -> Sequence[tuple[str, JobKind]]:
    """Return the kind of jobs that show a page."""
    return ((PAGE_OFFERS, PageOffers(portal, operators_chat_id)),)
