"""The Firestore adapter: reads, the due query, and the way into a commit."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from typing import Any

from google.cloud.firestore import AsyncClient, AsyncQuery, DocumentSnapshot, FieldFilter

from shared.store.firestore.calls import Budget, Patience, read
from shared.store.firestore.commit import Commit
from shared.store.firestore.documents import Document, document, is_expired, reference
from shared.store.port import Key, Record, Version, Write
from shared.store.values import check_due, check_key, check_page, prepared

logger = logging.getLogger(__name__)

DUE_PAGE = 100
"""Smallest page of a due query after the first one."""
PATIENCE = Patience()
DUE_PAGES = 20
"""Pages a due query reads at most; only expired documents make it read more than one."""


def _system_time() -> datetime:
    return datetime.now(UTC)


def connect(
    project: str, database: str, now: Callable[[], datetime] = _system_time, patience: Patience = PATIENCE
) -> FirestoreStore:
    """Return a store on a database, or on the emulator if FIRESTORE_EMULATOR_HOST is set.

    To be called from a running handler: a gRPC channel belongs to one event loop, and one made at import breaks when
    the server forks (functions/README.md, «The framework»). RuntimeError anywhere else.
    """
    asyncio.get_running_loop()
    return FirestoreStore(AsyncClient(project=project, database=database), now, patience)


class FirestoreStore:
    """Documents in Firestore. `patience` is had with each operation."""

    def __init__(self, client: AsyncClient, now: Callable[[], datetime], patience: Patience = PATIENCE) -> None:
        self._client = client
        self._now = now
        self._patience = patience

    async def get(self, key: Key) -> Record | None:
        """Return the document, or None when it is absent or expired."""
        return (await self.get_many([key])).get(key)

    async def get_many(self, keys: Sequence[Key]) -> dict[Key, Record]:
        """Return those of the documents that are present, in one round trip."""
        for key in keys:
            check_key(key)
        found = await self._documents(keys, Budget(self._patience))
        now = self._now()
        return {key: there.record for key, there in found.items() if not is_expired(there.record, now)}

    async def due(self, collection: str, before: datetime, limit: int, after: datetime | None = None) -> list[Record]:
        """Return documents with `after` < `due_at` <= `before`, earliest first, ties by id.

        Expired ones are skipped, reading on page by page so that they cannot hide live ones behind them; after
        DUE_PAGES pages the search ends with a warning and what was found.
        """
        before = check_due(collection, before, limit)
        budget = Budget(self._patience)
        query = self._client.collection(collection).where(filter=FieldFilter("due_at", "<=", before))
        if after is not None:
            query = query.where(filter=FieldFilter("due_at", ">", after))
        query = query.order_by("due_at")
        live: list[Record] = []
        page, size = query.limit(limit), limit
        for _page in range(DUE_PAGES):
            snapshots = await self._page(page, budget)
            live += self._live(snapshots)
            if len(live) >= limit or len(snapshots) < size:
                return live[:limit]
            size = max(limit, DUE_PAGE)
            page = query.start_after(snapshots[-1]).limit(size)
        logger.warning("due query on %s stopped after %d pages of expired documents", collection, DUE_PAGES)
        return live

    async def page(self, collection: str, after: str, limit: int) -> list[Record]:
        """Return documents by id, expired ones too."""
        check_page(collection, limit)
        query = self._client.collection(collection).order_by("__name__").limit(limit)
        if after:
            query = query.start_after({"__name__": reference(self._client, Key(collection, after))})
        return [document(snapshot).record for snapshot in await self._page(query, Budget(self._patience))]

    async def commit(self, writes: Sequence[Write]) -> dict[Key, Version]:
        """Apply all writes or none; ValueError or TypeError for what no store accepts, before anything is sent."""
        ready = prepared(writes)
        if not ready:
            return {}
        return await Commit(self._client, ready, self._documents, self._now).run(Budget(self._patience))

    async def close(self) -> None:
        """Close the channel. Later calls on this store fail."""
        # The asynchronous client has no public way to close it.
        await self._client._firestore_api.transport.close()  # noqa: SLF001

    async def _documents(self, keys: Sequence[Key], budget: Budget) -> dict[Key, Document]:
        """Return the documents that are there, expired ones too."""
        references = [reference(self._client, key) for key in dict.fromkeys(keys)]
        if not references:
            return {}

        async def get_all(timeout: float) -> list[DocumentSnapshot[Any]]:  # noqa: ASYNC109 - gRPC keeps the deadline
            stream = self._client.get_all(references, retry=None, timeout=timeout)
            return [snapshot async for snapshot in stream]

        documents = [document(found) for found in await read(get_all, budget) if found.exists]
        return {found.record.key: found for found in documents}

    async def _page(self, query: AsyncQuery, budget: Budget) -> list[DocumentSnapshot[Any]]:
        async def run(timeout: float) -> list[DocumentSnapshot[Any]]:  # noqa: ASYNC109 - gRPC keeps the deadline
            return list(await query.get(retry=None, timeout=timeout))

        return await read(run, budget)

    def _live(self, snapshots: Sequence[DocumentSnapshot[Any]]) -> list[Record]:
        now = self._now()
        records = [document(snapshot).record for snapshot in snapshots]
        return [record for record in records if not is_expired(record, now)]
