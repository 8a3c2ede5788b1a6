"""Inline mode: what is asked, what may be answered, what a chosen result becomes."""

from typing import Any

import pytest
from aiogram.types import Update
from starlette.responses import Response

from infra.local.telegram import Person
from infra.local.telegram.person import NotSeenError
from tests.local.telegram.bench import MASTER, Bench, reply

BUTTONS = {"inline_keyboard": [[{"text": "Открыть", "url": "https://t.me/assistant_mastera_bot?start=p_1"}]]}
ARTICLE = {
    "type": "article",
    "id": "p_1",
    "title": "Дрель",
    "input_message_content": {"message_text": "<b>Дрель</b>", "parse_mode": "HTML"},
    "reply_markup": BUTTONS,
}
PHOTO = {"type": "photo", "id": "p_2", "photo_url": "http://127.0.0.1:9/files/card.png", "thumbnail_url": "https://x"}


@pytest.fixture
async def master(dialogue: Bench) -> Person:
    await dialogue.open_webhook()
    return Person(dialogue.http, "http://telegram.test", MASTER)


def offers(bench: Bench, *results: dict[str, Any], **more: Any) -> None:
    """The bot will answer the next query so."""

    async def answer(update: dict[str, Any]) -> Response:
        return reply("answerInlineQuery", inline_query_id=update["inline_query"]["id"], results=list(results), **more)

    bench.bot.answers.append(answer)


async def told(bench: Bench, person: Person) -> list[dict[str, Any]]:
    await person.settles()
    for update in bench.bot.received:
        Update.model_validate(update)
    return bench.bot.received


async def test_a_result_becomes_a_message_with_its_buttons(dialogue: Bench, master: Person):
    await master.settles()
    offers(dialogue, ARTICLE)
    answer = await master.types_inline("дрель", chat_type="supergroup")
    assert answer["results"][0]["title"] == "Дрель"
    await master.chooses("p_1")
    *_, query, chosen, message = sorted(await told(dialogue, master), key=lambda update: update["update_id"])
    assert (query["inline_query"]["query"], query["inline_query"]["chat_type"]) == ("дрель", "supergroup")
    assert chosen["chosen_inline_result"]["result_id"] == "p_1"
    assert chosen["chosen_inline_result"]["inline_message_id"]
    assert message["message"]["text"] == "Дрель"
    assert message["message"]["entities"][0]["type"] == "bold"
    assert message["message"]["via_bot"]["is_bot"]
    last = (await dialogue.chat())["messages"][-1]
    assert (last["via_bot"], last["buttons"][0][0]["text"]) == (True, "Открыть")


async def test_a_photo_result_becomes_a_photo(dialogue: Bench, master: Person):
    await master.settles()
    offers(dialogue, PHOTO | {"caption": "Дрель"}, next_offset="50", button={"text": "Войти", "start_parameter": "in"})
    answer = await master.types_inline("дрель")
    assert (answer["next_offset"], answer["button"]["start_parameter"]) == ("50", "in")
    sent = await master.chooses("p_2")
    last = (await dialogue.chat())["messages"][-1]
    assert (last["id"], last["caption"]) == (sent["message_id"], "Дрель")
    assert last["photo"]
    chosen = [update for update in await told(dialogue, master) if "chosen_inline_result" in update]
    assert "inline_message_id" not in chosen[-1]["chosen_inline_result"]


async def test_a_picture_that_telegram_has_needs_no_address(dialogue: Bench, master: Person):
    await master.settles()
    offers(dialogue, PHOTO)
    await master.types_inline("x")
    await master.chooses("p_2")
    received = [update["message"] for update in await told(dialogue, master) if "message" in update]
    cached = {"type": "photo", "id": "c", "photo_file_id": received[-1]["photo"][-1]["file_id"]}
    content = {"message_text": "вместо фото"}
    offers(dialogue, cached, cached | {"id": "t", "input_message_content": content})
    assert len((await master.types_inline("x"))["results"]) == 2
    await master.chooses("c")
    assert (await dialogue.chat())["messages"][-1]["photo"]
    await master.chooses("t")
    assert (await dialogue.chat())["messages"][-1]["text"] == "вместо фото"


async def test_only_what_was_offered_to_him_can_be_chosen(dialogue: Bench, master: Person):
    with pytest.raises(NotSeenError, match="no such result"):
        await master.chooses("p_1")
    await master.settles()
    offers(dialogue, ARTICLE)
    await master.types_inline("x")
    with pytest.raises(NotSeenError, match="p_1"):
        await master.chooses("p_9")


async def test_a_bot_that_says_nothing(master: Person):
    assert await master.types_inline("x", within=0.2) == {}
    with pytest.raises(NotSeenError, match="400"):
        await master.types_inline("x" * 257)
    with pytest.raises(NotSeenError, match="400"):
        await master.types_inline("x", chat_type="moon")


@pytest.mark.parametrize(
    ("result", "reason"),
    [
        (ARTICLE | {"title": ""}, "can't parse inline query result: Can't find field \"title\""),
        (ARTICLE | {"input_message_content": None}, "can't parse inline query result: Input message content is not"),
        (ARTICLE | {"input_message_content": {"latitude": 1}}, "can't parse inline query result: the simulator"),
        (ARTICLE | {"input_message_content": {"message_text": "<b>", "parse_mode": "HTML"}}, "can't parse entities"),
        (ARTICLE | {"input_message_content": {"message_text": "x" * 4097}}, "message is too long"),
        (ARTICLE | {"reply_markup": {"keyboard": [["x"]]}}, "inline keyboard expected"),
        (ARTICLE | {"reply_markup": {"inline_keyboard": [[{"text": "x"}]]}}, "can't parse inline keyboard button"),
        (ARTICLE | {"type": "gif"}, 'can\'t parse inline query result: type "gif" is unsupported'),
        (PHOTO | {"photo_url": ""}, "can't parse inline query result: Can't find field \"photo_url\""),
        (PHOTO | {"thumbnail_url": None}, "can't parse inline query result: Can't find field \"thumbnail_url\""),
        (PHOTO | {"photo_file_id": "x"}, "wrong file identifier specified"),
        (PHOTO | {"caption": "x" * 1025}, "message caption is too long"),
    ],
)
async def test_results_that_are_refused(dialogue: Bench, result: dict[str, Any], reason: str):
    asked = await dialogue.control("inline", user_id=MASTER, query="x")
    refusal = await dialogue.refusal("answerInlineQuery", inline_query_id=asked["inline_query_id"], results=[result])
    assert refusal.startswith(f"Bad Request: {reason}")


@pytest.mark.parametrize("button", [{}, {"text": "x"}, {"text": "x", "start_parameter": "a b"}, "x"])
async def test_buttons_that_are_refused(dialogue: Bench, button: object):
    asked = await dialogue.control("inline", user_id=MASTER, query="x")
    await dialogue.refusal("answerInlineQuery", inline_query_id=asked["inline_query_id"], results=[], button=button)
