"""A page from elsewhere presses no switch of the sandbox, whatever name it gives to this machine."""

from __future__ import annotations

from http import HTTPStatus

import httpx
import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from infra.local.serving import Serving, bind

METHODS = ["GET", "POST", "DELETE"]
pressed: list[str] = []


async def press(request: Request) -> Response:
    pressed.append(request.method)
    return PlainTextResponse("done")


@pytest.mark.parametrize(
    ("method", "headers", "status"),
    [
        ("POST", {}, 200),
        ("POST", {"Origin": "http://{host}"}, 200),
        ("POST", {"Origin": "http://localhost:8080", "Host": "localhost:8080"}, 200),
        ("POST", {"Host": "[::1]:8080"}, 200),
        ("POST", {"Origin": "https://evil.example"}, 403),
        ("POST", {"Origin": "http://localhost:1"}, 403),
        ("POST", {"Origin": "null"}, 403),
        ("DELETE", {"Origin": "https://evil.example"}, 403),
        ("POST", {"Origin": "http://evil.example:8080", "Host": "evil.example:8080"}, 403),
        ("POST", {"Host": "127.0.0.1.evil.example"}, 403),
        ("POST", {"Host": ""}, 403),
        ("GET", {"Origin": "https://evil.example"}, 200),
    ],
)
async def test_only_pages_of_this_machine_change_anything(method: str, headers: dict[str, str], status: int):
    pressed.clear()
    serving = Serving(bind(0))
    await serving.start(Starlette(routes=[Route("/room/weather", press, methods=METHODS)]))
    try:
        host = serving.url.removeprefix("http://")
        given = {name: value.format(host=host) for name, value in headers.items()}
        async with httpx.AsyncClient() as http:
            answer = await http.request(method, f"{serving.url}/room/weather", headers=given)
    finally:
        await serving.stop()
    assert answer.status_code == status
    assert pressed == ([method] if status == HTTPStatus.OK else [])
