"""Pictures of goods: fetched from the portal's own host only, for their addresses may hold the webhook's key.

An address comes from the catalogue, so it must not make us fetch from anywhere else (bitrix24 reference §5.4).
"""

from __future__ import annotations

from collections.abc import Callable
from http import HTTPStatus

import httpx

from shared.bitrix.errors import BitrixError, NotFound, PictureRefused, PortalFailed, RateLimited
from shared.bitrix.transport import Outgoing, Received

METHOD = "picture"
"""What a picture is called where methods are named."""
PICTURE_LIMIT = 10 * 1024 * 1024
"""Bytes; Telegram takes no larger photo."""


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


def picture_bytes(received: Received) -> bytes:
    """Return the picture; raise for an answer that is none."""
    status = received.status
    if status == HTTPStatus.OK:
        if received.content_type.lower().startswith("image/") and received.body:
            return received.body
        raise PictureRefused("the portal sent something else than a picture", methods=(METHOD,), http_status=status)
    if status >= HTTPStatus.INTERNAL_SERVER_ERROR:
        raise PortalFailed(f"HTTP {status}", methods=(METHOD,), http_status=status)
    kinds: dict[int, type[BitrixError]] = {HTTPStatus.NOT_FOUND: NotFound, HTTPStatus.TOO_MANY_REQUESTS: RateLimited}
    kind = kinds.get(status, PictureRefused)
    raise kind(f"HTTP {status}", methods=(METHOD,), http_status=status)
