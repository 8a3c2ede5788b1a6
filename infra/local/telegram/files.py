"""Files: pictures and documents kept in memory, with identifiers and limits like Telegram's."""

import base64
import hashlib
import io
import mimetypes
from dataclasses import dataclass
from itertools import count

from PIL import Image, UnidentifiedImageError

from infra.local.telegram.errors import bad_request

MAX_PHOTO = 10 * 1024 * 1024
MAX_UPLOAD = 50 * 1024 * 1024
MAX_DOWNLOAD = 20 * 1024 * 1024
MAX_SIDES = 10_000
MAX_RATIO = 20
SIZES = (90, 320, 800)
"""Longest sides of the smaller copies Telegram makes of a photo."""

ANY_TYPE = "application/octet-stream"
TYPES = {"heic": "image/heic", "heif": "image/heif", "webp": "image/webp"}
"""What phones send and Python's table may not know."""

_KINDS = {"photos": "AgAC", "documents": "BQAC", "voice": "AwAC"}
"""How identifiers begin, by the folder of the file's path."""


@dataclass(frozen=True)
class StoredFile:
    """One file; a photo also has its sides in pixels and smaller copies, the smallest first."""

    file_id: str
    unique_id: str
    path: str
    content: bytes
    name: str
    mime: str
    width: int = 0
    height: int = 0
    smaller: "tuple[StoredFile, ...]" = ()


class FileStore:
    """All files by their `file_id` and by their path."""

    def __init__(self) -> None:
        self._by_id: dict[str, StoredFile] = {}
        self._by_path: dict[str, StoredFile] = {}
        self._numbers = count(1)

    def by_id(self, file_id: str) -> StoredFile | None:
        """The file with this identifier."""
        return self._by_id.get(file_id)

    def by_path(self, path: str) -> StoredFile | None:
        """The file `getFile` gave this path for."""
        return self._by_path.get(path)

    def photo(self, content: bytes) -> StoredFile:
        """Keep a picture; ApiError in Telegram's words when it is too big or not a picture."""
        if not content:
            raise bad_request("file must be non-empty")
        if len(content) > MAX_PHOTO:
            raise bad_request(f"file of size {len(content)} bytes is too big for a photo")
        try:
            with Image.open(io.BytesIO(content)) as image:
                mime = Image.MIME.get(image.format or "", "image/jpeg")
                width, height = image.size
                _check_sides(width, height)
                copies = _smaller(image)
        except (UnidentifiedImageError, OSError) as error:
            raise bad_request("IMAGE_PROCESS_FAILED") from error
        smaller = tuple(self._keep("photos", _jpeg(copy), "image/jpeg", copy.size) for copy in copies)
        return self._keep("photos", content, mime, (width, height), smaller=smaller)

    def document(self, content: bytes, name: str, mime: str = "") -> StoredFile:
        """Keep any file; without a type it is told by the name."""
        if not content:
            raise bad_request("file must be non-empty")
        if len(content) > MAX_UPLOAD:
            raise bad_request("file is too big")
        known = mime if mime not in {"", ANY_TYPE} else _type_by_name(name)
        return self._keep("documents", content, known, (0, 0), name=name)

    def voice(self, content: bytes) -> StoredFile:
        """Keep a voice note."""
        return self._keep("voice", content, "audio/ogg", (0, 0))

    def _keep(
        self,
        folder: str,
        content: bytes,
        mime: str,
        sides: tuple[int, int],
        *,
        name: str = "",
        smaller: tuple[StoredFile, ...] = (),
    ) -> StoredFile:
        number = next(self._numbers)
        kind = f"{_KINDS[folder]}AgIAAxkBAAI"
        path = f"{folder}/file_{number}.{_extension(name, mime)}"
        file_id, shown = f"{kind}{number:06d}", name or path.rpartition("/")[2]
        stored = StoredFile(file_id, _unique_id(folder, content), path, content, shown, mime, *sides, smaller)
        self._by_id[stored.file_id] = stored
        self._by_path[path] = stored
        return stored


def _unique_id(folder: str, content: bytes) -> str:
    """The same for the same bytes, whoever sends them, while every sending gets a `file_id` of its own."""
    digest = hashlib.sha256(content).digest()
    return ("AQAD" if folder == "photos" else "AgAD") + base64.urlsafe_b64encode(digest)[:11].decode()


def _smaller(image: Image.Image) -> list[Image.Image]:
    copies = []
    for side in SIZES:
        if side < max(image.size):
            copy = image.convert("RGB")
            copy.thumbnail((side, side))
            copies.append(copy)
    return copies


def _type_by_name(name: str) -> str:
    ending = name.rpartition(".")[2].lower()
    return TYPES.get(ending) or mimetypes.guess_type(name)[0] or ANY_TYPE


def _check_sides(width: int, height: int) -> None:
    if width + height > MAX_SIDES or max(width, height) > MAX_RATIO * min(width, height):
        raise bad_request("PHOTO_INVALID_DIMENSIONS")


def _jpeg(image: Image.Image) -> bytes:
    target = io.BytesIO()
    image.save(target, "JPEG")
    return target.getvalue()


def _extension(name: str, mime: str) -> str:
    if "." in name:
        ending = name.rpartition(".")[2].lower()
        return ending if ending.isalnum() else "bin"
    return {"image/jpeg": "jpg", "image/png": "png", "image/webp": "webp", "audio/ogg": "oga"}.get(mime, "bin")
