"""The functions as they are deployed, over fakes: the store in memory, a queue that keeps tasks, a small Bot API."""

from __future__ import annotations

import io
import json
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field
from typing import Any

import httpx
import pytest

from shared import logs
from shared.entry.container import Container
from shared.pipeline import inbox
from shared.settings import read_settings
from shared.store import unit_of_work
from shared.store.memory import MemoryStore
from tests.entry.world import ENVIRONMENT, PORTAL_HOST, CountingStore
from tests.pipeline.bench import NOW
from tests.support.clock import Clock
from tests.support.logs import same_logging_afterwards
from tests.support.queues import FakeQueue
from tests.support.telegram import BotApi

__all__ = ["same_logging_afterwards"]

Environment = Callable[..., Container]


@pytest.fixture(autouse=True)
def _no_waiting(monkeypatch: pytest.MonkeyPatch) -> None:
    """Decisions are repeated and records looked at again at once: the pauses between are real time."""
    monkeypatch.setattr(unit_of_work, "back_off", lambda _: 0.0)
    monkeypatch.setattr(inbox, "LOOK", 0.0)


@pytest.fixture
def clock() -> Clock:
    return Clock(NOW)


@pytest.fixture
def telegram() -> BotApi:
    return BotApi()


@dataclass
class FakePortal:
    """Answers requests with what it was told to (an exception is raised), else with an empty result."""

    requests: list[httpx.Request] = field(default_factory=list)
    answers: list[httpx.Response | Exception] = field(default_factory=list)

    def __call__(self, request: httpx.Request) -> httpx.Response:
        self.requests.append(request)
        answer = self.answers.pop(0) if self.answers else httpx.Response(200, json={"result": []})
        if isinstance(answer, Exception):
            raise answer
        return answer


@pytest.fixture
def portal() -> FakePortal:
    return FakePortal()


@pytest.fixture
def configured() -> Environment:
    """Return what makes a container of the tests' environment and whatever is given; "" unsets."""
    return lambda **environment: Container(read_settings(ENVIRONMENT | environment))


Outside = Callable[[httpx.Request], httpx.Response]


@pytest.fixture
def outside(telegram: BotApi, portal: FakePortal) -> Outside:
    """Who answers the requests of the functions."""
    return lambda asked: portal(asked) if asked.url.host == PORTAL_HOST else telegram(asked)


@pytest.fixture
async def here(
    configured: Environment, clock: Clock, outside: Outside, request: pytest.FixtureRequest
) -> AsyncIterator[Container]:
    """A container over fakes. `@pytest.mark.parametrize("here", [{...}], indirect=True)` changes settings."""
    settings = configured(**getattr(request, "param", {})).settings
    store = CountingStore(MemoryStore(clock))
    async with httpx.AsyncClient(transport=httpx.MockTransport(outside)) as http:
        yield Container(settings, now=clock, http=http, store=store, queue=FakeQueue())


@pytest.fixture
def store(here: Container) -> CountingStore:
    assert isinstance(here.store, CountingStore)
    return here.store


@pytest.fixture
def queue(here: Container) -> FakeQueue:
    assert isinstance(here.queue, FakeQueue)
    return here.queue


Lines = Callable[[], list[dict[str, Any]]]


@pytest.fixture
def lines(here: Container) -> Lines:
    """Return what reads the log entries written so far."""
    stream = io.StringIO()
    logs.configure("INFO", here.settings.secrets(), stream)
    return lambda: [json.loads(line) for line in stream.getvalue().splitlines()]
