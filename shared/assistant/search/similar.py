"""The jobs that find what may stand in for a product that no store holds: goods of its section with stock.

One request names the goods of the section, a second one asks price and stock of the likeliest.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from typing import Any

from shared.assistant.chat_view import ChatTarget, ChatView
from shared.assistant.job_handler import JobHandlers, MasterJobHandler
from shared.assistant.search import screens
from shared.assistant.search.payloads import SimilarPayload
from shared.bitrix.combine import combine
from shared.bitrix.portal import Operation
from shared.domain import searches
from shared.domain.catalogue import Product, ProductDetails, ProductPage
from shared.domain.offers import Offer
from shared.domain.searches import Search
from shared.domain.spelling import ranking
from shared.domain.spelling.trade_words import folded, package_words
from shared.pipeline.decision import Decision
from shared.pipeline.jobs import Job, Lane

SIMILAR = "similar"
SIMILAR_OFFERS = "similar_offers"
ASKED = 20
"""Goods whose stock is asked: a real portal that is asked product by product answers so many in one quote."""


def similar_job(where: ChatTarget, product: str, section: str) -> Job:
    """Return the job that shows below what may stand in for a product."""
    return Job(SIMILAR, Lane.READ, SimilarPayload(where.below, product, section).as_data())


class SimilarHandler(MasterJobHandler):
    """The names in a product's section."""

    def plan(self, job: Job) -> Operation[list[Any]]:
        """Ask for the product and for the first 50 goods of its section."""
        payload = SimilarPayload.from_data(job.payload)
        return combine([self._portal.product(payload.product), self._portal.products_of(payload.section)], needed=2)

    async def done(self, job: Job, value: tuple[ProductDetails, ProductPage], decision: Decision) -> None:
        """Ask for the stock of those whose names are likest."""
        payload = SimilarPayload.from_data(job.payload)
        product, beside = searches.without_key(value[0].product), value[1].products
        others = [searches.without_key(one) for one in beside if one.id != product.id and not one.has_variations]
        nearest = tuple(ranking.ranked(product.name, others, package_words())[:ASKED])
        if not nearest:
            ChatView(decision, payload.target).say(screens.similar("", product.name, (), {}))
            return
        asked = replace(payload, name=product.name, products=nearest)
        await decision.enqueue(Job(SIMILAR_OFFERS, Lane.READ, asked.as_data()))


class SimilarOffersHandler(MasterJobHandler):
    """Price and stock of what may stand in."""

    def plan(self, job: Job) -> Operation[dict[str, Offer]]:
        """Ask for them and for the product itself, whose price the others' are compared with."""
        payload = SimilarPayload.from_data(job.payload)
        return self._portal.quote([payload.product, *(one.id for one in payload.products)], payload.target.price_type)

    async def done(self, job: Job, value: Mapping[str, Offer], decision: Decision) -> None:
        """Show what is there, and keep it for the cards."""
        payload = SimilarPayload.from_data(job.payload)
        there = [one for one in payload.products if one.id in value and value[one.id].available > 0]
        own = value.get(payload.product)
        shown = in_order(payload.name, own.price if own else None, there, value)[: screens.PAGE]
        search = Search(searches.new_id(), "").of(payload.target.chat_id).remember(shown)
        await searches.load_search(decision.unit, search.id)
        search.save(decision.unit)
        ChatView(decision, payload.target).say(screens.similar(search.id, payload.name, shown, value))


def in_order(
    name: str, price: Decimal | None, products: Sequence[Product], offers: Mapping[str, Offer]
) -> Sequence[Product]:
    """Return the products with those of the same first word first, each kind by how near its price is."""

    def place(product: Product) -> tuple[bool, Decimal]:
        far = abs(offers[product.id].price - price) if price else Decimal(0)
        return _kind(product.name) != _kind(name), far

    return sorted(products, key=place)


def _kind(name: str) -> str:
    return folded(name.partition(" ")[0])


JOB_HANDLERS: JobHandlers = {SIMILAR: SimilarHandler, SIMILAR_OFFERS: SimilarOffersHandler}
