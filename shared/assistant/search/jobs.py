"""What a search and a card ask of Bitrix.

A text becomes one or two requests: names (`find`, skipped when the hints are at hand), then price and stock of the five
products of the page (`page_offers`). A card is one request (`card`), and one more for its picture the first time the
picture is shown (`card_picture`): Telegram then knows it by file id.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import asdict, replace
from typing import Any

from shared.assistant.backend import Picture
from shared.assistant.desk import PICTURE, Desk, Place, Screen
from shared.assistant.kind import Kind, address_of, place
from shared.assistant.search import screens, shelf
from shared.assistant.search.shelf import PORTAL_PAGE, Search
from shared.bitrix.model import Found, Offer, Product
from shared.bitrix.portal import Operation, Portal
from shared.pipeline.jobs import Job, Lane
from shared.pipeline.kinds import JobKind
from shared.pipeline.outbox import Attachments
from shared.pipeline.outcomes import Refused
from shared.pipeline.turn import Turn
from shared.store.port import Key

FIND = "find"
PAGE_OFFERS = "page_offers"
CARD = "card"
CARD_PICTURE = "card_picture"

PICTURES = "pictures"
"""Collection: Telegram file ids of pictures that were sent before, by a hash of their address."""


async def look_for(turn: Turn, where: Place, search: Search, page: int) -> None:
    """Show a page of a search: from hints of the last minute if there are any, else by asking the portal."""
    start = page * screens.PAGE // PORTAL_PAGE * PORTAL_PAGE
    known = await shelf.cached(turn.unit, search.query, start)
    if known is not None:
        await _show_page(turn, where, search, page, known)
        return
    payload = {**address_of(where), "search": search.id, "query": search.query, "page": page, "start": start}
    await turn.want(Job(FIND, Lane.READ, payload))


async def _show_page(turn: Turn, where: Place, search: Search, page: int, known: Found) -> None:
    """Remember what the page shows, and ask for its prices."""
    skip = page * screens.PAGE % PORTAL_PAGE
    products = known.products[skip : skip + screens.PAGE]
    if not products:
        Desk(turn, where).show(screens.nothing_found(search.query))
        return
    # With hints at hand a search is new, so nobody has looked for its record yet.
    await shelf.load_search(turn.unit, search.id)
    replace(search, total=known.total).remember(products).save(turn.unit)
    payload = {**address_of(where), "search": search.id, "page": page, "products": [asdict(item) for item in products]}
    await turn.want(Job(PAGE_OFFERS, Lane.READ, payload))


class Find(Kind):
    """Names that match a query."""

    def __init__(self, portal: Portal, operators_chat_id: int | None) -> None:
        super().__init__(operators_chat_id)
        self._portal = portal

    def plan(self, job: Job) -> Operation[Found]:
        """Ask for the 50 names the page is among."""
        return self._portal.search(job.payload["query"], job.payload["start"])

    async def done(self, job: Job, value: Found, turn: Turn) -> None:
        """Keep the names for a minute and go on to the prices."""
        value = shelf.storable(value)
        query, start = job.payload["query"], job.payload["start"]
        await shelf.cache(turn.unit, query, start, value)
        search = await shelf.load_search(turn.unit, job.payload["search"])
        await _show_page(turn, place(job), search or Search(job.payload["search"], query), job.payload["page"], value)


class PageOffers(Kind):
    """Price and stock of a page of a search."""

    def __init__(self, portal: Portal, operators_chat_id: int | None) -> None:
        super().__init__(operators_chat_id)
        self._portal = portal

    def plan(self, job: Job) -> Operation[dict[str, Offer]]:
        """Ask for the products of the page."""
        return self._portal.quote([product["id"] for product in job.payload["products"]])

    async def done(self, job: Job, value: Mapping[str, Offer], turn: Turn) -> None:
        """Show the page."""
        search = await shelf.load_search(turn.unit, job.payload["search"])
        if search is not None:
            products = shelf.products_from_data(job.payload["products"])
            Desk(turn, place(job)).show(screens.found(search, job.payload["page"], products, value))


def card_job(where: Place, search_id: str, product: Product) -> Job:
    """Return the job that shows a card."""
    return Job(CARD, Lane.READ, {**address_of(where), "search": search_id, "product": asdict(product)})


class Card(Kind):
    """Price and stock of one product."""

    def __init__(self, portal: Portal, operators_chat_id: int | None) -> None:
        super().__init__(operators_chat_id)
        self._portal = portal

    def plan(self, job: Job) -> Operation[dict[str, Offer]]:
        """Ask for the product."""
        return self._portal.quote([job.payload["product"]["id"]])

    async def done(self, job: Job, value: Mapping[str, Offer], turn: Turn) -> None:
        """Show the card, with its picture when Telegram has it; else have the picture fetched first."""
        product = Product(**job.payload["product"])
        offer = value.get(product.id)
        desk = Desk(turn, place(job))
        if offer is None:
            desk.say(screens.not_sold(product))
            return
        screen = screens.card(job.payload["search"], product, offer)
        if product.picture is None:
            desk.say(screen)
            return
        known = await turn.unit.get(picture_key(product.picture))
        if known is not None:
            desk.say(replace(screen, picture=known["file_id"], picture_key=_tag(product.picture)))
            return
        await turn.want(_picture_job(job, product.picture, screen))


def picture_key(url: str) -> Key:
    """Where the picture's file id is remembered. The address itself may hold a key, so only its hash is stored."""
    return Key(PICTURES, hashlib.sha256(url.encode()).hexdigest())


def _tag(url: str) -> str:
    """Return what tells the delivery which file id it sends or gets."""
    key = picture_key(url)
    return f"{key.collection}/{key.id}"


def _picture_job(job: Job, url: str, screen: Screen) -> Job:
    keyboard = screen.keyboard.model_dump_json(exclude_none=True) if screen.keyboard else None
    payload = {**address_of(place(job)), "url": url, "text": screen.text, "keyboard": keyboard}
    return Job(CARD_PICTURE, Lane.FILE, payload, share=picture_key(url).id)


class CardPicture(Kind):
    """The bytes of a picture, for a card that is ready but for it."""

    def plan(self, job: Job) -> Picture:
        """Fetch the file."""
        return Picture(job.payload["url"])

    async def done(self, job: Job, value: bytes, turn: Turn) -> None:
        """Send the card with the bytes, which are not stored: should they be lost, the card goes out without them."""
        screen = replace(_ready_card(job.payload), picture=PICTURE)
        Desk(turn, place(job)).say(replace(screen, picture_key=_tag(job.payload["url"])))

    async def failed(self, job: Job, reason: Refused, turn: Turn) -> None:
        """Send the card without a picture."""
        Desk(turn, place(job)).say(_ready_card(job.payload))
        self.report(job, reason, turn)

    def attachments(self, job: Job, value: object) -> Attachments:
        """Return the bytes."""
        return {"picture": value} if isinstance(value, bytes) else {}


def _ready_card(payload: Mapping[str, Any]) -> Screen:
    keyboard = payload["keyboard"]
    return Screen(payload["text"], screens.keyboard_from_json(keyboard) if keyboard else None)


def kinds(portal: Portal, operators_chat_id: int | None) -> Sequence[tuple[str, JobKind]]:
    """Return this capability's part of the registry."""
    return (
        (FIND, Find(portal, operators_chat_id)),
        (PAGE_OFFERS, PageOffers(portal, operators_chat_id)),
        (CARD, Card(portal, operators_chat_id)),
        (CARD_PICTURE, CardPicture(operators_chat_id)),
    )
