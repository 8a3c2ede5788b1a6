"""The comparison of a watch with the portal's present price and stock. Pure."""

from __future__ import annotations

from dataclasses import dataclass, replace

from shared.domain import money
from shared.domain.offers import Offer
from shared.domain.watches import Watch, WatchAim


@dataclass(frozen=True)
class BackInStock:
    """It can be had again; the watch is over."""

    watch: Watch
    offer: Offer


@dataclass(frozen=True)
class Cheaper:
    """It costs less than the master knows; the watch goes on from the new price."""

    watch: Watch
    offer: Offer


@dataclass(frozen=True)
class LeftShop:
    """It is not sold any more; the watch is over."""

    watch: Watch


WatchNews = BackInStock | Cheaper | LeftShop


def compare(watch: Watch, offer: Offer | None) -> tuple[Watch | None, WatchNews | None]:
    """Return the watch as it goes on, None when it is over, and what its master is to be told, if anything.

    Only who is missing twice is gone: while a catalogue is imported, goods may have no price for some minutes.
    """
    if offer is None:
        return (None, LeftShop(watch)) if watch.missing else (replace(watch, missing=True), None)
    seen = replace(watch, missing=False)
    if watch.aim is WatchAim.STOCK:
        return (None, BackInStock(watch, offer)) if offer.available > 0 else (seen, None)
    if offer.currency != watch.currency:
        return replace(seen, price=offer.price, currency=offer.currency), None
    # A fall by a part of a kopeck is not seen, so it is no news.
    if not offer.on_request and money.rounded(offer.price) < money.rounded(watch.price):
        return replace(seen, price=offer.price), Cheaper(watch, offer)
    return seen, None
