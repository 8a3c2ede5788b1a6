"""HTTP in, HTTP out: what every function answers, whatever its entrance does."""

# ruff: noqa: ARG001, ARG002 - all entrances share one signature

from __future__ import annotations

import asyncio
import json
import logging
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from typing import Any

import httpx
import pytest
from starlette.requests import Request

from infra.local.sandbox.functions import FUNCTIONS
from shared.entry import http
from shared.entry.container import Container
from shared.entry.http import BODY_SECONDS, LIMIT, Function, Incoming, Instance, Rejected
from shared.pipeline.tasks import QueueUnavailable
from shared.settings import SettingsError
from shared.store.port import Conflict, Unavailable
from shared.tracing import Trace, span
from tests.entry import world
from tests.entry.conftest import Lines
from tests.entry.world import call

pytestmark = pytest.mark.usefixtures("here")

TRACE = "4bf92f3577b34da6a3ce929d0e0e4736"
Ask = Callable[..., Awaitable[httpx.Response]]


@pytest.fixture
def ask(here: Container) -> Ask:
    """Return what asks a function that has this entrance."""

    def make(
        entrance: Any,
        body: Any = b"hello",
        *,
        seconds: float = 5,
        gate: Any = None,
        body_seconds: float = BODY_SECONDS,
        **more: Any,
    ) -> Any:
        return world.ask(Function(entrance, seconds, gate, body_seconds), lambda: here, body, **more)

    return make


def raising(error: Exception) -> Callable[[Container, Incoming], Awaitable[None]]:
    async def entrance(here: Container, incoming: Incoming) -> None:
        raise error

    return entrance


class Keeping:
    """An entrance that keeps what came in."""

    __module__ = "shared.entry.keeping"

    def __init__(self) -> None:
        self.seen: list[Incoming] = []

    async def __call__(self, here: Container, incoming: Incoming) -> None:
        self.seen.append(incoming)


async def test_what_was_handled_is_200(ask: Ask):
    keeping = Keeping()
    response = await ask(keeping, b"hello", headers={"X-Some-Header": "Value"})
    assert (response.status_code, response.text) == (200, "ok")
    [incoming] = keeping.seen
    assert incoming.body == b"hello"
    assert incoming.headers["x-some-header"] == "Value"


@pytest.mark.parametrize("method", [method for method in world.METHODS if method not in ("POST", "HEAD")])
async def test_only_posts_are_taken(ask: Ask, method: str):
    response = await ask(Keeping(), method=method)
    assert (response.status_code, response.content) == (405, b'{"error":"method_not_allowed"}')


@pytest.mark.parametrize(
    ("error", "status", "code"),
    [
        (Rejected(400, "not_an_event"), 400, "not_an_event"),
        (Rejected(401, "unauthorized"), 401, "unauthorized"),
        (Unavailable("s3cret"), 503, "try_again"),
        (Conflict("s3cret"), 503, "try_again"),
        (QueueUnavailable("s3cret"), 503, "try_again"),
        (TimeoutError("s3cret"), 503, "try_again"),
        (SettingsError("TELEGRAM_BOT_TOKEN: is required here"), 500, "misconfigured"),
        (ValueError("s3cret"), 500, "bug"),
    ],
)
async def test_an_error_is_one_line_without_an_echo(ask: Ask, error: Exception, status: int, code: str):
    response = await ask(raising(error), b"s3cret")
    assert response.status_code == status
    assert response.content == b'{"error":"%s"}' % code.encode()
    assert response.headers["content-type"] == "application/json"
    assert response.headers.get("retry-after") == ("5" if status == 503 else None)


async def chunks(count: int, size: int) -> AsyncIterator[bytes]:
    for _ in range(count):
        yield b"x" * size


async def test_a_body_of_a_mebibyte_is_taken(ask: Ask):
    keeping = Keeping()
    assert (await ask(keeping, b"x" * LIMIT)).status_code == 200
    assert len(keeping.seen[0].body) == LIMIT


async def test_a_byte_more_is_too_large(ask: Ask):
    response = await ask(Keeping(), b"x" * (LIMIT + 1))
    assert (response.status_code, response.json()) == (413, {"error": "too_large"})


async def test_a_stream_without_a_length_is_cut_off_at_the_limit(ask: Ask):
    sent = []

    async def endless() -> AsyncIterator[bytes]:
        async for chunk in chunks(10_000, 64 * 1024):
            sent.append(chunk)
            yield chunk

    keeping = Keeping()
    response = await ask(keeping, endless())
    assert (response.status_code, response.json()) == (413, {"error": "too_large"})
    assert keeping.seen == []
    assert len(sent) <= LIMIT / (64 * 1024) + 2


async def test_the_gate_is_asked_before_the_body_is_read(ask: Ask):
    sent = []

    async def body() -> AsyncIterator[bytes]:
        sent.append(1)
        yield b"x"

    def gate(here: Container, headers: Mapping[str, str]) -> None:
        assert headers.get("X-KEY") == "k"
        raise Rejected(401, "unauthorized")

    response = await ask(Keeping(), body(), gate=gate, headers={"x-key": "k"})
    assert (response.status_code, response.json()) == (401, {"error": "unauthorized"})
    assert sent == []


async def test_who_is_too_slow_is_to_be_asked_again(ask: Ask):
    async def slow(here: Container, incoming: Incoming) -> None:
        await world.forever()

    response = await ask(slow, seconds=0.01)
    assert (response.status_code, response.json()) == (503, {"error": "try_again"})


async def test_a_body_that_comes_slowly_is_the_senders_trouble(ask: Ask, lines: Lines):
    """Who need not prove anything yet must not be able to raise an alert."""

    async def trickle() -> AsyncIterator[bytes]:
        yield b"{"
        await world.forever()

    keeping = Keeping()
    response = await ask(keeping, trickle(), body_seconds=0.01)
    assert (response.status_code, response.json()) == (408, {"error": "incomplete"})
    assert keeping.seen == []
    assert [(entry["severity"], entry["event"]) for entry in lines()] == [("WARNING", "rejected")]


@pytest.mark.parametrize("function", FUNCTIONS.values(), ids=list(FUNCTIONS))
def test_a_slow_body_is_given_up_before_the_time_of_its_request(function: Function[Any]):
    assert function.body_seconds < function.seconds


async def test_a_client_that_hangs_up_is_no_bug(here: Container, lines: Lines):
    async def receive() -> dict[str, Any]:
        return {"type": "http.disconnect"}

    scope = {"type": "http", "method": "POST", "headers": [], "path": "/", "query_string": b""}
    response = await Function(Keeping(), 5).answer(Request(scope, receive), lambda: here)
    assert response.status_code == 400
    assert [entry["severity"] for entry in lines()] == ["WARNING"]


@pytest.mark.parametrize(
    "headers",
    [{"traceparent": f"00-{TRACE}-00f067aa0ba902b7-01"}, {"X-Cloud-Trace-Context": f"{TRACE}/67667974448284343;o=1"}],
    ids=["w3c", "google"],
)
@pytest.mark.parametrize(
    "error", [Rejected(400, "no"), Unavailable("away"), ValueError("bug"), SettingsError("X: bad")]
)
async def test_what_is_logged_of_a_failure_belongs_to_its_request(
    ask: Ask, lines: Lines, headers: dict[str, str], error: Exception
):
    await ask(raising(error), headers=headers)
    [entry] = lines()
    assert entry["logging.googleapis.com/trace"] == f"projects/shop/traces/{TRACE}"
    assert entry["logging.googleapis.com/spanId"] == "00f067aa0ba902b7"
    assert entry["function"] == "test_http"


async def test_what_an_entrance_logs_belongs_to_its_request(ask: Ask, lines: Lines):
    async def entrance(here: Container, incoming: Incoming) -> None:
        http.log.info("inside")

    await ask(entrance, headers={"traceparent": f"00-{TRACE}-00f067aa0ba902b7-01"})
    http.log.info("outside")
    inside, outside = lines()
    assert inside["logging.googleapis.com/trace"].endswith(TRACE)
    assert "logging.googleapis.com/trace" not in outside
    assert "function" not in outside


async def test_two_requests_at_once_do_not_mix_their_traces(ask: Ask, lines: Lines):
    async def entrance(here: Container, incoming: Incoming) -> None:
        await asyncio.sleep(0)
        http.log.info(incoming.body.decode())

    traces = [f"{number:032x}" for number in range(1, 6)]
    await asyncio.gather(*(ask(entrance, one.encode(), headers={"x-cloud-trace-context": one}) for one in traces))
    for entry in lines():
        assert entry["logging.googleapis.com/trace"].endswith(entry["message"])


@pytest.mark.parametrize(
    ("error", "severity", "event"),
    [
        (Rejected(401, "unauthorized"), "WARNING", "rejected"),
        (Unavailable("away"), "ERROR", "infrastructure"),
        (SettingsError("X: bad"), "CRITICAL", "misconfigured"),
        (ValueError("bug"), "ERROR", "bug"),
    ],
)
async def test_every_failure_is_in_the_log(ask: Ask, lines: Lines, error: Exception, severity: str, event: str):
    await ask(raising(error))
    [entry] = lines()
    assert (entry["severity"], entry["event"]) == (severity, event)
    assert ("stack_trace" in entry) is isinstance(error, Unavailable | ValueError)


async def test_bad_settings_are_named_and_not_shown(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
):
    logging.getLogger().handlers.clear()
    monkeypatch.setenv("BITRIX_BASE_URL", "https://portal.test/rest/1/s3cretk3y")
    monkeypatch.setenv("TELEGRAM_BOT_TOKEN", "s3cret")
    response = await world.ask(Function(Keeping(), 5), Instance(Container), b"hello")
    assert (response.status_code, response.json()) == (500, {"error": "misconfigured"})
    written = capsys.readouterr()
    entry = json.loads(written.out)
    assert (entry["severity"], entry["event"]) == ("CRITICAL", "misconfigured")
    assert "BITRIX_BASE_URL: must end in" in entry["message"]
    assert "TELEGRAM_BOT_TOKEN: must look like" in entry["message"]
    assert "s3cret" not in written.out + written.err + response.text


@pytest.mark.parametrize("name", list(FUNCTIONS))
@pytest.mark.parametrize("method", ["GET", "PUT"])
async def test_every_function_takes_posts_only(here: Container, name: str, method: str):
    response = await call(here, name, method=method)
    assert (response.status_code, response.json()) == (405, {"error": "method_not_allowed"})


async def test_an_instance_makes_its_container_with_its_first_request_and_keeps_it(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("GOOGLE_CLOUD_PROJECT", "first")
    instance = Instance(Container)
    monkeypatch.setenv("GOOGLE_CLOUD_PROJECT", "second")
    made = instance()
    monkeypatch.setenv("GOOGLE_CLOUD_PROJECT", "third")
    assert instance() is made
    assert made.instance_settings.google_cloud_project == "second"


def test_from_then_on_logs_hide_the_secrets_of_the_settings(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
):
    for name, value in (world.ENVIRONMENT | {"LOG_LEVEL": "WARNING"}).items():
        monkeypatch.setenv(name, value)
    made = Instance(Container)()
    log = logging.getLogger("tests")
    log.warning(" ".join(made.settings.secrets()))
    log.info("not written")
    [entry] = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert set(entry["message"].split()) == {"[hidden]"}


class Kept:
    """An exporter that keeps what it is handed."""

    def __init__(self) -> None:
        self.traces: list[Trace] = []

    async def export(self, trace: Trace) -> None:
        self.traces.append(trace)


SAMPLED = {"traceparent": f"00-{TRACE}-00f067aa0ba902b7-01"}


@pytest.fixture
def kept(here: Container) -> Kept:
    kept = Kept()
    here.span_exporter = kept
    return kept


async def test_the_spans_of_a_sampled_request_are_handed_out_once_it_is_answered(
    ask: Ask, here: Container, kept: Kept, lines: Lines
):
    async def entrance(here: Container, incoming: Incoming) -> None:
        with span("bitrix", method="batch"):
            http.log.info("inside")
        assert kept.traces == []

    assert (await ask(entrance, headers=SAMPLED)).status_code == 200
    [trace] = kept.traces
    assert [(one.name, one.failed) for one in trace.spans] == [("test_http", False), ("bitrix", False)]
    assert (trace.id, trace.spans[0].parent) == (TRACE, "00f067aa0ba902b7")
    [inside] = lines()
    assert inside["logging.googleapis.com/spanId"] == trace.spans[0].id
    assert inside["logging.googleapis.com/trace_sampled"] is True


@pytest.mark.parametrize(
    ("error", "failed"),
    [(ValueError("bug"), [True]), (Unavailable("away"), [True]), (Rejected(401, "unauthorized"), [])],
)
async def test_a_failure_is_traced_and_a_stranger_is_not(ask: Ask, kept: Kept, error: Exception, failed: list[bool]):
    await ask(raising(error), headers=SAMPLED)
    assert [trace.spans[0].failed for trace in kept.traces] == failed


@pytest.mark.parametrize("headers", [{}, {"traceparent": f"00-{TRACE}-00f067aa0ba902b7-00"}])
async def test_what_nobody_sampled_is_not_traced(ask: Ask, kept: Kept, headers: dict[str, str]):
    await ask(Keeping(), headers=headers)
    assert kept.traces == []
