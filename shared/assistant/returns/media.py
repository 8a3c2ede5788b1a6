"""The records of photos on the portal's Disk, each deleted after 30 days (spec §5 «Медиа»; collection `media`).

A record is due when its photo is to be deleted, and goes with it; it expires only long after, should that never work.
Loads no aiogram: `housekeeping` asks what is due.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from shared.pipeline.decision import Decision
from shared.pipeline.jobs import Job, Lane
from shared.pipeline.payloads import Payload
from shared.store.collections import MEDIA
from shared.store.port import Key
from shared.store.unit_of_work import UnitOfWork

DELETE_PHOTO = "delete_photo"

PHOTO_KEPT = timedelta(days=30)
AGAIN_AFTER = timedelta(days=1)
"""When to try once more what did not work."""


@dataclass(frozen=True)
class DeletePhotoPayload(Payload):
    """The photo's id on the Disk."""

    photo: str


def key(photo_id: str) -> Key:
    """Where the record of a photo lives."""
    return MEDIA.key(photo_id)


async def remember(unit: UnitOfWork, photo_id: str, name: str) -> None:
    """Have the photo deleted in 30 days."""
    if await unit.get(key(photo_id)) is None:
        unit.put(key(photo_id), {"name": name}, ttl=MEDIA.kept, due_at=unit.now + PHOTO_KEPT)


async def forget(unit: UnitOfWork, photo_id: str) -> None:
    """Drop the record: the photo is gone."""
    await unit.get(key(photo_id))
    unit.delete(key(photo_id))


async def want_deleted(decision: Decision, photo_id: str, expires_at: datetime | None) -> None:
    """Have a photo whose time is over deleted, and look again tomorrow whether that worked."""
    data = await decision.unit.get(key(photo_id))
    if data is None or expires_at is None:
        return
    decision.unit.put(key(photo_id), data, ttl=expires_at - decision.now, due_at=decision.now + AGAIN_AFTER)
    payload = DeletePhotoPayload(photo_id).as_data()
    await decision.enqueue(Job(DELETE_PHOTO, Lane.WRITE, payload, id=f"{DELETE_PHOTO}:{photo_id}"))
