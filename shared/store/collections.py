"""The collections of the store: name and lifetime of each, and whether the code asks what is due in it.

`infra/terraform/store.tf` says the same to Firestore (time-to-live policies and the index), and a test holds the two
together. A record's key is made here (`Collection.key`), so that no other module names a collection.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from shared.store.port import Key

ORDER_KEPT: Final = timedelta(days=400)
"""From the moment an order or a return was made: longer than anybody asks about it."""

WATCH_KEPT: Final = timedelta(days=90)
"""From the moment a watch began; the record goes with the last watch in it."""

SCREEN_KEPT: Final = timedelta(hours=72)
"""As long as the messages of a job or an update may wait."""

MEDIA_KEPT: Final = timedelta(days=60)
"""Long after the photo is to be deleted, should that never work."""


@dataclass(frozen=True)
class Collection:
    """One collection. `kept`: how long a record lives from its last write; None = for ever, or each by its own data.

    `expires`: its records have an end, by `kept` or by their own data. `due`: its records have moments at which the
    code asks for them (`Store.due`).
    """

    name: str
    kept: timedelta | None
    due: bool = False
    ends_by_data: bool = False

    @property
    def expires(self) -> bool:
        """Whether its records have `expires_at`."""
        return self.kept is not None or self.ends_by_data

    def key(self, id_: str) -> Key:
        """Return where the record with this id lives."""
        return Key(self.name, id_)


INBOX_TELEGRAM: Final = Collection("inbox_telegram", timedelta(hours=48), due=True)
"""Due while its messages are not out."""

INBOX_BITRIX: Final = Collection("inbox_bitrix", timedelta(minutes=10))
JOBS: Final = Collection("jobs", timedelta(hours=72), due=True)
"""A finished job and its idempotency key (spec §1); one that waits has no end."""

DEAD_LETTERS: Final = Collection("dead_letters", timedelta(days=30), due=True)
MASTERS: Final = Collection("masters", None)
INVITES: Final = Collection("invites", None, ends_by_data=True)
"""As long as the link may be used."""

NEWCOMERS: Final = Collection("newcomers", timedelta(days=30))
SESSIONS: Final = Collection("sessions", timedelta(hours=24))
SCREENS: Final = Collection("screens", SCREEN_KEPT)
"""Whose turn it is at each message that is changed in place."""

INLINE_QUERIES: Final = Collection("inline_queries", timedelta(minutes=1))
"""Longer than a query lives."""

SEARCHES: Final = Collection("searches", timedelta(hours=24))
SEARCH_CACHE: Final = Collection("search_cache", timedelta(seconds=60))
"""Hints (spec §5: at most 60 s)."""

PICTURES: Final = Collection("pictures", timedelta(days=30))
"""Telegram's file ids of pictures that were sent before, by a hash of their address."""

PASTED_LISTS: Final = Collection("pasted_lists", timedelta(hours=24))
SAVED_LISTS: Final = Collection("saved_lists", timedelta(days=400))
EMPTY_SEARCHES: Final = Collection("empty_searches", timedelta(days=30))
TRADE_WORDS: Final = Collection("trade_words", None)
CARTS: Final = Collection("carts", timedelta(days=30))
CHECKOUTS: Final = Collection("checkouts", timedelta(hours=24))
BASKETS: Final = Collection("baskets", timedelta(hours=24))
ORDERS: Final = Collection("orders", ORDER_KEPT)
ORDER_LISTS: Final = Collection("order_lists", ORDER_KEPT)
ORDER_PARTS: Final = Collection("order_parts", timedelta(days=30))
"""Longer than anybody works on an order's payments and shipments."""

RETURN_DRAFTS: Final = Collection("return_drafts", timedelta(hours=24))
RETURNS: Final = Collection("returns", ORDER_KEPT, due=True)
RETURN_LISTS: Final = Collection("return_lists", ORDER_KEPT)
MEDIA: Final = Collection("media", MEDIA_KEPT, due=True)
WATCHES: Final = Collection("watches", WATCH_KEPT, due=True)
TOPICS: Final = Collection("topics", timedelta(days=400))
CURSORS: Final = Collection("cursors", None)
PORTAL_STATE: Final = Collection("portal_state", None)
QUEUE_STATE: Final = Collection("queue_state", None)
PAUSES: Final = Collection("pauses", None, ends_by_data=True)
"""As long as the method rests."""

TOKENS: Final = Collection("tokens", None)
LEASES: Final = Collection("leases", None, ends_by_data=True)
"""As long as the lease was taken for."""


def screen_name(chat_id: int | str, message_id: int | str) -> str:
    """Return what a message is called in `screens`."""
    return f"{chat_id}:{message_id}"
