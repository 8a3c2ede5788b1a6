"""An inline query at the entrance: what it costs to ask, and for whom nothing is looked up."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import pytest

from shared.assistant import texts
from shared.assistant.inline import jobs
from shared.assistant.rate_limit import WINDOW
from shared.entry.container import Container
from shared.store.port import Key
from tests.entry.conftest import Lines
from tests.entry.test_telegram_update import said
from tests.entry.world import BOT_ID, MASTER, enrol, text, update
from tests.pipeline.bench import NOW
from tests.support.clock import Clock
from tests.support.queues import FakeQueue
from tests.support.stores import FaultyStore
from tests.support.telegram import BotApi, ok, refuse
from tests.support.updates import person

pytestmark = pytest.mark.usefixtures("here")

NAMED = ok({"id": 1, "is_bot": True, "first_name": "b", "username": "shop_bot"})


def inline(words: str = "дрель", update_id: int = 1, user_id: int = MASTER) -> dict[str, Any]:
    event = {"id": f"q{update_id}", "from": person(user_id), "query": words, "offset": "", "chat_type": "group"}
    return {"update_id": update_id, "inline_query": event}


def buttons(telegram: BotApi) -> list[str]:
    """Return what the empty answers say above their no results."""
    answers = [asked.fields for asked in telegram.asked if asked.method == "answerInlineQuery"]
    assert all(answer["results"] == "[]" and answer["cache_time"] == "0" for answer in answers)
    return [json.loads(answer["button"])["text"] for answer in answers]


async def test_a_masters_question_is_one_job_and_one_permit(
    here: Container, store: FaultyStore, queue: FakeQueue, telegram: BotApi
):
    await enrol(store)
    telegram.will("getMe", NAMED)
    assert (await update(here, inline())).status_code == 200
    [job] = await store.due("jobs", NOW, 10)
    assert job.data["kind"] == "inline_find"
    assert job.data["until"] == NOW + timedelta(seconds=25)
    assert job.data["payload"]["question"]["bot"] == "shop_bot"
    assert queue.permits == [NOW]
    assert telegram.methods == ["getMe"]
    assert store.commits == 1


async def test_the_bots_name_is_asked_once(here: Container, store: FaultyStore, telegram: BotApi):
    await enrol(store)
    telegram.will("getMe", NAMED)
    for number in (1, 2):
        await update(here, inline("дрель"[: 2 + number], number))
    assert telegram.methods == ["getMe"]


async def test_without_a_name_there_are_results_without_links(
    here: Container, store: FaultyStore, telegram: BotApi, lines: Lines
):
    await enrol(store)
    telegram.will("getMe", refuse("Internal Server Error", 500))
    await update(here, inline())
    [job] = await store.due("jobs", NOW, 10)
    assert job.data["payload"]["question"]["bot"] == ""
    assert [line["severity"] for line in lines() if line.get("event") == "bot_name_unknown"] == ["WARNING"]


async def test_who_types_keeps_one_job_waiting(here: Container, store: FaultyStore, queue: FakeQueue):
    await enrol(store)
    for number, words in enumerate(("дре", "дрел", "дрель"), 1):
        await update(here, inline(words, number))
    [job] = await store.due("jobs", NOW, 10)
    assert job.data["payload"]["question"]["text"] == "дрель"
    assert queue.permits == [NOW]


async def test_a_repeated_query_is_one_question(here: Container, store: FaultyStore, queue: FakeQueue):
    await enrol(store)
    await update(here, inline())
    commits = store.commits
    assert (await update(here, inline())).status_code == 200
    assert store.commits == commits
    assert queue.permits == [NOW] * 2, "whether the first one's permit was made nobody noted: one more does no harm"
    assert len(await store.due("jobs", NOW, 10)) == 1


@pytest.mark.parametrize(
    ("blocked", "button"), [(None, texts.labels.INLINE_STRANGER), (True, texts.labels.INLINE_BLOCKED)]
)
async def test_who_may_not_ask_gets_one_reply_and_leaves_no_trace(
    here: Container, store: FaultyStore, queue: FakeQueue, telegram: BotApi, blocked: bool | None, button: str
):
    if blocked:
        await enrol(store, blocked=True)
    assert (await update(here, inline())).status_code == 200
    assert buttons(telegram) == [button]
    assert telegram.methods == ["answerInlineQuery"]
    assert store.commits == 0
    assert queue.tasks == []


@pytest.mark.parametrize("words", ["", "  ", "др"])
async def test_a_few_letters_cost_not_even_a_read(here: Container, store: FaultyStore, telegram: BotApi, words: str):
    await enrol(store)
    store.down = True
    assert (await update(here, inline(words))).status_code == 200
    assert buttons(telegram) == [texts.labels.INLINE_SHORT]


async def test_a_query_that_telegram_has_forgotten_is_no_trouble(here: Container, telegram: BotApi, lines: Lines):
    telegram.will("answerInlineQuery", refuse("Bad Request: query is too old and response timeout expired"))
    assert (await update(here, inline())).status_code == 200
    assert [line for line in lines() if line["severity"] != "INFO"] == []


@pytest.mark.parametrize("here", [{"TELEGRAM_UPDATES_PER_MINUTE": "10"}], indirect=True)
async def test_typing_counts_among_the_updates_of_a_minute(
    here: Container, store: FaultyStore, telegram: BotApi, clock: Clock
):
    await enrol(store)
    for number in range(1, 11):
        await update(here, inline("", number))
    store.down = True
    for number in range(11, 21):
        assert (await update(here, inline("дрель", number) if number % 2 else text("бита", number))).status_code == 200
    assert buttons(telegram)[10:] == [texts.labels.INLINE_TOO_OFTEN]
    assert said(telegram) == []
    store.down = False
    clock.advance(WINDOW.total_seconds())
    await update(here, text("/help", 21))
    assert said(telegram) == [texts.onboarding.help_text()]


async def test_a_bug_is_buried_and_answered_emptily(
    here: Container, store: FaultyStore, telegram: BotApi, monkeypatch: pytest.MonkeyPatch
):
    async def bug(*_: object) -> None:
        raise ZeroDivisionError

    await enrol(store)
    monkeypatch.setattr(jobs, "look_for", bug)
    assert (await update(here, inline())).status_code == 200
    assert buttons(telegram) == [texts.labels.INLINE_TROUBLE]
    assert await store.get(Key("dead_letters", f"update:{BOT_ID}:1")) is not None


async def test_the_store_out_of_reach_is_for_telegram_to_repeat(here: Container, store: FaultyStore):
    await enrol(store)
    store.down = True
    assert (await update(here, inline())).status_code == 503


async def test_a_stranger_who_presses_the_button_above_is_told_what_every_stranger_is_told(
    here: Container, telegram: BotApi
):
    await update(here, text("/start bot"))
    assert said(telegram) == [texts.onboarding.stranger()]
