"""`disk.*`: folders and files.

A file is uploaded in one call (way A: `fileContent`), or in two (way B: the call answers with an `uploadUrl`, to which
the bytes are posted as multipart). Links hold tokens and are secrets.
"""

from __future__ import annotations

import base64
import binascii
import secrets
from typing import Any
from urllib.parse import urlencode

from infra.local.portal.dialect import Call, Method, Reply
from infra.local.portal.disk import ROOT_ID, STORAGE_ID, Disk, Folder, NameTakenError, StoredFile
from infra.local.portal.errors import RestError
from infra.local.portal.native.families import ENTITY
from infra.local.portal.native.field_kinds import fields
from infra.local.portal.native.listing import Listing
from infra.local.portal.native.reading import object_id, section
from infra.local.portal.options import PortalOptions
from infra.local.portal.params import Params
from infra.local.portal.timing import iso

_STORAGES = Listing("", fields(ints="ID ROOT_OBJECT_ID", texts="NAME ENTITY_TYPE"), ENTITY)
_CHILDREN = Listing("", fields(ints="ID PARENT_ID SIZE", texts="NAME TYPE", moments="CREATE_TIME"), ENTITY)
_NAME_AND_CONTENT = 2
_FILE_NUMBERS = 20_000
_TRASH = 3
UPLOAD_FIELD = "file"


class DiskMethods:
    """The methods about files."""

    def __init__(self, options: PortalOptions, disk: Disk) -> None:
        self._options = options
        self._disk = disk
        self._uploads: dict[str, str] = {}

    def table(self) -> dict[str, Method]:
        """Return the methods by name."""
        return {
            "disk.storage.getlist": Method(self.storages, scope="disk"),
            "disk.folder.addsubfolder": Method(self.add_folder, modifies=True, scope="disk"),
            "disk.folder.getchildren": Method(self.children, scope="disk"),
            "disk.folder.uploadfile": Method(self.upload, modifies=True, scope="disk"),
            "disk.file.get": Method(self.get, scope="disk"),
            "disk.file.getexternallink": Method(self.external_link, modifies=True, scope="disk"),
            "disk.file.markdeleted": Method(self.mark_deleted, modifies=True, scope="disk"),
            "disk.file.delete": Method(self.delete, modifies=True, scope="disk"),
        }

    def storages(self, call: Call) -> Reply:
        """`disk.storage.getList`: the common storage."""
        row = {
            "ID": STORAGE_ID,
            "NAME": "Общий диск",
            "CODE": None,
            "MODULE_ID": "disk",
            "ENTITY_TYPE": "common",
            "ENTITY_ID": "shared_files_s1",
            "ROOT_OBJECT_ID": ROOT_ID,
        }
        return _STORAGES.reply(call.params, [row])

    def add_folder(self, call: Call) -> Reply:
        """`disk.folder.addSubFolder`."""
        parent = self._folder(call.params)
        try:
            folder = self._disk.add_folder(parent.id, _name(call.params))
        except NameTakenError:
            raise _name_taken() from None
        return Reply(self._folder_view(folder))

    def children(self, call: Call) -> Reply:
        """`disk.folder.getchildren`: what lies in a folder, the trash left out."""
        folder = self._folder(call.params)
        rows: list[dict[str, Any]] = [self._folder_view(one) for one in self._disk.folders_of(folder.id)]
        rows += [self._file_view(one, call.host) for one in self._disk.files_of(folder.id)]
        return _CHILDREN.reply(call.params, rows)

    def upload(self, call: Call) -> Reply:
        """`disk.folder.uploadFile`: stores a file, or without `fileContent` answers where to post it."""
        folder = self._folder(call.params)
        if not call.params.has("fileContent"):
            return self._invite(folder, call.host)
        name = _name(call.params)
        file = self._store(folder.id, name, _content(call.params), unique=call.params.flag("generateUniqueName"))
        return Reply(self._file_view(file, call.host))

    def _invite(self, folder: Folder, host: str) -> Reply:
        token = secrets.token_urlsafe(18)
        self._uploads[token] = folder.id
        query = urlencode({"auth": token, "token": f"disk|{folder.id}"})
        return Reply({"field": UPLOAD_FIELD, "uploadUrl": f"{host}/rest/upload.json?{query}"})

    def receive(self, token: str, name: str, content: bytes, host: str) -> dict[str, Any]:
        """Take the bytes posted to an upload link, which works once. Raises `RestError`."""
        folder_id = self._uploads.pop(token, None)
        if folder_id is None:
            raise RestError("NO_AUTH_FOUND", "Wrong authorization data", 401)
        return self._file_view(self._store(folder_id, name, content, unique=False), host)

    def _store(self, folder_id: str, name: str, content: bytes, *, unique: bool) -> StoredFile:
        try:
            return self._disk.upload(name, content, unique=unique, folder_id=folder_id)
        except NameTakenError:
            raise _name_taken() from None

    def get(self, call: Call) -> Reply:
        """`disk.file.get`."""
        return Reply(self._file_view(self._file(call.params), call.host))

    def external_link(self, call: Call) -> Reply:
        """`disk.file.getExternalLink`: a public link as text."""
        file = self._file(call.params)
        return Reply(f"{call.host}/~{file.token}")

    def mark_deleted(self, call: Call) -> Reply:
        """`disk.file.markDeleted`: into the trash."""
        return Reply(self._file_view(self._disk.mark_deleted(self._file(call.params).id), call.host))

    def delete(self, call: Call) -> Reply:
        """`disk.file.delete`: for good."""
        return Reply(self._disk.delete(self._file(call.params).id))

    def _file(self, params: Params) -> StoredFile:
        file = self._disk.get(str(object_id(params)))
        if file is None:
            raise _not_found()
        return file

    def _folder(self, params: Params) -> Folder:
        folder = self._disk.folder(str(object_id(params)))
        if folder is None:
            raise _not_found()
        return folder

    def _file_view(self, file: StoredFile, host: str) -> dict[str, Any]:
        query = urlencode({"auth": file.token, "token": f"disk|{file.id}"})
        return {
            "ID": file.id,
            "NAME": file.name,
            "CODE": None,
            "STORAGE_ID": STORAGE_ID,
            "TYPE": "file",
            "PARENT_ID": file.folder_id,
            "DELETED_TYPE": _TRASH if file.in_trash else 0,
            "FILE_ID": int(file.id) + _FILE_NUMBERS,
            "SIZE": str(len(file.content)),
            "CREATE_TIME": iso(file.created_at),
            "CREATED_BY": self._options.webhook_user,
            "DOWNLOAD_URL": f"{host}/rest/download.json?{query}",
            "DETAIL_URL": f"{host}/docs/file/{file.id}/{file.name if self._options.native.core_rules else ''}",
        }

    def _folder_view(self, folder: Folder) -> dict[str, Any]:
        return {
            "ID": folder.id,
            "NAME": folder.name,
            "CODE": None,
            "STORAGE_ID": STORAGE_ID,
            "TYPE": "folder",
            "REAL_OBJECT_ID": folder.id,
            "PARENT_ID": folder.parent_id,
            "DELETED_TYPE": 0,
            "CREATE_TIME": iso(folder.created_at),
            "CREATED_BY": self._options.webhook_user,
        }


def _name(params: Params) -> str:
    name = section(params, "data").get("NAME")
    if not isinstance(name, str) or not name.strip():
        raise RestError("ERROR_ARGUMENT", "Invalid value of parameter {data[NAME]}")
    return name


def _content(params: Params) -> bytes:
    parts = params.values("fileContent")
    if len(parts) != _NAME_AND_CONTENT:
        raise RestError("ERROR_ARGUMENT", "Invalid value of parameter {fileContent}")
    try:
        return base64.b64decode(str(parts[1]), validate=True)
    except (binascii.Error, ValueError):
        raise RestError("ERROR_COULD_NOT_SAVE_FILE", "Could not save file") from None


def _name_taken() -> RestError:
    return RestError("DISK_OBJ_22000", "Объект с таким именем уже есть")


def _not_found() -> RestError:
    return RestError("ERROR_NOT_FOUND", "Could not find entity with id")
