"""An operators' group that became a supergroup has another id: it is followed both ways, and remembered."""

from __future__ import annotations

from typing import Any

import pytest

from shared.assistant.support import topics
from shared.entry.container import Container
from shared.store.port import Create
from shared.telegram.api import SendMessage
from tests.entry.conftest import Lines
from tests.entry.world import MASTER, enrol, text, update
from tests.support.stores import FaultyStore
from tests.support.telegram import BotApi, message, ok, refuse

OLD = -4242
NEW = -1_009_876_543_210
THREAD = 31
SUPERGROUP = {"id": NEW, "type": "supergroup", "is_forum": True}

pytestmark = pytest.mark.usefixtures("here")


def named(chat_id: int) -> pytest.MarkDecorator:
    """The setting names this group."""
    return pytest.mark.parametrize("here", [{"TELEGRAM_OPERATORS_CHAT_ID": str(chat_id)}], indirect=True)


def answer(update_id: int, group: dict[str, Any] = SUPERGROUP) -> dict[str, Any]:
    event = text("Привезём завтра", update_id, 7, group)
    event["message"] |= {"message_thread_id": THREAD, "is_topic_message": True}
    return event


@pytest.fixture
async def opened(store: FaultyStore) -> None:
    await enrol(store)
    await store.commit([Create(topics.of_thread(THREAD), {"telegram_id": MASTER})])
    store.commits = 0


@named(OLD)
@pytest.mark.usefixtures("opened")
async def test_what_operators_write_in_the_new_group_reaches_the_master(here: Container, telegram: BotApi):
    await update(here, answer(1))
    assert telegram.asked == []
    moved = text("", 2, 7, {"id": OLD, "type": "group"})
    del moved["message"]["text"]
    moved["message"]["migrate_to_chat_id"] = NEW
    assert (await update(here, moved)).status_code == 200
    assert telegram.asked == []
    await update(here, answer(3))
    [asked] = telegram.asked
    assert (asked.method, asked.fields["from_chat_id"], asked.fields["chat_id"]) == (
        "copyMessage",
        str(NEW),
        str(MASTER),
    )


@named(OLD)
@pytest.mark.usefixtures("opened")
async def test_what_a_master_writes_goes_to_the_new_group_which_is_remembered(
    here: Container, telegram: BotApi, lines: Lines
):
    upgraded = refuse("Bad Request: group chat was upgraded to a supergroup chat", migrate_to_chat_id=NEW)
    telegram.will("createForumTopic", upgraded, ok({"message_thread_id": THREAD, "name": "Иван", "icon_color": 1}))
    await update(here, text("/support", 1))
    await update(here, text("Где мой заказ?", 2))
    into = [asked.fields["chat_id"] for asked in telegram.asked if asked.method == "createForumTopic"]
    assert into == [str(OLD), str(NEW)]
    assert [asked.fields["chat_id"] for asked in telegram.asked if asked.method == "copyMessage"] == [str(NEW)]
    assert [entry["chat"] for entry in lines() if entry.get("event") == "operators_moved"] == [NEW]
    await update(here, answer(3))
    assert telegram.asked[-1].fields["from_chat_id"] == str(NEW)


@named(OLD)
async def test_another_instance_follows_by_itself(here: Container, telegram: BotApi):
    """It has not heard of it, so Telegram tells it once more; from then on it goes straight."""
    upgraded = refuse("Bad Request: group chat was upgraded to a supergroup chat", migrate_to_chat_id=NEW)
    telegram.will("sendMessage", upgraded, ok(message(8)), ok(message(9)))
    for _ in range(2):
        await here.sender.perform(SendMessage(chat_id=OLD, text="Поступил вопрос"))
    assert [asked.fields["chat_id"] for asked in telegram.asked] == [str(OLD), str(NEW), str(NEW)]


@named(-1_001_234_567_890)
async def test_where_a_group_is_a_supergroup_already_others_cost_no_read(
    here: Container, store: FaultyStore, telegram: BotApi
):
    """It never gets another id."""
    assert (await update(here, answer(1))).status_code == 200
    assert store.reads == 0
    assert telegram.asked == []


@named(OLD)
async def test_only_its_own_group_tells_where_it_went(here: Container, store: FaultyStore):
    told = text("", 1, 7, {"id": -777, "type": "group"})
    del told["message"]["text"]
    told["message"]["migrate_to_chat_id"] = NEW
    await update(here, told)
    assert store.commits == 0
