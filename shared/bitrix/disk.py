"""Photos on the portal's Disk (spec §5 «Медиа», shared/bitrix/README.md, «Disk»). The same in both dialects.

Of a stored file only its id is kept, and the page where the portal's people see it. Its `DOWNLOAD_URL` holds the token
or the webhook's key and is never read.
"""

from __future__ import annotations

import base64
import re
from collections.abc import Mapping
from functools import partial

from shared.bitrix.encoding import as_sent
from shared.bitrix.errors import BadAnswer
from shared.bitrix.fields import Row, find, need_id, need_row, rows, text, web_address
from shared.bitrix.portal import Answer, Command, Operation
from shared.domain.returns import Photo

_NAME = re.compile(r"\w[\w .()-]{0,99}")


def upload_photo(folder_id: str, name: str, content: bytes) -> Operation[Photo]:
    """`disk.folder.uploadfile` with the content inside; ValueError without a folder, a plain name, or content.

    The content travels as base64 in JSON, a third larger; a method with a file may not be part of a batch.
    """
    if not folder_id or not _NAME.fullmatch(name) or not content:
        raise ValueError("a photo needs a folder, a plain file name and content")
    encoded = base64.b64encode(content).decode("ascii")
    params = {
        "id": as_sent(folder_id),
        "data": {"NAME": name},
        "fileContent": [name, encoded],
        "generateUniqueName": True,
    }
    return Operation({"file": Command("disk.folder.uploadfile", params)}, _uploaded)


def _uploaded(answers: Mapping[str, Answer]) -> Photo:
    return _photo(need_row(answers["file"].result, "file"))


def _photo(row: Row) -> Photo:
    return Photo(need_id(row, "ID"), _page(find(row, "DETAIL_URL")))


def _page(value: object) -> str:
    """Return the address of the file's page, unless it carries parameters: those might be a key.

    It ends with the names of folders and file as they are, spaces and all (shared/bitrix/README.md, «Disk»).
    """
    address = web_address(value.strip().replace(" ", "%20") if isinstance(value, str) else None)
    return address if address and "?" not in address and "/rest/" not in address else ""


def look_up_photo(folder_id: str, name: str) -> Operation[Photo | None]:
    """`disk.folder.getchildren` by name; None when it is surely not there, the oldest when there are several."""
    params = {"id": as_sent(folder_id), "filter": {"NAME": name}, "order": {"ID": "ASC"}}
    return Operation({"list": Command("disk.folder.getchildren", params)}, partial(_found, name))


def _found(name: str, answers: Mapping[str, Answer]) -> Photo | None:
    result = answers["list"].result
    if not isinstance(result, list):
        raise BadAnswer("the folder's content must be a list")
    found = sorted(rows(result, "files"), key=lambda row: int(need_id(row, "ID")))
    if any(text(row, "NAME") != name for row in found):
        raise BadAnswer("NAME is another file's: the portal dropped the filter")
    return _photo(found[0]) if found else None


def delete_photo(photo_id: str) -> Operation[None]:
    """`disk.file.delete`."""
    return Operation({"file": Command("disk.file.delete", {"id": as_sent(photo_id)})}, _deleted)


def _deleted(answers: Mapping[str, Answer]) -> None:
    if answers["file"].result is not True:
        raise BadAnswer("the file was not deleted")
