"""Patience with a store that is away: what must not be lost is tried again while its request may live."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import TypeVar

from shared.store.port import Unavailable

T = TypeVar("T")

PAUSES = (0.5, 1.0, 2.0, 4.0, 8.0, 8.0)
"""Seconds between the tries, each of which may take some more: a store that stops for 20 s is outlasted."""


async def outlasting(act: Callable[[], Awaitable[T]]) -> T:
    """Await `act()`, again after a pause while the store is away; raise the last `Unavailable`, all else at once."""
    for pause in PAUSES:
        try:
            return await act()
        except Unavailable:
            await asyncio.sleep(pause)
    return await act()
