"""Tools for the simulator's tests: a tiny bot, a caller of the Bot API, pictures."""

import io
from collections import deque
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any

import httpx
from PIL import Image
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from infra.local.telegram import ManualClock, TelegramSim

TOKEN = "4242:made-up-token"
MASTER = 501
Json = dict[str, Any]
Answer = Callable[[Json], Awaitable[Response]]


@dataclass
class FakeBot:
    """A webhook that notes what it gets and answers as told: `answers` first, then 200."""

    received: list[Json] = field(default_factory=list)
    headers: list[dict[str, str]] = field(default_factory=list)
    answers: deque[Response | Answer] = field(default_factory=deque)

    @property
    def app(self) -> Starlette:
        files = Route("/files/{name}", self._file)
        return Starlette(routes=[Route("/webhook", self._webhook, methods=["POST"]), files])

    @property
    def ids(self) -> list[int]:
        return [update["update_id"] for update in self.received]

    async def _file(self, request: Request) -> Response:
        kinds = {"card.png": ("image/png", picture("teal")), "page.html": ("text/html", b"x")}
        kinds["big.png"] = ("image/png", b"x" * (5 * 1024 * 1024 + 1))
        kind, content = kinds[request.path_params["name"]]
        return Response(content, media_type=kind)

    async def _webhook(self, request: Request) -> Response:
        update = await request.json()
        self.received.append(update)
        self.headers.append(dict(request.headers))
        answer = self.answers.popleft() if self.answers else Response()
        return answer if isinstance(answer, Response) else await answer(update)


@dataclass
class Bench:
    """A simulator in process with a clock turned by hand and a fake bot behind its webhook."""

    sim: TelegramSim
    clock: ManualClock
    bot: FakeBot
    http: httpx.AsyncClient

    async def call(self, method: str, **params: object) -> Json:
        response = await self.http.post(f"/bot{TOKEN}/{method}", json=params)
        return dict(response.json())

    async def result(self, method: str, **params: object) -> Any:
        envelope = await self.call(method, **params)
        assert envelope["ok"], envelope
        return envelope["result"]

    async def refusal(self, method: str, **params: object) -> str:
        envelope = await self.call(method, **params)
        assert not envelope["ok"], envelope
        return str(envelope["description"])

    async def control(self, path: str, **body: object) -> Json:
        response = await self.http.post(f"/_sim/{path}", json=body)
        assert response.status_code == 200, response.text
        return dict(response.json())

    async def chat(self, user_id: int = MASTER) -> Json:
        return dict((await self.http.get(f"/_sim/chats/{user_id}")).json())

    async def open_webhook(self, **params: object) -> None:
        await self.result("setWebhook", url="http://127.0.0.1:9/webhook", **params)


def picture(color: str = "orange", size: tuple[int, int] = (120, 80), kind: str = "PNG") -> bytes:
    target = io.BytesIO()
    Image.new("RGB", size, color).save(target, kind)
    return target.getvalue()


def reply(method: str, **params: object) -> Response:
    """A webhook's answer that asks for a method."""
    return JSONResponse({"method": method, **params})
