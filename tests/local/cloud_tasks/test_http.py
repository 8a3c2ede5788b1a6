"""Dispatching to real HTTP servers by the real clock: what goes over the wire, and workers that misbehave."""

import asyncio
import base64
import json
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import grpc.aio
import pytest
from google.cloud.tasks_v2 import CloudTasksAsyncClient, HttpMethod, HttpRequest, Task
from google.cloud.tasks_v2.services.cloud_tasks.transports import CloudTasksGrpcAsyncIOTransport

from infra.local.cloud_tasks import CloudTasksEmulator, RetryRules
from tests.local.cloud_tasks.worker import QUEUE

# The pauses of these tests are real ones.
FAST = RetryRules(max_doublings=0, min_backoff=timedelta(milliseconds=20))


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


@pytest.fixture
async def real() -> AsyncIterator[tuple[CloudTasksEmulator, CloudTasksAsyncClient]]:
    emulator = CloudTasksEmulator()
    channel = grpc.aio.insecure_channel(await emulator.start())
    emulator.add_queue(QUEUE, retry=FAST)
    yield emulator, CloudTasksAsyncClient(transport=CloudTasksGrpcAsyncIOTransport(channel=channel))
    await channel.close()
    await emulator.stop(grace=1)


async def finished(emulator: CloudTasksEmulator, count: int) -> list[int | None]:
    """Wait for attempts to be over and return their answers."""
    await emulator.journal.until(lambda: len(emulator.journal.finished) >= count)
    return [one.status for one in emulator.journal.finished]


async def test_what_a_worker_receives(real: tuple[CloudTasksEmulator, CloudTasksAsyncClient]):
    emulator, client = real
    worker = SocketWorker(lambda _: answer(204))
    async with listening(worker) as port:
        request = HttpRequest(
            url=f"http://127.0.0.1:{port}/bitrix_call?lane=read",
            headers={"Content-Type": "application/json", "traceparent": "00-ab-cd-01", "User-Agent": "forged"},
            body='{"имя":"мастер"}'.encode(),
            oidc_token={"service_account_email": "tasks@p.iam.gserviceaccount.com", "audience": "https://worker"},
        )
        made = await client.create_task(parent=QUEUE, task=Task(http_request=request))
        assert await finished(emulator, 1) == [204]
    [served] = worker.requests
    assert served.line == "POST /bitrix_call?lane=read HTTP/1.1"
    assert served.body == request.body
    headers = {name.lower(): value for name, value in served.headers.items()}
    assert headers["host"] == f"127.0.0.1:{port}"
    assert headers["content-type"] == "application/json"
    assert headers["traceparent"] == "00-ab-cd-01"
    assert headers["user-agent"] == "Google-Cloud-Tasks"
    assert headers["x-cloudtasks-queuename"] == "bitrix"
    assert headers["x-cloudtasks-taskname"] == made.name.rpartition("/")[2]
    assert headers["x-cloudtasks-taskretrycount"] == "0"
    assert abs(float(headers["x-cloudtasks-tasketa"]) - datetime.now(UTC).timestamp()) < 10
    payload = headers["authorization"].removeprefix("Bearer ").split(".")[1]
    claims = json.loads(base64.urlsafe_b64decode(payload + "=" * (-len(payload) % 4)))
    assert (claims["email"], claims["aud"]) == ("tasks@p.iam.gserviceaccount.com", "https://worker")


async def test_the_method_is_the_tasks(real: tuple[CloudTasksEmulator, CloudTasksAsyncClient]):
    emulator, client = real
    worker = SocketWorker(lambda _: answer(200))
    async with listening(worker) as port:
        request = HttpRequest(url=f"http://127.0.0.1:{port}/", http_method=HttpMethod.GET)
        await client.create_task(parent=QUEUE, task=Task(http_request=request))
        await finished(emulator, 1)
    assert worker.requests[0].line == "GET / HTTP/1.1"
    # Cloud Tasks sets no content type of its own.
    assert "content-type" not in {name.lower() for name in worker.requests[0].headers}


async def test_a_worker_that_hangs_up_gets_the_task_again(real: tuple[CloudTasksEmulator, CloudTasksAsyncClient]):
    emulator, client = real
    seen: list[Request] = []

    def crash_once(request: Request) -> bytes:
        seen.append(request)
        return b"" if len(seen) == 1 else answer(200)

    async with listening(SocketWorker(crash_once)) as port:
        request = HttpRequest(url=f"http://127.0.0.1:{port}/")
        await client.create_task(parent=QUEUE, task=Task(http_request=request))
        assert await finished(emulator, 2) == [None, 200]
    assert not emulator.queue(QUEUE).tasks


async def test_a_worker_that_is_down_gets_the_task_when_it_is_back(
    real: tuple[CloudTasksEmulator, CloudTasksAsyncClient],
):
    emulator, client = real
    worker = SocketWorker(lambda _: answer(200))
    async with listening(worker) as port:
        pass
    await client.create_task(parent=QUEUE, task=Task(http_request=HttpRequest(url=f"http://127.0.0.1:{port}/")))
    assert (await finished(emulator, 1))[0] is None
    assert emulator.journal.finished[0].outcome == "UNAVAILABLE"
    async with listening(worker, port):
        await emulator.journal.until(lambda: not emulator.queue(QUEUE).tasks)
    assert len(worker.requests) == 1


async def test_a_redirect_is_a_failed_attempt(real: tuple[CloudTasksEmulator, CloudTasksAsyncClient]):
    emulator, client = real
    worker = SocketWorker(lambda _: answer(302, "Location: /elsewhere"))
    async with listening(worker) as port:
        await client.create_task(parent=QUEUE, task=Task(http_request=HttpRequest(url=f"http://127.0.0.1:{port}/")))
        assert (await finished(emulator, 2))[:2] == [302, 302]
    assert {one.line for one in worker.requests} == {"POST / HTTP/1.1"}


async def test_an_endless_answer_is_cut_off(real: tuple[CloudTasksEmulator, CloudTasksAsyncClient]):
    emulator, client = real
    worker = SocketWorker(lambda _: answer(200, body=b"x" * (3 << 20)))
    async with listening(worker) as port:
        await client.create_task(parent=QUEUE, task=Task(http_request=HttpRequest(url=f"http://127.0.0.1:{port}/")))
        assert await finished(emulator, 1) == [200]


async def test_retry_after_reaches_the_queue(real: tuple[CloudTasksEmulator, CloudTasksAsyncClient]):
    emulator, client = real
    worker = SocketWorker(lambda _: answer(503, "Retry-After: 3600"))
    async with listening(worker) as port:
        request = HttpRequest(url=f"http://127.0.0.1:{port}/")
        await client.create_task(parent=QUEUE, task=Task(http_request=request))
        assert await finished(emulator, 1) == [503]
        wait = emulator.queue(QUEUE).next_move(datetime.now(UTC))
    assert isinstance(wait, timedelta)
    assert timedelta(minutes=59) < wait <= timedelta(hours=1)
