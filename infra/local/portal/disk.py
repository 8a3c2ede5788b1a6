"""The portal's Disk: one storage with folders and files in them."""

from __future__ import annotations

import secrets
from dataclasses import dataclass, field, replace
from datetime import datetime
from itertools import count
from pathlib import PurePosixPath

from infra.local.clock import Clock

FIRST_FILE = 9011
FIRST_FOLDER = 8931
STORAGE_ID = "1357"
ROOT_ID = "8929"


class NameTakenError(Exception):
    """The folder already has a file or a folder of that name."""


@dataclass(frozen=True)
class StoredFile:
    """A file; `token` makes its download link, which is therefore a secret."""

    id: str
    name: str
    content: bytes = field(repr=False)
    created_at: datetime
    token: str = field(repr=False)
    folder_id: str = ""
    in_trash: bool = False


@dataclass(frozen=True)
class Folder:
    """A folder; the root is its own parent."""

    id: str
    name: str
    parent_id: str
    created_at: datetime


class Disk:
    """The folders and files of the common storage. `folder_id` is the folder that is there from the start."""

    def __init__(self, folder_id: str, clock: Clock) -> None:
        self.folder_id = folder_id
        self._clock = clock
        self._files: dict[str, StoredFile] = {}
        self._ids = count(FIRST_FILE)
        self._folder_ids = count(FIRST_FOLDER)
        root = Folder(ROOT_ID, "Общий диск", ROOT_ID, clock.now())
        self._folders = {ROOT_ID: root, folder_id: Folder(folder_id, "Возвраты", ROOT_ID, clock.now())}

    def folder(self, folder_id: str) -> Folder | None:
        """Return a folder, or None."""
        return self._folders.get(folder_id)

    def add_folder(self, parent_id: str, name: str) -> Folder:
        """Make a folder inside another. Raises `NameTakenError`."""
        if name in self._names(parent_id):
            raise NameTakenError(name)
        folder = Folder(str(next(self._folder_ids)), name, parent_id, self._clock.now())
        self._folders[folder.id] = folder
        return folder

    def files_of(self, folder_id: str) -> list[StoredFile]:
        """Return the files of a folder, without those in the trash."""
        return [file for file in self._files.values() if file.folder_id == folder_id and not file.in_trash]

    def folders_of(self, folder_id: str) -> list[Folder]:
        """Return the folders right inside a folder."""
        return [folder for folder in self._folders.values() if folder.parent_id == folder_id != folder.id]

    def _names(self, folder_id: str) -> set[str]:
        files = {file.name for file in self.files_of(folder_id)}
        return files | {folder.name for folder in self.folders_of(folder_id)}

    def upload(self, name: str, content: bytes, *, unique: bool, folder_id: str | None = None) -> StoredFile:
        """Store a file; `unique` makes another name when it is taken. Raises `NameTakenError` otherwise."""
        folder_id = folder_id or self.folder_id
        taken = self._names(folder_id)
        if name in taken:
            if not unique:
                raise NameTakenError(name)
            name = _free_name(name, taken)
        file = StoredFile(str(next(self._ids)), name, content, self._clock.now(), secrets.token_urlsafe(18), folder_id)
        self._files[file.id] = file
        return file

    def mark_deleted(self, file_id: str) -> StoredFile:
        """Move a file that is there to the trash, which frees its name."""
        self._files[file_id] = replace(self._files[file_id], in_trash=True)
        return self._files[file_id]

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
