"""Texts, captions and photos of a call, checked as Telegram checks them (shared/telegram/README.md, «Sizes»)."""

from typing import Any

import httpx

from infra.local.telegram.core import Core
from infra.local.telegram.errors import bad_request
from infra.local.telegram.files import StoredFile
from infra.local.telegram.html_parser import parse_html
from infra.local.telegram.links import is_loopback
from infra.local.telegram.params import Params, Upload
from infra.local.telegram.text import TAGS, Entity, Formatted, trimmed, utf16_length, with_found_entities

MAX_TEXT = 4096
MAX_CAPTION = 1024
MAX_SOURCE_BYTES = 1 << 15
MAX_PHOTO_BY_URL = 5 * 1024 * 1024
FETCH_SECONDS = 5.0
VALUES = {"text_link": "url", "pre": "language", "custom_emoji": "custom_emoji_id"}


def message_text(params: Params) -> Formatted:
    """The `text` of a message, 1–4096 UTF-16 units after parsing."""
    if not params.text("text"):
        raise bad_request("message text is empty")
    return text(params.text("text"), params.text("parse_mode"), params.structure("entities", "entities"))


def text(source: str, parse_mode: str, entities: object) -> Formatted:
    """A text from its parts, as `InputTextMessageContent` carries them."""
    formatted = _formatted(source, parse_mode, entities)
    if not formatted.text:
        raise bad_request("text must be non-empty")
    if utf16_length(formatted.text) > MAX_TEXT:
        raise bad_request("message is too long")
    return formatted


def caption_of(params: Params) -> Formatted:
    """The `caption` of a media message, up to 1024 UTF-16 units after parsing."""
    entities = params.structure("caption_entities", "caption entities")
    return caption(params.text("caption"), params.text("parse_mode"), entities)


def caption(source: str, parse_mode: str, entities: object) -> Formatted:
    """A caption from its parts, as `InputMedia` carries them."""
    formatted = _formatted(source, parse_mode, entities)
    if utf16_length(formatted.text) > MAX_CAPTION:
        raise bad_request("message caption is too long")
    return formatted


def _formatted(source: str, parse_mode: str, entities: object) -> Formatted:
    if len(source.encode("utf-8", "replace")) > MAX_SOURCE_BYTES:
        raise bad_request("text is too long")
    source = source.replace("\r", "")
    mode = parse_mode.lower()
    if mode == "html":
        parsed = parse_html(source)
    elif mode in {"markdown", "markdownv2"}:
        raise bad_request("can't parse entities: the simulator reads parse_mode=HTML only")
    elif mode not in {"", "none"}:
        raise bad_request("unsupported parse_mode")
    else:
        parsed = Formatted(source, _given_entities(source, entities))
    return with_found_entities(trimmed(parsed))


def _given_entities(text: str, entities: object) -> list[Entity]:
    """Entities of the call that lie inside the text and are of a kind a sender may give."""
    size = utf16_length(text)
    kept = []
    for entity in entities if isinstance(entities, list) else []:
        if not isinstance(entity, dict) or not isinstance(entity.get("offset"), int):
            raise bad_request("can't parse MessageEntity: Can't find field \"offset\"")
        if not isinstance(entity.get("length"), int):
            raise bad_request("can't parse MessageEntity: Can't find field \"length\"")
        kind = entity.get("type")
        begin, end = max(0, entity["offset"]), min(size, entity["offset"] + entity["length"])
        if (kind in TAGS or kind in VALUES) and begin < end:
            kept.append(_known_fields(entity) | {"offset": begin, "length": end - begin})
    return kept


def _known_fields(entity: dict[str, Any]) -> Entity:
    value = VALUES.get(entity["type"], "")
    return {"type": entity["type"]} | ({value: str(entity[value])} if entity.get(value) else {})


async def find_photo(core: Core, params: Params, reference: str, upload: Upload | None) -> StoredFile:
    """A picture by reference (`attach://`, `file_id`, address) or from an upload."""
    attached = upload or params.attached(reference)
    if attached is not None:
        return core.world.files.photo(attached.content)
    if not reference:
        raise bad_request("there is no photo in the request")
    if is_loopback(reference):
        return core.world.files.photo(await _fetched(core.http, reference))
    return _stored(core, reference, "Photo")


def document_of(core: Core, reference: str, upload: Upload | None) -> StoredFile:
    """A document by `file_id` or from an upload; the simulator fetches none from an address."""
    if upload is not None:
        return core.world.files.document(upload.content, upload.name, upload.mime)
    if not reference:
        raise bad_request("there is no document in the request")
    return _stored(core, reference, "Document")


def _stored(core: Core, file_id: str, wanted: str) -> StoredFile:
    stored = core.world.files.by_id(file_id)
    if stored is None:
        raise bad_request("wrong file identifier/HTTP URL specified")
    kind = "Photo" if stored.width else "Document"
    if kind != wanted:
        raise bad_request(f"can't use file of type {kind} as {wanted}")
    return stored


async def _fetched(http: httpx.AsyncClient, url: str) -> bytes:
    body = b""
    try:
        async with http.stream("GET", url, timeout=FETCH_SECONDS) as response:
            response.raise_for_status()
            if not response.headers.get("content-type", "").startswith("image/"):
                raise bad_request("wrong type of the web page content")
            async for chunk in response.aiter_bytes():
                body += chunk
                if len(body) > MAX_PHOTO_BY_URL:
                    raise bad_request("failed to get HTTP URL content")
    except httpx.HTTPError as error:
        raise bad_request("failed to get HTTP URL content") from error
    return body
