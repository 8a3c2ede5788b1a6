"""The links that payments of a real portal are made by."""

from __future__ import annotations

from collections.abc import Mapping

from shared.bitrix.encoding import Reference
from shared.bitrix.fields import find, one, web_address
from shared.bitrix.portal import Answer, Command


def link_command(payment_id: int | str | Reference) -> Command:
    """Ask for the link a payment is made by."""
    return Command("salescenter.payment.getPublicUrl", {"id": payment_id})


def link_of(answer: Answer) -> str | None:
    """Return the link, the short one if there is one; None when the portal gave none, or what cannot be read.

    The link is asked for beside an order, which must not become unreadable for want of it.
    """
    if answer.error is not None or not isinstance(answer.result, Mapping):
        return None
    row = one(answer, "payment")
    return web_address(find(row, "shortUrl")) or web_address(find(row, "url"))
