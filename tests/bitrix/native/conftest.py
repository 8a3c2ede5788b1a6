"""The fake portal and a client that speaks to it."""

from __future__ import annotations

from collections.abc import AsyncIterator

import httpx
import pytest

from shared.bitrix.auth import WebhookAuth
from shared.bitrix.client import BitrixClient
from tests.bitrix.conftest import BASE
from tests.bitrix.native.fake import FakePortal


@pytest.fixture
def fake() -> FakePortal:
    return FakePortal()


@pytest.fixture
async def client(fake: FakePortal) -> AsyncIterator[BitrixClient]:
    async with httpx.AsyncClient(transport=httpx.MockTransport(fake.answer)) as http:
        yield BitrixClient(http, BASE, auth=WebhookAuth())
