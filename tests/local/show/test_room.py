"""The machine room over HTTP: its picture, weather, crowd and stories."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import pytest_asyncio

from infra.local.sandbox import environment
from infra.local.show import theatre
from infra.local.show.picture import levels
from infra.local.show.weather import FIRST_OF_CROWD, KINDS, crowd
from tests.support.sandbox import World, eventually, running_world

pytestmark = pytest.mark.asyncio(loop_scope="module")


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def world() -> AsyncIterator[World]:
    async with running_world() as running:
        running.sandbox.recorder.watch(running.container)
        yield running


async def asks(world: World, path: str, body: object = None) -> Any:
    url = f"{world.addresses['room']}/{path}"
    answer = await (world.http.get(url) if body is None else world.http.post(url, json=body))
    return answer.raise_for_status().json()


async def test_the_picture_shows_the_way_of_an_order(world: World):
    with world.without_skipping():
        master = await world.master()
        number = await master.orders(position=4)
        seen = await asks(world, "picture")
    assert [one["words"] for one in seen["updates"]][-1].startswith("✅ Заказать")
    made = {job["kind"]: job for job in seen["jobs"] if job["chat"] == master.user_id}
    assert all(job["end"] and len(job["tries"]) == 1 for job in made.values())
    (request,) = [one for one in seen["requests"] if one["method"] == "sale.order.add"]
    assert request["key"] in {job["key"] for job in made.values()}
    taken = next(one for one in seen["commits"] if any(record["id"] == number for record in one["records"]))
    assert {"jobs", "orders"} <= {record["in"] for record in taken["records"]}
    assert (seen["limit"], seen["burst"]) == (2.0, 2)
    assert 0 < max(level for _, level in seen["pace"]) < 2.01, "no permit goes over the limit"
    kept = {one["in"]: one for one in await asks(world, f"records?order={number}")}
    assert kept["orders"]["data"]
    assert "jobs" in kept, "the order came with the commit of its job"
    assert await asks(world, "records?order=nobody") == []
    assert any(number in said["words"] for said in seen["said"])


async def test_the_bucket_of_the_limit_knows_no_seconds():
    began = datetime(2026, 11, 29, tzinfo=UTC)
    moments = [began + timedelta(seconds=seconds) for seconds in (0.0, 0.1, 0.6, 1.1, 9.0)]
    found = levels(moments, 2.0)
    assert [at for at, _ in found] == moments
    assert [round(level, 3) for _, level in found] == [1.0, 1.8, 1.8, 1.8, 1.0]


async def test_nobody_swaps_a_sandbox_whose_ports_are_not_its_own(world: World):
    assert (await asks(world, "picture"))["portal"] == {"dialect": "contract", "swaps": False}
    assert (await world.http.post(f"{world.addresses['room']}/dialect")).status_code == 404


async def test_the_way_of_an_update_with_its_log(world: World):
    await asks(world, "picture")  # from here on the log is listened to
    master = await world.master()
    await master.finds("перчатки")
    await world.rests()
    update = (await asks(world, "picture"))["updates"][-1]
    way = await asks(world, f"thread?update={update['id']}")
    assert {"telegram_update", "bitrix_call"} <= {span["function"] for span in way["spans"]}
    assert {"update", "bitrix_call"} <= {line["fields"].get("event") for line in way["lines"]}
    parts = [part for span in way["spans"] for part in span["parts"]]
    assert {part["name"] for part in parts} == {"bitrix", "telegram"}
    assert "sendMessage" in {part["method"] for part in parts}
    assert environment.BOT_TOKEN not in json.dumps(way)


async def test_the_stream_sends_pictures(world: World):
    async with world.http.stream("GET", f"{world.addresses['room']}/stream") as answer:
        async for line in answer.aiter_lines():
            if line:
                break
    assert json.loads(line.removeprefix("data: "))["window"] == 40


@pytest.mark.parametrize("name", KINDS)
async def test_each_weather_comes_and_goes(world: World, name: str):
    await asks(world, "weather", {"name": name, "on": True})
    on = {one["name"] for one in (await asks(world, "picture"))["weather"] if one["on"]}
    await asks(world, "weather", {"name": name, "on": False})
    assert on == {name}
    assert not any(one["on"] for one in (await asks(world, "picture"))["weather"])
    assert (await world.shop.faults(), world.telegram.faults.active()) == ([], [])
    assert not world.sandbox.queue.queue(environment.BITRIX_QUEUE).paused


async def test_a_queue_that_is_lost_is_made_good(world: World):
    master = await world.master()
    await asks(world, "weather", {"name": "queue", "on": True})
    await master.says("перчатки")
    await master.settles()
    await asks(world, "weather", {"name": "queue", "on": False})
    await world.recovers()
    await master.sees("🔎 «перчатки»")


async def test_nobody_makes_weather_that_is_not_there(world: World):
    for path in ("weather", "story"):
        answer = await world.http.post(f"{world.addresses['room']}/{path}", json={"name": "snow"})
        assert answer.status_code == 404


async def test_a_story_is_played_and_another_ends_it(world: World, monkeypatch: pytest.MonkeyPatch):
    names = [one["name"] for one in await asks(world, "bill")]
    monkeypatch.setattr(theatre, "BREATH", 0.0)
    await asks(world, "weather", {"name": "slow", "on": True})
    await asks(world, "story", {"name": names[0]})
    await asks(world, "story", {"name": "excel_list"})

    async def is_over() -> bool:
        return str((await asks(world, "picture"))["story"]["state"]) != "playing"

    await eventually(is_over, "the story ends")
    story = (await asks(world, "picture"))["story"]
    assert (story["name"], story["state"], story["trouble"]) == ("excel_list", "ended", "")
    assert story["proved"]
    await asks(world, "story", {"name": names[0]})
    assert (await asks(world, "story", {"name": ""}))["state"] == "stopped"


async def test_a_crowd_comes_in_and_finds_what_it_looks_for(world: World):
    crowd(world.sandbox.machine, 3)
    await world.rests()
    for place in range(3):
        messages = world.telegram.world.chats[FIRST_OF_CROWD + place].messages.values()
        said = [message.content.text for message in messages if message.author == "bot"]
        assert any("Доступ открыт" in text for text in said)
        assert any(text.startswith("🔎 «") for text in said)
