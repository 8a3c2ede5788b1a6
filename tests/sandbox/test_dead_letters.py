"""`assistant dead-letters`: what a bug has buried is shown, handled anew once it is mended, or forgotten."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from infra.cli import main
from infra.dead_letters import forget_letters, list_letters, replay_letters, show_letter
from shared.assistant.orders.jobs import JOB_HANDLERS as ORDER_JOBS
from shared.entry.container import Container
from shared.pipeline.dead_letters import keep
from shared.pipeline.jobs import Job, JobState, Lane
from shared.settings import Settings
from shared.store.collections import DEAD_LETTERS
from shared.store.port import Key
from shared.store.unit_of_work import UnitOfWork
from tests.entry.conftest import clock, configured, here, outside, portal, queue, store, telegram
from tests.entry.world import BOT_ID, ENVIRONMENT, MASTER, enrol, text, update
from tests.pipeline.bench import NOW
from tests.support.logs import same_logging_afterwards
from tests.support.queues import FakeQueue
from tests.support.stores import FaultyStore
from tests.support.telegram import BotApi

__all__ = ["clock", "configured", "here", "outside", "portal", "queue", "same_logging_afterwards", "store", "telegram"]

LETTER = f"update:{BOT_ID}:1"


class BrokenDispatcher:
    """Routers with a bug in them."""

    async def feed_update(self, *_: Any, **__: Any) -> None:
        raise ZeroDivisionError("bug")


@pytest.fixture
def said() -> list[str]:
    return []


@pytest.fixture
def say(said: list[str]) -> Callable[[str], None]:
    return said.append


async def buried(here: Container, store: FaultyStore, words: str = "/start") -> Container:
    """Have an update of a master meet a bug; the container with the bug."""
    await enrol(store)
    broken = here.override(dispatcher=BrokenDispatcher())  # type: ignore[arg-type] # it has what is used of one
    assert (await update(broken, text(words))).status_code == 200
    return broken


async def kept_job(here: Container, lane: Lane, state: JobState = JobState.DONE) -> Job:
    """A job that met a bug, and its letter."""
    job = Job(next(iter(ORDER_JOBS)), lane, {"order_id": "5"}, id="j1", state=state)
    unit = UnitOfWork(here.store, here.now)
    await unit.get(job.key)
    unit.put(job.key, job.as_data())
    await keep(unit, "job:j1", {"kind": job.kind, "payload": job.payload}, KeyError("x"))
    await unit.commit()
    return job


async def test_letters_are_named_and_shown(
    here: Container, store: FaultyStore, said: list[str], say: Callable[[str], None]
):
    assert await list_letters(here, say) == 0
    assert said == ["no letters"]
    await buried(here, store, "сверло 6")
    said.clear()
    await list_letters(here, say)
    assert said == [f"{LETTER}  {NOW:%Y-%m-%d %H:%M} UTC  ZeroDivisionError"]
    assert await show_letter(here, LETTER, say) == 0
    assert json.loads(said[-1])["message"]["text"] == "сверло 6"


async def test_a_secret_of_the_settings_is_shown_to_nobody(
    here: Container, store: FaultyStore, said: list[str], say: Callable[[str], None]
):
    await buried(here, store, f"почему {ENVIRONMENT['WEBHOOK_SECRET']}?")
    await show_letter(here, LETTER, say)
    assert "почему [hidden]?" in said[-1]


async def test_an_update_is_served_once_when_the_bug_is_mended(
    here: Container, store: FaultyStore, telegram: BotApi, said: list[str], say: Callable[[str], None]
):
    broken = await buried(here, store)
    before = len(telegram.asked)
    assert await replay_letters(broken, [LETTER], say, writes=False) == 1
    assert "it still fails" in said[-1]
    assert "ZeroDivisionError" in said[-1]
    assert len(telegram.asked) == before
    assert await here.store.get(DEAD_LETTERS.key(LETTER)) is not None
    assert await replay_letters(here, [LETTER], say, writes=False) == 0
    assert said[-1] == f"{LETTER}: handled"
    assert len(telegram.asked) > before
    assert await replay_letters(here, [LETTER], say, writes=False) == 1
    assert said[-1] == f"{LETTER}: there is no such letter"


async def test_of_who_is_no_master_any_more_nothing_is_served(
    here: Container, store: FaultyStore, said: list[str], say: Callable[[str], None]
):
    await buried(here, store)
    unit = UnitOfWork(store, here.now)
    await unit.get(Key("masters", str(MASTER)))
    unit.delete(Key("masters", str(MASTER)))
    await unit.commit()
    assert await replay_letters(here, [LETTER], say, writes=False) == 1
    assert "nobody was served" in said[-1]


@pytest.mark.parametrize(
    ("words", "why"),
    [("мой токен 987654321:AAHfiqksKZ8WmR2zSjiQ7_v4TMAKdiHm9T0", "a secret was cut out"), ("я" * 120_000, "too long")],
)
async def test_what_is_not_kept_whole_is_not_served(
    here: Container, store: FaultyStore, said: list[str], say: Callable[[str], None], words: str, why: str
):
    await buried(here, store, words)
    assert await replay_letters(here, [LETTER], say, writes=False) == 1
    assert why in said[-1]


async def test_another_bots_update_is_not_served(here: Container, said: list[str], say: Callable[[str], None]):
    unit = UnitOfWork(here.store, here.now)
    await keep(unit, "update:999:1", text("/start"), KeyError("x"))
    await unit.commit()
    assert await replay_letters(here, ["update:999:1"], say, writes=False) == 1
    assert "another bot" in said[-1]


async def test_a_read_is_wanted_again(here: Container, queue: FakeQueue, say: Callable[[str], None]):
    job = await kept_job(here, Lane.READ)
    assert await replay_letters(here, ["job:j1"], say, writes=False) == 0
    record = await here.store.get(job.key)
    assert record is not None
    assert Job.from_data(record.data) == replace(job, state=JobState.PENDING)
    assert (record.due_at, record.expires_at) == (NOW, None)
    assert queue.permits == [NOW]
    assert await here.store.get(DEAD_LETTERS.key("job:j1")) is None


async def test_a_write_is_wanted_again_only_when_it_is_meant_and_is_looked_up_first(
    here: Container, queue: FakeQueue, said: list[str], say: Callable[[str], None]
):
    job = await kept_job(here, Lane.WRITE)
    assert await replay_letters(here, ["job:j1"], say, writes=False) == 1
    assert "say --writes" in said[-1]
    assert queue.permits == []
    assert await replay_letters(here, ["job:j1"], say, writes=True) == 0
    record = await here.store.get(job.key)
    assert record is not None
    again = Job.from_data(record.data)
    assert (again.doubt, again.idempotency_key) == (True, job.idempotency_key)


async def test_a_job_at_work_and_one_that_is_gone_are_left_alone(
    here: Container, said: list[str], say: Callable[[str], None]
):
    job = await kept_job(here, Lane.READ, JobState.ANSWERED)
    assert await replay_letters(here, ["job:j1"], say, writes=False) == 1
    assert "at work" in said[-1]
    unit = UnitOfWork(here.store, here.now)
    await unit.get(job.key)
    unit.delete(job.key)
    await unit.commit()
    assert await replay_letters(here, ["job:j1"], say, writes=False) == 1
    assert "by hand" in said[-1]


async def test_what_is_dealt_with_is_forgotten_and_the_rest_goes_on(
    here: Container, store: FaultyStore, said: list[str], say: Callable[[str], None]
):
    await buried(here, store)
    assert await forget_letters(here, ["job:none", LETTER], say) == 1
    assert said == ["job:none: there is no such letter", f"{LETTER}: forgotten"]
    assert await store.due(DEAD_LETTERS.name, NOW + timedelta(days=1), 1) == []


async def test_the_command_reads_the_store_of_the_settings(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
):
    for name in Settings.model_fields:
        monkeypatch.delenv(name.upper(), raising=False)
    monkeypatch.setenv("STORE", "memory")
    assert await asyncio.to_thread(main, ["dead-letters", "list"]) == 0
    assert capsys.readouterr().out == "no letters\n"
    assert await asyncio.to_thread(main, ["dead-letters", "show", "job:x"]) == 1
    assert capsys.readouterr().err == "assistant: there is no such letter\n"
