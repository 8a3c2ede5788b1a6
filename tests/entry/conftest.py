"""The functions as they are deployed, over fakes: the store in memory, a queue that keeps tasks, a small Bot API."""

import io
import json
from collections.abc import AsyncIterator, Callable
from typing import Any

import httpx
import pytest

from shared import logs
from shared.entry.container import Container
from shared.settings import read_settings
from shared.store.memory import MemoryStore
from tests.entry.world import ENVIRONMENT, PORTAL_HOST
from tests.pipeline.bench import NOW
from tests.support.clock import Clock
from tests.support.logs import same_logging_afterwards
from tests.support.portal import FakePortal
from tests.support.queues import FakeQueue
from tests.support.stores import FaultyStore, no_waiting
from tests.support.telegram import BotApi

__all__ = ["no_waiting", "same_logging_afterwards"]

Environment = Callable[..., Container]


@pytest.fixture
def clock() -> Clock:
    return Clock(NOW)


@pytest.fixture
def telegram() -> BotApi:
    return BotApi()


class SilentPortal(FakePortal):
    """Has nothing to say but what it was told to."""

    def usual(self, request: httpx.Request) -> httpx.Response:  # noqa: ARG002 - whatever is asked
        return httpx.Response(200, json={"result": []})


@pytest.fixture
def portal() -> FakePortal:
    return SilentPortal()


@pytest.fixture
def configured() -> Environment:
    """Return what makes a container of the tests' environment and whatever is given; "" unsets."""
    return lambda **environment: Container(read_settings(ENVIRONMENT | environment))


Outside = Callable[[httpx.Request], httpx.Response]


@pytest.fixture
def outside(telegram: BotApi, portal: FakePortal) -> Outside:
    return lambda asked: portal(asked) if asked.url.host == PORTAL_HOST else telegram(asked)


@pytest.fixture
async def here(
    configured: Environment, clock: Clock, outside: Outside, request: pytest.FixtureRequest
) -> AsyncIterator[Container]:
    """A container over fakes. `@pytest.mark.parametrize("here", [{...}], indirect=True)` changes settings."""
    settings = configured(**getattr(request, "param", {})).settings
    store = FaultyStore(MemoryStore(clock))
    async with httpx.AsyncClient(transport=httpx.MockTransport(outside)) as http:
        yield Container(settings, now=clock, http=http, store=store, queue=FakeQueue())


@pytest.fixture
def store(here: Container) -> FaultyStore:
    assert isinstance(here.store, FaultyStore)
    return here.store


@pytest.fixture
def queue(here: Container) -> FakeQueue:
    assert isinstance(here.queue, FakeQueue)
    return here.queue


Lines = Callable[[], list[dict[str, Any]]]


@pytest.fixture
def lines(here: Container) -> Lines:
    stream = io.StringIO()
    logs.configure("INFO", here.settings.secrets(), stream)
    return lambda: [json.loads(line) for line in stream.getvalue().splitlines()]
