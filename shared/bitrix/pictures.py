"""Pictures of goods: fetched from the portal's own host only, for their addresses may hold the webhook's key.

An address comes from the catalogue, so it must not make us fetch from anywhere else (shared/bitrix/README.md,
«Pictures»). A real portal's addresses hold the key always, so there a reference of ours stands for them:
`product-picture:<product>:<file>` is fetched with `catalog.product.download`, and so is
`product-photo:<product>:<file>`, one of its more pictures.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from http import HTTPStatus
from types import MappingProxyType

import httpx

from shared.bitrix.errors import BitrixError, NotFound, PictureRefused, PortalFailed, RateLimited
from shared.bitrix.portal import Command
from shared.bitrix.transport import Outgoing, Received

METHOD = "picture"
"""What a picture is called where methods are named."""
PICTURE_LIMIT = 10 * 1024 * 1024
"""Bytes; Telegram takes no larger photo."""
MORE_PICTURES = 4
"""How many pictures a card has beside the first."""
_SIGNATURES = (b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n", b"GIF8", b"RIFF")
"""How JPEG, PNG, GIF and WebP begin."""
_FIELDS: Mapping[str, str] = MappingProxyType({
    "product-picture": "detailPicture",
    "product-photo": "propertyMorePhoto",
})  # fmt: skip
"""Where a product's file is kept. A property is named by its number or its code (`catalog-product-download.md` of
b24restdocs), and the code of more pictures is MORE_PHOTO on every portal."""
_REFERENCE = re.compile(r"(product-picture|product-photo):([0-9]{1,18}):([0-9]{1,18})")


def picture_reference(product_id: str, file_id: str) -> str | None:
    """Return what stands for a product's detail picture; None for ids that are no numbers."""
    return _checked(f"product-picture:{product_id}:{file_id}")


def photo_reference(product_id: str, file_id: str) -> str | None:
    """Return what stands for one of a product's more pictures; None for ids that are no numbers."""
    return _checked(f"product-photo:{product_id}:{file_id}")


def _checked(reference: str) -> str | None:
    return reference if _REFERENCE.fullmatch(reference) else None


def picture_command(reference: str) -> Command | None:
    """Return the command that downloads what a reference stands for; None for what is no reference."""
    found = _REFERENCE.fullmatch(reference)
    if found is None:
        return None
    fields = {"productId": int(found[2]), "fileId": int(found[3]), "fieldName": _FIELDS[found[1]]}
    return Command("catalog.product.download", {"fields": fields})


def picture_request(url: str, is_own: Callable[[httpx.URL], bool]) -> Outgoing:
    """Return the request for an absolute address on the portal, or for one from its root; else `PictureRefused`."""
    try:
        target = httpx.URL(url)
    except httpx.InvalidURL:
        raise PictureRefused("the picture's address is unreadable", methods=(METHOD,)) from None
    path, _, query = target.raw_path.decode("ascii").partition("?")
    from_root = url.startswith("/") and not target.host
    absolute = target.scheme in ("http", "https") and not target.userinfo and is_own(target)
    if not from_root and not absolute:
        raise PictureRefused("the picture is not on the portal", methods=(METHOD,))
    return Outgoing("GET", path, query, headers={"Accept": "image/*"})


def _is_picture(kind: str, body: bytes) -> bool:
    """Tell by the type; a portal's download method says only «bytes», so then by how pictures begin."""
    if kind.startswith("application/octet-stream"):
        return body.startswith(_SIGNATURES)
    return kind.startswith("image/") and bool(body)


def picture_bytes(received: Received) -> bytes:
    """Return the picture; raise for an answer that is none."""
    status = received.status
    if status == HTTPStatus.OK:
        if _is_picture(received.content_type.lower(), received.body):
            return received.body
        raise PictureRefused("the portal sent something else than a picture", methods=(METHOD,), http_status=status)
    if status >= HTTPStatus.INTERNAL_SERVER_ERROR:
        raise PortalFailed(f"HTTP {status}", methods=(METHOD,), http_status=status)
    kinds: dict[int, type[BitrixError]] = {HTTPStatus.NOT_FOUND: NotFound, HTTPStatus.TOO_MANY_REQUESTS: RateLimited}
    kind = kinds.get(status, PictureRefused)
    raise kind(f"HTTP {status}", methods=(METHOD,), http_status=status)
