"""The photo in a message: a snapshot, or a file with a picture in it. Pure."""

from __future__ import annotations

from shared.assistant import texts
from shared.domain.return_drafts import DraftPhoto
from shared.telegram.api import Document, Message
from shared.telegram.session import MAX_DOWNLOAD

EXTENSIONS = frozenset({"jpg", "jpeg", "png", "webp", "heic", "heif"})
"""Files that are taken for photos whatever their type says: phones send HEIC as `application/octet-stream`."""


def picture(message: Message) -> DraftPhoto | str:
    """Return the photo, or in words why there is none."""
    if message.photo:
        largest = message.photo[-1]
        return DraftPhoto(largest.file_id, largest.file_unique_id, "jpg")
    document = message.document
    extension = _extension(document) if document else None
    if document is None or extension is None:
        return texts.returns.not_a_photo()
    if (document.file_size or 0) > MAX_DOWNLOAD:
        return texts.returns.photo_too_large()
    return DraftPhoto(document.file_id, document.file_unique_id, extension)


def _extension(document: Document) -> str | None:
    """Return how the file's name is to end; None for what is no picture."""
    ending = (document.file_name or "").rpartition(".")[2].lower()
    if ending in EXTENSIONS:
        return ending
    kind, _, subtype = (document.mime_type or "").partition("/")
    return subtype if kind == "image" and subtype in EXTENSIONS else None
