"""Updates of masters: handled once, whatever comes; trouble of ours never blocks the chat."""

# ruff: noqa: ARG002 - the dispatcher's signature

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from shared.assistant import texts
from shared.entry.container import Container
from shared.store.collections import DEAD_LETTERS
from shared.store.port import Key
from tests.entry.conftest import Lines
from tests.entry.world import BOT_ID, MASTER, call, enrol, tap, text, update
from tests.pipeline.bench import NOW
from tests.support.queues import FakeQueue
from tests.support.stores import FaultyStore
from tests.support.telegram import BotApi, refuse

pytestmark = pytest.mark.usefixtures("here")

INBOX = Key("inbox_telegram", f"{BOT_ID}:1")
HIDDEN_TOKEN = "987654321:AAHfiqksKZ8WmR2zSjiQ7_v4TMAKdiHm9T0"


def said(telegram: BotApi) -> list[str]:
    return [asked.fields["text"] for asked in telegram.asked if asked.method == "sendMessage"]


class BrokenDispatcher:
    """Routers with a bug in them."""

    async def feed_update(self, bot: Any, update: Any, **context: Any) -> None:
        context["view"].typing()
        raise ZeroDivisionError("bug")


@pytest.mark.parametrize("secret", [None, "", "wrong", "telegram-secret-", "телеграм"])
async def test_who_does_not_know_the_secret_is_turned_away(
    here: Container, store: FaultyStore, telegram: BotApi, secret: str | None
):
    headers = {} if secret is None else {"X-Telegram-Bot-Api-Secret-Token": secret.encode()}
    response = await call(here, "telegram_update", text("/start"), headers=headers)
    assert (response.status_code, response.json()) == (401, {"error": "unauthorized"})
    assert store.commits == 0
    assert telegram.asked == []


@pytest.mark.parametrize("here", [{"TELEGRAM_WEBHOOK_SECRET": ""}], indirect=True)
@pytest.mark.parametrize("secret", [None, "", "telegram-secret-1", "None"])
async def test_without_a_secret_nobody_gets_in(here: Container, store: FaultyStore, secret: str | None):
    assert (await update(here, text("/start"), secret)).status_code == 401
    assert store.commits == 0


@pytest.mark.parametrize("body", [b"", b"hello", b"[]", b'{"update_id": "x"}', b'{"message": {}}', b"\xff"])
async def test_what_is_no_update_is_refused(here: Container, store: FaultyStore, body: bytes):
    response = await update(here, body)
    assert (response.status_code, response.json()) == (400, {"error": "not_an_update"})
    assert store.commits == 0


@pytest.mark.parametrize(
    "event",
    [
        text("hello", chat={"id": -100, "type": "group"}),
        text("hello", chat={"id": -100, "type": "supergroup"}),
        text("hello", chat={"id": -100, "type": "channel"}),
        {"update_id": 1},
        {"update_id": 1, "my_chat_member": {"chat": {"id": MASTER, "type": "private"}, "from": {"id": MASTER}}},
        {"update_id": 1, "message": {"chat": {"id": MASTER, "type": "private"}, "from": {"id": MASTER}}},
        {"update_id": 1, "message": {"chat": {"id": MASTER, "type": "private"}, "text": "from nobody"}},
    ],
)
async def test_what_is_no_private_word_of_a_person_is_ignored(
    here: Container, store: FaultyStore, telegram: BotApi, event: dict[str, Any]
):
    await enrol(store)
    assert (await update(here, event)).status_code == 200
    assert store.commits == 0
    assert telegram.asked == []


async def test_a_master_is_answered_and_his_update_remembered(
    here: Container, store: FaultyStore, queue: FakeQueue, telegram: BotApi
):
    await enrol(store)
    response = await update(here, text("/start"))
    assert (response.status_code, response.text) == (200, "ok")
    assert said(telegram) == [texts.onboarding.welcome_back("Иван")]
    record = await store.get(INBOX)
    assert record is not None
    assert record.data["outbox"] == []
    assert record.expires_at is not None
    assert (record.expires_at - NOW).total_seconds() == 48 * 3600
    assert queue.tasks == []


async def test_a_search_is_a_job_and_a_permit(here: Container, store: FaultyStore, queue: FakeQueue):
    await enrol(store)
    await update(here, text("шуруповёрт"))
    [job] = await store.due("jobs", NOW, 10)
    assert job.data["kind"] == "find"
    assert queue.permits == [NOW]


async def test_a_repeated_update_says_nothing_more(here: Container, store: FaultyStore, telegram: BotApi):
    await enrol(store)
    await update(here, text("/start"))
    commits = store.commits
    assert (await update(here, text("/start"))).status_code == 200
    assert len(said(telegram)) == 1
    assert store.commits == commits


async def test_every_tap_is_answered(here: Container, store: FaultyStore, telegram: BotApi):
    await enrol(store)
    await update(here, tap("from an old version"))
    assert telegram.methods[0] == "answerCallbackQuery"
    assert telegram.asked[0].fields["callback_query_id"] == "777"


async def test_who_blocked_the_bot_and_writes_again_is_reachable_again(here: Container, store: FaultyStore):
    await enrol(store, reachable=False)
    await update(here, text("/start"))
    master = await store.get(Key("masters", str(MASTER)))
    assert master is not None
    assert master.data["reachable"] is True


async def test_who_blocks_the_bot_is_remembered_as_unreachable(here: Container, store: FaultyStore, telegram: BotApi):
    await enrol(store)
    telegram.will("sendMessage", refuse("Forbidden: bot was blocked by the user", 403))
    assert (await update(here, text("/start"))).status_code == 200
    master = await store.get(Key("masters", str(MASTER)))
    assert master is not None
    assert master.data["reachable"] is False


async def test_what_telegram_does_not_take_now_goes_out_later(
    here: Container, store: FaultyStore, queue: FakeQueue, telegram: BotApi
):
    await enrol(store)
    telegram.will("sendMessage", refuse("Too Many Requests: retry after 40", 429, retry_after=40))
    assert (await update(here, text("/start"))).status_code == 200
    [(record, at)] = queue.later
    assert record == INBOX
    assert (at - NOW).total_seconds() == 40


async def test_a_bug_is_an_apology_and_a_letter_once(
    here: Container, store: FaultyStore, telegram: BotApi, lines: Lines
):
    await enrol(store)
    here = here.override(dispatcher=BrokenDispatcher())  # type: ignore[arg-type] # it has what is used of one
    event = text(f"мой токен {HIDDEN_TOKEN}")
    assert (await update(here, event)).status_code == 200
    assert telegram.methods == ["sendMessage"]
    assert said(telegram) == [texts.trouble.apology()]
    letter = await store.get(Key("dead_letters", f"update:{BOT_ID}:1"))
    assert letter is not None
    assert json.loads(letter.data["payload"])["message"]["text"] == "мой токен [hidden]"
    [alert] = [entry for entry in lines() if entry.get("event") == "dead_letter"]
    assert "ZeroDivisionError" in alert["stack_trace"]
    assert alert["update"] == "1"
    assert (await update(here, event)).status_code == 200
    assert len(telegram.asked) == 1


async def test_a_bug_behind_a_button_ends_its_spinner_too(here: Container, store: FaultyStore, telegram: BotApi):
    await enrol(store)
    here = here.override(dispatcher=BrokenDispatcher())  # type: ignore[arg-type] # it has what is used of one
    assert (await update(here, tap("x"))).status_code == 200
    assert telegram.methods == ["answerCallbackQuery", "sendMessage"]


async def test_an_update_of_a_shape_nobody_knows_is_a_bug_and_no_5xx(
    here: Container, store: FaultyStore, telegram: BotApi
):
    await enrol(store)
    event = tap("x")
    event["callback_query"]["id"] = {}
    assert (await update(here, event)).status_code == 200
    assert said(telegram) == [texts.trouble.apology()]


async def test_a_forward_of_somebody_without_a_name_is_served(
    here: Container, store: FaultyStore, queue: FakeQueue, telegram: BotApi
):
    await enrol(store)
    event = text("DF333DWYE")
    event["message"]["forward_origin"] = {"type": "hidden_user", "date": 5}
    assert (await update(here, event)).status_code == 200
    assert (said(telegram), queue.permits) == ([], [NOW])
    assert await store.due(DEAD_LETTERS.name, NOW, 1) == []


@pytest.mark.parametrize("lacks", ["message_id", "type"])
async def test_a_message_without_its_number_or_its_chats_type_is_served(
    here: Container, store: FaultyStore, queue: FakeQueue, telegram: BotApi, lacks: str
):
    await enrol(store)
    event = text("DF333DWYE")
    event["message"].pop(lacks, None)
    event["message"]["chat"].pop(lacks, None)
    assert (await update(here, event)).status_code == 200
    assert (said(telegram), queue.permits) == ([], [NOW])
    assert await store.due(DEAD_LETTERS.name, NOW, 1) == []


@pytest.mark.parametrize("happened", [{"pinned_message": {"message_id": 3}}, {"chat_background_set": {"type": {}}}])
async def test_a_service_message_is_met_with_silence(
    here: Container, store: FaultyStore, telegram: BotApi, happened: dict[str, Any]
):
    await enrol(store)
    event = text("")
    event["message"] = {name: part for name, part in event["message"].items() if name != "text"} | happened
    assert (await update(here, event)).status_code == 200
    assert (store.commits, telegram.asked) == (0, [])


async def test_an_edited_list_is_quoted_anew_and_other_edits_change_nothing(
    here: Container, store: FaultyStore, telegram: BotApi
):
    await enrol(store)
    for number, words in enumerate(["DF333DWYE 2 шт\nHR2470 3 шт", "дрель", "/cart"], 1):
        await update(here, {"update_id": number, "edited_message": text(words)["message"]})
    [job] = await store.due("jobs", NOW, 10)
    assert job.data["kind"] == "find_list"
    assert said(telegram) == []


async def test_without_a_store_the_update_is_asked_for_again(here: Container, store: FaultyStore, telegram: BotApi):
    await enrol(store)
    store.down = True
    response = await update(here, text("/start"))
    assert (response.status_code, response.json()) == (503, {"error": "try_again"})
    assert response.headers["retry-after"] == "5"
    store.down = False
    assert (await update(here, text("/start"))).status_code == 200
    assert len(said(telegram)) == 1


async def test_a_store_that_is_away_for_a_moment_is_no_bug(here: Container, store: FaultyStore, telegram: BotApi):
    await enrol(store)
    store.failures = 1
    assert (await update(here, text("/start"))).status_code == 503
    assert await store.get(Key("dead_letters", f"update:{BOT_ID}:1")) is None
    assert telegram.asked == []
    await update(here, text("/start"))
    assert said(telegram) == [texts.onboarding.welcome_back("Иван")]


async def test_without_a_queue_the_repetition_finishes(
    here: Container, store: FaultyStore, queue: FakeQueue, telegram: BotApi
):
    await enrol(store)
    queue.down = True
    assert (await update(here, text("шуруповёрт"))).status_code == 503
    assert queue.permits == []
    queue.down = False
    assert (await update(here, text("шуруповёрт"))).status_code == 200
    assert queue.permits == [NOW]
    assert telegram.methods == ["sendChatAction"]
    assert len(await store.due("jobs", NOW, 10)) == 1


json_values: st.SearchStrategy[Any] = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(max_size=6),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=6), inner, max_size=3),
    max_leaves=6,
)
words = st.sampled_from(["/start", "/help", "/cancel", "/start x", "бита", "\ud800", ""]) | st.text(max_size=9)
people = st.fixed_dictionaries({"id": st.just(MASTER) | st.integers()}, optional={"first_name": json_values})
chats = st.fixed_dictionaries({"id": st.just(MASTER) | st.integers(), "type": st.just("private") | json_values})
messages = st.fixed_dictionaries(
    {"message_id": st.integers(), "date": st.integers(0, 2**33), "chat": chats},
    optional={"from": people | json_values, "user": people, "text": words, "caption": words, "photo": json_values},
)
taps = st.fixed_dictionaries(
    {"id": st.text(max_size=5), "from": people | json_values, "chat_instance": st.text(max_size=3)},
    optional={"data": st.text(max_size=20), "message": messages, "user": people, "chat": chats},
)
events = st.fixed_dictionaries(
    {"update_id": st.integers()}, optional={"message": messages, "callback_query": taps, "other": json_values}
)


@pytest.mark.parametrize("here", [{"TELEGRAM_UPDATES_PER_MINUTE": "100000"}], indirect=True)
@settings(max_examples=250, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(event=events)
async def test_nothing_that_telegram_might_send_is_a_5xx(here: Container, store: FaultyStore, event: dict[str, Any]):
    if await store.get(Key("masters", str(MASTER))) is None:
        await enrol(store)
    assert (await update(here, json.dumps(event).encode())).status_code == 200


@pytest.mark.parametrize("data", ["z1:..", "z1:", "j1::1:1:1:RUB", "k1:x:a b", "t1:__x__:1", "\ud800"])
async def test_a_forged_button_is_a_stale_one(
    here: Container, store: FaultyStore, queue: FakeQueue, telegram: BotApi, data: str
):
    await enrol(store)
    assert (await update(here, tap(data))).status_code == 200
    assert said(telegram) == [texts.onboarding.welcome_back("Иван")]
    assert queue.permits == []
    assert await store.due(DEAD_LETTERS.name, NOW, 1) == []


async def test_half_a_surrogate_pair_is_a_text_like_any_other(here: Container, store: FaultyStore, queue: FakeQueue):
    await enrol(store)
    assert (await update(here, text("дрель \ud800"))).status_code == 200
    assert len(queue.permits) == 1
    assert await store.due(DEAD_LETTERS.name, NOW, 1) == []


async def test_a_link_to_no_number_asks_the_portal_nothing(
    here: Container, store: FaultyStore, queue: FakeQueue, telegram: BotApi
):
    await enrol(store)
    await update(here, text("/start p_abc"))
    assert said(telegram) == [texts.search.no_such_product()]
    assert queue.permits == []
