"""The functions as they are deployed, over fakes: the store in memory, a queue that keeps tasks, a small Bot API."""

from __future__ import annotations

import io
import json
from collections.abc import AsyncIterator, Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

import httpx
import pytest

from shared import logs
from shared.entry import telegram_update
from shared.entry.container import Container, container
from shared.entry.rate_limit import StrangerLimit, UpdateLimit
from shared.pipeline import inbox
from shared.settings import Settings, settings
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
def configured(monkeypatch: pytest.MonkeyPatch) -> Iterator[Environment]:
    """Return what makes this instance's parts from the tests' environment and whatever is given; "" unsets."""

    def configure(**environment: str) -> Container:
        for name in Settings.model_fields:
            monkeypatch.delenv(name.upper(), raising=False)
        for name, value in (ENVIRONMENT | environment).items():
            monkeypatch.setenv(name, value)
        settings.cache_clear()
        container.cache_clear()
        return container()

    yield configure
    settings.cache_clear()
    container.cache_clear()


@pytest.fixture
async def here(
    configured: Environment,
    monkeypatch: pytest.MonkeyPatch,
    clock: Clock,
    telegram: BotApi,
    portal: FakePortal,
    request: pytest.FixtureRequest,
) -> AsyncIterator[Container]:
    """This instance's parts over fakes. `@pytest.mark.parametrize("here", [{...}], indirect=True)` changes settings."""

    def outside(asked: httpx.Request) -> httpx.Response:
        return portal(asked) if asked.url.host == PORTAL_HOST else telegram(asked)

    made = configured(**getattr(request, "param", {}))
    made.now = clock
    monkeypatch.setattr(telegram_update, "_hush", StrangerLimit())
    monkeypatch.setattr(telegram_update, "_flood", UpdateLimit())
    async with httpx.AsyncClient(transport=httpx.MockTransport(outside)) as http:
        vars(made).update(http=http, store=CountingStore(MemoryStore(clock)), queue=FakeQueue())
        yield made


@pytest.fixture
def store(here: Container) -> CountingStore:
    assert isinstance(here.store, CountingStore)
    return here.store


@pytest.fixture
def queue(here: Container) -> FakeQueue:
    made: Any = here.queue
    assert isinstance(made, FakeQueue)
    return made


Lines = Callable[[], list[dict[str, Any]]]


@pytest.fixture
def lines(here: Container) -> Lines:
    """Return what reads the log entries written so far."""
    stream = io.StringIO()
    logs.configure("INFO", here.settings.secrets(), stream)
    return lambda: [json.loads(line) for line in stream.getvalue().splitlines()]
