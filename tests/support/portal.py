"""A portal at the level of HTTP that answers what it was told to."""

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import httpx

from shared.bitrix.client import CallReport

KEY = "s3cr3tk3yvalue99"
BASE = f"https://masters.example/rest/17/{KEY}/"

Reply = httpx.Response | Exception | Callable[[httpx.Request], httpx.Response]


@dataclass
class FakePortal:
    """Answers requests with the queued `replies` (an exception is raised), and keeps what was asked.

    What nobody queued an answer for is answered by `usual`: an error unless a test knows better. `reports` is for a
    client to fill.
    """

    replies: list[Reply] = field(default_factory=list)
    requests: list[httpx.Request] = field(default_factory=list)
    reports: list[CallReport] = field(default_factory=list)

    def __call__(self, request: httpx.Request) -> httpx.Response:
        self.requests.append(request)
        reply = self.replies.pop(0) if self.replies else self.usual(request)
        if isinstance(reply, Exception):
            raise reply
        return reply if isinstance(reply, httpx.Response) else reply(request)

    def usual(self, request: httpx.Request) -> httpx.Response:
        raise AssertionError(f"nobody said what to answer to {request.url.path}")

    def says(self, body: Any, status: int = 200, **headers: str) -> None:
        self.replies.append(httpx.Response(status, json=body, headers=headers))

    def result(self, result: Any, **more: Any) -> None:
        self.says({"result": result, **more})

    def body(self, number: int = -1) -> Any:
        return json.loads(self.requests[number].content)
