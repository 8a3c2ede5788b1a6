"""The first request of a function in a process of its own: `python -m infra.bench.first_request`.

It loads what an instance loads (the framework with its server, the function), answers one request and ends; who
started it looks at the clock and at what the process took. What to do comes as JSON on stdin, see `FirstRequest`; on
stdout goes the most memory it had, in kB.
"""

from __future__ import annotations

import asyncio
import base64
import importlib
import json
import pickle
import re
import sys
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

NOT_DEPLOYED = ("rich", "pygments")
"""What this environment has and a deployed function has not, and httpx imports where it finds it."""


@dataclass(frozen=True)
class FirstRequest:
    """What to load and to ask. `records`: pickled `Create`s that are in the store already; `also`: modules on top."""

    target: str
    source: str
    body: str = "{}"
    headers: dict[str, str] = field(default_factory=dict)
    records: str = ""
    also: tuple[str, ...] = ()
    asynchronous: bool = True

    def as_json(self) -> str:
        """Return what the process reads."""
        return json.dumps(asdict(self))


def main() -> None:
    """Answer the request; exit with 1 if it is not well received."""
    wanted = FirstRequest(**json.loads(sys.stdin.read()))
    for name in NOT_DEPLOYED:
        # None: an import of it fails.
        sys.modules[name] = None  # type: ignore[assignment]
    importlib.import_module("functions_framework._http.gunicorn")
    status = asyncio.run(_asgi(wanted)) if wanted.asynchronous else _wsgi(wanted)
    print(_peak())  # noqa: T201 - for who started it
    sys.exit(status != 200)  # noqa: PLR2004 - well received


def _peak() -> int:
    """Return the most memory of this program: what a parent is told would begin with the parent's own."""
    told = re.search(r"VmHWM:\s*(\d+)", Path("/proc/self/status").read_text(encoding="ascii"))
    return int(told[1]) if told else 0


def _wsgi(wanted: FirstRequest) -> int:
    create_app = importlib.import_module("functions_framework").create_app
    client = create_app(wanted.target, wanted.source).test_client()
    return int(client.post("/", data=wanted.body, content_type="application/json").status_code)


async def _asgi(wanted: FirstRequest) -> int:
    importlib.import_module("uvicorn_worker")
    app = importlib.import_module("functions_framework.aio").create_asgi_app(wanted.target, wanted.source)
    for name in wanted.also:
        importlib.import_module(name)
    if wanted.records:
        # Who gives records made them himself.
        await sys.modules["main"].INSTANCE().store.commit(pickle.loads(base64.b64decode(wanted.records)))  # noqa: S301
    return await ask(app, wanted.body.encode(), wanted.headers)


async def ask(app: Any, body: bytes, headers: dict[str, str]) -> int:  # noqa: ANN401 - any ASGI application
    """Return the status of an application's answer, without a client or a server between."""
    said: list[Any] = []

    async def receive() -> dict[str, Any]:
        return {"type": "http.request", "body": body, "more_body": False}

    async def send(message: Any) -> None:  # noqa: ANN401 - ASGI's
        said.append(message)

    names = [(name.lower().encode(), value.encode()) for name, value in headers.items()]
    scope = {"type": "http", "asgi": {"version": "3.0"}, "http_version": "1.1", "method": "POST", "scheme": "http",
             "path": "/", "raw_path": b"/", "query_string": b"", "root_path": "", "headers": names,
             "client": ("127.0.0.1", 1), "server": ("127.0.0.1", 80)}  # fmt: skip
    await app(scope, receive, send)
    return int(said[0]["status"])


if __name__ == "__main__":
    main()
