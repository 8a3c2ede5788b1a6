"""A card: one request for its words, price and stock, and one more for its picture the first time it is shown.

Telegram knows a picture by file id from then on. A card needs nothing but the product's id, so any list, link or
message can lead to it.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from shared.assistant.backend import Picture
from shared.assistant.desk import PICTURE, Desk, Place, Screen
from shared.assistant.kind import Kind, address_of, place, price_type_of
from shared.assistant.search import screens, shelf
from shared.assistant.watching import watches
from shared.bitrix.errors import NotFound
from shared.bitrix.model import Offer, ProductDetails
from shared.bitrix.portal import Operation, Portal
from shared.bitrix.together import together
from shared.pipeline.jobs import Job, Lane
from shared.pipeline.kinds import JobKind
from shared.pipeline.outbox import Attachments
from shared.pipeline.outcomes import Refused
from shared.pipeline.turn import Turn
from shared.store.port import Key

CARD = "card"
CARD_PICTURE = "card_picture"
MORE_PICTURES = "more_pictures"

PICTURES = "pictures"
"""Collection: Telegram file ids of pictures that were sent before, by a hash of their address."""


def card_by_id(where: Place, product_id: str, search_id: str | None = None) -> Job:
    """Return the job that shows a product's card below; of the search that led to it, if one did."""
    payload = {**address_of(where.below), "product": product_id, "search": search_id or shelf.new_id()}
    return Job(CARD, Lane.READ, payload)


def pictures_job(where: Place, product_id: str) -> Job:
    """Return the job that sends a product's further pictures below."""
    return Job(MORE_PICTURES, Lane.READ, {**address_of(where.below), "product": product_id})


class _AboutProduct(Kind):
    """A question about one product."""

    def __init__(self, portal: Portal, operators_chat_id: int | None) -> None:
        super().__init__(operators_chat_id)
        self._portal = portal

    async def failed(self, job: Job, reason: Refused, turn: Turn) -> None:
        """Say that the product is gone, by its name if a list showed it, when that is what the portal says."""
        if reason.code != NotFound.usual_code:
            await super().failed(job, reason, turn)
            return
        search_id = job.payload.get("search")
        search = await shelf.load_search(turn.unit, search_id) if search_id else None
        product = search.products.get(job.payload["product"]) if search else None
        Desk(turn, place(job)).say(screens.not_sold(product) if product else screens.no_such_product())


class Card(_AboutProduct):
    """Everything about one product."""

    def plan(self, job: Job) -> Operation[list[Any]]:
        """Ask for the product, its price and its stock."""
        product_id = job.payload["product"]
        quote = self._portal.quote([product_id], price_type_of(job))
        return together([self._portal.product(product_id), quote], needed=2)

    async def done(self, job: Job, value: tuple[ProductDetails, Mapping[str, Offer]], turn: Turn) -> None:
        """Show the card, with its picture when Telegram has it; else have the picture fetched first."""
        details, offers = value
        product = shelf.without_key(details.product)
        # The card's buttons speak of the product by this record, whatever led to the card.
        search = await shelf.load_search(turn.unit, job.payload["search"])
        (search or shelf.Search(job.payload["search"], "")).remember([product]).save(turn.unit)
        desk = Desk(turn, place(job))
        offer = offers.get(product.id)
        if offer is None:
            desk.say(screens.not_sold(product))
            return
        pictures = [url for url in details.pictures if not shelf.holds_key(url)]
        mine = await watches.load(turn.unit, place(job).chat_id)
        shown = replace(details, product=product, pictures=pictures)
        screen = screens.card(job.payload["search"], shown, offer, watched=mine.of(product.id) is not None)
        await _say(turn, place(job), screen, product.picture)


class MorePictures(_AboutProduct):
    """The pictures of a product beside the one on its card."""

    def plan(self, job: Job) -> Operation[ProductDetails]:
        """Ask which pictures there are."""
        return self._portal.product(job.payload["product"])

    async def done(self, job: Job, value: ProductDetails, turn: Turn) -> None:
        """Send each: those Telegram has at once, the others when they are fetched."""
        pictures = [url for url in value.pictures if not shelf.holds_key(url)]
        if not pictures:
            Desk(turn, place(job)).say(screens.no_more_pictures(value.product))
        for position, url in enumerate(pictures, 2):
            await _say(turn, place(job), screens.picture(value.product, position, len(pictures) + 1), url)


async def _say(turn: Turn, where: Place, screen: Screen, url: str | None) -> None:
    """Show the screen with its picture, when Telegram has it; else have the picture fetched first."""
    known = await turn.unit.get(picture_key(url)) if url else None
    if url is None:
        Desk(turn, where).say(screen)
    elif known is not None:
        Desk(turn, where).say(replace(screen, picture=known["file_id"], picture_key=_tag(url)))
    else:
        await turn.want(_picture_job(where, url, screen))


def picture_key(url: str) -> Key:
    """Where the picture's file id is remembered. The address itself may hold a key, so only its hash is stored."""
    return Key(PICTURES, hashlib.sha256(url.encode()).hexdigest())


def _tag(url: str) -> str:
    """Return what tells the delivery which file id it sends or gets."""
    key = picture_key(url)
    return f"{key.collection}/{key.id}"


def _picture_job(where: Place, url: str, screen: Screen) -> Job:
    keyboard = screen.keyboard.model_dump_json(exclude_none=True) if screen.keyboard else None
    payload = {**address_of(where), "url": url, "text": screen.text, "keyboard": keyboard}
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
    """Return the kinds of jobs that show cards."""
    return (
        (CARD, Card(portal, operators_chat_id)),
        (MORE_PICTURES, MorePictures(portal, operators_chat_id)),
        (CARD_PICTURE, CardPicture(operators_chat_id)),
    )
