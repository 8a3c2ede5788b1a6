"""Servers on real sockets of this machine, none of which leaves a connection behind."""

import socket
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager

from starlette.types import ASGIApp

from infra.local.serving import Serving, bind


@asynccontextmanager
async def serving(app: ASGIApp) -> AsyncIterator[str]:
    server = Serving(bind(0))
    try:
        await server.start(app)
        yield server.url
    finally:
        await server.stop()


def free_port() -> int:
    """Return a port that nobody listens at, for a process that binds it itself."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@contextmanager
def silent() -> Iterator[str]:
    """Give the `host:port` of a service that can be reached and never answers: the kernel accepts, and nobody reads.

    A server of asyncio's would be left with the connections that its clients gave up.
    """
    with socket.create_server(("127.0.0.1", 0)) as listening:
        yield f"127.0.0.1:{listening.getsockname()[1]}"
