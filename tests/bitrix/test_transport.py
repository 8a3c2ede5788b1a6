"""One exchange: a renamed portal, answers without end, nothing carried over."""

from __future__ import annotations

import logging
from collections.abc import AsyncIterator

import httpx
import pytest

from shared.bitrix.transport import ExchangeError, Outgoing, Received, RedirectRefused, Transport
from tests.support.door import LONGEST
from tests.support.portal import BASE, KEY, FakePortal

PATH = f"/rest/17/{KEY}/a.get"
POST = Outgoing("POST", PATH, body=b'{"id": 1}', headers={"Idempotency-Key": "k"})


def moved(to: str, status: int = 302) -> httpx.Response:
    return httpx.Response(status, headers={"Location": to})


@pytest.fixture
def transport(http: httpx.AsyncClient) -> Transport:
    return Transport(http, BASE)


async def exchange(transport: Transport, outgoing: Outgoing = POST, limit: int = 1000) -> Received:
    return await transport.exchange(outgoing, timeout=LONGEST, limit=limit)


@pytest.mark.parametrize("status", [301, 302, 307, 308])
async def test_a_renamed_portal_gets_the_same_request_and_is_remembered(
    transport: Transport, portal: FakePortal, status: int
) -> None:
    portal.replies.append(moved(f"https://renamed.example{PATH}", status))
    portal.result(1)
    portal.result(2)
    assert (await exchange(transport)).status == 200
    await exchange(transport)
    assert [request.url.host for request in portal.requests] == [
        "masters.example",
        "renamed.example",
        "renamed.example",
    ]
    for request in portal.requests:
        assert (request.method, request.content, request.headers["Idempotency-Key"]) == ("POST", b'{"id": 1}', "k")
        assert request.url.path == PATH
    assert transport.is_own(httpx.URL("https://renamed.example/x"))
    assert transport.is_own(httpx.URL("https://masters.example/x"))
    assert not transport.is_own(httpx.URL("https://elsewhere.example/x"))


async def test_a_renamed_portal_keeps_the_query_of_a_get(transport: Transport, portal: FakePortal) -> None:
    portal.replies.append(moved(f"https://renamed.example:8443{PATH}?id=5"))
    portal.result(1)
    await exchange(transport, Outgoing("GET", PATH, "id=5"))
    assert str(portal.requests[1].url) == f"https://renamed.example:8443{PATH}?id=5"


@pytest.mark.parametrize(
    "target",
    [
        "",
        "/login",
        PATH,
        f"https://masters.example{PATH}",
        f"http://renamed.example{PATH}",
        f"ftp://renamed.example{PATH}",
        f"https://user:pass@renamed.example{PATH}",
        "https://renamed.example/auth/",
        "https://renamed.example",
        "https://[broken",
    ],
)
async def test_other_redirects_are_refused(transport: Transport, portal: FakePortal, target: str) -> None:
    portal.replies.append(moved(target))
    with pytest.raises(RedirectRefused) as caught:
        await exchange(transport)
    assert not caught.value.sent
    assert len(portal.requests) == 1


async def test_a_redirect_to_no_address_at_all(transport: Transport, portal: FakePortal) -> None:
    portal.replies.append(moved("https://renamed.example:port/"))
    with pytest.raises(ExchangeError, match="RemoteProtocolError"):
        await exchange(transport)


async def test_a_circle_of_redirects_ends_at_once_and_is_not_remembered(
    transport: Transport, portal: FakePortal
) -> None:
    portal.replies += [moved(f"https://b.example{PATH}"), moved(f"https://masters.example{PATH}")]
    with pytest.raises(RedirectRefused):
        await exchange(transport)
    portal.result(1)
    await exchange(transport)
    assert portal.requests[-1].url.host == "masters.example"


async def test_a_portal_on_http_may_move_to_https(http: httpx.AsyncClient, portal: FakePortal) -> None:
    transport = Transport(http, "http://127.0.0.1:8080/rest/")
    portal.replies.append(moved("https://masters.example/rest/a.get"))
    portal.result(1)
    await exchange(transport, Outgoing("POST", "/rest/a.get"))
    assert str(portal.requests[1].url) == "https://masters.example/rest/a.get"


async def test_an_answer_has_its_limit(transport: Transport, portal: FakePortal) -> None:
    portal.replies += [httpx.Response(200, content=b"x" * 1000), httpx.Response(200, content=b"x" * 1001)]
    assert len((await exchange(transport)).body) == 1000
    with pytest.raises(ExchangeError, match="too long") as caught:
        await exchange(transport)
    assert caught.value.sent


async def test_an_answer_without_end_is_left(transport: Transport, portal: FakePortal) -> None:
    closed = []

    class Endless(httpx.AsyncByteStream):
        async def __aiter__(self) -> AsyncIterator[bytes]:
            while True:
                yield b"x" * 100

        async def aclose(self) -> None:
            closed.append(True)

    portal.replies.append(httpx.Response(200, stream=Endless()))
    with pytest.raises(ExchangeError, match="too long"):
        await exchange(transport)
    assert closed == [True]


async def test_cookies_are_not_carried_over(transport: Transport, portal: FakePortal) -> None:
    portal.says({"result": 1}, 200, **{"Set-Cookie": "PHPSESSID=1; Path=/"})
    portal.result(2)
    await exchange(transport)
    await exchange(transport)
    assert "Cookie" not in portal.requests[1].headers


@pytest.mark.parametrize("base", ["ftp://masters.example/rest/", "/rest/", "masters.example/rest/"])
async def test_an_address_that_is_none(http: httpx.AsyncClient, base: str) -> None:
    with pytest.raises(ValueError, match="http"):
        Transport(http, base)


async def test_the_root_always_ends_in_a_slash(http: httpx.AsyncClient) -> None:
    assert Transport(http, "https://masters.example/rest").root == "/rest/"
    assert Transport(http, "https://masters.example/rest/?x=1").root == "/rest/"


@pytest.mark.usefixtures("transport")
def test_the_http_clients_own_logs_are_quiet() -> None:
    for name in ("httpx", "httpcore", "httpcore.http11"):
        assert not logging.getLogger(name).isEnabledFor(logging.INFO)


def test_nothing_shown_of_a_request_tells_where_it_goes() -> None:
    assert repr(POST) == "Outgoing(verb='POST')"
    assert repr(Received(200, b"body", "text/html")) == "Received(status=200, content_type='text/html')"
