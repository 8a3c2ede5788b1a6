"""Going on with messages that could not go out at once."""

from __future__ import annotations

import json
from typing import Any

import pytest

from shared.entry.container import Container
from shared.store.port import Create, Key
from tests.entry.test_telegram_update import said
from tests.entry.world import call
from tests.pipeline.bench import NOW
from tests.support.queues import FakeQueue
from tests.support.stores import FaultyStore
from tests.support.telegram import BotApi, refuse

pytestmark = pytest.mark.usefixtures("here")

KEY = Key("jobs", "sync_order:7")
TASK = {"collection": KEY.collection, "id": KEY.id}


def message(words: str) -> dict[str, Any]:
    return {"method": "sendMessage", "params": json.dumps({"chat_id": 42, "text": words}), "tag": None}


async def left(store: FaultyStore, *words: str, sent: int = 0) -> None:
    outbox = [message(word) for word in words]
    await store.commit([Create(KEY, {"permits": [], "outbox": outbox, "sent": sent, "tries": 1})])
    store.commits = 0


async def test_what_is_left_goes_out(here: Container, store: FaultyStore, telegram: BotApi):
    await left(store, "one", "two", "three", sent=1)
    response = await call(here, "telegram_send", TASK)
    assert (response.status_code, response.text) == (200, "ok")
    assert said(telegram) == ["two", "three"]


async def test_a_second_task_finds_nothing_left(here: Container, store: FaultyStore, telegram: BotApi):
    await left(store, "one")
    for _ in range(2):
        assert (await call(here, "telegram_send", TASK)).status_code == 200
    assert said(telegram) == ["one"]
    assert store.commits == 2, "one to claim it, one to mark it"


async def test_a_record_that_is_gone_needs_nothing(here: Container, store: FaultyStore, telegram: BotApi):
    assert (await call(here, "telegram_send", TASK)).status_code == 200
    assert telegram.asked == []
    assert store.commits == 0


async def test_what_still_cannot_go_out_waits_again(
    here: Container, store: FaultyStore, telegram: BotApi, queue: FakeQueue
):
    await left(store, "one")
    telegram.will("sendMessage", refuse("Too Many Requests", 429, retry_after=40))
    assert (await call(here, "telegram_send", TASK)).status_code == 200
    [(record, at)] = queue.later
    assert (record, (at - NOW).total_seconds()) == (KEY, 40)


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"hello",
        b"[]",
        b"7",
        b"[" * 100_000,
        {},
        {"collection": "jobs"},
        {"collection": "jobs", "id": ""},
        {"collection": "jobs", "id": "a/b"},
        {"collection": "", "id": "7"},
        {"collection": "jobs", "id": "\ud800"},
    ],
)
async def test_what_is_no_task_is_refused(here: Container, body: Any):
    response = await call(here, "telegram_send", body)
    assert (response.status_code, response.json()) == (400, {"error": "not_a_task"})


async def test_without_a_store_the_task_is_tried_again(here: Container, store: FaultyStore):
    store.down = True
    response = await call(here, "telegram_send", TASK)
    assert (response.status_code, response.json()) == (503, {"error": "try_again"})
