"""The operators' chat and the bot's own membership: heard; every other group costs nothing."""

from __future__ import annotations

from typing import Any

import pytest

from shared.assistant import texts
from shared.assistant.operators import chat
from shared.assistant.support import topics
from shared.entry.container import Container
from shared.store.port import Create, Key
from tests.entry.test_telegram_update import said
from tests.entry.world import BOT_ID, MASTER, enrol, text, update
from tests.support.stores import FaultyStore
from tests.support.telegram import BotApi

CHAT = -1001
THREAD = 31
GROUP = {"id": CHAT, "type": "supergroup", "is_forum": True}

pytestmark = [
    pytest.mark.usefixtures("here"),
    pytest.mark.parametrize("here", [{"TELEGRAM_OPERATORS_CHAT_ID": str(CHAT)}], indirect=True),
]


def word(words: str | None = "Привезём завтра", update_id: int = 1, /, **changes: Any) -> dict[str, Any]:
    """An operator's message in a topic; None takes a field away."""
    event = text(words or "", update_id, 7, GROUP)
    event["message"] |= {"message_thread_id": THREAD, "is_topic_message": True, **changes}
    event["message"] = {name: value for name, value in event["message"].items() if value is not None}
    if words is None:
        del event["message"]["text"]
    return event


def membership(status: object, user_id: int = MASTER, chat_type: str = "private") -> dict[str, Any]:
    change = {"chat": {"id": user_id, "type": chat_type}, "from": {"id": user_id}, "date": 1}
    return {"update_id": 5, "my_chat_member": {**change, "new_chat_member": {"status": status}}}


@pytest.fixture
async def opened(store: FaultyStore) -> None:
    await enrol(store)
    await store.commit([Create(topics.of_thread(THREAD), {"telegram_id": MASTER})])
    store.commits = 0


async def reachable(store: FaultyStore) -> bool:
    master = await store.get(Key("masters", str(MASTER)))
    assert master is not None
    return bool(master.data["reachable"])


@pytest.mark.usefixtures("opened")
@pytest.mark.parametrize("content", [{}, {"text": None, "photo": [{}]}, {"text": None, "document": {}}])
async def test_what_an_operator_writes_in_a_topic_reaches_its_master(
    here: Container, telegram: BotApi, content: dict[str, Any]
):
    assert (await update(here, word(**content))).status_code == 200
    [asked] = telegram.asked
    assert asked.method == "copyMessage"
    assert (asked.fields["chat_id"], asked.fields["from_chat_id"]) == (str(MASTER), str(CHAT))
    assert '"h1"' in asked.fields["reply_markup"]


@pytest.mark.usefixtures("opened")
async def test_a_repeated_answer_arrives_once(here: Container, telegram: BotApi):
    await update(here, word())
    await update(here, word())
    assert telegram.methods == ["copyMessage"]


async def test_a_topic_of_no_master_is_the_operators_own_business(here: Container, telegram: BotApi):
    assert (await update(here, word())).status_code == 200
    assert telegram.asked == []


@pytest.mark.usefixtures("opened")
@pytest.mark.parametrize(
    "event",
    [
        word(is_topic_message=None),
        word(message_thread_id=None, is_topic_message=None),
        word(message_thread_id="31"),
        word(message_id=True),
        word(chat={"id": -1002, "type": "supergroup"}),
        word(chat=None),
        word(None, forum_topic_closed={}),
        word(None, new_chat_title="Склад"),
        {"update_id": 1, "edited_message": word()["message"]},
    ]
    + [word("Да", 1, **{"from": author}) for author in ({"id": 1, "is_bot": True}, {"id": 1}, None)],
)
async def test_nothing_else_said_in_groups_costs_anything(
    here: Container, store: FaultyStore, telegram: BotApi, event: dict[str, Any]
):
    assert (await update(here, event)).status_code == 200
    assert store.commits == 0
    assert telegram.asked == []


async def test_a_bug_is_told_in_the_chat_and_kept(
    here: Container, store: FaultyStore, telegram: BotApi, monkeypatch: pytest.MonkeyPatch
):
    async def broken(*_: object) -> None:
        raise ZeroDivisionError("bug")

    monkeypatch.setattr(chat, "handle", broken)
    assert (await update(here, word())).status_code == 200
    assert said(telegram) == [texts.operators.trouble()]
    assert await store.get(Key("dead_letters", f"update:{BOT_ID}:1")) is not None


async def test_who_stops_the_bot_is_unreachable_until_he_lets_it_speak(
    here: Container, store: FaultyStore, telegram: BotApi
):
    await enrol(store)
    await update(here, membership("kicked"))
    assert not await reachable(store)
    await update(here, membership("kicked"))
    assert store.commits == 1, "said twice, written once"
    await update(here, membership("member"))
    assert await reachable(store)
    assert telegram.asked == []


@pytest.mark.parametrize(
    "event",
    [
        membership("kicked", MASTER + 1),
        membership("kicked", chat_type="group"),
        membership("administrator"),
        membership(None),
        {"update_id": 1, "my_chat_member": {}},
    ],
)
async def test_other_memberships_change_nothing(
    here: Container, store: FaultyStore, telegram: BotApi, event: dict[str, Any]
):
    await enrol(store)
    assert (await update(here, event)).status_code == 200
    assert await reachable(store)
    assert (store.commits, telegram.asked) == (0, [])


@pytest.mark.usefixtures("opened")
async def test_without_an_operators_chat_all_groups_are_strangers(here: Container, telegram: BotApi):
    without = here.override(here.settings.model_copy(update={"telegram_operators_chat_id": None}))
    await update(without, word())
    assert telegram.asked == []


@pytest.mark.usefixtures("opened")
async def test_a_command_in_a_topic_is_answered_there_and_not_passed_on(here: Container, telegram: BotApi):
    await update(here, word("/who"))
    [asked] = telegram.asked
    assert (asked.method, asked.fields["message_thread_id"]) == ("sendMessage", str(THREAD))
    assert asked.fields["text"].startswith("👤 <b>Иван</b>")


@pytest.mark.usefixtures("opened")
async def test_a_command_beside_the_topics_is_answered_there(here: Container, telegram: BotApi):
    await update(here, word(f"/who {MASTER}", message_thread_id=None, is_topic_message=None))
    [asked] = telegram.asked
    assert "message_thread_id" not in asked.fields


async def test_another_bots_command_costs_nothing(here: Container, store: FaultyStore, telegram: BotApi):
    await update(here, word("/weather", message_thread_id=None, is_topic_message=None))
    assert (store.commits, telegram.asked) == (0, [])


async def test_who_is_shut_out_is_a_stranger_to_the_bot(here: Container, store: FaultyStore, telegram: BotApi):
    await enrol(store, blocked=True)
    for number in range(1, 4):
        await update(here, text("бита", number))
    assert said(telegram) == [texts.onboarding.blocked()]
    assert store.commits == 0


@pytest.mark.parametrize("command", ["block", "unblock"])
async def test_blocking_is_written_once(here: Container, store: FaultyStore, command: str):
    await enrol(store, blocked=command == "unblock")
    await update(here, word(f"/{command} {MASTER}"))
    master = await store.get(Key("masters", str(MASTER)))
    assert master is not None
    assert master.data["blocked"] is (command == "block")
