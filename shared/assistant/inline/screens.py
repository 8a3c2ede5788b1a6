"""The message that a chosen result becomes, in any chat, sent by the master himself."""

from __future__ import annotations

from shared.assistant import texts
from shared.assistant.chat_view import Screen
from shared.assistant.keyboard import column, link
from shared.domain.catalogue import Product
from shared.domain.offers import Offer


def chosen(product: Product, offer: Offer | None, told_at: str, address: str | None) -> Screen:
    """A product in a few words, as it stood at that moment, and the way to its card."""
    text = texts.inline.chosen(product, offer, told_at)
    return Screen(text, column(link(texts.labels.OPEN_IN_BOT, address)) if address else None)
