"""A client, and the portal that it speaks to."""

from collections.abc import AsyncIterator, Iterator
from datetime import UTC, datetime

import httpx
import pytest

from shared.bitrix.auth import WebhookAuth
from shared.bitrix.client import BitrixClient
from tests.support.logs import Heard, listening
from tests.support.portal import BASE, FakePortal

NOW = datetime(2026, 9, 1, 12, 0, tzinfo=UTC)


@pytest.fixture
def events() -> Iterator[Heard]:
    with listening() as heard:
        yield heard


@pytest.fixture
def portal() -> FakePortal:
    return FakePortal()


@pytest.fixture
async def http(portal: FakePortal) -> AsyncIterator[httpx.AsyncClient]:
    async with httpx.AsyncClient(transport=httpx.MockTransport(portal)) as client:
        yield client


@pytest.fixture
def client(http: httpx.AsyncClient, portal: FakePortal) -> BitrixClient:
    return BitrixClient(http, BASE, auth=WebhookAuth(), now=lambda: NOW, on_call=portal.reports.append)
