"""Pictures come from the portal itself, are pictures, and are not too large."""

from __future__ import annotations

import httpx
import pytest

from shared.bitrix.client import BitrixClient
from shared.bitrix.errors import (
    BitrixError,
    NotFound,
    NotSent,
    PictureRefused,
    PortalFailed,
    PortalGone,
    RateLimited,
    Verdict,
)
from shared.bitrix.pictures import PICTURE_LIMIT
from tests.support.portal import FakePortal

PNG = b"\x89PNG\r\n\x1a\n"


def image(content: bytes = PNG, kind: str = "image/png", status: int = 200) -> httpx.Response:
    return httpx.Response(status, content=content, headers={"Content-Type": kind})


@pytest.mark.parametrize(
    ("url", "asked"),
    [
        ("/upload/a%20b.png", "https://masters.example/upload/a%20b.png"),
        ("https://masters.example/upload/a.png?x=1&y=2", "https://masters.example/upload/a.png?x=1&y=2"),
        (
            "https://masters.example:443/upload/дрель.png",
            "https://masters.example/upload/%D0%B4%D1%80%D0%B5%D0%BB%D1%8C.png",
        ),
        ("https://MASTERS.example/a.png#top", "https://masters.example/a.png"),
    ],
)
async def test_a_picture_of_the_portal(client: BitrixClient, portal: FakePortal, url: str, asked: str) -> None:
    portal.replies.append(image())
    assert await client.picture(url) == PNG
    (request,) = portal.requests
    assert (request.method, str(request.url)) == ("GET", asked)
    assert portal.reports[0].methods == ("picture",)
    assert (portal.reports[0].verdict, portal.reports[0].http_status) == (None, 200)


@pytest.mark.parametrize(
    "url",
    [
        "https://elsewhere.example/a.png",
        "https://masters.example.evil.example/a.png",
        "https://masters.example:8443/a.png",
        "https://user@masters.example/a.png",
        "//elsewhere.example/a.png",
        "ftp://masters.example/a.png",
        "file:///etc/passwd",
        "data:image/png;base64,AAAA",
        "a.png",
        "",
        "https://[broken",
        "https://masters.example:port/a.png",
    ],
)
async def test_a_picture_from_elsewhere_is_not_even_asked_for(
    client: BitrixClient, portal: FakePortal, url: str
) -> None:
    with pytest.raises(PictureRefused):
        await client.picture(url)
    assert portal.requests == []


@pytest.mark.parametrize(
    ("reply", "kind", "verdict"),
    [
        (image(kind="text/html"), PictureRefused, Verdict.REFUSED),
        (image(b""), PictureRefused, Verdict.REFUSED),
        (image(status=403), PictureRefused, Verdict.REFUSED),
        (image(status=404), NotFound, Verdict.REFUSED),
        (image(status=429), RateLimited, Verdict.LATER),
        (image(status=500), PortalFailed, Verdict.TRANSIENT),
        (httpx.ReadTimeout("no"), PortalFailed, Verdict.TRANSIENT),
        (httpx.ConnectError("no"), NotSent, Verdict.TRANSIENT),
        (httpx.Response(302, headers={"Location": "https://elsewhere.example/b.png"}), PortalGone, Verdict.OPERATORS),
        (image(b"x" * (PICTURE_LIMIT + 1)), PortalFailed, Verdict.TRANSIENT),
    ],
)
async def test_what_is_not_given_as_a_picture(
    client: BitrixClient,
    portal: FakePortal,
    reply: httpx.Response | Exception,
    kind: type[BitrixError],
    verdict: Verdict,
) -> None:
    portal.replies.append(reply)
    with pytest.raises(BitrixError) as caught:
        await client.picture("/upload/a.png")
    assert type(caught.value) is kind
    assert caught.value.verdict is verdict
    assert caught.value.methods == ("picture",)
    assert portal.reports[0].verdict is verdict
    assert len(portal.requests) == 1


async def test_a_picture_follows_a_renamed_portal(client: BitrixClient, portal: FakePortal) -> None:
    portal.replies += [httpx.Response(302, headers={"Location": "https://renamed.example/a.png"}), image(), image()]
    assert await client.picture("/a.png") == PNG
    assert await client.picture("https://masters.example/a.png") == PNG
    assert [request.url.host for request in portal.requests] == [
        "masters.example",
        "renamed.example",
        "renamed.example",
    ]
