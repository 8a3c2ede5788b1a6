"""Several ASGI servers in one event loop."""

from __future__ import annotations

import asyncio
import logging
import socket
from collections.abc import Collection, Iterator
from contextlib import contextmanager, suppress

import uvicorn
from starlette.types import ASGIApp

from infra.local.own_pages import OwnPages

GRACE = 1
"""Seconds open requests get to end when a server stops: a chat page always has one, waiting for news."""

KEEP_ALIVE = 75
"""Seconds an idle connection stays open, as at a real front end: longer than any client of ours would use it again.
Were it as long as theirs (5 s), a request could meet the closing connection, and a write would look half done."""

ACCEPTING = 4
"""Turns of the loop after which a connection that was accepted is known to its server: two, and as many to be sure."""


class _QuietServer(uvicorn.Server):
    """A server that leaves signals alone: the sandbox handles them once, for all its servers."""

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        try:
            await super().startup(sockets)
        except SystemExit:
            # One server that does not start must not end the process of all.
            self.should_exit = True

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Accept nobody any more, and only then close all connections.

        uvicorn does both at once and so forgets whoever is being accepted in that moment: his socket stayed open.
        """
        loop = asyncio.get_running_loop()
        for listening in sockets or []:
            loop.remove_reader(listening.fileno())
        for _ in range(ACCEPTING):
            await asyncio.sleep(0)
        await super().shutdown(sockets)


def bind(port: int) -> socket.socket:
    """Return a listening socket on the loopback interface; port 0 takes a free one. OSError when it is taken."""
    # The protocol is named because asyncio turns Nagle's algorithm off only where it is: else each answer takes 40 ms.
    listening = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listening.bind(("127.0.0.1", port))
    except OSError as error:
        listening.close()
        raise OSError(error.errno, f"port {port}: {error.strerror}") from None
    listening.listen(512)
    return listening


def address(listening: socket.socket) -> str:
    """Return the socket's address as a URL without a path."""
    return f"http://127.0.0.1:{listening.getsockname()[1]}"


class Serving:
    """One application behind one socket. `url` is where it answers, known before the application exists."""

    def __init__(self, listening: socket.socket) -> None:
        self.url = address(listening)
        self._socket = listening
        self._server: _QuietServer | None = None
        self._task: asyncio.Task[None] | None = None

    async def start(self, app: ASGIApp) -> None:
        """Begin to answer; RuntimeError when the application does not start."""
        config = uvicorn.Config(
            OwnPages(app),
            log_config=None,
            access_log=False,
            ws="none",
            lifespan="auto",
            timeout_graceful_shutdown=GRACE,
            timeout_keep_alive=KEEP_ALIVE,
        )
        self._server = _QuietServer(config)
        self._task = asyncio.create_task(self._server.serve(sockets=[self._socket]))
        while not self._server.started:
            if self._task.done():
                raise RuntimeError("the application did not start") from self._task.exception()
            await asyncio.sleep(0.01)

    async def stop(self) -> None:
        """Stop answering and let go of the socket; a second time does nothing."""
        if self._server is not None and self._task is not None:
            self._server.should_exit = True
            with _hushed(), suppress(asyncio.CancelledError):
                await self._task
                await _ended(self._server.server_state.tasks)
        self._socket.close()


async def _ended(requests: Collection[asyncio.Task[None]]) -> None:
    """Wait until the requests that were cut off have ended, for they still use what is closed next."""
    if requests:
        await asyncio.wait(list(requests), timeout=GRACE)


@contextmanager
def _hushed() -> Iterator[None]:
    """Keep quiet about requests that are cut off: at the stop that is no error."""
    log = logging.getLogger("uvicorn.error")
    before = log.level
    log.setLevel(logging.CRITICAL)
    try:
        yield
    finally:
        log.setLevel(before)
