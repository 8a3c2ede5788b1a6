"""The jobs that find what may stand in for a product that no store holds: what the shop links with it, else the like.

One request tells the links and the goods of the section, a second one price and stock of what is linked; where none of
that is there, a third one those of the likeliest in the section.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from typing import Any

from shared.assistant.chat_view import ChatTarget, ChatView
from shared.assistant.job_handler import JobHandlers, MasterJobHandler
from shared.assistant.search import pages, screens
from shared.assistant.search.payloads import SimilarPayload
from shared.bitrix.combine import combine
from shared.bitrix.portal import Operation
from shared.domain import searches
from shared.domain.catalogue import Product, ProductDetails, ProductPage
from shared.domain.offers import Offer
from shared.domain.spelling import ranking
from shared.domain.spelling.trade_words import folded, package_words
from shared.pipeline.decision import Decision
from shared.pipeline.jobs import Job, Lane

SIMILAR = "similar"
SIMILAR_OFFERS = "similar_offers"
ANALOGUE_OFFERS = "analogue_offers"
ASKED = 20
"""Goods whose stock is asked: a real portal that is asked product by product answers so many in one quote."""


def similar_job(where: ChatTarget, product: str, section: str) -> Job:
    """Return the job that shows below what may stand in for a product."""
    return Job(SIMILAR, Lane.READ, SimilarPayload(where.below, product, section).as_data())


class SimilarHandler(MasterJobHandler):
    """What the shop links with a product, and the names in its section."""

    def plan(self, job: Job) -> Operation[list[Any]]:
        """Ask for the product and for the first 50 goods of its section, where that is known."""
        payload = SimilarPayload.from_data(job.payload)
        beside = [self._portal.products_of(payload.section)] if payload.section else []
        return combine([self._portal.product(payload.product), *beside], needed=2)

    async def done(self, job: Job, value: Sequence[Any], decision: Decision) -> None:
        """Ask for the stock of the shop's own choice; without one, of those whose names are likest."""
        payload = SimilarPayload.from_data(job.payload)
        details: ProductDetails = value[0]
        product = searches.without_key(details.product)
        if not payload.section and details.section_id:
            await decision.enqueue(similar_job(payload.target, payload.product, details.section_id))
            return
        nearest = _nearest(product, value[1]) if payload.section else ()
        asked = replace(payload, name=product.name, products=nearest, analogues=tuple(details.analogues))
        await _ask_on(decision, asked)


def _nearest(product: Product, beside: ProductPage) -> tuple[Product, ...]:
    others = [searches.without_key(one) for one in beside.products if one.id != product.id and not one.has_variations]
    return tuple(ranking.ranked(product.name, others, package_words())[:ASKED])


async def _ask_on(decision: Decision, asked: SimilarPayload) -> None:
    """Ask for the analogues, else for the likeliest goods, else say that there are none."""
    if asked.analogues:
        await decision.enqueue(Job(ANALOGUE_OFFERS, Lane.READ, asked.as_data()))
    elif asked.products:
        await decision.enqueue(Job(SIMILAR_OFFERS, Lane.READ, asked.as_data()))
    else:
        ChatView(decision, asked.target).say(screens.similar("", asked.name, (), {}))


class AnalogueOffersHandler(MasterJobHandler):
    """Names, price and stock of what the shop says may stand in."""

    def plan(self, job: Job) -> Operation[list[Any]]:
        """Ask for prices, and for each product: one that is sold no more is an error of its own."""
        payload = SimilarPayload.from_data(job.payload)
        quote = self._portal.quote(payload.analogues, payload.target.price_type)
        return combine([quote, *map(self._portal.product, payload.analogues)])

    async def done(self, job: Job, value: Sequence[Any], decision: Decision) -> None:
        """Show those that are there, then those that come in variations, in the shop's order; else its section's."""
        payload = SimilarPayload.from_data(job.payload)
        offers: Mapping[str, Offer] = value[0]
        known = [one for one in value[1:] if isinstance(one, ProductDetails)]
        there = _there(known, offers)
        if there:
            await _show(decision, payload, there, offers)
        else:
            await _ask_on(decision, replace(payload, analogues=()))


def _there(known: Sequence[ProductDetails], offers: Mapping[str, Offer]) -> list[Product]:
    """Return what is in stock, then what comes in variations, whose stock only its card asks for."""
    products = [searches.without_key(one.product) for one in known]
    in_stock = [one for one in products if one.id in offers and offers[one.id].available > 0]
    chosen_among = {one.product.id for one in known if one.variations is not None and one.variations.products}
    return in_stock + [one for one in products if one.id in chosen_among]


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
        await _show(decision, payload, in_order(payload.name, own.price if own else None, there, value), value)


async def _show(
    decision: Decision, payload: SimilarPayload, there: Sequence[Product], offers: Mapping[str, Offer]
) -> None:
    """Show what is there, and keep it for the cards."""
    shown = there[: screens.PAGE]
    kept = await pages.kept(decision, payload.target, shown)
    ChatView(decision, payload.target).say(screens.similar(kept, payload.name, shown, offers))


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


JOB_HANDLERS: JobHandlers = {
    SIMILAR: SimilarHandler,
    ANALOGUE_OFFERS: AnalogueOffersHandler,
    SIMILAR_OFFERS: SimilarOffersHandler,
}
