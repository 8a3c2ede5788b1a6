"""The button under a card that begins to watch its product, and ends it."""

from __future__ import annotations

from shared.assistant.keyboard import Row, button, keyboard
from shared.assistant.navigation import ShowWatches, SwitchWatch
from shared.assistant.texts import labels
from shared.domain.offers import Offer
from shared.domain.watches import WatchAim
from shared.telegram.api import InlineKeyboardMarkup

_LABELS = {WatchAim.STOCK: labels.WATCH_STOCK, WatchAim.PRICE: labels.WATCH_PRICE}


def aim_of(offer: Offer) -> WatchAim:
    """Return what can be waited for: of what no store holds, that one does."""
    return WatchAim.PRICE if offer.available > 0 else WatchAim.STOCK


def switch(search_id: str, offer: Offer, *, watched: bool) -> Row:
    """Return the row of a card that shows this offer; what has no price cannot become cheaper."""
    if offer.on_request and aim_of(offer) is WatchAim.PRICE and not watched:
        return []
    data = SwitchWatch(
        search=search_id,
        product=offer.product_id,
        aim=aim_of(offer),
        price=offer.price,
        currency=offer.currency,
        on=not watched,
    )
    return row(data)


def row(tap: SwitchWatch) -> Row:
    """Return the button that does this, and the way to the list while the product is watched."""
    if tap.on:
        return [button(_LABELS[tap.aim], tap)]
    return [button(labels.UNWATCH, tap), button(labels.WATCHES, ShowWatches(page=0, fresh=True))]


def swapped(shown: InlineKeyboardMarkup, tapped: str | None, fresh: Row) -> InlineKeyboardMarkup:
    """Return the keyboard with this row in the place of the one that holds the tapped button."""
    rows = shown.inline_keyboard
    return keyboard(*(fresh if any(one.callback_data == tapped for one in row) else row for row in rows))
