"""`assistant forget`: a master's records go, in the store's memory as in Firestore; nobody else's do."""

from __future__ import annotations

import argparse
import re
from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import Any

import pytest

from infra.dead_letters import add_dead_letters
from infra.forgetting import NOBODY, PAGE, RULES, Fate, add_forget, forget
from shared.pipeline.jobs import Job, JobState, Lane
from shared.store import collections as known
from shared.store.collections import Collection
from shared.store.port import Conflict, Create, Key, Store
from tests.architecture.sources import ROOT
from tests.store.conftest import firestore, firestore_store, memory_store, store
from tests.support.clock import Clock
from tests.support.stores import FaultyStore

__all__ = ["firestore", "firestore_store", "memory_store", "store"]

HIM, OTHER = 700_001, 700_002
LETTER = '{"message": {"from": {"id": %d}, "text": "сверло"}}'
CALL = {"method": "sendMessage", "params": f'{{"chat_id": {HIM}}}', "tag": None}


def job(whom: int, state: JobState = JobState.DONE) -> tuple[Key, Mapping[str, Any]]:
    made = Job("find", Lane.READ, {"chat_id": whom, "user_id": whom}, id=f"find:{whom}", state=state)
    return made.key, made.as_data()


def records(whom: int) -> dict[Key, Mapping[str, Any]]:
    """A few of each way to tell whose it is."""
    key, data = job(whom)
    return {
        known.MASTERS.key(str(whom)): {"telegram_id": whom, "name": "Иван"},
        known.SESSIONS.key(f"-100500:{whom}"): {"state": "reason", "data": {}},
        known.TOPICS.key(f"m{whom}"): {"thread_id": 3, "making_until": None},
        known.TOPICS.key(f"t{whom % 10}"): {"telegram_id": whom},
        known.ORDERS.key(f"o{whom}"): {"user_id": whom, "chat_id": whom, "address": "ул. Ленина, 1"},
        known.SEARCHES.key(f"s{whom}"): {"owner": whom, "words": "дрель"},
        known.DEAD_LETTERS.key(f"update:1:{whom % 10}"): {"payload": LETTER % whom, "error": "KeyError"},
        known.INVITES.key(f"i{whom % 10}"): {"telegram_id": whom},
        key: data,
    }


@pytest.fixture
def said() -> list[str]:
    return []


@pytest.fixture
def say(said: list[str]) -> Callable[[str], None]:
    return said.append


async def fill(store: Store, *parts: Mapping[Key, Mapping[str, Any]]) -> None:
    await store.commit([Create(key, data) for part in parts for key, data in part.items()])


async def test_a_master_is_forgotten_and_nobody_else(store: Store, said: list[str], say: Callable[[str], None]):
    await fill(store, records(HIM), records(OTHER))
    theirs = await store.get_many(list(records(OTHER)))
    assert await forget(store, HIM, say) == 0
    left = await store.get_many(list(records(HIM)))
    assert {key: record.data for key, record in left.items()} == {known.INVITES.key("i1"): {"telegram_id": NOBODY}}
    assert await store.get_many(list(records(OTHER))) == theirs
    assert said[0].startswith("masters 1, invites 1, sessions 1, topics 2, ")
    assert said[1:] == [f"nothing is kept of {HIM}"]


async def test_a_dry_run_only_counts(memory_store: Store, said: list[str], say: Callable[[str], None]):
    await fill(memory_store, records(HIM))
    before = await memory_store.get_many(list(records(HIM)))
    assert await forget(memory_store, HIM, say, dry_run=True) == 0
    assert "orders 1" in said[0]
    assert await memory_store.get_many(list(records(HIM))) == before


@pytest.mark.parametrize(
    "busy",
    [
        dict([job(HIM, JobState.PENDING)]),
        {known.INBOX_TELEGRAM.key("1"): {"permits": [], "outbox": [CALL], "sent": 0}},
        {known.BASKETS.key("7"): {"holder": "c", "waiting": [{"chat_id": HIM}], "left": {}, "unclear": False}},
    ],
    ids=["job", "message", "turn"],
)
async def test_while_something_is_under_way_nothing_is_touched(
    memory_store: Store, said: list[str], say: Callable[[str], None], busy: dict[Key, Mapping[str, Any]]
):
    own = {known.MASTERS.key(str(HIM)): {"telegram_id": HIM}}
    await fill(memory_store, own, busy)
    assert await forget(memory_store, HIM, say) == 1
    assert said == [f"under way: {next(iter(busy)).collection} 1; nothing was touched, try again in some minutes"]
    assert (await memory_store.get_many([*own, *busy])).keys() == {*own, *busy}


async def test_more_than_a_page_goes_and_so_does_what_has_expired(
    memory_store: Store, clock: Clock, say: Callable[[str], None]
):
    orders = [known.ORDERS.key(f"o{number}") for number in range(PAGE + 5)]
    ends = clock.time + timedelta(seconds=1)
    await memory_store.commit([Create(key, {"user_id": HIM}, ends) for key in orders])
    clock.advance(2)
    assert await forget(memory_store, HIM, say) == 0
    assert await memory_store.page("orders", "", PAGE) == []


async def test_what_changes_meanwhile_is_found_by_the_next_look(memory_store: Store, say: Callable[[str], None]):
    await fill(memory_store, records(HIM))
    store = FaultyStore(memory_store)
    store.errors = [Conflict("a document has changed"), Conflict("this one")]
    assert await forget(store, HIM, say) == 0
    assert store.commits == 1 + len(records(HIM)) + 1


PAGE_TEXT = (ROOT / "infra" / "README.md").read_text(encoding="utf-8")


def test_every_collection_has_its_rule_and_the_page_tells_those_that_know_a_master():
    assert set(RULES) == {one for one in vars(known).values() if isinstance(one, Collection)}
    section = PAGE_TEXT.split("\n## Personal data\n")[1].split("\n## ")[0]
    rows = re.findall(r"^\| (`[^|]+) \|[^|]*\|[^|]*\| ([^|,;:]+?) ?[|,;:]", section, re.MULTILINE)
    told = {name: fate for names, fate in rows for name in re.findall(r"`(\w+)`", names)}
    assert told == {one.name: str(rule.fate) for one, rule in RULES.items() if rule.fate is not Fate.NONE}


@pytest.mark.parametrize("whose", ["0", "-100500", "abc", "@petr", "700 001"])
def test_nobody_and_a_group_are_no_masters(whose: str) -> None:
    parser = argparse.ArgumentParser(exit_on_error=False)
    add_forget(parser)
    with pytest.raises(argparse.ArgumentError, match="is no person's id at Telegram"):
        parser.parse_args([f"--master={whose}"])


@pytest.mark.parametrize(
    ("command", "arguments"),
    [(add_forget, ["--master", str(HIM)]), (add_dead_letters, ["list"])],
    ids=["forget", "list"],
)
def test_who_is_not_logged_in_is_told_how(
    command: Callable[[argparse.ArgumentParser], None], arguments: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GOOGLE_APPLICATION_CREDENTIALS", "/nowhere/at/all.json")
    monkeypatch.setenv("GOOGLE_CLOUD_PROJECT", "assistant-test")
    monkeypatch.delenv("FIRESTORE_EMULATOR_HOST", raising=False)
    parser = argparse.ArgumentParser()
    command(parser)
    told = parser.parse_args(arguments)
    with pytest.raises(
        RuntimeError, match=r"out of reach: DefaultCredentialsError; .*gcloud auth application-default login"
    ):
        told.run(told)
