"""Each alert that counts log entries was seen to fire: its trouble is made, and its metric reads the log.

Those about the OAuth pair are in `tests/entry/test_token_refresh.py`, where there is one.
"""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import httpx
import pytest

from shared.bitrix.client import CallReport
from shared.entry.container import Container
from shared.entry.wiring.portal import log_call
from shared.pipeline.jobs import Job, Lane
from shared.store.collections import DEAD_LETTERS
from shared.store.port import Create
from tests.entry.conftest import (
    Environment,
    Lines,
    clock,
    configured,
    here,
    lines,
    outside,
    portal,
    queue,
    store,
    telegram,
)
from tests.entry.world import call, enrol, text, update
from tests.infra.alerts import LogAlert, log_alerts
from tests.pipeline.bench import NOW
from tests.support.clock import Clock
from tests.support.logs import same_logging_afterwards
from tests.support.portal import FakePortal
from tests.support.stores import FaultyStore, no_waiting
from tests.support.telegram import BotApi, fail, ok, refuse

__all__ = [
    "clock",
    "configured",
    "here",
    "lines",
    "no_waiting",
    "outside",
    "portal",
    "queue",
    "same_logging_afterwards",
    "store",
    "telegram",
]

ALERTS = log_alerts()
OF_THE_PAIR = {"token-not-refreshed", "token-lost"}


@dataclass
class Scene:
    """The functions, and what trouble is made of."""

    here: Container
    configured: Environment
    store: FaultyStore
    telegram: BotApi
    portal: FakePortal
    clock: Clock
    asked: int = 0

    async def searches(self, times: int) -> None:
        """Have the master search for something that is spelled in one way only: one command, and its answer final."""
        for _ in range(times):
            self.asked += 1
            await update(self.here, text("12", self.asked))

    async def permit(self) -> None:
        await call(self.here, "bitrix_call")

    async def sweeps(self) -> None:
        await call(self.here, "housekeeping")

    async def wants(self, job: Job, ago: timedelta = timedelta()) -> None:
        await self.store.commit([Create(job.key, job.as_data(), due_at=self.clock() - ago)])


@pytest.fixture
async def scene(
    here: Container, configured: Environment, store: FaultyStore, telegram: BotApi, portal: FakePortal, clock: Clock
) -> Scene:
    await enrol(store)
    return Scene(here, configured, store, telegram, portal, clock)


class BrokenDispatcher:
    """Routers with a bug in them."""

    async def feed_update(self, *_: Any, **__: Any) -> None:
        raise ZeroDivisionError("bug")


def nothing_found(request: httpx.Request) -> httpx.Response:
    """Answer each command of a batch, or the only one, that there is no such product."""
    nothing: dict[str, Any] = {"products": []}
    commands = json.loads(request.content).get("cmd")
    if commands is None:
        return httpx.Response(200, json={"result": nothing, "total": 0})
    answers = {"result": dict.fromkeys(commands, nothing), "result_total": dict.fromkeys(commands, 0)}
    return httpx.Response(200, json={"result": {**answers, "result_error": {}, "result_next": {}, "result_time": {}}})


async def updates_do_not_arrive(scene: Scene) -> None:
    scene.telegram.will("getWebhookInfo", *[fail(httpx.ConnectError("no way"))] * 2)
    for minutes in (0, 5):
        scene.clock.time = NOW + timedelta(minutes=minutes)
        await scene.sweeps()


async def updates_pile_up(scene: Scene) -> None:
    scene.telegram.will("getWebhookInfo", ok({"url": "https://f.test", "pending_update_count": 100}))
    await scene.sweeps()


async def the_catalogue_is_slow(_: Scene) -> None:
    for _call in range(21):
        log_call(CallReport(("catalog.product.list",), None, 0.3, 200, {}))


async def the_portal_fails(scene: Scene) -> None:
    await scene.searches(31)
    scene.portal.says({}, 502)
    await scene.permit()


async def a_job_was_forgotten(scene: Scene) -> None:
    await scene.wants(Job("find_names", Lane.READ, {}), timedelta(seconds=120))
    await scene.sweeps()


async def an_update_meets_a_bug(scene: Scene) -> None:
    await update(scene.here.override(dispatcher=BrokenDispatcher()), text("сверло"))  # type: ignore[arg-type] # it has what is used


async def letters_are_left(scene: Scene) -> None:
    letters = [DEAD_LETTERS.key(f"job:{number}") for number in range(10)]
    await scene.store.commit([Create(key, {}, None, NOW) for key in letters])
    scene.telegram.will("getWebhookInfo", ok({"url": "https://f.test", "pending_update_count": 0}))
    await scene.sweeps()


async def a_job_cannot_be_planned(scene: Scene) -> None:
    await scene.wants(Job("find_names", Lane.READ, {"chat_id": 42}))
    await scene.permit()


async def the_key_lacks_a_right(scene: Scene) -> None:
    await scene.searches(1)
    scene.portal.says({"error": "insufficient_scope", "error_description": "no right"}, 403)
    await scene.permit()


async def the_group_is_gone(scene: Scene) -> None:
    scene.telegram.will("sendMessage", *[refuse("Bad Request: chat not found")] * 2)
    await the_key_lacks_a_right(scene)


async def the_store_is_away(scene: Scene) -> None:
    scene.store.down = True
    for _ in range(6):
        await scene.sweeps()


async def a_setting_is_missing(scene: Scene) -> None:
    await call(scene.configured(BITRIX_QUEUE=""), "housekeeping")


async def the_portal_is_blocked(scene: Scene) -> None:
    await scene.searches(1)
    scene.portal.says({"error": "OVERLOAD_LIMIT", "error_description": "REST API is blocked due to overload."}, 403)
    await scene.permit()


async def answers_come_late(scene: Scene) -> None:
    await scene.searches(6)
    scene.clock.advance(11)
    scene.portal.replies = [nothing_found]
    await scene.permit()


Trouble = Callable[[Scene], Awaitable[None]]

TROUBLE: dict[str, Trouble] = {
    "telegram-delivery": updates_do_not_arrive,
    "telegram-backlog": updates_pile_up,
    "search-latency": the_catalogue_is_slow,
    "retries": the_portal_fails,
    "jobs-overdue": a_job_was_forgotten,
    "dead-letters": an_update_meets_a_bug,
    "dead-letters-kept": letters_are_left,
    "bugs": a_job_cannot_be_planned,
    "operators": the_key_lacks_a_right,
    "operators-unreached": the_group_is_gone,
    "infrastructure": the_store_is_away,
    "misconfigured": a_setting_is_missing,
    "portal-stopped": the_portal_is_blocked,
    "answers-burn-fast": answers_come_late,
    "answers-burn-slow": answers_come_late,
}


async def a_usual_minute(scene: Scene) -> None:
    scene.telegram.will("getWebhookInfo", ok({"url": "https://f.test", "pending_update_count": 0}))
    await scene.searches(1)
    scene.portal.replies = [nothing_found]
    await scene.permit()
    await scene.sweeps()


WITH_OPERATORS = pytest.mark.parametrize("here", [{"TELEGRAM_OPERATORS_CHAT_ID": "-100500"}], indirect=True)


@WITH_OPERATORS
@pytest.mark.parametrize("name", TROUBLE)
async def test_an_alert_fires_when_its_trouble_is_there(scene: Scene, lines: Lines, name: str):
    await TROUBLE[name](scene)
    assert ALERTS[name].fires(lines()), lines()


@WITH_OPERATORS
async def test_no_alert_fires_in_a_usual_minute(scene: Scene, lines: Lines):
    await a_usual_minute(scene)
    assert [name for name, alert in ALERTS.items() if name not in OF_THE_PAIR and alert.fires(lines())] == []


def test_silence_is_an_alert_where_something_must_be_said():
    silent = {name for name, alert in ALERTS.items() if alert.fires([])}
    assert silent == {"housekeeping-silent", "no-traffic", "token-not-refreshed"}
    assert silent | TROUBLE.keys() | OF_THE_PAIR == ALERTS.keys(), "an alert that nobody has seen"


def test_a_limit_is_passed_by_more_and_not_by_as_much():
    retries = ALERTS["retries"]
    assert isinstance(retries, LogAlert)
    assert not retries.fires([{"event": "retry"}] * 30)
    assert retries.fires([{"event": "retry"}] * 31)
    late = [{"event": "answered", "seconds": 10.1}] * 6
    assert not ALERTS["answers-burn-slow"].fires([*late, *[{"event": "answered", "seconds": 10}] * 95])
    assert ALERTS["answers-burn-slow"].fires([*late, *[{"event": "answered", "seconds": 10}] * 90])
