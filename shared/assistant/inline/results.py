"""Answers to inline queries. Prices and stock are never cached (spec §5), so nobody may cache an answer."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Final
from zoneinfo import ZoneInfo

from shared.assistant import deep_links, texts
from shared.assistant.deep_links import DeepLink, LinkTarget
from shared.assistant.inline import screens
from shared.assistant.inline.question import InlineQuery
from shared.domain.catalogue import Product
from shared.domain.offers import Offer
from shared.domain.searches import holds_key
from shared.telegram.api import (
    AnswerInlineQuery,
    InlineQueryResultArticle,
    InlineQueryResultsButton,
    InputTextMessageContent,
)
from shared.telegram.formatting import moment

PAGE: Final = 10
"""Results per answer: a list on a phone shows four or five; who scrolls on is sent more."""

_LONGEST_ADDRESS: Final = 1000


def empty(question: InlineQuery, label: str) -> AnswerInlineQuery:
    """Return no results; the button above them says why and leads into the dialogue with the bot."""
    button = InlineQueryResultsButton(text=label, start_parameter=deep_links.HOME)
    return AnswerInlineQuery(inline_query_id=question.id, results=[], cache_time=0, is_personal=True, button=button)


def page(
    question: InlineQuery,
    products: Sequence[Product],
    offers: Mapping[str, Offer],
    total: int,
    now: datetime,
    zone: ZoneInfo,
) -> AnswerInlineQuery:
    """Return these products as results; `total` says whether there are more."""
    told_at = moment(now, now=now, zone=zone)
    beyond = question.offset + len(products)
    return AnswerInlineQuery(
        inline_query_id=question.id,
        results=[
            _article(str(position), product, offers.get(product.id), told_at, question.bot)
            for position, product in enumerate(products, question.offset)
        ],
        cache_time=0,
        is_personal=True,
        next_offset=str(beyond) if beyond < total else "",
    )


def _article(id_: str, product: Product, offer: Offer | None, told_at: str, bot: str) -> InlineQueryResultArticle:
    screen = screens.chosen(product, offer, told_at, deep_links.address(bot, DeepLink(LinkTarget.PRODUCT, product.id)))
    return InlineQueryResultArticle(
        id=id_,
        title=texts.inline.title(product),
        description=texts.inline.description(product, offer),
        thumbnail_url=_thumbnail(product.picture),
        input_message_content=InputTextMessageContent(message_text=screen.text),
        reply_markup=screen.keyboard,
    )


def _thumbnail(picture: str | None) -> str | None:
    """Return a picture's address if everybody may have it: phones fetch it through Telegram."""
    public = picture and picture.startswith("https://") and len(picture) <= _LONGEST_ADDRESS
    return picture if public and not holds_key(picture or "") else None
