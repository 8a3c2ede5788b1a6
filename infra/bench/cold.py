"""How long a function takes from nothing to its first answer, beside one by the book and beside hello world.

Each is a process of its own that loads what an instance loads and answers one request. Seconds are from its start to
its end, CPU is what it used of a core, memory its peak.
"""

from __future__ import annotations

import asyncio
import base64
import json
import os
import pickle
import resource
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from statistics import median

from infra.bench.figures import Case, Round, Table
from infra.bench.first_request import FirstRequest
from infra.bench.outside import KeptTasks, Outside, RememberingStore, outside
from infra.local.portal.webhooks import SIGNATURE_HEADER, sign
from shared.domain.invites import Invite
from shared.domain.invites import sign as invited
from shared.entry import bitrix_call, telegram_update
from shared.entry.container import Container
from shared.entry.http import Incoming
from shared.settings import read_settings

ROOT = Path(__file__).parents[2]
COMPILED = ROOT / "build" / "bench" / "bytecode"
"""Deployed packages are compiled, so the measured ones are, wherever this environment keeps its own."""

DEPLOYED = {"LOG_EXECUTION_ID": "false", "PYDANTIC_DISABLE_PLUGINS": "__all__"}
"""What `infra/terraform/functions.tf` tells every function."""

UNITS = {"time": "s", "CPU": "s", "memory": "MB"}
BOOK, HELLO = "by the book", "hello world"
LEAST = "≤ 1.7 × hello world"
GOOGLE = ("google.cloud.firestore", "google.cloud.tasks_v2")
NOTES = (
    "baseline: aiogram with aiohttp and Google's clients at the top, the framework's synchronous server, `asyncio.run`",
    "«with Google's clients»: Firestore's and Cloud Tasks' clients are loaded too, as where there is work to do",
)
SECRET_HEADER = "X-Telegram-Bot-Api-Secret-Token"  # noqa: S105 - the header's name
STRANGER, MASTER = 41, 42
BUYER, VALID = "17", timedelta(hours=1)


@dataclass(frozen=True)
class Start:
    """A process to measure."""

    name: str
    request: FirstRequest
    goal: str = ""


async def run(rounds: int) -> Table:
    """Measure every function `rounds` times, in turns."""
    async with outside() as world:
        measured = await starts(world)
        for start in measured:
            # Nobody's first: bytecode is written, and files are in the machine's memory.
            await measure(start, world)
        taken = [[await measure(start, world) for start in measured] for _ in range(rounds)]
    cases = [Case(start.name, [one[n] for one in taken], start.goal) for n, start in enumerate(measured)]
    return Table("cold", UNITS, cases, (*NOTES, _beside_hello(cases)))


def _beside_hello(cases: Sequence[Case]) -> str:
    """Return how often hello world's time the small functions take."""
    (hello,) = (case for case in cases if case.name == HELLO)
    times = [
        f"{case.name.partition(',')[0]} {median(_ratios(case, hello)):.2f}" for case in cases if case.goal == LEAST
    ]
    return f"time to hello world's: {', '.join(times)}"


def _ratios(case: Case, hello: Case) -> list[float]:
    return [one["time"] / least["time"] for one, least in zip(case.rounds, hello.rounds, strict=True)]


def _environment(variables: Mapping[str, str], name: str) -> dict[str, str]:
    """Return what the process gets to see: what deployed functions are told besides their settings is ours alone."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("PYTHON")}
    told = {} if name == BOOK else DEPLOYED
    return {**kept, **variables, **told, "PYTHONPYCACHEPREFIX": str(COMPILED)}


async def measure(start: Start, world: Outside) -> Round:
    """Return what one process took. RuntimeError with its last words when it did not answer well."""
    return await asyncio.to_thread(_run, start, _environment(world.variables, start.name))


def _run(start: Start, environment: dict[str, str]) -> Round:
    began = time.perf_counter()
    command = [sys.executable, "-m", "infra.bench.first_request"]
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    said = start.request.as_json()
    done = subprocess.run(  # noqa: S603 - ours
        command, cwd=ROOT, env=environment, input=said, capture_output=True, text=True, check=False
    )
    took = time.perf_counter() - began
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    if done.returncode:
        raise RuntimeError(f"{start.name} did not answer: {done.stderr[-800:]}")
    used = after.ru_utime - before.ru_utime + after.ru_stime - before.ru_stime
    return {"time": took, "CPU": used, "memory": int(done.stdout.split()[-1]) / 1024}


async def starts(world: Outside, container: Callable[..., Container] = Container) -> list[Start]:
    """Return what is measured, the baseline first. `container` serves what comes before a measured request."""
    secret, hook = world.variables["TELEGRAM_WEBHOOK_SECRET"], world.variables["WEBHOOK_SECRET"]
    hello = json.dumps(said_in_dialogue(STRANGER, "/start", 1))
    event = json.dumps({"event": "ONSALEORDER_ENTITY_SAVED", "event_id": "e-1", "data": {"ORDER_ID": "1"}})
    signed = {SIGNATURE_HEADER: sign(event.encode(), hook)}
    records = await _searching(world, container)
    task = json.dumps({"collection": "jobs", "id": "gone"})
    book = FirstRequest("by_the_book", str(Path(__file__).with_name("by_the_book.py")), hello, asynchronous=False)
    return [
        Start(BOOK, book),
        Start(HELLO, FirstRequest("hello", str(Path(__file__).with_name("hello.py")))),
        Start(
            "telegram_update, a stranger's /start answered",
            _function("telegram_update", hello, {SECRET_HEADER: secret}),
            "time ≤ 0.20, memory ≤ 0.28",
        ),
        Start(
            "the same with Google's clients", _function("telegram_update", hello, {SECRET_HEADER: secret}, also=GOOGLE)
        ),
        Start("bitrix_call, a permit without work", _function("bitrix_call"), "time ≤ 0.12"),
        Start(
            "bitrix_call, a search answered and its message sent", _function("bitrix_call", records=records),
            "time ≤ 0.20",
        ),
        Start("bitrix_webhook, an event", _function("bitrix_webhook", event, signed), LEAST),
        Start("the same with Google's clients ", _function("bitrix_webhook", event, signed, also=GOOGLE)),
        Start("telegram_send, a settled record", _function("telegram_send", task), LEAST),
        Start("housekeeping, nothing to do", _function("housekeeping"), LEAST),
        Start("token_refresh, a key that never expires", _function("token_refresh"), LEAST),
    ]  # fmt: skip


def _function(
    name: str,
    body: str = "{}",
    headers: Mapping[str, str] | None = None,
    records: str = "",
    also: Sequence[str] = (),
) -> FirstRequest:
    return FirstRequest(name, f"functions/{name}/main.py", body, dict(headers or {}), records, tuple(also))


async def _searching(world: Outside, container: Callable[..., Container]) -> str:
    """Return the records of a master whose search waits for its last permit."""
    store = RememberingStore()
    here = container(read_settings(world.variables), store=store, queue=KeptTasks())
    invite = invited(Invite(BUYER, here.now() + VALID), world.variables["INVITE_SECRET"])
    for number, words in enumerate((f"/start {invite}", "шуруповерт")):
        body = json.dumps(said_in_dialogue(MASTER, words, number)).encode()
        await telegram_update.receive(here, Incoming({}, body))
    # The first permit reads the names; what waits then is the one that ends in a message.
    await bitrix_call.receive(here, Incoming({}, b"{}"))
    await here.close()
    return base64.b64encode(pickle.dumps(await store.creates())).decode()


def said_in_dialogue(who: int, words: str, number: int) -> dict[str, object]:
    """Return the update of a message in the person's own dialogue."""
    person = {"id": who, "is_bot": False, "first_name": "Иван", "language_code": "ru"}
    message = {"message_id": 10 + number, "date": 1_700_000_000, "chat": {"id": who, "type": "private"},
               "from": person, "text": words}  # fmt: skip
    return {"update_id": 100 + number, "message": message}
