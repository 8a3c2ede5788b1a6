"""Whoever has not the secret reaches nothing: not the store, not the portal, not Telegram."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager

import httpx
import pytest

from infra.local.sandbox import environment
from shared.store.port import Key, Record
from tests.support.sandbox import World
from tests.support.shop import Ask
from tests.support.stores import documents

pytestmark = pytest.mark.asyncio(loop_scope="module")

TELEGRAM_HEADER = "X-Telegram-Bot-Api-Secret-Token"
TELEGRAM_SECRET = environment.SECRETS["TELEGRAM_WEBHOOK_SECRET"]


def records(world: World) -> dict[Key, Record]:
    """What the memory store holds."""
    return dict(documents(world.container.store))


async def reached(world: World, function: str, content: bytes, headers: Mapping[str, str]) -> httpx.Response:
    """Call a function with a master's data; whatever it answers, nothing may have been touched."""
    await world.rests()
    since, before = world.clock.now(), records(world)
    answer = await world.calls(function, content, headers)
    await world.rests()
    assert records(world) == before
    assert await world.shop.calls(since) == []
    # Housekeeping looks at the webhook every few minutes, and this moment may be such a one.
    asked = [call["method"] for call in await world.telegram_requests(since)]
    assert [method for method in asked if method != "getWebhookInfo"] == []
    return answer


@contextmanager
def without(world: World, setting: str) -> Iterator[None]:
    """A deployment in which somebody forgot a secret."""
    complete = world.container
    settings = complete.settings.model_copy(update={setting: None})
    world.sandbox.container = complete.override(
        settings, http=complete.http, store=complete.store, queue=complete.queue
    )
    try:
        yield
    finally:
        world.sandbox.container = complete


async def search_update(world: World) -> bytes:
    """An update that would be a search of a known master."""
    master = await world.master()
    update = await world.update_of(await master.says("дрель"))
    await master.sees("🔎 «")
    return json.dumps({**update, "update_id": update["update_id"] + 1_000_000}).encode()


async def known_order(world: World) -> str:
    """An order of which an event would make us look."""
    return await (await world.master()).orders()


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {TELEGRAM_HEADER: ""},
        {TELEGRAM_HEADER: "guess"},
        {TELEGRAM_HEADER: TELEGRAM_SECRET[:-1]},
        {TELEGRAM_HEADER: TELEGRAM_SECRET + "x"},
        {TELEGRAM_HEADER: environment.SECRETS["WEBHOOK_SECRET"]},
        {"Authorization": f"Bearer {TELEGRAM_SECRET}"},
    ],
)
async def test_an_update_without_the_secret(both_worlds: World, headers: dict[str, str]):
    world = both_worlds
    answer = await reached(world, "telegram_update", await search_update(world), headers)
    assert (answer.status_code, answer.json()) == (401, {"error": "unauthorized"})


async def test_updates_are_shut_out_when_no_secret_is_set(both_worlds: World):
    world = both_worlds
    update = await search_update(world)
    with without(world, "telegram_webhook_secret"):
        for headers in ({}, {TELEGRAM_HEADER: ""}, {TELEGRAM_HEADER: TELEGRAM_SECRET}):
            assert (await reached(world, "telegram_update", update, headers)).status_code == 401
    assert (await world.calls("telegram_update", update)).status_code == 200


async def test_an_event_that_does_not_prove_where_it_is_from(both_worlds: World):
    world = both_worlds
    for post in world.events.forged(await known_order(world)):
        answer = await reached(world, "bitrix_webhook", post.body, post.headers)
        assert (answer.status_code, answer.json()) == (401, {"error": "unauthorized"})


async def test_events_are_shut_out_when_no_secret_is_set(both_worlds: World):
    world = both_worlds
    order_id = await known_order(world)
    with without(world, world.events.setting):
        for secret in (world.events.secret, "", "None"):
            post = world.events.about(order_id, secret=secret)
            assert (await reached(world, "bitrix_webhook", post.body, post.headers)).status_code == 401
    since = world.clock.now()
    assert (await world.posts(world.events.about(order_id))).status_code == 200
    await world.rests()
    assert await world.shop.asked(since) == [Ask.ORDER]


async def test_invites_let_nobody_in_when_no_secret_is_set(both_worlds: World):
    world = both_worlds
    stranger = world.stranger()
    with without(world, "invite_secret"):
        await stranger.starts()
        await stranger.sees("Ссылка не подходит или устарела")


@pytest.mark.parametrize(
    ("content", "status", "error"),
    [
        (b"", 400, "not_an_update"),
        (b"[]", 400, "not_an_update"),
        (b'{"update_id": "x"}', 400, "not_an_update"),
        (b"\xff\xfe", 400, "not_an_update"),
        (b'{"update_id":1,"message":"' + b"x" * 1024 * 1024 + b'"}', 413, "too_large"),
    ],
)
async def test_what_is_no_update(both_worlds: World, content: bytes, status: int, error: str):
    world = both_worlds
    answer = await reached(world, "telegram_update", content, {TELEGRAM_HEADER: TELEGRAM_SECRET})
    assert (answer.status_code, answer.json()) == (status, {"error": error})


async def test_what_is_no_event(both_worlds: World):
    world = both_worlds
    for post in world.events.unreadable():
        answer = await reached(world, "bitrix_webhook", post.body, post.headers)
        assert (answer.status_code, answer.json()) == (400, {"error": "not_an_event"})


async def test_only_post_is_answered(both_worlds: World):
    world = both_worlds
    for url in world.addresses["functions"].values():
        answer = await world.http.get(url)
        assert (answer.status_code, answer.json()) == (405, {"error": "method_not_allowed"})


async def test_an_update_that_concerns_nobody_is_taken_and_forgotten(both_worlds: World):
    world = both_worlds
    update = {
        "update_id": 5,
        "message": {"message_id": 1, "date": 1, "chat": {"id": -5, "type": "group", "title": "x"}},
    }
    content = json.dumps(update).encode()
    answer = await reached(world, "telegram_update", content, {TELEGRAM_HEADER: TELEGRAM_SECRET})
    assert answer.status_code == 200
