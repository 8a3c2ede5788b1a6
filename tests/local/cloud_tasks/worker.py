"""Workers for the dispatcher: one in memory under a manual clock, one behind a real socket."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime

from infra.local.cloud_tasks import HttpCall, ManualClock, Reply

LOCATION = "projects/p/locations/europe-west1"
QUEUE = f"{LOCATION}/queues/bitrix"
URL = "https://worker.example/bitrix_call"


def http(status: int, retry_after: str | None = None) -> Reply:
    return Reply(status, f"HTTP {status}", retry_after)


@dataclass
class Served:
    at: datetime
    call: HttpCall


class FakeWorker:
    """Notes each call and answers what `answers` says (the n-th call, from 0); `hold` keeps it from answering."""

    def __init__(self, clock: ManualClock) -> None:
        self.served: list[Served] = []
        self.answers: Callable[[int], Reply] = lambda _: http(200)
        self.busy = 0
        self.busiest = 0
        self._clock = clock
        self._gate = asyncio.Event()
        self._gate.set()

    def hold(self) -> None:
        self._gate.clear()

    def release(self) -> None:
        self._gate.set()

    async def send(self, call: HttpCall) -> Reply:
        number = len(self.served)
        self.served.append(Served(self._clock.now(), call))
        self.busy += 1
        self.busiest = max(self.busiest, self.busy)
        try:
            await self._gate.wait()
            return self.answers(number)
        finally:
            self.busy -= 1

    def offsets(self) -> list[float]:
        """Return the seconds of each call since the first."""
        return [(one.at - self.served[0].at).total_seconds() for one in self.served]


@dataclass
class Request:
    line: str
    headers: dict[str, str]
    body: bytes


class SocketWorker:
    """A minimal HTTP/1.1 server. `answer` gets the request and returns the raw answer; empty bytes hang up."""

    def __init__(self, answer: Callable[[Request], bytes]) -> None:
        self.requests: list[Request] = []
        self._answer = answer
        self._open: set[asyncio.StreamWriter] = set()

    async def close(self) -> None:
        """Hang up on who is still there: asyncio's server would leave him."""
        for writer in self._open:
            writer.close()
        await asyncio.gather(*(writer.wait_closed() for writer in self._open), return_exceptions=True)

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._open.add(writer)
        head = (await reader.readuntil(b"\r\n\r\n")).decode().split("\r\n")
        headers = dict(line.split(": ", 1) for line in head[1:] if line)
        lengths = [value for name, value in headers.items() if name.lower() == "content-length"]
        body = await reader.readexactly(int(lengths[0])) if lengths else b""
        request = Request(head[0], headers, body)
        self.requests.append(request)
        writer.write(self._answer(request))
        writer.close()
        await writer.wait_closed()
        self._open.discard(writer)


def answer(status: int, *headers: str, body: bytes = b"") -> bytes:
    """Return a raw HTTP answer."""
    lines = [f"HTTP/1.1 {status} Whatever", f"Content-Length: {len(body)}", "Connection: close", *headers]
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + body


@asynccontextmanager
async def listening(worker: SocketWorker, port: int = 0) -> AsyncIterator[int]:
    """Serve on a loopback port."""
    server = await asyncio.start_server(worker.serve, "127.0.0.1", port)
    async with server:
        try:
            yield server.sockets[0].getsockname()[1]
        finally:
            server.close()
            await worker.close()
