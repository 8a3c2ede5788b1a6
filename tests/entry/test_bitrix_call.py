"""Permits: one request to the portal each; trouble of the portal is no trouble of the queue."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import httpx
import pytest

from shared.assistant import texts
from shared.entry.container import Container
from shared.pipeline.backlog import AHEAD
from shared.pipeline.jobs import Job, Lane
from shared.store.port import Create
from tests.entry.conftest import Lines
from tests.entry.test_telegram_update import said
from tests.entry.world import PORTAL_KEY, call, enrol, text, update
from tests.pipeline.bench import NOW
from tests.support.portal import FakePortal
from tests.support.queues import FakeQueue
from tests.support.stores import FaultyStore
from tests.support.telegram import BotApi

pytestmark = pytest.mark.usefixtures("here")


async def search(here: Container, store: FaultyStore) -> None:
    """Have a master search for something that is spelled in one way only, so it is one command and its answer final."""
    await enrol(store)
    assert (await update(here, text("12"))).status_code == 200


async def test_a_permit_without_work_ends_at_once(here: Container, portal: FakePortal, lines: Lines):
    response = await call(here, "bitrix_call")
    assert (response.status_code, response.text) == (200, "ok")
    assert portal.requests == []
    [entry] = lines()
    assert (entry["event"], entry["jobs"], entry["function"]) == ("permit", 0, "bitrix_call")


@pytest.mark.parametrize(
    ("headers", "body", "watches"),
    [
        ({"X-CloudTasks-TaskRetryCount": "1"}, b"{}", True),
        ({"X-CloudTasks-TaskRetryCount": "0"}, b"{}", False),
        ({}, b"{}", False),
        ({}, {"watch": (NOW + timedelta(seconds=40)).isoformat()}, True),
        ({}, {"watch": "soon"}, False),
        ({}, {"watch": 7}, False),
        ({}, b"[" * 10_000, False),
        ({}, b"[]", False),
        ({}, b"nothing", False),
    ],
)
async def test_only_a_repeated_permit_looks_after_what_others_hold(
    here: Container, store: FaultyStore, queue: FakeQueue, headers: dict[str, str], body: Any, watches: bool
):
    job = replace(Job("find_names", Lane.READ, {}), lease="of the dead")
    await store.commit([Create(job.key, job.as_data(), due_at=NOW + timedelta(seconds=9))])
    assert (await call(here, "bitrix_call", body, headers=headers)).status_code == 200
    assert queue.permits == ([NOW + timedelta(seconds=9)] if watches else [])


async def test_a_permit_is_one_request_and_its_answer_reaches_the_master(
    here: Container, store: FaultyStore, portal: FakePortal, telegram: BotApi, lines: Lines
):
    await search(here, store)
    portal.replies = [httpx.Response(200, json={"result": {"products": []}, "total": 0})]
    assert (await call(here, "bitrix_call")).status_code == 200
    assert len(portal.requests) == 1
    assert len(said(telegram)) == 1
    [report] = [entry for entry in lines() if entry.get("event") == "bitrix_call"]
    assert (report["commands"], report["status"]) == (1, 200)
    assert PORTAL_KEY not in str(lines())


async def test_a_portal_in_trouble_is_200_and_a_retry(
    here: Container, store: FaultyStore, portal: FakePortal, queue: FakeQueue, lines: Lines
):
    await search(here, store)
    portal.replies = [httpx.Response(502, text="bad gateway")]
    assert (await call(here, "bitrix_call")).status_code == 200
    assert len(queue.permits) == 2
    [report] = [entry for entry in lines() if entry.get("event") == "bitrix_call"]
    assert report["verdict"] == "transient"


async def test_a_portal_that_stays_in_trouble_is_told_to_the_master(
    here: Container, store: FaultyStore, portal: FakePortal, telegram: BotApi, clock: Any
):
    await search(here, store)
    portal.replies = [httpx.Response(502, text="bad gateway")] * 3
    for _ in range(4):
        assert (await call(here, "bitrix_call")).status_code == 200
        clock.advance(1)
    assert len(portal.requests) == 3
    assert said(telegram) == [texts.trouble.portal_silent()]


async def test_without_a_store_the_permit_is_tried_again(here: Container, store: FaultyStore):
    store.down = True
    response = await call(here, "bitrix_call")
    assert (response.status_code, response.json()) == (503, {"error": "try_again"})


@pytest.mark.parametrize(
    ("here", "name"),
    [
        ({"BITRIX_DIALECT": "native"}, "BITRIX_IBLOCK_ID"),
        ({"BITRIX_AUTH": "oauth"}, "BITRIX_TOKEN_SECRET"),
        ({"BITRIX_BASE_URL": ""}, "BITRIX_BASE_URL"),
        ({"BITRIX_QUEUE": ""}, "BITRIX_QUEUE"),
    ],
    indirect=["here"],
)
async def test_what_is_not_configured_is_named_in_the_log(here: Container, name: str, lines: Lines):
    response = await call(here, "bitrix_call")
    assert (response.status_code, response.json()) == (500, {"error": "misconfigured"})
    [entry] = lines()
    assert name in entry["message"]
    assert PORTAL_KEY not in str(entry)


@pytest.mark.parametrize(
    ("seconds", "headers", "late"),
    [
        (10, {}, True),
        (9.9, {}, False),
        (-60, {}, False),
        (60, {"X-CloudTasks-TaskRetryCount": "1"}, False),
        (0, {"X-CloudTasks-TaskETA": "long ago"}, False),
        (0, {"X-CloudTasks-TaskETA": "nan"}, False),
        (0, {"X-CloudTasks-TaskETA": "-1e300"}, False),
    ],
)
async def test_a_permit_handed_out_late_spares_the_queue_others(
    here: Container, queue: FakeQueue, seconds: float, headers: dict[str, str], late: bool
):
    due = {"X-CloudTasks-TaskETA": f"{(NOW - timedelta(seconds=seconds)).timestamp():.6f}"}
    assert (await call(here, "bitrix_call", headers=due | headers)).status_code == 200
    assert queue.permits == ([NOW + AHEAD] if late else [])


async def test_a_permit_without_a_moment_is_not_late(here: Container, queue: FakeQueue):
    assert (await call(here, "bitrix_call")).status_code == 200
    assert queue.permits == []
