"""Seams of the tests: a portal that answers from a list, and a client that speaks to it."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

import httpx
import pytest

from shared.bitrix.auth import WebhookAuth
from shared.bitrix.client import BitrixClient, CallReport

KEY = "s3cr3tk3yvalue99"
BASE = f"https://masters.example/rest/17/{KEY}/"
NOW = datetime(2026, 9, 1, 12, 0, tzinfo=UTC)

Reply = httpx.Response | Exception | Callable[[httpx.Request], httpx.Response]


@dataclass
class Desk:
    """Answers requests with the queued replies and keeps what was asked."""

    replies: list[Reply] = field(default_factory=list)
    requests: list[httpx.Request] = field(default_factory=list)
    reports: list[CallReport] = field(default_factory=list)

    def answer(self, request: httpx.Request) -> httpx.Response:
        self.requests.append(request)
        reply = self.replies.pop(0)
        if isinstance(reply, Exception):
            raise reply
        return reply if isinstance(reply, httpx.Response) else reply(request)

    def says(self, body: Any, status: int = 200, **headers: str) -> None:
        self.replies.append(httpx.Response(status, json=body, headers=headers))

    def result(self, result: Any, **more: Any) -> None:
        self.says({"result": result, **more})

    def body(self, number: int = -1) -> Any:
        return json.loads(self.requests[number].content)


@pytest.fixture
def desk() -> Desk:
    return Desk()


@pytest.fixture
async def http(desk: Desk) -> AsyncIterator[httpx.AsyncClient]:
    async with httpx.AsyncClient(transport=httpx.MockTransport(desk.answer)) as client:
        yield client


@pytest.fixture
def client(http: httpx.AsyncClient, desk: Desk) -> BitrixClient:
    return BitrixClient(http, BASE, auth=WebhookAuth(), now=lambda: NOW, on_call=desk.reports.append)
