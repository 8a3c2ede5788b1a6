"""Servers in one event loop."""

from __future__ import annotations

import asyncio
import gc
import logging
import socket
import time
from typing import Any

import httpx
import pytest
import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route
from starlette.types import Receive, Scope, Send

from infra.local.portal.webhooks import Event
from infra.local.sandbox.options import SandboxOptions
from infra.local.sandbox.sandbox import Sandbox
from infra.local.serving import GRACE, Serving, address, bind
from tests.support.sandbox import eventually
from tests.support.servers import silent


async def hello(_: Request) -> Response:
    return PlainTextResponse("hello")


async def never(_: Request) -> Response:
    await asyncio.Event().wait()
    return PlainTextResponse("never")


APP = Starlette(routes=[Route("/", hello), Route("/never", never)])


def test_a_free_port_and_one_that_is_taken():
    with bind(0) as first:
        port = first.getsockname()[1]
        assert address(first) == f"http://127.0.0.1:{port}"
        with pytest.raises(OSError, match=f"port {port}: Address already in use"):
            bind(port)
    with bind(port) as again:
        assert again.getsockname()[1] == port


async def test_answers_do_not_wait_for_acknowledgements():
    asked = asyncio.Event()
    options: list[int] = []

    async def serve(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        taken = writer.get_extra_info("socket")
        options.append(taken.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY))
        writer.close()
        asked.set()

    listening = bind(0)
    async with await asyncio.start_server(serve, sock=listening):
        _, writer = await asyncio.open_connection(*listening.getsockname())
        await asked.wait()
        writer.close()
        await writer.wait_closed()
    assert options == [1]


async def test_it_answers_until_it_is_stopped():
    serving = Serving(bind(0))
    await serving.start(APP)
    async with httpx.AsyncClient() as http:
        assert (await http.get(serving.url)).text == "hello"
        await serving.stop()
        await serving.stop()
        with pytest.raises(httpx.ConnectError):
            await http.get(serving.url)


async def test_one_that_never_started_lets_go_of_its_port():
    serving = Serving(bind(0))
    port = int(serving.url.rpartition(":")[2])
    await serving.stop()
    bind(port).close()


async def test_an_open_request_does_not_hold_up_the_stop(caplog: pytest.LogCaptureFixture):
    serving = Serving(bind(0))
    await serving.start(APP)
    async with httpx.AsyncClient(timeout=60) as http:

        async def serving_something() -> bool:
            return serving._server is not None and bool(serving._server.server_state.tasks)

        waiting = asyncio.create_task(http.get(f"{serving.url}/never"))
        await eventually(serving_something, "the request is being served")
        began = time.monotonic()
        before = logging.getLogger("uvicorn.error").level
        with caplog.at_level(logging.INFO):
            await serving.stop()
        assert time.monotonic() - began < GRACE + 30
        result: Any = (await asyncio.gather(waiting, return_exceptions=True))[0]
        assert isinstance(result, httpx.TransportError) or result.status_code == 500
    assert not [record for record in caplog.records if record.levelno >= logging.ERROR]
    assert logging.getLogger("uvicorn.error").level == before


async def broken(scope: Scope, receive: Receive, send: Send) -> None:
    """An application whose start fails."""
    del receive, scope
    await send({"type": "lifespan.startup.failed", "message": "no"})


async def test_an_application_that_does_not_start():
    serving = Serving(bind(0))
    with pytest.raises(RuntimeError, match="did not start"):
        await serving.start(broken)
    await serving.stop()


@pytest.mark.parametrize("leaves", [True, False], ids=["leaves", "stays"])
@pytest.mark.parametrize("turns", range(6))
async def test_who_is_accepted_at_the_last_moment_is_not_left_behind(
    monkeypatch: pytest.MonkeyPatch, turns: int, leaves: bool
):
    """A client that connects, or gives up connecting, so many turns of the loop before the server shuts down."""
    serving = Serving(bind(0))
    port = int(serving.url.rpartition(":")[2])
    main_loop = uvicorn.Server.main_loop
    with socket.socket() as client:

        async def and_then_somebody_comes(server: uvicorn.Server) -> None:
            await main_loop(server)
            client.connect(("127.0.0.1", port))
            if leaves:
                client.close()
            for _ in range(turns):
                await asyncio.sleep(0)

        monkeypatch.setattr(uvicorn.Server, "main_loop", and_then_somebody_comes)
        await serving.start(APP)
        await serving.stop()
        assert open_at(port) == []


def open_at(port: int) -> list[socket.socket]:
    """The sockets of this process that are open at a port of its own."""
    found = [one for one in gc.get_objects() if isinstance(one, socket.socket) and one.fileno() != -1]
    return [one for one in found if one.family == socket.AF_INET and one.getsockname()[1] == port]


async def test_a_client_closed_while_it_connects_forgets_the_connection():
    """Why whoever sends must have ended before his client is closed: httpcore 1.0.9 closes only what is connected."""
    connecting, closed = asyncio.Event(), asyncio.Event()

    async def traced(event: str, _info: Any) -> None:
        if event == "connection.connect_tcp.started":
            connecting.set()
            await closed.wait()

    server = Serving(bind(0))
    await server.start(APP)
    client = httpx.AsyncClient()
    asking = asyncio.create_task(client.get(server.url, extensions={"trace": traced}))
    await connecting.wait()
    await client.aclose()
    closed.set()
    assert (await asking).status_code == 200
    to_server = ("127.0.0.1", httpx.URL(server.url).port)
    # The loop keeps it, until it is closed itself: then it is an unclosed transport of whichever test runs.
    (forgotten,) = (
        it
        for it in gc.get_objects()
        if isinstance(it, asyncio.Transport) and it.get_extra_info("peername") == to_server and not it.is_closing()
    )
    forgotten.abort()
    await server.stop()


async def test_the_sandbox_ends_the_portals_events_before_their_client():
    made = Sandbox(SandboxOptions(port=0), {}, lambda _: None)
    await made.start()
    assert made.portal is not None
    with silent() as nobody:
        delivery = made.portal.webhooks
        delivery.url = f"http://{nobody}/"
        sent = delivery.announce(Event.SAVED, {}, "5121")
        assert sent is not None

        async def is_sent() -> bool:
            return bool(sent.attempts)

        await eventually(is_sent, "the event is on its way")
        await made.stop()
    assert [name for attempt in sent.attempts for name in attempt] == ["time"]
