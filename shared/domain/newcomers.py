"""Newcomers: people whom an invite let in that names no buyer; they become masters once their phone is known.

Collection `newcomers`, 30 days from the last word.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from typing import Any

from shared.store.collections import NEWCOMERS
from shared.store.port import Key
from shared.store.unit_of_work import UnitOfWork


@dataclass(frozen=True)
class Newcomer:
    """Who is to be bound to a contact. `job` is the id of the job that looks for it or makes it, "" while none does."""

    telegram_id: int
    name: str
    job: str = ""

    def save(self, unit: UnitOfWork) -> None:
        """Put the record into the unit (which must have read it)."""
        unit.put(key(self.telegram_id), asdict(self), ttl=NEWCOMERS.kept)


def key(telegram_id: int) -> Key:
    """Where the newcomer's record lives."""
    return NEWCOMERS.key(str(telegram_id))


async def load(unit: UnitOfWork, telegram_id: int) -> Newcomer | None:
    """Return the newcomer; None for who is none."""
    data = await unit.get(key(telegram_id))
    return None if data is None else _from_data(data)


def _from_data(data: Mapping[str, Any]) -> Newcomer:
    return Newcomer(**{each.name: data[each.name] for each in fields(Newcomer) if each.name in data})
