"""Returns made through the bot: whom to tell, and what he was told (collection `returns`, 400 days).

An open return is due when it is to be looked at without an event: the portal repeats none (shared/bitrix/README.md,
«Events»), and the spec's contract has no list of the returns that changed. `return_lists` holds, per master, the ids of
his returns, newest first.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields, replace
from datetime import datetime, timedelta
from typing import Any

from shared.domain.return_drafts import ReturnItem, item_data, item_from_data
from shared.status import Status
from shared.store.collections import ORDER_KEPT, RETURN_LISTS, RETURNS
from shared.store.port import Key
from shared.store.unit_of_work import UnitOfWork

LISTED = 50
"""Returns per master that are listed."""

LOOK_EVERY = timedelta(minutes=10)
"""How long a decision whose event was lost stays untold."""

FRESH = timedelta(days=30)
LOOK_SELDOM = timedelta(days=1)
"""How often to look at a return that nobody has decided on in all that time: it costs the pace masters wait for."""

FINAL = frozenset({Status.RETURN_COMPLETED, Status.RETURN_REJECTED})
_OF_RETURNS = FINAL | {Status.RETURN_IN_PROGRESS}


@dataclass(frozen=True)
class ReturnRecord:
    """A return and its master. `shown` are the statuses he was told; `reason` is why it was rejected, if it was.

    `account_number` is what people call the order, "" where that is its id. `goods`, the `complaint` and the number of
    `photos` are as they were sent; records of a version before have none of them.
    """

    id: str
    order_id: str
    user_id: int
    chat_id: int
    made_at: datetime
    shown: tuple[Status, ...] = (Status.RETURN_IN_PROGRESS,)
    reason: str = ""
    account_number: str = ""
    goods: tuple[ReturnItem, ...] = ()
    complaint: str = ""
    photos: int = 0

    @property
    def order_number(self) -> str:
        """What people call the order."""
        return self.account_number or self.order_id

    @property
    def status(self) -> Status:
        """The status told last."""
        return self.shown[-1]

    @property
    def is_open(self) -> bool:
        """Whether it has not been decided on."""
        return self.status not in FINAL

    def is_news(self, status: Status) -> bool:
        """Whether the master is to be told: each status of a return once, none after the end."""
        return status in _OF_RETURNS and status not in self.shown and self.is_open

    def told(self, status: Status, reason: str) -> ReturnRecord:
        """Return the record with this status told."""
        return replace(self, shown=(*self.shown, status), reason=reason)

    def save(self, unit: UnitOfWork, *, seldom: bool = False) -> None:
        """Put the record into the unit (which must have read it); the next look is counted from now.

        `seldom`: the portal shows no returns, so there is little to look at.
        """
        goods = [item_data(good) for good in self.goods]
        data = {**vars(self), "shown": [str(status) for status in self.shown], "goods": goods}
        # The version before refuses what it does not know.
        unset = [name for name in ("account_number", "goods", "complaint", "photos") if not data[name]]
        for name in ("id", *unset):
            del data[name]
        unit.put(
            key(self.id),
            data,
            ttl=self.made_at + ORDER_KEPT - unit.now,
            due_at=self._next_look(unit.now, seldom=seldom),
        )

    def _next_look(self, now: datetime, *, seldom: bool) -> datetime | None:
        if not self.is_open:
            return None
        return now + (LOOK_SELDOM if seldom or now - self.made_at >= FRESH else LOOK_EVERY)


def key(return_id: str) -> Key:
    """Where a return lives."""
    return RETURNS.key(return_id)


def _from_data(return_id: str, data: Mapping[str, Any]) -> ReturnRecord:
    known = {each.name: data[each.name] for each in fields(ReturnRecord) if each.name in data}
    goods = tuple(map(item_from_data, data.get("goods", ())))
    shown = tuple(Status(status) for status in data["shown"])
    return ReturnRecord(**{**known, "id": return_id, "shown": shown, "goods": goods})


async def load(unit: UnitOfWork, return_id: str) -> ReturnRecord | None:
    """Return a return made through the bot."""
    data = await unit.get(key(return_id))
    return None if data is None else _from_data(return_id, data)


async def remember(unit: UnitOfWork, made: ReturnRecord) -> None:
    """Put a new return and its place in the master's list into the unit."""
    if await unit.get(key(made.id)) is None:
        made.save(unit)
    ids = [made.id, *(id_ for id_ in await list_ids(unit, made.user_id) if id_ != made.id)]
    unit.put(_list_key(made.user_id), {"returns": ids[:LISTED]}, ttl=RETURN_LISTS.kept)


async def list_ids(unit: UnitOfWork, user_id: int) -> list[str]:
    """Return the ids of the master's returns, newest first."""
    data = await unit.get(_list_key(user_id))
    return list(data["returns"]) if data else []


async def load_many(unit: UnitOfWork, ids: Sequence[str]) -> list[ReturnRecord]:
    """Return those of the returns that are known, in the given order."""
    found = await unit.get_many([key(id_) for id_ in ids])
    return [_from_data(id_, found[key(id_)]) for id_ in ids if key(id_) in found]


def _list_key(user_id: int) -> Key:
    return RETURN_LISTS.key(str(user_id))
