"""The portal's Disk: files in one folder (bitrix24 reference §8)."""

from __future__ import annotations

import secrets
from dataclasses import dataclass, field
from datetime import datetime
from itertools import count
from pathlib import PurePosixPath

from infra.local.clock import Clock

FIRST_FILE = 9011


class NameTakenError(Exception):
    """The folder already has a file of that name."""


@dataclass(frozen=True)
class StoredFile:
    """A file; `token` makes its download link, which is therefore a secret."""

    id: str
    name: str
    content: bytes = field(repr=False)
    created_at: datetime
    token: str = field(repr=False)


class Disk:
    """The files of the one folder there is."""

    def __init__(self, folder_id: str, clock: Clock) -> None:
        self.folder_id = folder_id
        self._clock = clock
        self._files: dict[str, StoredFile] = {}
        self._ids = count(FIRST_FILE)

    def upload(self, name: str, content: bytes, *, unique: bool) -> StoredFile:
        """Store a file; `unique` makes another name when it is taken. Raises `NameTakenError` otherwise."""
        taken = {file.name for file in self._files.values()}
        if name in taken:
            if not unique:
                raise NameTakenError(name)
            name = _free_name(name, taken)
        file = StoredFile(str(next(self._ids)), name, content, self._clock.now(), secrets.token_urlsafe(18))
        self._files[file.id] = file
        return file

    def get(self, file_id: str) -> StoredFile | None:
        """Return a file, or None."""
        return self._files.get(file_id)

    def all(self) -> list[StoredFile]:
        """Return every file, oldest first."""
        return list(self._files.values())

    def delete(self, file_id: str) -> bool:
        """Remove a file for good; False when there is none."""
        return self._files.pop(file_id, None) is not None


def _free_name(name: str, taken: set[str]) -> str:
    path = PurePosixPath(name)
    candidates = (f"{path.stem} ({number}){path.suffix}" for number in count(1))
    return next(candidate for candidate in candidates if candidate not in taken)
