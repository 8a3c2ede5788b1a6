"""The broom: whatever lost its permit gets a new one."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import httpx
import pytest

from shared.assistant.watching.scheduling import MOST_LOOKS
from shared.domain import return_records
from shared.domain.return_records import ReturnRecord
from shared.entry.container import Container
from shared.entry.housekeeping import MOST, OVERDUE
from shared.pipeline.backlog import BACKLOG
from shared.pipeline.jobs import BACKGROUND_DELAY, Job, JobState, Lane
from shared.store.collections import INBOX_TELEGRAM, MEDIA, WATCHES
from shared.store.port import Create, Key
from shared.store.unit_of_work import UnitOfWork
from tests.entry.conftest import Lines
from tests.entry.world import call
from tests.pipeline.bench import NOW
from tests.support.clock import Clock
from tests.support.queues import FakeQueue
from tests.support.stores import FaultyStore
from tests.support.telegram import BotApi, fail, ok

pytestmark = pytest.mark.usefixtures("here")


async def due(store: FaultyStore, count: int, ago: timedelta, lane: Lane = Lane.READ) -> None:
    jobs = [Job("find", lane, {}) for _ in range(count)]
    await store.commit([Create(job.key, job.as_data(), None, NOW - ago) for job in jobs])


async def test_overdue_jobs_get_as_many_permits_as_they_need(
    here: Container, store: FaultyStore, queue: FakeQueue, lines: Lines
):
    await due(store, 3, OVERDUE)
    await due(store, 4, OVERDUE - timedelta(milliseconds=1))
    response = await call(here, "housekeeping")
    assert (response.status_code, response.text) == (200, "ok")
    assert queue.permits == [NOW], "reads share"
    entry = lines()[0]
    assert (entry["event"], entry["overdue"], entry["oldest_seconds"]) == ("sweep", 3, 30.0)


async def test_a_sweep_is_a_hundred_permits_at_most(here: Container, store: FaultyStore, queue: FakeQueue):
    await due(store, MOST + 30, timedelta(minutes=5), Lane.WRITE)
    await call(here, "housekeeping")
    assert queue.permits == [NOW] * 100


@pytest.mark.parametrize(("reads", "permits"), [(1, 1), (5, 1), (6, 2), (130, 20)])
async def test_reads_that_share_requests_share_permits(
    here: Container, store: FaultyStore, queue: FakeQueue, reads: int, permits: int
):
    await due(store, reads, timedelta(minutes=5))
    await call(here, "housekeeping")
    assert queue.permits == [NOW] * permits


async def test_messages_of_an_update_whose_task_was_lost_go_on(here: Container, store: FaultyStore, queue: FakeQueue):
    record = INBOX_TELEGRAM.key("1:7")
    data = {"permits": [], "outbox": [{"method": "sendMessage"}], "sent": 0, "tries": 1, "sending": None}
    await store.commit([Create(record, data, NOW + timedelta(hours=9), NOW - OVERDUE)])
    for _ in range(2):
        assert (await call(here, "housekeeping")).status_code == 200
    assert queue.later == [(record, NOW)]


async def test_messages_of_an_answered_job_go_on_without_a_permit(
    here: Container, store: FaultyStore, queue: FakeQueue
):
    job = replace(Job("find", Lane.READ, {}), state=JobState.ANSWERED, outbox=({"method": "sendMessage"},))
    await store.commit([Create(job.key, job.as_data(), None, NOW - OVERDUE)])
    assert (await call(here, "housekeeping")).status_code == 200
    assert queue.later == [(job.key, NOW)]
    assert queue.permits == []


async def test_nothing_overdue_is_nothing_to_do(here: Container, queue: FakeQueue):
    assert (await call(here, "housekeeping")).status_code == 200
    assert queue.tasks == []


async def test_without_store_or_queue_the_sweep_is_tried_again(here: Container, store: FaultyStore, queue: FakeQueue):
    await due(store, 1, OVERDUE)
    queue.down = True
    assert (await call(here, "housekeeping")).status_code == 503
    store.down = True
    assert (await call(here, "housekeeping")).status_code == 503


def reports(lines: Lines) -> list[dict[str, Any]]:
    return [entry for entry in lines() if entry["event"] in ("telegram_webhook", "dead_letters")]


async def test_every_five_minutes_it_tells_what_only_people_can_mend(
    here: Container, store: FaultyStore, telegram: BotApi, clock: Clock, lines: Lines
):
    await store.commit(
        [Create(Key("dead_letters", f"update:{n}"), {}, NOW + timedelta(days=30), NOW) for n in range(3)]
    )
    info = {"url": "https://f.test", "pending_update_count": 4}
    telegram.will("getWebhookInfo", ok(info))
    for minute in range(5):
        clock.time = NOW + timedelta(minutes=minute)
        assert (await call(here, "housekeeping")).status_code == 200
    letters, webhook = reports(lines)[:2]
    assert len(reports(lines)) == 2
    assert (letters["event"], letters["kept"]) == ("dead_letters", 3)
    assert (webhook["event"], webhook["severity"]) == ("telegram_webhook", "INFO")
    assert (webhook["state"], webhook["pending"], webhook["error"]) == ("fine", 4, "")
    assert telegram.methods == ["getWebhookInfo"]


async def test_a_telegram_that_does_not_answer_leaves_the_sweep_alone(
    here: Container, telegram: BotApi, queue: FakeQueue, store: FaultyStore, lines: Lines
):
    telegram.will("getWebhookInfo", fail(httpx.ConnectError("https://api.test/bot123456:AAH-secret_KEY/x")))
    await due(store, 1, OVERDUE)
    assert (await call(here, "housekeeping")).status_code == 200
    assert queue.permits == [NOW]
    webhook = reports(lines)[1]
    assert (webhook["severity"], webhook["state"], webhook["error"]) == ("WARNING", "unreachable", "ConnectError")


@pytest.mark.parametrize("here", [{"TELEGRAM_BOT_TOKEN": ""}], indirect=True)
async def test_without_the_bots_token_it_says_so_after_sweeping(here: Container, store: FaultyStore, queue: FakeQueue):
    await due(store, 1, OVERDUE)
    response = await call(here, "housekeeping")
    assert (response.status_code, response.json()) == (500, {"error": "misconfigured"})
    assert queue.permits == [NOW]


async def test_photos_whose_time_is_over_are_wanted_deleted_once(here: Container, store: FaultyStore, queue: FakeQueue):
    later = NOW + timedelta(days=30)
    photo, young = MEDIA.key("9001"), MEDIA.key("9002")
    await store.commit([Create(photo, {"name": "a.jpg"}, later, NOW), Create(young, {"name": "b.jpg"}, later, later)])
    for _ in range(2):
        assert (await call(here, "housekeeping")).status_code == 200
    assert await store.get(Key("jobs", "delete_photo:9001")) is not None
    assert await store.get(Key("jobs", "delete_photo:9002")) is None
    assert queue.permits.count(NOW) == 1


async def test_watches_that_are_due_are_looked_at_once(here: Container, store: FaultyStore, queue: FakeQueue):
    watch = {
        "product": "7",
        "name": "Бита",
        "aim": "p",
        "price": "45",
        "currency": "RUB",
        "since": NOW,
        "missing": False,
    }
    later = NOW + timedelta(days=90)
    people = [str(number) for number in range(100, 101 + MOST_LOOKS)]
    for person in people:
        master = {"telegram_id": int(person), "bitrix_user_id": "1", "name": "", "joined_at": NOW, "addresses": []}
        watches = Create(WATCHES.key(person), {"watches": [watch]}, later, NOW)
        await store.commit([Create(Key("masters", person), master), watches])
    jobs = [Key("jobs", f"look_at_watches:{person}") for person in people]
    assert (await call(here, "housekeeping")).status_code == 200
    assert len(await store.get_many(jobs)) == MOST_LOOKS
    for _ in range(2):
        assert (await call(here, "housekeeping")).status_code == 200
    assert len(await store.get_many(jobs)) == MOST_LOOKS + 1
    assert len(queue.permits) == MOST_LOOKS + 1


async def test_open_returns_are_looked_at_in_their_turn(here: Container, store: FaultyStore, queue: FakeQueue):
    unit = UnitOfWork(store, lambda: NOW - return_records.LOOK_EVERY)
    await return_records.remember(unit, ReturnRecord("77", "5121", 1, 1, NOW))
    await unit.commit()
    for _ in range(2):
        assert (await call(here, "housekeeping")).status_code == 200
    assert await store.get(Key("jobs", "sync_return:77")) is not None
    assert queue.permits.count(NOW + BACKGROUND_DELAY) == 1


@pytest.mark.parametrize(
    ("here", "cursors"),
    [
        ({}, {"changes"}),
        ({"BITRIX_DIALECT": "native"}, {"changes"}),
        ({"BITRIX_DEAL_STAGE_MAP": '{"WON": "FINISHED"}'}, {"changes"}),
        ({"BITRIX_DIALECT": "native", "BITRIX_DEAL_STAGE_MAP": '{"WON": "FINISHED"}'}, {"changes", "deals"}),
    ],
    indirect=["here"],
)
async def test_moved_deals_are_asked_for_where_their_stages_mean_something(
    here: Container, store: FaultyStore, cursors: set[str]
):
    assert (await call(here, "housekeeping")).status_code == 200
    kept = {name for name in ("changes", "deals") if await store.get(Key("cursors", name)) is not None}
    assert kept == cursors


async def test_work_that_waits_behind_others_permits_gets_none(here: Container, store: FaultyStore, queue: FakeQueue):
    job = Job("find_names", Lane.READ, {})
    await store.commit([Create(job.key, job.as_data(), due_at=NOW - timedelta(minutes=1))])
    await store.commit([Create(BACKLOG, {"since": NOW, "until": NOW + timedelta(seconds=3)})])
    assert (await call(here, "housekeeping")).status_code == 200
    assert NOW not in queue.permits
