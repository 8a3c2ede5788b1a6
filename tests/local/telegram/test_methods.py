"""Every method through aiogram's own client over a socket: what we answer is what its models expect."""

from collections.abc import AsyncIterator
from dataclasses import dataclass

import httpx
import pytest
from aiogram import Bot
from aiogram.client.session.aiohttp import AiohttpSession
from aiogram.client.telegram import TelegramAPIServer
from aiogram.exceptions import (
    TelegramBadRequest,
    TelegramConflictError,
    TelegramForbiddenError,
    TelegramNotFound,
    TelegramRetryAfter,
    TelegramServerError,
    TelegramUnauthorizedError,
)
from aiogram.types import (
    BotCommand,
    BotCommandScopeAllPrivateChats,
    BufferedInputFile,
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    InlineQueryResultArticle,
    InputMediaPhoto,
    InputTextMessageContent,
    KeyboardButton,
    MenuButtonCommands,
    ReactionTypeEmoji,
    ReplyKeyboardMarkup,
    ReplyKeyboardRemove,
    ReplyParameters,
    Update,
)

from infra.local.telegram import SystemClock, TelegramOptions, TelegramSim, create_telegram
from infra.local.telegram.acting import Place
from infra.local.telegram.inlining import InlinePeople
from infra.local.telegram.people import Words
from tests.local.telegram.bench import MASTER, TOKEN, picture
from tests.support.servers import serving

GROUP = -100500


@dataclass
class Line:
    """An aiogram bot connected to the simulator."""

    bot: Bot
    sim: TelegramSim
    url: str

    def text(self, message_id: int) -> str:
        return self.sim.world.chats[MASTER].messages[message_id].content.text


def connected(url: str, token: str = TOKEN) -> Bot:
    return Bot(token, session=AiohttpSession(api=TelegramAPIServer.from_base(url)))


@pytest.fixture
async def line(options: TelegramOptions) -> AsyncIterator[Line]:
    async with httpx.AsyncClient() as webhooks:
        sim = create_telegram(options, clock=SystemClock(), http=webhooks)
        async with serving(sim.app) as url:
            bot = connected(url)
            sim.people.says(MASTER, Words("/start"))
            try:
                yield Line(bot, sim, url)
            finally:
                await sim.stop()
                await bot.session.close()


def keyboard(*texts: str) -> InlineKeyboardMarkup:
    return InlineKeyboardMarkup(
        inline_keyboard=[[InlineKeyboardButton(text=text, callback_data=text) for text in texts]]
    )


def photo(color: str = "orange") -> BufferedInputFile:
    return BufferedInputFile(picture(color), "фото.png")


async def test_me(line: Line):
    me = await line.bot.get_me()
    assert (me.id, me.is_bot, me.username) == (4242, True, "assistant_mastera_bot")
    assert me.supports_inline_queries


async def test_messages(line: Line):
    sent = await line.bot.send_message(
        MASTER,
        "<b>Итого:</b> 8 440 ₽",
        parse_mode="HTML",
        reply_markup=keyboard("Да", "Нет"),
        reply_parameters=ReplyParameters(message_id=next(iter(line.sim.world.chats[MASTER].messages))),
    )
    assert sent.html_text == "<b>Итого:</b> 8 440 ₽"
    assert sent.reply_markup
    assert sent.reply_markup.model_dump() == keyboard("Да", "Нет").model_dump()
    assert sent.reply_to_message
    assert sent.reply_to_message.text == "/start"
    edited = await line.bot.edit_message_text("Готово", chat_id=MASTER, message_id=sent.message_id)
    assert not isinstance(edited, bool)
    assert (edited.text, edited.reply_markup) == ("Готово", None)
    assert edited.edit_date
    await line.bot.edit_message_reply_markup(chat_id=MASTER, message_id=sent.message_id, reply_markup=keyboard("Ещё"))
    assert await line.bot.pin_chat_message(MASTER, sent.message_id)
    chat = await line.bot.get_chat(MASTER)
    assert chat.type == "private"
    assert chat.pinned_message
    assert await line.bot.delete_message(MASTER, sent.message_id)
    with pytest.raises(TelegramBadRequest, match="message to delete not found"):
        await line.bot.delete_message(MASTER, sent.message_id)


async def test_numbers_stay_text(line: Line):
    sent = await line.bot.send_message(MASTER, "12345")
    assert sent.text == "12345"


async def test_photos(line: Line):
    sent = await line.bot.send_photo(MASTER, photo(), caption="Карточка", reply_markup=keyboard("В корзину"))
    assert sent.photo
    assert (sent.photo[-1].width, sent.photo[-1].height) == (120, 80)
    again = await line.bot.send_photo(MASTER, sent.photo[-1].file_id)
    assert again.photo == sent.photo
    file = await line.bot.get_file(sent.photo[-1].file_id)
    assert file.file_path
    content = await line.bot.download_file(file.file_path)
    assert content
    assert content.read() == picture()
    edited = await line.bot.edit_message_caption(chat_id=MASTER, message_id=sent.message_id, caption="Другая")
    assert not isinstance(edited, bool)
    assert edited.caption == "Другая"


async def test_a_text_message_becomes_a_photo_and_then_another(line: Line):
    sent = await line.bot.send_message(MASTER, "Ищем…")
    media = InputMediaPhoto(media=photo("teal"), caption="<i>Нашли</i>", parse_mode="HTML")
    edited = await line.bot.edit_message_media(media, chat_id=MASTER, message_id=sent.message_id)
    assert not isinstance(edited, bool)
    assert edited.photo
    assert edited.caption == "Нашли"
    other = await line.bot.edit_message_media(
        InputMediaPhoto(media=photo("red")), chat_id=MASTER, message_id=sent.message_id
    )
    assert not isinstance(other, bool)
    assert other.photo != edited.photo


async def test_albums(line: Line):
    first, second = await line.bot.send_media_group(
        MASTER, [InputMediaPhoto(media=photo("red"), caption="Две"), InputMediaPhoto(media=photo("blue"))]
    )
    assert first.media_group_id == second.media_group_id
    assert (first.caption, second.caption) == ("Две", None)
    with pytest.raises(TelegramBadRequest, match="2-10"):
        await line.bot.send_media_group(MASTER, [InputMediaPhoto(media=photo())])


async def test_copies_and_forwards(line: Line):
    sent = await line.bot.send_photo(MASTER, photo(), caption="Было")
    copied = await line.bot.copy_message(GROUP, MASTER, sent.message_id, caption="Стало")
    assert line.sim.world.chats[GROUP].messages[copied.message_id].content.text == "Стало"
    start = next(iter(line.sim.world.chats[MASTER].messages))
    forwarded = await line.bot.forward_message(GROUP, MASTER, start)
    assert forwarded.forward_origin
    assert forwarded.text == "/start"
    with pytest.raises(TelegramBadRequest, match="message to forward not found"):
        await line.bot.forward_message(GROUP, MASTER, 999_999)


async def test_reply_keyboards(line: Line):
    asking = ReplyKeyboardMarkup(keyboard=[[KeyboardButton(text="Мой номер", request_contact=True)]])
    sent = await line.bot.send_message(MASTER, "Телефон?", reply_markup=asking)
    act = line.sim.people.taps(MASTER, "Мой номер")
    assert line.sim.world.chats[MASTER].messages[act.message_ids[0]].contact
    with pytest.raises(TelegramBadRequest, match="message can't be edited"):
        await line.bot.edit_message_text("?", chat_id=MASTER, message_id=sent.message_id)
    with pytest.raises(TelegramBadRequest, match="private chats only"):
        await line.bot.send_message(GROUP, "Телефон?", reply_markup=asking)
    await line.bot.send_message(MASTER, "Спасибо", reply_markup=ReplyKeyboardRemove())


async def test_taps_and_their_answers(line: Line):
    await line.bot.send_message(MASTER, "?", reply_markup=keyboard("Да"))
    line.sim.people.taps(MASTER, "Да")
    updates = await line.bot.get_updates()
    query = updates[-1].callback_query
    assert query
    assert query.data == "Да"
    assert await line.bot.answer_callback_query(query.id, text="Принято", show_alert=True)
    with pytest.raises(TelegramBadRequest, match="query is too old and response timeout expired"):
        await line.bot.answer_callback_query(query.id)


async def test_inline_queries(line: Line):
    people = InlinePeople(line.sim.core)
    act = people.asks(MASTER, "дисплей")
    inline = (await line.bot.get_updates())[-1].inline_query
    assert inline
    assert inline.query == "дисплей"
    article = InlineQueryResultArticle(
        id="1", title="Дисплей", input_message_content=InputTextMessageContent(message_text="/p 1")
    )
    assert await line.bot.answer_inline_query(inline.id, [article], cache_time=60, is_personal=True)
    await people.chooses(MASTER, act.details["inline_query_id"], "1")
    chosen, message = (await line.bot.get_updates())[-2:]
    assert chosen.chosen_inline_result
    assert chosen.chosen_inline_result.result_id == "1"
    assert message.message
    assert message.message.via_bot


async def test_every_kind_of_update_is_understood(line: Line):
    people = line.sim.people
    people.says(MASTER, Words(contact={}))
    people.says(MASTER, Words(location={"latitude": 55.7, "longitude": 37.6}))
    people.says(MASTER, Words("в группе"), Place(GROUP))
    people.blocks(MASTER, blocked=True)
    people.blocks(MASTER, blocked=False)
    point = {"latitude": 55.7, "longitude": 37.6}
    people.says(MASTER, Words(venue={"location": point, "title": "Склад", "address": "Мира, 2"}))
    updates = await line.bot.get_updates()
    kinds = [update.event_type for update in updates]
    assert kinds == ["message"] * 4 + ["my_chat_member"] * 2 + ["message"]
    venue = updates[6].message
    assert venue
    assert venue.venue
    assert venue.location == venue.venue.location
    assert (venue.venue.title, venue.venue.address) == ("Склад", "Мира, 2")
    contact = updates[1].message
    assert contact
    assert contact.contact
    assert contact.from_user
    assert contact.contact.user_id == contact.from_user.id
    stopped = updates[4].my_chat_member
    assert stopped
    assert stopped.new_chat_member.status == "kicked"


def test_an_update_about_a_deleted_message_is_understood(options: TelegramOptions):
    body = {
        "update_id": 1,
        "callback_query": {
            "id": "1",
            "from": {"id": 1, "is_bot": False, "first_name": "Я"},
            "chat_instance": "1",
            "data": "x",
            "message": {"message_id": 5, "date": 0, "chat": {"id": 1, "type": "private"}},
        },
    }
    update = Update.model_validate(body)
    assert update.callback_query
    assert update.callback_query.message
    assert options.bot_id == 4242


async def test_the_profile(line: Line):
    commands = [BotCommand(command="cart", description="Корзина")]
    assert await line.bot.set_my_commands(commands, scope=BotCommandScopeAllPrivateChats(), language_code="ru")
    (known,) = await line.bot.get_my_commands(scope=BotCommandScopeAllPrivateChats(), language_code="ru")
    assert (known.command, known.description) == ("cart", "Корзина")
    assert await line.bot.get_my_commands() == []
    assert await line.bot.delete_my_commands(scope=BotCommandScopeAllPrivateChats(), language_code="ru")
    assert await line.bot.get_my_commands(scope=BotCommandScopeAllPrivateChats(), language_code="ru") == []
    assert await line.bot.set_my_description("Помогаю мастерам")
    assert (await line.bot.get_my_description()).description == "Помогаю мастерам"
    assert await line.bot.set_my_short_description("Запчасти")
    assert (await line.bot.get_my_short_description()).short_description == "Запчасти"
    assert await line.bot.set_chat_menu_button(menu_button=MenuButtonCommands())
    assert (await line.bot.get_chat_menu_button()).type == "commands"


async def test_actions_reactions_topics(line: Line):
    start = next(iter(line.sim.world.chats[MASTER].messages))
    assert await line.bot.send_chat_action(MASTER, "typing")
    assert await line.bot.set_message_reaction(MASTER, start, [ReactionTypeEmoji(emoji="👀")])
    assert line.sim.world.chats[MASTER].messages[start].reaction == "👀"
    topic = await line.bot.create_forum_topic(GROUP, "Клиент № 5")
    sent = await line.bot.send_message(GROUP, "Вопрос", message_thread_id=topic.message_thread_id)
    assert sent.is_topic_message
    with pytest.raises(TelegramBadRequest, match="message thread not found"):
        await line.bot.send_message(GROUP, "Вопрос", message_thread_id=1)


async def test_the_webhook(line: Line):
    assert await line.bot.set_webhook(f"{line.url}/webhook", secret_token="s", allowed_updates=["message"])
    info = await line.bot.get_webhook_info()
    assert info.url.endswith("/webhook")
    assert info.allowed_updates == ["message"]
    with pytest.raises(TelegramConflictError):
        await line.bot.get_updates()
    assert await line.bot.delete_webhook(drop_pending_updates=True)


async def test_strangers_and_unknown_methods(line: Line):
    stranger = connected(line.url, "4242:other")
    with pytest.raises(TelegramUnauthorizedError):
        await stranger.get_me()
    await stranger.session.close()
    with pytest.raises(TelegramNotFound, match="method not found"):
        await line.bot.send_dice(MASTER)


async def test_faults_reach_the_client(line: Line):
    line.sim.faults.add("429", method="sendMessage", retry_after=7)
    with pytest.raises(TelegramRetryAfter) as slow:
        await line.bot.send_message(MASTER, "1")
    assert slow.value.retry_after == 7
    line.sim.faults.add("500")
    with pytest.raises(TelegramServerError):
        await line.bot.send_message(MASTER, "2")
    line.sim.people.blocks(MASTER, blocked=True)
    with pytest.raises(TelegramForbiddenError, match="bot was blocked by the user"):
        await line.bot.send_message(MASTER, "3")


async def test_a_dropped_answer_was_executed(line: Line):
    line.sim.faults.add("drop_answer")
    async with httpx.AsyncClient(base_url=line.url) as http:
        with pytest.raises(httpx.RemoteProtocolError):
            await http.post(f"/bot{TOKEN}/sendMessage", data={"chat_id": MASTER, "text": "дошло"})
    last = max(line.sim.world.chats[MASTER].messages)
    assert line.text(last) == "дошло"


async def test_a_held_request_is_not_executed(line: Line):
    line.sim.faults.add("timeout")
    async with httpx.AsyncClient(base_url=line.url, timeout=httpx.Timeout(60, read=0.2)) as http:
        with pytest.raises(httpx.ReadTimeout):
            await http.post(f"/bot{TOKEN}/sendMessage", data={"chat_id": MASTER, "text": "не дошло"})
    last = max(line.sim.world.chats[MASTER].messages)
    assert line.text(last) == "/start"
