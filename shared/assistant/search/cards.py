"""The jobs of a card: one request for its words, price and stock, one more for its picture the first time it is shown.

Telegram knows a picture by file id from then on. A card needs nothing but the product's id, so any list, link or
message can lead to it.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal
from typing import Any

from shared.assistant import funnel
from shared.assistant.bitrix_backend import PictureDownload
from shared.assistant.chat_view import PICTURE, ChatTarget, ChatView, Screen
from shared.assistant.funnel import FunnelStep
from shared.assistant.job_handler import JobHandlers, MasterJobHandler
from shared.assistant.search import pages, screens
from shared.assistant.search.payloads import CardPicturePayload, ProductPayload
from shared.bitrix.combine import combine
from shared.bitrix.errors import NotFound
from shared.bitrix.portal import Operation
from shared.domain import searches, watches
from shared.domain.cart_lines import line_of
from shared.domain.catalogue import Product, ProductDetails, ProductPage
from shared.domain.offers import Offer
from shared.domain.searches import CachedPage, Search
from shared.domain.spelling import articles
from shared.domain.spelling.variants import QueryVariant
from shared.domain.spelling.words import article_and_count, quantity_in
from shared.pipeline.decision import Decision
from shared.pipeline.jobs import Job, Lane
from shared.pipeline.outcomes import Refusal
from shared.pipeline.sending import Attachments
from shared.store.collections import PICTURES
from shared.store.port import Key

CARD = "card"
CARD_PICTURE = "card_picture"
MORE_PICTURES = "more_pictures"


def card_by_id(where: ChatTarget, product_id: str, search_id: str | None = None) -> Job:
    """Return the job that shows a product's card below; of the search that led to it, if one did."""
    return Job(CARD, Lane.READ, ProductPayload(where.below, product_id, search_id or searches.new_id()).as_data())


def unknown() -> Screen:
    """Say that there is no such product."""
    return screens.no_such_product()


def pictures_job(where: ChatTarget, product_id: str) -> Job:
    """Return the job that sends a product's further pictures below."""
    return Job(MORE_PICTURES, Lane.READ, ProductPayload(where.below, product_id).as_data())


class _ProductHandler(MasterJobHandler):
    """A question about one product."""

    async def failed(self, job: Job, reason: Refusal, decision: Decision) -> None:
        """Say that the product is gone, by its name if a list showed it, when that is what the portal says."""
        if reason.code != NotFound.usual_code:
            await super().failed(job, reason, decision)
            return
        payload = ProductPayload.from_data(job.payload)
        owner = payload.target.chat_id
        search = await searches.load_of(decision.unit, payload.search, owner) if payload.search else None
        product = search.products.get(payload.product) if search else None
        ChatView(decision, payload.target).say(screens.not_sold(product) if product else screens.no_such_product())


class CardHandler(_ProductHandler):
    """Everything about one product."""

    def plan(self, job: Job) -> Operation[list[Any]]:
        """Ask for the product, its price and its stock."""
        payload = ProductPayload.from_data(job.payload)
        quote = self._portal.quote([payload.product], payload.target.price_type, by_store=True)
        return combine([self._portal.product(payload.product), quote], needed=2)

    async def done(self, job: Job, value: tuple[ProductDetails, Mapping[str, Offer]], decision: Decision) -> None:
        """Show the card, with its picture when Telegram has it; else have the picture fetched first."""
        payload = ProductPayload.from_data(job.payload)
        details, offers = value
        product = searches.without_key(details.product)
        # The card's buttons speak of the product by this record, whatever led to the card.
        payload, search = await _kept_by(decision, payload, product)
        if details.variations is not None:
            search.save(decision.unit)
            await _choice(decision, payload, product, searches.storable(CachedPage(None, details.variations)).found)
            return
        offer = offers.get(product.id)
        if offer is None:
            search.save(decision.unit)
            ChatView(decision, payload.target).say(screens.not_sold(product))
            return
        search.tell(line_of(product, offer, offer.step)).save(decision.unit)
        pictures = [url for url in details.pictures if not searches.holds_key(url)]
        mine = await watches.load(decision.unit, payload.target.chat_id)
        shown = replace(details, product=product, pictures=pictures)
        watched, wanted = mine.of(product.id) is not None, _wanted(search, product)
        screen = screens.card(payload.search, shown, offer, watched=watched, wanted=wanted)
        funnel.passed(FunnelStep.CARD)
        await _say(decision, payload.target, screen, product.picture)


async def _kept_by(decision: Decision, payload: ProductPayload, product: Product) -> tuple[ProductPayload, Search]:
    """Return the search that keeps the product, and the payload with its id: a new one instead of somebody else's."""
    known = await searches.load_search(decision.unit, payload.search)
    owner = payload.target.chat_id
    if known is not None and known.owner not in (0, owner):
        payload, known = replace(payload, search=searches.new_id()), None
        await searches.load_search(decision.unit, payload.search)
    return payload, (known or Search(payload.search, "")).of(owner).remember([product])


def _wanted(search: Search, product: Product) -> Decimal | None:
    """Return how many the query asks for; not what a product's name says of its pack."""
    if search.section or search.parent:
        return None
    counted = article_and_count(search.query)
    if counted is not None and articles.squashed(counted[0]) == articles.squashed(product.article):
        return Decimal(counted[1])
    count = quantity_in(search.query)
    return Decimal(count) if count and count != quantity_in(product.name) else None


async def _choice(decision: Decision, payload: ProductPayload, parent: Product, sold: ProductPage) -> None:
    """Let the master choose among the variations of a product; the only one is opened at once."""
    if not sold.products:
        ChatView(decision, payload.target).say(screens.not_sold(parent))
    elif sold.total == 1:
        await decision.enqueue(card_by_id(payload.target, sold.products[0].id, payload.search))
    else:
        way = QueryVariant(parent.name)
        known = CachedPage(way, sold)
        search = Search(searches.new_id(), parent.name, parent=parent.id)
        shown = pages.on_page(known, 0)
        await searches.cache(decision.unit, search.key, 0, known)
        await pages.show_page(decision, payload.target, search.found_in(way, sold.total, shown), 0, shown)


class MorePicturesHandler(_ProductHandler):
    """The pictures of a product beside the one on its card."""

    def plan(self, job: Job) -> Operation[ProductDetails]:
        """Ask which pictures there are."""
        return self._portal.product(ProductPayload.from_data(job.payload).product)

    async def done(self, job: Job, value: ProductDetails, decision: Decision) -> None:
        """Send each: those Telegram has at once, the others when they are fetched."""
        where = ProductPayload.from_data(job.payload).target
        pictures = [url for url in value.pictures if not searches.holds_key(url)]
        if not pictures:
            ChatView(decision, where).say(screens.no_more_pictures(value.product))
        for position, url in enumerate(pictures, 2):
            await _say(decision, where, screens.picture(value.product, position, len(pictures) + 1), url)


async def _say(decision: Decision, where: ChatTarget, screen: Screen, url: str | None) -> None:
    """Show the screen with its picture, when Telegram has it; else have the picture fetched first."""
    known = await decision.unit.get(picture_key(url)) if url else None
    if url is None:
        ChatView(decision, where).say(screen)
    elif known is not None:
        ChatView(decision, where).say(replace(screen, picture=known["file_id"], picture_key=_tag(url)))
    else:
        await decision.enqueue(_picture_job(where, url, screen))


def picture_key(url: str) -> Key:
    """Where the picture's file id is remembered. The address itself may hold a key, so only its hash is stored."""
    return PICTURES.key(hashlib.sha256(url.encode()).hexdigest())


def _tag(url: str) -> str:
    """Return what tells the delivery which file id it sends or gets."""
    key = picture_key(url)
    return f"{key.collection}/{key.id}"


def _picture_job(where: ChatTarget, url: str, screen: Screen) -> Job:
    keyboard = screen.keyboard.model_dump_json(exclude_none=True) if screen.keyboard else None
    payload = CardPicturePayload(where, url, screen.text, keyboard)
    return Job(CARD_PICTURE, Lane.FILE, payload.as_data(), share=picture_key(url).id)


class CardPictureHandler(MasterJobHandler):
    """The bytes of a picture, for a card that is ready but for it."""

    def plan(self, job: Job) -> PictureDownload:
        """Fetch the file."""
        return PictureDownload(CardPicturePayload.from_data(job.payload).url)

    async def done(self, job: Job, value: bytes, decision: Decision) -> None:
        """Send the card with the bytes, which are not stored: should they be lost, the card goes out without them."""
        payload = CardPicturePayload.from_data(job.payload)
        screen = replace(_ready_card(payload), picture=PICTURE, picture_key=_tag(payload.url))
        ChatView(decision, payload.target).say(screen)

    async def failed(self, job: Job, reason: Refusal, decision: Decision) -> None:
        """Send the card without a picture."""
        payload = CardPicturePayload.from_data(job.payload)
        ChatView(decision, payload.target).say(_ready_card(payload))
        await self.report(job, reason, decision)

    def attachments(self, job: Job, value: object) -> Attachments:
        """Return the bytes."""
        return {"picture": value} if isinstance(value, bytes) else {}


def _ready_card(payload: CardPicturePayload) -> Screen:
    return Screen(payload.text, screens.keyboard_from_json(payload.keyboard) if payload.keyboard else None)


JOB_HANDLERS: JobHandlers = {CARD: CardHandler, MORE_PICTURES: MorePicturesHandler, CARD_PICTURE: CardPictureHandler}
