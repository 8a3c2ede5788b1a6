"""Files of people: what comes, what is refused, and that no error tells the token."""

from __future__ import annotations

import traceback

import httpx
import pytest

from shared.telegram.downloads import FileGoneError, FileLaterError, FileTooLargeError, download_file
from shared.telegram.session import MAX_DOWNLOAD, make_bot
from tests.support.telegram import BASE, TOKEN, Answer, fail, ok, raw, refuse

FOUND = {"file_id": "f", "file_unique_id": "u", "file_size": 3, "file_path": "photos/1.jpg"}
ADDRESS = f"{BASE}/file/bot{TOKEN}/photos/1.jpg"


CONTENT = raw(200, "abc")


async def fetch(get_file: Answer, file: Answer = CONTENT, *, seconds: int = 30) -> bytes:
    """Download «f» from a Bot API that answers so."""

    def answer(request: httpx.Request) -> httpx.Response:
        if request.url.path.endswith("/getFile"):
            assert request.content == b"file_id=f"
            return get_file(request)
        assert str(request.url) == ADDRESS
        return file(request)

    async with httpx.AsyncClient(transport=httpx.MockTransport(answer)) as http:
        return await download_file(make_bot(TOKEN, BASE, http), "f", seconds=seconds)


async def test_a_file_comes() -> None:
    assert await fetch(ok(FOUND)) == b"abc"


async def test_a_file_of_the_largest_size_comes() -> None:
    assert len(await fetch(ok(FOUND | {"file_size": MAX_DOWNLOAD}), raw(200, "x" * MAX_DOWNLOAD))) == MAX_DOWNLOAD


@pytest.mark.parametrize(
    ("get_file", "file"),
    [
        (refuse("Bad Request: file is too big"), raw(500, "")),
        (ok(FOUND | {"file_size": MAX_DOWNLOAD + 1}), raw(500, "")),
        (ok({"file_id": "f", "file_unique_id": "u", "file_path": "photos/1.jpg"}), raw(200, "x" * (MAX_DOWNLOAD + 1))),
    ],
)
async def test_a_file_that_is_too_large(get_file: Answer, file: Answer) -> None:
    with pytest.raises(FileTooLargeError):
        await fetch(get_file, file)


@pytest.mark.parametrize(
    ("get_file", "file"),
    [
        (refuse("Bad Request: wrong file_id or the file is temporarily unavailable"), raw(500, "")),
        (refuse("Bad Request: invalid file_id"), raw(500, "")),
        (ok({"file_id": "f", "file_unique_id": "u"}), raw(500, "")),
        (ok(FOUND), raw(404, "")),
    ],
)
async def test_a_file_that_is_gone(get_file: Answer, file: Answer) -> None:
    with pytest.raises(FileGoneError):
        await fetch(get_file, file)


@pytest.mark.parametrize(
    ("get_file", "file", "seconds"),
    [
        (refuse("Too Many Requests: retry after 7", 429, retry_after=7), raw(500, ""), 7),
        (refuse("Bad Gateway", 502), raw(500, ""), 5),
        (fail(httpx.ConnectError(f"{BASE}/bot{TOKEN}/getFile")), raw(500, ""), 2),
        (refuse("Unauthorized", 401), raw(500, ""), 60),
        (raw(200, "what?"), raw(500, ""), 5),
        (ok(FOUND), raw(502, ""), 2),
        (ok(FOUND), fail(httpx.ReadTimeout(ADDRESS)), 2),
    ],
)
async def test_a_file_that_may_come_later(get_file: Answer, file: Answer, seconds: float) -> None:
    with pytest.raises(FileLaterError) as caught:
        await fetch(get_file, file)
    assert caught.value.retry_after == seconds
    assert TOKEN not in "".join(traceback.format_exception(caught.value))


async def test_a_file_that_is_too_slow_may_come_later() -> None:
    with pytest.raises(FileLaterError, match="did not come"):
        await fetch(ok(FOUND), seconds=-1)
