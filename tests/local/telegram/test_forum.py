"""The operators' group: topics, what the bot may do there, what it hears."""

from typing import Any

import pytest
from aiogram.types import Update

from infra.local.telegram import Person
from infra.local.telegram.person import NotSeenError
from tests.local.telegram.bench import MASTER, Bench, picture

GROUP = -100500
OPERATOR = 900001


@pytest.fixture
async def operator(dialogue: Bench) -> Person:
    await dialogue.open_webhook()
    return Person(dialogue.http, "http://telegram.test", OPERATOR, GROUP)


async def topic(bench: Bench, name: str = "Иван · 501") -> int:
    return int((await bench.result("createForumTopic", chat_id=GROUP, name=name))["message_thread_id"])


async def last_update(bench: Bench, person: Person) -> dict[str, Any]:
    """The newest update after all were delivered, proven to be one that aiogram reads."""
    await person.settles()
    Update.model_validate(bench.bot.received[-1])
    return bench.bot.received[-1]


async def test_a_topic_begins_with_a_message_of_its_own_number(dialogue: Bench):
    made = await dialogue.result("createForumTopic", chat_id=GROUP, name="Иван · 501", icon_color=16766590)
    assert made == {"message_thread_id": made["message_thread_id"], "name": "Иван · 501", "icon_color": 16766590}
    view = await dialogue.chat(GROUP)
    assert view["topics"] == [
        {"id": made["message_thread_id"], "name": "Иван · 501", "icon_color": 16766590, "closed": False}
    ]
    assert view["messages"][0]["service"]["forum_topic_created"]["name"] == "Иван · 501"


async def test_the_bot_writes_in_a_topic(dialogue: Bench):
    thread = await topic(dialogue)
    where = {"chat_id": GROUP, "message_thread_id": thread}
    sent = await dialogue.result("sendMessage", text="Вопрос", **where)
    assert (sent["message_thread_id"], sent["is_topic_message"]) == (thread, True)
    assert sent["reply_to_message"]["forum_topic_created"]["name"] == "Иван · 501"
    start = (await dialogue.chat())["messages"][0]["id"]
    copied = await dialogue.result("copyMessage", from_chat_id=MASTER, message_id=start, **where)
    view = await dialogue.chat(GROUP)
    assert [(message["id"], message["thread_id"]) for message in view["messages"][1:]] == [
        (sent["message_id"], thread),
        (copied["message_id"], thread),
    ]


async def test_people_write_in_a_topic(dialogue: Bench, operator: Person):
    thread = await topic(dialogue)
    question = await dialogue.result("sendMessage", chat_id=GROUP, message_thread_id=thread, text="Где заказ?")
    await operator.says("Уже едет", topic=thread)
    message = (await last_update(dialogue, operator))["message"]
    assert (message["message_thread_id"], message["is_topic_message"]) == (thread, True)
    assert message["chat"]["is_forum"]
    assert message["reply_to_message"]["message_id"] == thread
    await operator.says("Завтра", reply_to=question["message_id"])
    answer = (await last_update(dialogue, operator))["message"]
    assert answer["message_thread_id"] == thread
    assert answer["reply_to_message"]["message_id"] == question["message_id"]
    assert answer["from"]["id"] == OPERATOR
    await operator.sends_photos([picture()], "Накладная", topic=thread)
    photo = (await last_update(dialogue, operator))["message"]
    assert (photo["caption"], photo["message_thread_id"]) == ("Накладная", thread)
    await operator.says("в общем чате")
    assert "message_thread_id" not in (await last_update(dialogue, operator))["message"]


async def test_people_open_and_close_topics(dialogue: Bench, operator: Person):
    thread = await operator.opens_topic("Разное")
    created = (await last_update(dialogue, operator))["message"]
    assert (created["message_id"], created["forum_topic_created"]["name"]) == (thread, "Разное")
    await operator.manages_topic("close", thread)
    assert (await last_update(dialogue, operator))["message"]["forum_topic_closed"] == {}
    with pytest.raises(NotSeenError, match="closed"):
        await operator.says("?", topic=thread)
    with pytest.raises(NotSeenError, match="409"):
        await operator.manages_topic("close", thread)
    await operator.manages_topic("reopen", thread)
    assert (await last_update(dialogue, operator))["message"]["forum_topic_reopened"] == {}


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("topics", {"act": "open", "name": ""}),
        ("topics", {"act": "open", "name": "x" * 129}),
        ("topics", {"act": "rename", "message_thread_id": 1}),
        ("topics", {"act": "delete", "message_thread_id": 1}),
        ("topics", {"act": "open", "name": "x", "chat_id": -1}),
        ("messages", {"text": "x", "message_thread_id": 1}),
        ("messages", {"text": "x", "reply_to": 1}),
        ("seats", {"status": "king"}),
        ("seats", {"status": "administrator", "rights": ["can_fly"]}),
    ],
)
async def test_acts_that_make_no_sense(bench: Bench, path: str, body: dict[str, Any]):
    said = {"user_id": OPERATOR, "chat_id": GROUP} | body
    assert (await bench.http.post(f"/_sim/{path}", json=said)).status_code in {400, 404, 409}


async def test_a_deleted_topic_is_gone_without_a_word(dialogue: Bench, operator: Person):
    thread = await topic(dialogue)
    await operator.settles()
    heard = len(dialogue.bot.received)
    await operator.manages_topic("delete", thread)
    await operator.settles()
    assert len(dialogue.bot.received) == heard
    assert (await dialogue.chat(GROUP))["messages"] == []
    for method in ("sendMessage", "sendPhoto", "copyMessage", "sendDocument"):
        words = {"text": "x", "photo": "x", "document": "x", "from_chat_id": MASTER, "message_id": 1}
        refusal = await dialogue.refusal(method, chat_id=GROUP, message_thread_id=thread, **words)
        assert refusal in {
            "Bad Request: message thread not found",
            "Bad Request: wrong file identifier/HTTP URL specified",
            "Bad Request: message to copy not found",
        }
    gone = {"chat_id": GROUP, "message_thread_id": thread}
    assert await dialogue.refusal("sendMessage", text="x", **gone) == "Bad Request: message thread not found"
    assert await dialogue.refusal("closeForumTopic", **gone) == "Bad Request: TOPIC_ID_INVALID"


async def test_the_bot_closes_renames_and_deletes_topics(dialogue: Bench):
    thread = await topic(dialogue)
    where = {"chat_id": GROUP, "message_thread_id": thread}
    assert await dialogue.result("editForumTopic", name="Иван, вопрос", **where)
    assert await dialogue.refusal("editForumTopic", name="Иван, вопрос", **where) == "Bad Request: TOPIC_NOT_MODIFIED"
    assert await dialogue.refusal("editForumTopic", **where) == "Bad Request: TOPIC_NOT_MODIFIED"
    assert await dialogue.result("closeForumTopic", **where)
    assert await dialogue.refusal("closeForumTopic", **where) == "Bad Request: TOPIC_NOT_MODIFIED"
    await dialogue.result("sendMessage", text="администратору можно и в закрытую", **where)
    (shown,) = (await dialogue.chat(GROUP))["topics"]
    assert (shown["name"], shown["closed"]) == ("Иван, вопрос", True)
    assert await dialogue.result("reopenForumTopic", **where)
    assert await dialogue.result("deleteForumTopic", **where)
    assert (await dialogue.chat(GROUP))["topics"] == []


@pytest.mark.parametrize(
    ("params", "reason"),
    [
        ({"chat_id": MASTER, "name": "x"}, "the chat is not a forum"),
        ({"chat_id": GROUP, "name": " "}, "TOPIC_TITLE_EMPTY"),
        ({"chat_id": GROUP, "name": "x" * 129}, "TOPIC_TITLE_TOO_LONG"),
        ({"chat_id": GROUP, "name": "x", "icon_color": 1}, "invalid icon color specified"),
        ({"chat_id": -1, "name": "x"}, "chat not found"),
    ],
)
async def test_topics_that_are_refused(dialogue: Bench, params: dict[str, Any], reason: str):
    assert await dialogue.refusal("createForumTopic", **params) == f"Bad Request: {reason}"


async def test_a_group_without_topics(dialogue: Bench, operator: Person):
    thread = await topic(dialogue)
    await operator.seats_bot("administrator", forum=False)
    assert await dialogue.refusal("createForumTopic", chat_id=GROUP, name="x") == "Bad Request: the chat is not a forum"
    refusal = await dialogue.refusal("sendMessage", chat_id=GROUP, message_thread_id=thread, text="x")
    assert refusal == "Bad Request: message thread not found"
    assert "is_forum" not in (await dialogue.result("getChat", chat_id=GROUP))


async def test_an_administrator_without_the_right(dialogue: Bench, operator: Person):
    thread = await topic(dialogue)
    where = {"chat_id": GROUP, "message_thread_id": thread}
    await operator.manages_topic("close", thread)
    await operator.seats_bot("administrator", ["can_pin_messages"])
    create = await dialogue.refusal("createForumTopic", chat_id=GROUP, name="x")
    assert create == "Bad Request: not enough rights to create a topic"
    assert "not enough rights" in await dialogue.refusal("editForumTopic", name="x", **where)
    assert "not enough rights" in await dialogue.refusal("deleteForumTopic", **where)
    assert await dialogue.refusal("sendMessage", text="x", **where) == "Bad Request: TOPIC_CLOSED"
    member = await dialogue.result("getChatMember", chat_id=GROUP, user_id=4242)
    assert (member["status"], member["can_manage_topics"], member["can_pin_messages"]) == ("administrator", False, True)
    await operator.seats_bot("administrator", ["can_manage_topics"])
    assert "not enough rights to delete" in await dialogue.refusal("deleteForumTopic", **where)


async def test_others_messages_need_rights(dialogue: Bench, operator: Person):
    foreign = (await operator.says("болтовня"))["message_id"]
    own = (await dialogue.result("sendMessage", chat_id=GROUP, text="x"))["message_id"]
    await operator.seats_bot("member")
    assert "can't be deleted" in await dialogue.refusal("deleteMessage", chat_id=GROUP, message_id=foreign)
    assert "not enough rights" in await dialogue.refusal("pinChatMessage", chat_id=GROUP, message_id=foreign)
    await dialogue.result("deleteMessage", chat_id=GROUP, message_id=own)
    await operator.seats_bot("administrator")
    await dialogue.result("pinChatMessage", chat_id=GROUP, message_id=foreign)
    await dialogue.result("unpinChatMessage", chat_id=GROUP, message_id=foreign)
    thread = await topic(dialogue)
    assert "can't be deleted" in await dialogue.refusal("deleteMessage", chat_id=GROUP, message_id=thread)
    await dialogue.result("deleteMessages", chat_id=GROUP, message_ids=[foreign, 999_999])
    assert "can't be deleted" in await dialogue.refusal("deleteMessages", chat_id=GROUP, message_ids=[thread])


async def test_a_mere_member_hears_only_what_is_meant_for_it(dialogue: Bench, operator: Person):
    await operator.seats_bot("member")
    change = (await last_update(dialogue, operator))["my_chat_member"]
    assert (change["old_chat_member"]["status"], change["new_chat_member"]["status"]) == ("administrator", "member")
    own = (await dialogue.result("sendMessage", chat_id=GROUP, text="x"))["message_id"]
    assert (await operator.says("между собой"))["update_id"] is None
    assert (await operator.says("/stats"))["update_id"]
    assert (await operator.says("@assistant_mastera_bot, ау"))["update_id"]
    assert (await operator.says("да", reply_to=own))["update_id"]


@pytest.mark.parametrize(
    ("status", "reason"),
    [
        ("kicked", "Forbidden: bot was kicked from the supergroup chat"),
        ("left", "Forbidden: bot is not a member of the supergroup chat"),
    ],
)
async def test_a_bot_that_is_out(dialogue: Bench, operator: Person, status: Any, reason: str):
    await operator.seats_bot(status)
    assert (await last_update(dialogue, operator))["my_chat_member"]["new_chat_member"]["status"] == status
    assert await dialogue.refusal("sendMessage", chat_id=GROUP, text="x") == reason
    assert (await operator.says("/stats"))["update_id"] is None
    assert (await operator.seats_bot(status))["update_id"] is None


async def test_members(dialogue: Bench, operator: Person):
    await operator.says("я тут")
    known = await dialogue.result("getChatMember", chat_id=GROUP, user_id=OPERATOR)
    assert (known["status"], known["user"]["id"]) == ("member", OPERATOR)
    assert (await dialogue.result("getChatMember", chat_id=MASTER, user_id=4242))["status"] == "member"
    assert "member not found" in await dialogue.refusal("getChatMember", chat_id=GROUP, user_id=MASTER)


async def test_forgetting_everybody_leaves_the_group_as_it_began(dialogue: Bench, operator: Person):
    await topic(dialogue)
    await operator.seats_bot("member", forum=False)
    await dialogue.http.delete("/_sim/chats")
    view = await dialogue.chat(GROUP)
    assert (view["topics"], view["messages"], view["bot"]["status"]) == ([], [], "administrator")
