"""Documents as Firestore holds them.

Top-level fields: `data` (map), `expires_at` and `due_at` (timestamps, absent when there is none), `created_by` (attempt
id of the commit that created the document; puts leave it alone) and `attempt` (attempt id of the last commit). The two
ids let a commit recognise its own work when the answer to it was lost (shared/store/README.md, «What holds»).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast

from google.api_core.datetime_helpers import DatetimeWithNanoseconds
from google.cloud.firestore import DELETE_FIELD, AsyncClient, AsyncDocumentReference, AsyncWriteBatch, DocumentSnapshot

from shared.store.port import Create, Key, Put, Record, Version, Write
from shared.store.values import plain, utc


@dataclass(frozen=True)
class Document:
    """A document read back: its record, whose work it is, and when it first came to be."""

    record: Record
    created_by: str
    attempt: str
    born: Version


def version_at(moment: DatetimeWithNanoseconds) -> Version:
    """Return the version for an update time, as text that keeps the nanoseconds."""
    return Version(moment.rfc3339())  # type: ignore[no-untyped-call]  # google.api_core has no types


def moment_of(version: Version) -> DatetimeWithNanoseconds:
    """Return the update time a version was made from."""
    moment = DatetimeWithNanoseconds.from_rfc3339(version.mark)  # type: ignore[no-untyped-call]  # the same
    return cast("DatetimeWithNanoseconds", moment)


def reference(client: AsyncClient, key: Key) -> AsyncDocumentReference:
    """Return where a document lives."""
    return client.document(key.collection, key.id)


def document(snapshot: DocumentSnapshot[Any]) -> Document:
    """Return an existing snapshot as a document in plain types."""
    fields = snapshot.to_dict() or {}
    record = Record(
        key=Key(snapshot.reference.parent.id, snapshot.id),
        data=plain(fields["data"]),
        version=version_at(snapshot.update_time),
        expires_at=_time(fields, "expires_at"),
        due_at=_time(fields, "due_at"),
    )
    return Document(record, fields["created_by"], fields["attempt"], born=version_at(snapshot.create_time))


def is_expired(record: Record, now: datetime) -> bool:
    """Tell whether a document that is still there counts as absent."""
    return record.expires_at is not None and record.expires_at <= now


def add_write(batch: AsyncWriteBatch, client: AsyncClient, write: Write, attempt: str) -> None:
    """Add a write with its precondition to the batch, signed with the attempt's id."""
    where = reference(client, write.key)
    if isinstance(write, Create):
        batch.create(where, _fields(write, attempt) | {"created_by": attempt})
    elif isinstance(write, Put):
        batch.update(where, _all_fields(write, attempt), _still_at(client, write.version))
    else:
        batch.delete(where, _still_at(client, write.version))


def add_takeover(batch: AsyncWriteBatch, client: AsyncClient, write: Create, expired: Version, attempt: str) -> None:
    """Add a create in the place of an expired document that is still there."""
    fields = _all_fields(write, attempt) | {"created_by": attempt}
    batch.update(reference(client, write.key), fields, _still_at(client, expired))


def _fields(write: Create | Put, attempt: str) -> dict[str, Any]:
    times = {"expires_at": write.expires_at, "due_at": write.due_at}
    present = {name: time for name, time in times.items() if time is not None}
    return {"data": write.data, "attempt": attempt, **present}


def _all_fields(write: Create | Put, attempt: str) -> dict[str, Any]:
    """Name every field, so that an update leaves nothing of the old document behind."""
    return {"expires_at": DELETE_FIELD, "due_at": DELETE_FIELD} | _fields(write, attempt)


def _still_at(client: AsyncClient, version: Version) -> Any:  # noqa: ANN401 - the client's class for it is private
    return client.write_option(last_update_time=moment_of(version))


def _time(fields: dict[str, Any], name: str) -> datetime | None:
    return utc(fields[name], name) if name in fields else None
