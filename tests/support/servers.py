"""Servers on real sockets of this machine, none of which leaves a connection behind."""

import socket
import subprocess
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager

import httpx
from starlette.types import ASGIApp

from infra.local.serving import Serving, bind
from tests.support.door import LONGEST


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


def first_answer(process: subprocess.Popen[bytes], address: str, body: object) -> httpx.Response:
    """Post to a server that is starting, for as long as it lives: how long that takes is the machine's business."""
    while True:
        try:
            return httpx.post(address, json=body, timeout=LONGEST, trust_env=False)
        except httpx.ConnectError:
            assert process.poll() is None, "the server ended"
            time.sleep(0.05)


@contextmanager
def silent() -> Iterator[str]:
    """Give the `host:port` of a service that can be reached and never answers: the kernel accepts, and nobody reads.

    A server of asyncio's would be left with the connections that its clients gave up.
    """
    with socket.create_server(("127.0.0.1", 0)) as listening:
        yield f"127.0.0.1:{listening.getsockname()[1]}"
