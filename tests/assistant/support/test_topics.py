"""Topics: made once, found again, made anew when they are gone; whoever is not reached is told of."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest

from shared.assistant import texts
from shared.assistant.support import topics
from shared.assistant.telegram_delivery import TelegramDelivery
from shared.domain import masters
from shared.pipeline.sending import DeliveryResult
from shared.telegram.api import CopyMessage, SendMessage
from shared.telegram.calls import StoredCall
from shared.telegram.sender import Sender
from shared.telegram.session import make_bot
from tests.assistant.samples import MASTER, OTHER, USER
from tests.assistant.stage import OPERATORS, Stage
from tests.support.telegram import BASE, TOKEN, Answer, BotApi, form, ok, refuse

COPY = CopyMessage(chat_id=OPERATORS, from_chat_id=USER, message_id=5)
ANSWER = CopyMessage(chat_id=USER, from_chat_id=OPERATORS, message_id=9)
GONE = refuse("Bad Request: message thread not found")
NO_FORUM = refuse("Bad Request: the chat is not a forum")


def topic(thread_id: int) -> Any:
    return ok({"message_thread_id": thread_id, "name": "Иван", "icon_color": 7322096})


def copy(message_id: int) -> Any:
    return ok({"message_id": message_id})


def gone_from(thread_id: str) -> Answer:
    """What a group answers whose topic of this number is gone, whoever asks first."""

    def answer(request: httpx.Request) -> httpx.Response:
        fields, _ = form(request)
        return (GONE if fields.get("message_thread_id") == thread_id else copy(101))(request)

    return answer


def said(api: BotApi) -> list[str]:
    return [asked.fields["text"] for asked in api.asked if asked.method == "sendMessage"]


def threads(api: BotApi) -> list[str | None]:
    return [asked.fields.get("message_thread_id") for asked in api.asked if asked.method == "copyMessage"]


@pytest.fixture
def api() -> BotApi:
    return BotApi()


@pytest.fixture
async def deliver(api: BotApi, stage: Stage) -> AsyncIterator[TelegramDelivery]:
    async def at_once(_: float) -> None:
        """Nobody waits."""

    async with httpx.AsyncClient(transport=httpx.MockTransport(api)) as http:
        yield TelegramDelivery(Sender(make_bot(TOKEN, BASE, http), sleep=at_once), stage.store, stage.clock)


async def relay(deliver: TelegramDelivery, user: int = USER) -> DeliveryResult:
    return await deliver(StoredCall.from_method(COPY, tag=f"topic:{user}").as_data(), {}, 9.0)


async def kept(stage: Stage) -> tuple[object, object]:
    topic, thread = await stage.read(topics.of_master(USER)), await stage.read(topics.of_thread(31))
    return topic and topic["thread_id"], thread and thread["telegram_id"]


async def test_the_first_message_makes_the_topic_and_says_who_it_is(
    deliver: TelegramDelivery, api: BotApi, stage: Stage
) -> None:
    api.will("createForumTopic", topic(31))
    api.will("copyMessage", copy(100))
    assert await relay(deliver) == DeliveryResult()
    assert api.methods == ["createForumTopic", "sendMessage", "copyMessage"]
    assert api.asked[0].fields["name"] == texts.support.topic(MASTER.name, USER)
    assert said(api) == [texts.operators.who(MASTER)]
    assert api.asked[1].fields["message_thread_id"] == "31"
    assert threads(api) == ["31"]
    assert await kept(stage) == (31, USER)


async def test_the_next_message_finds_it(deliver: TelegramDelivery, api: BotApi) -> None:
    api.will("createForumTopic", topic(31))
    api.will("copyMessage", copy(100), copy(101))
    await relay(deliver)
    await relay(deliver)
    assert api.methods.count("createForumTopic") == 1
    assert threads(api) == ["31", "31"]


async def test_messages_sent_at_once_share_a_topic(deliver: TelegramDelivery, api: BotApi) -> None:
    api.will("createForumTopic", topic(31))
    api.will("copyMessage", copy(100), copy(101))
    done = await asyncio.gather(relay(deliver), relay(deliver))
    assert {delivery.later for delivery in done} <= {None, topics.MAKING}
    assert api.methods.count("createForumTopic") == 1


async def test_who_died_while_making_it_blocks_nobody_for_long(
    deliver: TelegramDelivery, api: BotApi, stage: Stage
) -> None:
    api.will("createForumTopic", refuse("Too Many Requests: retry after 40", 429, retry_after=40), topic(31))
    api.will("copyMessage", copy(100))
    assert await relay(deliver) == DeliveryResult(later=40)
    assert await relay(deliver) == DeliveryResult(later=topics.MAKING)
    stage.clock.advance(seconds=topics.LEASE.total_seconds())
    assert await relay(deliver) == DeliveryResult()
    assert await kept(stage) == (31, USER)


async def test_a_topic_the_operators_deleted_is_made_anew(deliver: TelegramDelivery, api: BotApi, stage: Stage) -> None:
    api.will("createForumTopic", topic(30), topic(31))
    api.will("copyMessage", copy(100), GONE, copy(101), copy(102))
    await relay(deliver)
    assert await relay(deliver) == DeliveryResult()
    assert threads(api) == ["30", "30", None, "31"]
    assert await kept(stage) == (31, USER)
    assert await stage.read(topics.of_thread(30)) is None
    assert api.asked[-1].method == "deleteMessage", "what fell beside the topics is cleared away"
    assert api.asked[-1].fields["message_id"] == "101"


async def test_two_who_find_it_gone_make_one(deliver: TelegramDelivery, api: BotApi) -> None:
    api.will("createForumTopic", topic(30), topic(31))
    api.will("copyMessage", copy(100), *[gone_from("30")] * 8)
    await relay(deliver)
    done = await asyncio.gather(relay(deliver), relay(deliver))
    assert {delivery.later for delivery in done} <= {None, topics.MAKING}
    assert api.methods.count("createForumTopic") == 2


async def test_a_group_without_topics_still_sees_the_message(
    deliver: TelegramDelivery, api: BotApi, caplog: pytest.LogCaptureFixture
) -> None:
    api.will("createForumTopic", NO_FORUM)
    api.will("copyMessage", copy(100))
    assert await relay(deliver) == DeliveryResult()
    assert said(api) == [texts.operators.who(MASTER)]
    assert threads(api) == [None]
    assert "support_no_topics" in [vars(record).get("fields", {}).get("event") for record in caplog.records]


async def test_whose_record_is_gone_has_a_topic_without_a_card(deliver: TelegramDelivery, api: BotApi) -> None:
    api.will("createForumTopic", topic(31))
    api.will("copyMessage", copy(100))
    await relay(deliver, OTHER)
    assert api.methods == ["createForumTopic", "copyMessage"]
    assert api.asked[0].fields["name"] == texts.support.topic("", OTHER)


async def test_a_message_that_reaches_nobody_is_told_of(deliver: TelegramDelivery, api: BotApi) -> None:
    kicked = refuse("Forbidden: bot was kicked from the supergroup chat", 403)
    api.will("createForumTopic", kicked)
    api.will("sendMessage", kicked)
    api.will("copyMessage", kicked)
    assert await relay(deliver) == DeliveryResult()
    assert (said(api)[-1], api.asked[-1].fields["chat_id"]) == (texts.support.lost(), str(USER))


async def test_a_message_that_cannot_go_now_goes_later(deliver: TelegramDelivery, api: BotApi) -> None:
    api.will("createForumTopic", topic(31))
    api.will("copyMessage", refuse("Too Many Requests: retry after 40", 429, retry_after=40), copy(100))
    assert await relay(deliver) == DeliveryResult(later=40)
    assert await relay(deliver) == DeliveryResult()
    assert threads(api) == ["31", "31"]


async def test_a_message_taken_back_meanwhile_is_no_trouble(deliver: TelegramDelivery, api: BotApi) -> None:
    api.will("createForumTopic", topic(31))
    api.will("copyMessage", refuse("Bad Request: message to copy not found"))
    assert await relay(deliver) == DeliveryResult()
    assert texts.support.lost() not in said(api)


async def test_that_it_was_passed_on_is_said_after_it_was(deliver: TelegramDelivery, api: BotApi) -> None:
    kicked = refuse("Forbidden: bot was kicked from the supergroup chat", 403)
    late = refuse("Too Many Requests: retry after 40", 429, retry_after=40)
    api.will("createForumTopic", topic(31))
    api.will("copyMessage", late, copy(100), kicked)
    first = StoredCall.from_method(COPY, tag=f"topic:{USER}!").as_data()
    told = []
    for _ in range(3):
        await deliver(first, {}, 9.0)
        told.append(said(api)[1:])
    assert told == [[], [texts.support.passed_on()], [texts.support.passed_on(), texts.support.lost()]]


async def test_words_about_a_message_go_into_the_topic_too(deliver: TelegramDelivery, api: BotApi) -> None:
    api.will("createForumTopic", topic(31))
    words = SendMessage(chat_id=OPERATORS, text=texts.support.mended("два"))
    await deliver(StoredCall.from_method(words, tag=f"topic:{USER}").as_data(), {}, 9.0)
    assert (said(api)[-1], api.asked[-1].fields["message_thread_id"]) == (words.text, "31")


async def test_an_answer_that_does_not_arrive_is_told_of_in_the_topic(
    deliver: TelegramDelivery, api: BotApi, stage: Stage
) -> None:
    api.will("copyMessage", refuse("Forbidden: bot was blocked by the user", 403))
    await deliver(StoredCall.from_method(ANSWER, tag="answer:31").as_data(), {}, 9.0)
    assert said(api) == [texts.operators.not_reached()]
    assert (api.asked[-1].fields["chat_id"], api.asked[-1].fields["message_thread_id"]) == (str(OPERATORS), "31")
    master = await masters.load(stage.unit(), USER)
    assert master is not None
    assert not master.reachable


async def test_an_answer_that_arrives_needs_no_word(deliver: TelegramDelivery, api: BotApi) -> None:
    api.will("copyMessage", copy(100))
    await deliver(StoredCall.from_method(ANSWER, tag="answer:31").as_data(), {}, 9.0)
    assert api.methods == ["copyMessage"]


async def test_a_question_that_did_not_reach_the_operators_is_told_of(
    deliver: TelegramDelivery, api: BotApi, caplog: pytest.LogCaptureFixture
) -> None:
    api.will("sendMessage", refuse("Forbidden: bot was kicked from the supergroup chat", 403))
    asked = StoredCall.from_method(SendMessage(chat_id=OPERATORS, text="вопрос"), tag=f"asked:{USER}")
    await deliver(asked.as_data(), {}, 9.0)
    assert said(api) == ["вопрос", texts.support.lost()]
    assert api.asked[-1].fields["chat_id"] == str(USER)
    assert "operators_unreached" in [vars(record).get("fields", {}).get("event") for record in caplog.records]
