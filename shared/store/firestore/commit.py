"""One atomic commit to Firestore and what its answers mean.

Two answers need a second look before they may be called a conflict:

- An earlier try of the same commit may have been applied although its answer got lost; the next try is then refused
  because of our own writes. The documents tell: they carry this attempt's id (shared/store/README.md, «What holds»).
- A document to create is there but has expired: Firestore deletes late (shared/store/README.md, «Firestore»). It is
  taken over with a put on its version, so of many takers one wins.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from datetime import datetime
from uuid import uuid4

from google.api_core import exceptions
from google.cloud.firestore import AsyncClient

from shared.store.firestore.calls import NEWER, REFUSED, Budget, attempted, raise_as_store_error
from shared.store.firestore.documents import Document, add_takeover, add_write, is_expired, version_at
from shared.store.port import Conflict, Create, Delete, Key, Unavailable, Version, Write

ROUNDS = 4
"""How often a commit is sent when a look at the documents says that nothing is in its way any more."""

ReadBack = Callable[[Sequence[Key], Budget], Awaitable[dict[Key, Document]]]


class Commit:
    """A list of writes on its way to Firestore. `read_back` returns documents, expired ones too."""

    def __init__(
        self, client: AsyncClient, writes: Sequence[Write], read_back: ReadBack, now: Callable[[], datetime]
    ) -> None:
        self._client = client
        self._writes = writes
        self._read_back = read_back
        self._now = now
        self._attempt = uuid4().hex
        self._takeovers: dict[Key, Version] = {}
        self._answer_lost = False

    async def run(self, budget: Budget) -> dict[Key, Version]:
        """Apply the writes and return the new versions; raise Conflict, Unavailable or StoreError."""
        for _round in range(ROUNDS):
            try:
                return await attempted(self._send, budget, on_lost=self._note_lost_answer)
            except REFUSED:
                if not self._needs_a_look():
                    raise Conflict("a document has changed") from None
            except exceptions.GoogleAPIError as error:
                if isinstance(error, exceptions.InvalidArgument) and NEWER in str(error):
                    raise Conflict("a document is older than its version") from None
                raise_as_store_error(error)
            found = await self._read_back([write.key for write in self._writes], budget)
            versions = self._own_versions(found)
            if versions is not None:
                return versions
            self._check_way_is_free(found)
        raise Conflict("the documents kept changing")

    async def _send(self, timeout: float) -> dict[Key, Version]:  # noqa: ASYNC109 - gRPC keeps the deadline itself
        batch = self._client.batch()
        for write in self._writes:
            expired = self._takeovers.get(write.key)
            if expired is not None and isinstance(write, Create):
                add_takeover(batch, self._client, write, expired, self._attempt)
            else:
                add_write(batch, self._client, write, self._attempt)
        results = await batch.commit(retry=None, timeout=timeout)
        return {
            write.key: version_at(result.update_time)
            for write, result in zip(self._writes, results, strict=True)
            if not isinstance(write, Delete)
        }

    def _note_lost_answer(self) -> None:
        self._answer_lost = True

    def _needs_a_look(self) -> bool:
        return self._answer_lost or any(isinstance(write, Create) for write in self._writes)

    def _own_versions(self, found: Mapping[Key, Document]) -> dict[Key, Version] | None:
        """Return the versions if this commit was applied after all, None if nothing shows that it was.

        A document that somebody changed since gets a version it had before: that of the commit, whose time all its
        documents share, or an older one if nothing tells it. Either way a later put on it conflicts, as it should.
        """
        written = [write for write in self._writes if not isinstance(write, Delete)]
        current = {
            write.key: found[write.key].record.version
            for write in written
            if write.key in found and found[write.key].attempt == self._attempt
        }
        marks = [*current.values(), *self._births(found)]
        if not marks:
            return None
        return {write.key: current.get(write.key, marks[0]) for write in written}

    def _births(self, found: Mapping[Key, Document]) -> list[Version]:
        """Return the first versions of documents that this commit created, changed by others since or not."""
        return [document.born for document in found.values() if document.created_by == self._attempt]

    def _check_way_is_free(self, found: Mapping[Key, Document]) -> None:
        """Return if every precondition holds now, so the commit may be sent again; plan the take-overs it needs."""
        now = self._now()
        self._takeovers = {
            write.key: found[write.key].record.version
            for write in self._writes
            if isinstance(write, Create) and write.key in found and is_expired(found[write.key].record, now)
        }
        holding = [self._holds(write, found.get(write.key)) for write in self._writes]
        if all(holding):
            return
        if self._answer_lost and not self._surely_not_applied(holding):
            raise Unavailable("the answer to a commit got lost, and its documents have been changed by others since")
        raise Conflict("a document has changed")

    def _holds(self, write: Write, present: Document | None) -> bool:
        if isinstance(write, Create):
            return present is None or write.key in self._takeovers
        return present is not None and present.record.version == write.version

    def _surely_not_applied(self, holding: Sequence[bool]) -> bool:
        """Tell whether the documents prove that no earlier try was applied.

        They do if one is still as it was before, or if one that we would have created is not ours: nobody deletes and
        creates it again within the few seconds that a commit takes. With none of that, a commit of puts and deletes
        may have been applied and overwritten, and nobody can know.
        """
        return any(isinstance(write, Create) or held for write, held in zip(self._writes, holding, strict=True))
