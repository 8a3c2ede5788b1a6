"""Masters: who may use the bot, and what is remembered of each (collection `masters`, kept until removed)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from datetime import datetime
from typing import Any

from shared.store.port import Key
from shared.store.unit import Unit

COLLECTION = "masters"
ADDRESSES = 3
"""How many addresses are remembered, the latest first."""


@dataclass(frozen=True)
class Master:
    """A person in Telegram bound to a buyer in Bitrix. `reachable` is False once he has blocked the bot.

    `blocked`: the operators have shut him out; to the bot he is a stranger.
    `phone` is in E.164, "" until he gave one.
    """

    telegram_id: int
    bitrix_user_id: str
    name: str
    joined_at: datetime
    addresses: tuple[str, ...] = ()
    reachable: bool = True
    blocked: bool = False
    phone: str = field(default="", repr=False)

    def with_address(self, address: str) -> Master:
        """Return the master with this address remembered first."""
        others = tuple(known for known in self.addresses if known != address)
        return replace(self, addresses=(address, *others)[:ADDRESSES])

    def save(self, unit: Unit) -> None:
        """Put the record into the unit (which must have read it)."""
        unit.put(key(self.telegram_id), {**asdict(self), "addresses": list(self.addresses)})


def key(telegram_id: int) -> Key:
    """Where the master's record lives."""
    return Key(COLLECTION, str(telegram_id))


def from_data(data: Mapping[str, Any]) -> Master:
    """Read a record's data."""
    return Master(**{**data, "addresses": tuple(data["addresses"])})


async def load(unit: Unit, telegram_id: int) -> Master | None:
    """Return the master, or None for a stranger."""
    data = await unit.get(key(telegram_id))
    return None if data is None else from_data(data)
