"""Files: pictures and documents kept in memory, with identifiers and limits like Telegram's."""

import io
from dataclasses import dataclass
from itertools import count

from PIL import Image, UnidentifiedImageError

from infra.local.telegram.errors import bad_request

MAX_PHOTO = 10 * 1024 * 1024
MAX_UPLOAD = 50 * 1024 * 1024
MAX_DOWNLOAD = 20 * 1024 * 1024
MAX_SIDES = 10_000
MAX_RATIO = 20
THUMBNAIL = 90


@dataclass(frozen=True)
class StoredFile:
    """One file; a picture also has its sides in pixels and a thumbnail."""

    file_id: str
    unique_id: str
    path: str
    content: bytes
    name: str
    mime: str
    width: int = 0
    height: int = 0
    thumbnail: "StoredFile | None" = None


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
                small = image.convert("RGB")
                small.thumbnail((THUMBNAIL, THUMBNAIL))
        except (UnidentifiedImageError, OSError) as error:
            raise bad_request("IMAGE_PROCESS_FAILED") from error
        thumbnail = self._keep("photos", _jpeg(small), "image/jpeg", small.size)
        return self._keep("photos", content, mime, (width, height), thumbnail=thumbnail)

    def document(self, content: bytes, name: str, mime: str = "application/octet-stream") -> StoredFile:
        """Keep any file."""
        if len(content) > MAX_UPLOAD:
            raise bad_request("file is too big")
        return self._keep("documents", content, mime, (0, 0), name=name)

    def _keep(
        self,
        folder: str,
        content: bytes,
        mime: str,
        sides: tuple[int, int],
        *,
        name: str = "",
        thumbnail: StoredFile | None = None,
    ) -> StoredFile:
        number = next(self._numbers)
        kind = "AgACAgIAAxkBAAI" if folder == "photos" else "BQACAgIAAxkBAAI"
        path = f"{folder}/file_{number}.{_extension(name, mime)}"
        unique = f"AQADu{number:05d}"
        stored = StoredFile(
            f"{kind}{number:06d}", unique, path, content, name or path.rpartition("/")[2], mime, *sides, thumbnail
        )
        self._by_id[stored.file_id] = stored
        self._by_path[path] = stored
        return stored


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
    return {"image/jpeg": "jpg", "image/png": "png", "image/webp": "webp"}.get(mime, "bin")
