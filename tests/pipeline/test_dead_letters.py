"""What a bug could not handle is kept for people: without secrets, and whatever it is made of."""

from __future__ import annotations

import json
import logging
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

import pytest

from shared.logs import JsonFormatter
from shared.pipeline.dead_letters import MOST_COUNTED, count, keep
from shared.store.collections import DEAD_LETTERS
from shared.store.port import Record
from shared.store.unit_of_work import UnitOfWork
from tests.pipeline.bench import NOW, Bench

TOKEN = "123456789:AAHfiqksKZ8WmR2zSjiQ7_v4TMAKdiHm9T0"


async def buried(bench: Bench, payload: Mapping[str, Any]) -> Record:
    unit = UnitOfWork(bench.store, bench.clock)
    await keep(unit, "update:1", payload, ValueError("odd"))
    await unit.commit()
    return await bench.record(DEAD_LETTERS.key("update:1"))


async def test_a_letter_says_what_came_and_what_went_wrong(bench: Bench):
    record = await buried(bench, {"update_id": 1, "text": "ключ на 17", "when": NOW})
    assert json.loads(record.data["payload"]) == {"update_id": 1, "text": "ключ на 17", "when": str(NOW)}
    assert record.data["error"] == "ValueError"
    assert record.data["at"] == NOW
    assert record.expires_at == NOW + timedelta(days=30)


async def test_letters_that_are_left_are_counted(bench: Bench):
    assert await count(bench.store, NOW) == 0
    await buried(bench, {"text": "first"})
    assert await count(bench.store, NOW) == 1
    unit = UnitOfWork(bench.store, bench.clock)
    for number in range(MOST_COUNTED):
        await keep(unit, f"update:x{number}", {}, ValueError("odd"))
    await unit.commit()
    assert await count(bench.store, NOW) == MOST_COUNTED


async def test_the_same_letter_twice_is_one(bench: Bench):
    await buried(bench, {"text": "first"})
    assert "second" in (await buried(bench, {"text": "second"})).data["payload"]


@pytest.mark.parametrize(
    "payload",
    [
        {"text": f"my token is {TOKEN}"},
        {"url": f"https://api.example/bot{TOKEN}/getMe"},
        {"auth": {"access_token": TOKEN[10:]}},
        {"auth": TOKEN[10:]},
        {"deep": [{"params": json.dumps({"refresh_token": TOKEN[10:]})}]},
        {"query": f"auth={TOKEN[10:]}&x=1"},
    ],
)
async def test_a_letter_holds_no_secret(bench: Bench, payload: Mapping[str, Any]):
    record = await buried(bench, payload)
    assert TOKEN[10:] not in record.data["payload"]
    assert "[hidden]" in record.data["payload"]


@pytest.mark.parametrize("text", ["\ud800", "я" * 2_000_000], ids=["half a character", "very long"])
async def test_no_payload_is_too_odd_to_be_kept(bench: Bench, text: str):
    """An apology that cannot be committed answers 5xx, and the same update comes again for a day."""
    record = await buried(bench, {"text": text})
    assert record.data["payload"].startswith('{"text": "')


async def test_a_letter_is_an_alert_with_the_traceback(bench: Bench, caplog: pytest.LogCaptureFixture):
    with caplog.at_level(logging.ERROR):
        try:
            int("odd")
        except ValueError as error:
            unit = UnitOfWork(bench.store, bench.clock)
            await keep(unit, "update:1", {}, error)
    [entry] = [json.loads(JsonFormatter().format(record)) for record in caplog.records]
    assert (entry["severity"], entry["event"], entry["letter"]) == ("ERROR", "dead_letter", "update:1")
    assert entry["stack_trace"].startswith("Traceback (most recent call last):\n")
    assert entry["stack_trace"].endswith("invalid literal for int() with base 10: 'odd'")
