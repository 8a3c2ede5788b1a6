"""The test client, and through it the simulator; what a bot says to it, the tests say by the Bot API."""

from typing import Any

import pytest
from starlette.responses import Response

from infra.local.clock import Clock, SystemClock
from infra.local.telegram.person import NotSeenError, Person
from tests.local.telegram.bench import MASTER, TOKEN, Bench, Json, picture, reply

CONTACT = {"keyboard": [[{"text": "Поделиться телефоном", "request_contact": True}]]}
PAY = {"text": "💳 Оплатить", "url": "https://pay.example/5121"}
ARTICLE = {"text": "🔗 Артикул", "copy_text": {"text": "DF333DWYE"}}


@pytest.fixture
def clock() -> Clock:
    """A person waits in real time."""
    return SystemClock()


@pytest.fixture
async def master(bench: Bench) -> Person:
    await bench.open_webhook()
    person = Person(bench.http, "http://telegram.test", MASTER)
    await person.says("/start inv_a1b2")
    return person


def card(count: int) -> Json:
    buy = {"text": f"🛒 В корзине · {count} шт." if count else "В корзину", "callback_data": f"buy:{count}"}
    return {"caption": f"Makita, {count} шт.", "reply_markup": {"inline_keyboard": [[buy], [PAY, ARTICLE]]}}


async def says(bench: Bench, text: str, **more: Any) -> None:
    await bench.result("sendMessage", chat_id=MASTER, text=text, **more)


async def shows_card(bench: Bench) -> int:
    form, files = {"chat_id": str(MASTER)}, {"photo": ("card.png", picture())}
    sent = (await bench.http.post(f"/bot{TOKEN}/sendPhoto", data=form, files=files)).json()["result"]["message_id"]
    await bench.result("editMessageCaption", chat_id=MASTER, message_id=sent, **card(0))
    return int(sent)


async def test_a_story(bench: Bench, master: Person):
    async def sells(update: Json) -> Response:
        query = update["callback_query"]
        await bench.result("editMessageCaption", chat_id=MASTER, message_id=query["message"]["message_id"], **card(1))
        return reply("answerCallbackQuery", callback_query_id=query["id"], text="В корзине: 1 шт.")

    await says(bench, "Здравствуйте", reply_markup=CONTACT)
    await master.sees("Здравствуйте")
    await master.taps("Поделиться телефоном")
    await master.settles()
    assert bench.bot.received[-1]["message"]["contact"]["phone_number"].startswith("+7912")
    await master.says("шуруповёрт")
    shown = await shows_card(bench)
    assert (await master.sees("Makita"))["photo"]
    assert await master.opens("💳 Оплатить") == "https://pay.example/5121"
    await master.settles()
    bench.bot.answers.append(sells)
    await master.taps("В корзину")
    await master.sees("🛒 В корзине · 1 шт.")
    await master.sees_toast("В корзине: 1 шт.")
    await master.taps("🔗 Артикул")
    await master.taps_old("buy:0", shown)
    await master.settles()
    assert bench.bot.received[-1]["callback_query"]["data"] == "buy:0"
    assert "🛒 В корзине · 1 шт." in await master.buttons()
    words = await master.transcript()
    assert "мастер: шуруповёрт" in words
    assert "[фото, правок: 2]" in words


async def test_what_is_old_is_not_seen_again(bench: Bench, master: Person):
    await says(bench, "Здравствуйте")
    await master.sees("Здравствуйте")
    await master.says("дрель")
    with pytest.raises(NotSeenError, match="мастер: /start"):
        await master.sees("Здравствуйте", within=0.2)
    await master.still_sees("Здравствуйте")
    with pytest.raises(NotSeenError, match="nowhere"):
        await master.still_sees("Прощайте")


async def test_an_album(bench: Bench, master: Person):
    answer = await master.sends_photos([picture("red"), picture("blue")], caption="Скол")
    for message_id in answer["message_ids"]:
        liked = [{"type": "emoji", "emoji": "👍"}]
        await bench.result("setMessageReaction", chat_id=MASTER, message_id=message_id, reaction=liked)
    view = await master.settles()
    photos = [message for message in view["messages"] if message["photo"]]
    assert [message["id"] for message in photos] == answer["message_ids"]
    assert [message["caption"] for message in photos] == ["Скол", ""]
    assert [message["reaction"] for message in photos] == ["👍", "👍"]


async def test_inline(bench: Bench, master: Person):
    async def finds(update: Json) -> Response:
        asked = update["inline_query"]
        article = {"type": "article", "id": "1", "title": f"Шуруповёрт: {asked['query']}"}
        found = article | {"input_message_content": {"message_text": "/p 1"}}
        return reply("answerInlineQuery", inline_query_id=asked["id"], results=[found])

    await master.settles()
    bench.bot.answers.append(finds)
    answer = await master.types_inline("makita")
    assert answer["results"][0]["title"] == "Шуруповёрт: makita"


async def test_a_missing_button_names_those_there_are(bench: Bench, master: Person):
    await shows_card(bench)
    with pytest.raises(NotSeenError, match="В корзину"):
        await master.taps("Купить")
    with pytest.raises(NotSeenError, match="not a link"):
        await master.opens("В корзину")


async def test_location_blocking_and_groups(bench: Bench, master: Person):
    await master.shares_location(55.75, 37.61)
    await master.shares_venue(55.75, 37.61, "Склад", "Мира, 2")
    assert "мастер [место]" in await master.transcript()
    with pytest.raises(NotSeenError, match="latitude"):
        await master._acts("messages", venue={"title": "нигде"})
    await master.shares_contact(phone_number="+79990001122")
    await master.settles()
    assert bench.bot.received[-1]["message"]["contact"]["phone_number"] == "+79990001122"
    assert (await master.blocks_bot())["update_id"]
    assert (await master.settles())["user"]["blocked"]
    with pytest.raises(NotSeenError, match="blocked"):
        await master.says("ау")
    await master.unblocks_bot()
    await master.says("ау")
    await master.settles()
    assert bench.bot.received[-1]["message"]["text"] == "ау"


async def test_a_voice_note_can_be_downloaded(bench: Bench, master: Person):
    await master.speaks(7)
    await master.settles()
    note = bench.bot.received[-1]["message"]["voice"]
    assert (note["duration"], note["mime_type"]) == (7, "audio/ogg")
    found = await bench.result("getFile", file_id=note["file_id"])
    assert found["file_path"].endswith(".oga")
    assert "[голос]" in await master.transcript()
    with pytest.raises(NotSeenError, match="1–3600"):
        await master.speaks(0)


async def test_a_person_edits_his_own_words_only(bench: Bench, master: Person):
    await says(bench, "Здравствуйте")
    greeting = (await master.sees("Здравствуйте"))["id"]
    said = (await master.says("дрель"))["message_id"]
    await master.edits(said, "перфоратор")
    view = await master.settles()
    update = bench.bot.received[-1]["edited_message"]
    assert (update["message_id"], update["text"], update["edit_date"] >= update["date"]) == (said, "перфоратор", True)
    edited = view["messages"][-1]
    assert (edited["text"], edited["original"]["text"]) == ("перфоратор", "дрель")
    for message_id, text in ((greeting, "Прощайте"), (said, "перфоратор"), (said, " "), (9, "что-то")):
        with pytest.raises(NotSeenError):
            await master.edits(message_id, text)


async def test_a_person_forwards_what_the_bot_said(bench: Bench, master: Person):
    shown = await shows_card(bench)
    await master.forwards(shown)
    await master.settles()
    message = bench.bot.received[-1]["message"]
    assert message["forward_origin"]["sender_user"]["is_bot"]
    assert message["photo"]
    assert "reply_markup" not in message
    await says(bench, "Не для всех", protect_content=True)
    kept = await master.sees("Не для всех")
    with pytest.raises(NotSeenError, match="no message that can be forwarded"):
        await master.forwards(kept["id"])
