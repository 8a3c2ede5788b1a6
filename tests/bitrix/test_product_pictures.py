"""Pictures that a reference stands for, downloaded with a method."""

from __future__ import annotations

import httpx
import pytest

from shared.bitrix.auth import TokenAuth
from shared.bitrix.client import BitrixClient
from shared.bitrix.errors import BitrixError, NotFound, PictureRefused, PortalFailed, RateLimited, TokenExpired
from shared.bitrix.pictures import picture_command, picture_reference
from tests.bitrix.test_pictures import PNG, image
from tests.support.portal import KEY, FakePortal

REFERENCE = "product-picture:1243:6439"


@pytest.mark.parametrize(
    ("product", "file", "reference"),
    [("1243", "6439", REFERENCE), ("abc", "6439", None), ("1243", "6:4", None), ("1" * 19, "1", None)],
)
def test_references(product: str, file: str, reference: str | None) -> None:
    assert picture_reference(product, file) == reference


@pytest.mark.parametrize("text", ["/upload/a.png", "product-picture:1", "product-picture:1:2x", ""])
def test_what_is_no_reference(text: str) -> None:
    assert picture_command(text) is None


async def test_a_picture_is_downloaded(client: BitrixClient, portal: FakePortal) -> None:
    portal.replies.append(image())
    assert await client.picture(REFERENCE) == PNG
    (request,) = portal.requests
    assert request.method == "POST"
    assert str(request.url) == f"https://masters.example/rest/17/{KEY}/catalog.product.download"
    assert portal.body() == {"fields": {"productId": 1243, "fileId": 6439, "fieldName": "detailPicture"}}
    assert portal.reports[0].methods == ("catalog.product.download",)
    assert (portal.reports[0].verdict, portal.reports[0].http_status) == (None, 200)


@pytest.mark.parametrize("content", [PNG, b"\xff\xd8\xff\xe0", b"GIF89a", b"RIFF0000WEBP"])
async def test_pictures_that_come_as_mere_bytes(client: BitrixClient, portal: FakePortal, content: bytes) -> None:
    portal.replies.append(image(content, kind="application/octet-stream"))
    assert await client.picture(REFERENCE) == content


async def test_a_picture_is_downloaded_with_the_token(http: httpx.AsyncClient, portal: FakePortal) -> None:
    async def get_token() -> str:
        return "t0ken"

    portal.replies.append(image())
    await BitrixClient(http, "https://masters.example/rest/", auth=TokenAuth(get_token)).picture(REFERENCE)
    assert portal.body()["auth"] == "t0ken"
    assert "t0ken" not in str(portal.requests[0].url)


@pytest.mark.parametrize(
    ("reply", "kind"),
    [
        (httpx.Response(503, json={"error": "QUERY_LIMIT_EXCEEDED"}), RateLimited),
        (httpx.Response(401, json={"error": "expired_token"}), TokenExpired),
        (httpx.Response(400, json={"error": "ERROR_NOT_FOUND"}), NotFound),
        (httpx.Response(200, json={"result": "none"}), PictureRefused),
        (httpx.Response(502, text="<html>"), PortalFailed),
        (image(kind="text/html"), PictureRefused),
        (image(b"<html>", kind="application/octet-stream"), PictureRefused),
        (httpx.ReadTimeout("no"), PortalFailed),
    ],
)
async def test_what_is_not_given_as_a_picture(
    client: BitrixClient, portal: FakePortal, reply: httpx.Response | Exception, kind: type[BitrixError]
) -> None:
    portal.replies.append(reply)
    with pytest.raises(BitrixError) as caught:
        await client.picture(REFERENCE)
    assert type(caught.value) is kind
    assert KEY not in f"{caught.value!r}{caught.value.__context__!r}"
    assert portal.reports[0].verdict is caught.value.verdict
