"""Requests a second that the public functions take, beside hello world on the same framework and server.

The server is uvicorn over one kept connection, the store is in memory and the queue keeps what it gets: what is
measured is the function's own work, its log lines among it.
"""

from __future__ import annotations

import asyncio
import importlib
import io
import json
import re
import sys
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from itertools import count
from pathlib import Path
from typing import Any

from infra.bench.cold import SECRET_HEADER, said_in_dialogue
from infra.bench.figures import Case, Round, Table
from infra.bench.outside import KeptTasks, Outside, outside
from infra.local.portal.webhooks import SIGNATURE_HEADER, sign
from infra.local.serving import Serving, bind
from shared import logs
from shared.domain import masters, order_records
from shared.domain.masters import Master
from shared.domain.order_record import OrderRecord
from shared.domain.orders import PaymentKind
from shared.entry.container import Container
from shared.settings import read_settings
from shared.store.unit_of_work import UnitOfWork

HERE = Path(__file__)
FUNCTIONS = HERE.parents[2] / "functions"
AT_ONCE = 200
"""Requests of one case in a round."""

MASTER, ORDER = 42, "5121"
UNITS = {"requests": "1/s"}
_LENGTH = re.compile(rb"content-length: (\d+)", re.IGNORECASE)

Ask = Callable[[int], tuple[bytes, dict[str, str]]]
"""Makes the body and the headers of the request with this number."""


@dataclass(frozen=True)
class Entrance:
    """Requests of one kind to one function."""

    name: str
    app: Any
    ask: Ask
    goal: str = ""
    status: int = 200


async def run(rounds: int) -> Table:
    """Measure every kind of request `rounds` times, in turns."""
    numbers = count(1)
    async with outside() as world:
        here = await _container(world)
        # Written, and looked at by nobody.
        logs.configure("INFO", here.settings.secrets(), io.StringIO())
        entrances = _entrances(world, here)
        taken = [[await _measure(one, numbers) for one in entrances] for _ in range(rounds)]
        await here.close()
    cases = [Case(one.name, [found[n] for found in taken], one.goal) for n, one in enumerate(entrances)]
    return Table("ingress", UNITS, cases, (f"each figure is of {AT_ONCE} requests, one after another",))


async def _measure(entrance: Entrance, numbers: count[int]) -> Round:
    requests = [_written(*entrance.ask(next(numbers))) for _ in range(AT_ONCE)]
    serving = Serving(bind(0))
    await serving.start(entrance.app)
    reader, writer = await asyncio.open_connection("127.0.0.1", int(serving.url.rpartition(":")[2]))
    began = time.perf_counter()
    for request in requests:
        writer.write(request)
        head = await reader.readuntil(b"\r\n\r\n")
        await reader.readexactly(int(_LENGTH.findall(head)[0]))
        if int(head.split(maxsplit=2)[1]) != entrance.status:
            raise RuntimeError(f"{entrance.name}: not answered with {entrance.status}")
    took = time.perf_counter() - began
    writer.close()
    await writer.wait_closed()
    await serving.stop()
    return {"requests": AT_ONCE / took}


def _written(body: bytes, headers: Mapping[str, str]) -> bytes:
    """Return a request as it goes over the wire."""
    told = {"host": "127.0.0.1", "content-length": str(len(body)), **headers}
    return "".join(["POST / HTTP/1.1\r\n", *(f"{n}: {v}\r\n" for n, v in told.items()), "\r\n"]).encode() + body


async def _container(world: Outside) -> Container:
    """Return the functions' parts, where one master has one order."""
    settings = read_settings({**world.variables, "LOG_LEVEL": "INFO"})
    here = Container(settings, queue=KeptTasks())
    unit = UnitOfWork(here.store, here.now)
    await masters.load(unit, MASTER)
    await order_records.load(unit, ORDER)
    Master(MASTER, "17", "Иван", here.now()).save(unit)
    await order_records.remember(
        unit, OrderRecord(ORDER, MASTER, MASTER, PaymentKind.CASH, Decimal(100), "RUB", here.now())
    )
    await unit.commit()
    return here


def _entrances(world: Outside, here: Container) -> list[Entrance]:
    secret, hook = world.variables["TELEGRAM_WEBHOOK_SECRET"], world.variables["WEBHOOK_SECRET"]

    def event(order: str, proof: str = hook) -> Ask:
        def make(number: int) -> tuple[bytes, dict[str, str]]:
            event = {"event": "ONSALEORDER_ENTITY_SAVED", "event_id": f"e-{number}", "data": {"ORDER_ID": order}}
            body = json.dumps(event).encode()
            return body, {SIGNATURE_HEADER: sign(body, proof)}

        return make

    def update(who: int, words: str) -> Ask:
        return lambda number: (json.dumps(said_in_dialogue(who, words, number)).encode(), {SECRET_HEADER: secret})

    hello = _app("hello", HERE.with_name("hello.py"), here)
    ours = ("bitrix_webhook", "telegram_update")
    webhook, updates = (_app(name, FUNCTIONS / name / "main.py", here) for name in ours)
    return [
        Entrance("hello world", hello, lambda _: (b"{}", {})),
        Entrance("bitrix_webhook, an event of an order of ours", webhook, event(ORDER), "≥ 0.5"),
        Entrance("bitrix_webhook, an event of another order", webhook, event("1"), "≥ 0.5"),
        Entrance("bitrix_webhook, a forged event", webhook, event(ORDER, "guess"), status=401),
        Entrance("telegram_update, a master's search", updates, update(MASTER, "шуруповерт")),
        Entrance("telegram_update, a stranger who was answered", updates, update(41, "привет")),
    ]


def _app(target: str, source: Path, here: Container) -> Any:  # noqa: ANN401 - an ASGI application
    """Return a function as the framework serves it, over our container."""
    app = importlib.import_module("functions_framework.aio").create_asgi_app(target, str(source))
    vars(sys.modules.pop(source.stem))["INSTANCE"] = lambda: here
    return app
