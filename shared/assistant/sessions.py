"""aiogram's dialogue state inside the unit of work (collection `sessions`, 24 h sliding).

aiogram gets one storage when the dispatcher is built, while a unit belongs to one update; the unit of the update being
handled is found through a context variable. So state is part of the update's one commit, and reading it guards it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

from shared.store.collections import SESSIONS
from shared.store.port import Key
from shared.store.unit_of_work import UnitOfWork
from shared.telegram.api import BaseStorage, State, StateType, StorageKey

_unit: ContextVar[UnitOfWork] = ContextVar("unit")


@contextmanager
def within(unit: UnitOfWork) -> Iterator[None]:
    """Keep dialogue state in this unit inside the block."""
    token = _unit.set(unit)
    try:
        yield
    finally:
        _unit.reset(token)


def key(chat_id: int, user_id: int) -> Key:
    """Where a dialogue's state lives."""
    return SESSIONS.key(f"{chat_id}:{user_id}")


class UnitStorage(BaseStorage):
    """`BaseStorage` over the unit of the update at hand. An empty session is deleted."""

    async def set_state(self, key: StorageKey, state: StateType = None) -> None:
        """Change the state, keep the data."""
        name = state.state if isinstance(state, State) else state
        await self._write(key, state=name, data=await self.get_data(key))

    async def get_state(self, key: StorageKey) -> str | None:
        """Return the state's name."""
        session = await self._read(key)
        return session["state"] if session else None

    async def set_data(self, key: StorageKey, data: Mapping[str, Any]) -> None:
        """Replace the data, keep the state."""
        await self._write(key, state=await self.get_state(key), data=data)

    async def get_data(self, key: StorageKey) -> dict[str, Any]:
        """Return the data."""
        session = await self._read(key)
        return dict(session["data"]) if session else {}

    async def close(self) -> None:
        """Nothing is held open here."""

    async def _read(self, storage_key: StorageKey) -> dict[str, Any] | None:
        return await _unit.get().get(key(storage_key.chat_id, storage_key.user_id))

    async def _write(self, storage_key: StorageKey, *, state: str | None, data: Mapping[str, Any]) -> None:
        unit, where = _unit.get(), key(storage_key.chat_id, storage_key.user_id)
        await unit.get(where)
        if state is None and not data:
            unit.delete(where)
        else:
            unit.put(where, {"state": state, "data": dict(data)}, ttl=SESSIONS.kept)
