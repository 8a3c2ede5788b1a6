"""The functions as processes, and the front that brings requests to whichever instance lives."""

from __future__ import annotations

import asyncio
import os
import random
import socket
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import httpx
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from infra.local.sandbox.functions import PATHS
from tests.kill.nursery import Order
from tests.kill.slowness import Slowness
from tests.support.servers import free_port

COLD_START = 30.0
"""Seconds the front keeps a request for an instance that is being started; Cloud Run does the same."""

BREATH = 0.1
"""Seconds between two looks for a living instance."""

INSTANCES: Sequence[tuple[str, float]] = (
    ("telegram_update", 0.0),
    ("telegram_update", 2.5),
    ("bitrix_call", 2.5),
    ("bitrix_call", -2.5),
    ("bitrix_webhook", -2.5),
    ("telegram_send", 0.0),
    ("housekeeping", 0.0),
    ("token_refresh", 0.0),
)
"""Function, and how many seconds its clock is ahead: two of them are five seconds apart."""


@dataclass
class Instance:
    """One process of a function. It is started again at once whenever it was killed, with the same port."""

    function: str
    ahead: float
    number: int
    log: Path
    port: int = field(default_factory=free_port)
    kills: int = 0

    @property
    def name(self) -> str:
        return f"{self.function} {self.number}"

    def order(self) -> Order:
        """Return what has it started, or started anew."""
        return Order(self.name, self.function, self.port, self.ahead, str(self.log.absolute()))

    def is_up(self) -> bool:
        """Whether it takes requests."""
        with socket.socket() as probe:
            return probe.connect_ex(("127.0.0.1", self.port)) == 0


class Fleet:
    """All instances; an ASGI application in their front."""

    def __init__(self, logs: Path, http: httpx.AsyncClient, dice: random.Random, slowness: Slowness) -> None:
        logs.mkdir(parents=True, exist_ok=True)
        self.instances = [
            Instance(function, ahead, number, logs / f"{function}-{number}.log")
            for number, (function, ahead) in enumerate(INSTANCES, 1)
        ]
        self._http = http
        self._dice = dice
        self._slowness = slowness
        self._nursery: subprocess.Popen[bytes] | None = None

    def start(self, variables: Mapping[str, str]) -> None:
        """Start all, with these settings and what a process needs of ours."""
        kept = {name: os.environ[name] for name in ("PATH", "HOME", "TMPDIR") if name in os.environ}
        environment = {**kept, **variables, "LOG_EXECUTION_ID": "false"}
        how = (str(self._slowness.times), str(self._slowness.since))
        command = [sys.executable, "-m", "tests.kill.nursery", *how]
        self._nursery = subprocess.Popen(command, stdin=subprocess.PIPE, env=environment, start_new_session=True)
        for one in self.instances:
            one.log.unlink(missing_ok=True)
            self._give(one.order())

    def kill(self, name: str) -> None:
        """Kill -9 one with its children, and start it again. One that still starts has done nothing, and is let be."""
        (one,) = [one for one in self.instances if one.name == name]
        if one.is_up():
            one.kills += 1
            self._give(one.order())

    def stop(self) -> None:
        """End all for good."""
        if self._nursery is not None:
            self._nursery.communicate()

    def _give(self, order: Order) -> None:
        assert self._nursery is not None
        assert self._nursery.stdin is not None
        self._nursery.stdin.write(order.line())
        self._nursery.stdin.flush()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Bring a request to an instance of the function that has its path."""
        if scope["type"] == "http":
            request = Request(scope, receive)
            function = next((name for name, path in PATHS.items() if path == request.url.path.rstrip("/")), "")
            await (await self._answer(request, function))(scope, receive, send)

    async def _answer(self, request: Request, function: str) -> Response:
        """503 is what the one who calls gets when an instance dies over his request, or when none lives for long."""
        body, ends = await request.body(), asyncio.get_running_loop().time() + COLD_START
        headers = [(name, value) for name, value in request.headers.raw if name not in (b"host", b"content-length")]
        while asyncio.get_running_loop().time() < ends:
            able = [one for one in self.instances if one.function == function]
            for one in self._dice.sample(able, len(able)):
                url = f"http://127.0.0.1:{one.port}/"
                try:
                    answer = await self._http.request(request.method, url, content=body, headers=headers)
                except httpx.ConnectError:
                    continue
                except httpx.HTTPError:
                    return Response(status_code=503)
                kept = {
                    name: answer.headers[name] for name in ("retry-after", "content-type") if name in answer.headers
                }
                return Response(answer.content, answer.status_code, kept)
            await asyncio.sleep(BREATH)
        return Response(status_code=503)
