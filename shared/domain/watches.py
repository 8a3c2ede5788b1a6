"""The products a master watches (collection `watches`; each watch ends 90 days after it began).

One record per master, with at most `MOST` watches in it and due when the portal is to be asked about them again. So all
of one look is bounded and of one piece: one due record, one job, one quote of at most 20 products, one commit of the
news and of what is remembered of them. A record per product would have to hold everybody who wants it, and a record per
master and product would need a second one for his list and cost twenty times the reads. Asking
the same product for two masters costs little: the worker packs the looks of many into one request
(shared/pipeline/README.md, «Jobs and permits»).

Price and stock are never cached (spec §5), and are not here either: `price` is what the master saw when he asked to be
told, later what he was told last. It is compared with, and shown as «дешевле …», never as the present price.

Loads no aiogram: `housekeeping` asks what is due.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from datetime import datetime, timedelta
from decimal import Decimal
from enum import StrEnum
from typing import Any

from shared.store.collections import WATCH_KEPT, WATCHES
from shared.store.port import Key
from shared.store.unit_of_work import UnitOfWork

MOST = 20
"""Watches of one master. A real portal that is asked product by product answers 24 in one quote."""

EVERY = timedelta(minutes=60)
"""How often the portal is asked about a master's watches."""


class WatchAim(StrEnum):
    """What is waited for. The values travel in buttons."""

    STOCK = "s"
    PRICE = "p"


@dataclass(frozen=True)
class Watch:
    """One product that a master watches.

    `price`: tell of any lower one. `missing`: the portal did not sell it when it was asked last.
    """

    product: str
    name: str
    aim: WatchAim
    price: Decimal
    currency: str
    since: datetime
    missing: bool = False

    @property
    def until(self) -> datetime:
        """When it ends by itself."""
        return self.since + WATCH_KEPT


@dataclass(frozen=True)
class Watches:
    """Everything a master watches, the newest first."""

    items: tuple[Watch, ...] = ()

    @property
    def full(self) -> bool:
        """Whether there is no room for another."""
        return len(self.items) >= MOST

    def of(self, product_id: str) -> Watch | None:
        """Return the watch of this product."""
        return next((watch for watch in self.items if watch.product == product_id), None)

    def begun(self, watch: Watch) -> Watches:
        """Return the watches with this one too."""
        return replace(self, items=(watch, *self.items))

    def without(self, product_id: str) -> Watches:
        """Return the watches but this product's."""
        return replace(self, items=tuple(watch for watch in self.items if watch.product != product_id))


def key(telegram_id: int) -> Key:
    """Where a master's watches live."""
    return WATCHES.key(str(telegram_id))


async def load(unit: UnitOfWork, telegram_id: int) -> Watches:
    """Return the master's watches that have not ended."""
    data = await unit.get(key(telegram_id))
    known = [_from_data(item) for item in data["watches"]] if data else []
    return Watches(tuple(watch for watch in known if watch.until > unit.now))


def save(unit: UnitOfWork, telegram_id: int, mine: Watches, look_at: datetime | None = None) -> None:
    """Put the record into the unit (which must have read it); without watches there is none.

    The next look is at `look_at`, else when it was to be anyway; the first one is `EVERY` after the first watch began.
    """
    where = key(telegram_id)
    if not mine.items:
        unit.delete(where)
        return
    due_at = look_at or unit.due_at(where) or unit.now + EVERY
    ends = max(watch.until for watch in mine.items)
    unit.put(where, {"watches": _as_data(mine.items)}, ttl=ends - unit.now, due_at=due_at)


def _as_data(watches: Sequence[Watch]) -> list[dict[str, Any]]:
    return [{**asdict(watch), "aim": str(watch.aim), "price": str(watch.price)} for watch in watches]


def _from_data(data: dict[str, Any]) -> Watch:
    return Watch(**{**data, "aim": WatchAim(data["aim"]), "price": Decimal(data["price"])})
