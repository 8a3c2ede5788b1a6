"""Several ASGI servers in one event loop."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Iterator
from contextlib import contextmanager, suppress

import uvicorn
from starlette.types import ASGIApp

GRACE = 5
"""Seconds open requests get to end when a server stops."""


class _QuietServer(uvicorn.Server):
    """A server that leaves signals alone: the sandbox handles them once, for all its servers."""

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield


def bind(port: int) -> socket.socket:
    """Return a listening socket on the loopback interface; port 0 takes a free one. OSError when it is taken."""
    # The protocol is named because asyncio turns Nagle's algorithm off only where it is: else each answer takes 40 ms.
    listening = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listening.bind(("127.0.0.1", port))
    except OSError:
        listening.close()
        raise
    listening.listen(512)
    return listening


def address(listening: socket.socket) -> str:
    """Return the socket's address as a URL without a path."""
    return f"http://127.0.0.1:{listening.getsockname()[1]}"


class Serving:
    """One application behind one socket. The socket is known before the application exists."""

    def __init__(self, listening: socket.socket) -> None:
        self._socket = listening
        self._server: _QuietServer | None = None
        self._task: asyncio.Task[None] | None = None

    @property
    def url(self) -> str:
        """Where it answers."""
        return address(self._socket)

    async def start(self, app: ASGIApp) -> None:
        """Begin to answer; RuntimeError when the application does not start."""
        config = uvicorn.Config(
            app, log_config=None, access_log=False, ws="none", lifespan="auto", timeout_graceful_shutdown=GRACE
        )
        self._server = _QuietServer(config)
        self._task = asyncio.create_task(self._server.serve(sockets=[self._socket]))
        while not self._server.started:
            if self._task.done():
                raise RuntimeError("the application did not start") from self._task.exception()
            await asyncio.sleep(0.01)

    async def stop(self) -> None:
        """Stop answering and let go of the socket."""
        if self._server is not None and self._task is not None:
            self._server.should_exit = True
            with suppress(asyncio.CancelledError):
                await self._task
        self._socket.close()
