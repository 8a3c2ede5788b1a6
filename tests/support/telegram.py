"""A small Bot API for these tests: says what it was asked, answers what it was told to."""

from collections import defaultdict, deque
from collections.abc import Callable
from dataclasses import dataclass, field
from email import message_from_bytes
from email.message import Message as Part
from typing import Any
from urllib.parse import parse_qsl

import httpx

TOKEN = "123456:AAH-secret_KEY"
BASE = "http://botapi.test"

Answer = Callable[[httpx.Request], httpx.Response]


@dataclass(frozen=True)
class Asked:
    """One request as the server saw it."""

    method: str
    fields: dict[str, str]
    files: dict[str, tuple[str, bytes]] = field(default_factory=dict)


def message(message_id: int = 7, **extra: Any) -> dict[str, Any]:
    return {"message_id": message_id, "date": 1_700_000_000, "chat": {"id": 42, "type": "private"}, **extra}


def ok(result: Any) -> Answer:
    return lambda _: httpx.Response(200, json={"ok": True, "result": result})


def refuse(description: str, status: int = 400, **parameters: Any) -> Answer:
    body: dict[str, Any] = {"ok": False, "error_code": status, "description": description}
    if parameters:
        body["parameters"] = parameters
    return lambda _: httpx.Response(status, json=body)


def fail(error: Exception) -> Answer:
    def answer(_: httpx.Request) -> httpx.Response:
        raise error

    return answer


def raw(status: int, text: str, **headers: str) -> Answer:
    return lambda _: httpx.Response(status, text=text, headers=headers)


def form(request: httpx.Request) -> tuple[dict[str, str], dict[str, tuple[str, bytes]]]:
    kind = request.headers.get("content-type", "")
    if not kind.startswith("multipart/"):
        return dict(parse_qsl(request.content.decode(), keep_blank_values=True)), {}
    fields: dict[str, str] = {}
    files: dict[str, tuple[str, bytes]] = {}
    for part in message_from_bytes(f"Content-Type: {kind}\r\n\r\n".encode() + request.content).get_payload():
        assert isinstance(part, Part)
        name = str(part.get_param("name", header="content-disposition"))
        body = part.get_payload(decode=True)
        assert isinstance(body, bytes)
        if filename := part.get_filename():
            files[name] = (filename, body)
        else:
            fields[name] = body.decode()
    return fields, files


def usual(method: str) -> Any:
    if method == "sendMediaGroup":
        return [message(7), message(8)]
    if method.startswith(("sendMessage", "sendPhoto", "copyMessage", "edit")):
        return message()
    return True


class BotApi:
    """The server: answers are queued per method; without one, a message or True comes back."""

    def __init__(self) -> None:
        self.asked: list[Asked] = []
        self._answers: dict[str, deque[Answer]] = defaultdict(deque)

    def will(self, method: str, *answers: Answer) -> None:
        self._answers[method].extend(answers)

    def __call__(self, request: httpx.Request) -> httpx.Response:
        assert request.url.path.startswith(f"/bot{TOKEN}/"), request.url.path
        method = request.url.path.rpartition("/")[2]
        self.asked.append(Asked(method, *form(request)))
        if self._answers[method]:
            return self._answers[method].popleft()(request)
        return ok(usual(method))(request)

    @property
    def methods(self) -> list[str]:
        return [asked.method for asked in self.asked]
