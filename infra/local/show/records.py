"""What the functions remember of one order: its records as they are in the store now."""

from __future__ import annotations

import re
from collections import Counter
from typing import Any

from infra.local.show.recorder import Recorder
from shared.store.port import Key, Store

Json = dict[str, Any]
_BETWEEN = re.compile(r"[^0-9A-Za-z]+")


async def records_of(recorder: Recorder, store: Store, order_id: str) -> list[Json]:
    """Return the order's records and what was written together with them; one that is gone has no data.

    `writes` is how often each was written in those commits.
    """
    theirs = (one for one in recorder.commits if not one.refused and any(_names(key, order_id) for key in one.keys))
    writes = Counter(key for commit in theirs for key in commit.keys)
    found = await store.get_many(list(writes)) if writes else {}
    return [
        {"in": key.collection, "id": key.id, "writes": times, "data": _data(found[key].data) if key in found else None}
        for key, times in sorted(writes.items(), key=lambda one: (one[0].collection, one[0].id))
    ]


def _names(key: Key, order_id: str) -> bool:
    return order_id in _BETWEEN.split(key.id)


def _data(value: object) -> object:
    """Return a record's data as JSON has it; moments as people read them."""
    if isinstance(value, dict):
        return {str(name): _data(item) for name, item in value.items()}
    if isinstance(value, list | tuple):
        return [_data(item) for item in value]
    return value if isinstance(value, str | int | float | bool) or value is None else str(value)
