"""Our Telegram layer and the simulated Telegram over sockets: what one refuses, the other understands."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass

import httpx
import pytest

from infra.local.telegram import Paper, Person, SystemClock, TelegramOptions, TelegramSim, create_telegram
from shared.telegram.api import (
    AnswerInlineQuery,
    Bot,
    CloseForumTopic,
    CopyMessage,
    CopyTextButton,
    CreateForumTopic,
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    InlineQueryResultArticle,
    InputMediaPhoto,
    InputTextMessageContent,
    SendMessage,
)
from shared.telegram.calls import StoredCall
from shared.telegram.downloads import FileGoneError, FileTooLargeError, download_file
from shared.telegram.sender import Sender, SendVerdict
from shared.telegram.session import MAX_DOWNLOAD, make_bot
from tests.local.telegram.bench import MASTER, TOKEN, picture
from tests.support.bot_api import (
    BotCommand,
    BotCommandScopeChat,
    MenuButtonCommands,
    ReplyParameters,
    SendMediaGroup,
    SetChatMenuButton,
    SetMyCommands,
    SetMyDescription,
)
from tests.support.servers import serving

GROUP = -100500
OPERATOR = 900001


@dataclass
class Line:
    """Our bot, whom nobody brings updates, a master, and an operator."""

    bot: Bot
    sender: Sender
    sim: TelegramSim
    master: Person
    operator: Person


@pytest.fixture
async def line() -> AsyncIterator[Line]:
    options = TelegramOptions(token=TOKEN, groups={GROUP: "Операторы"})
    async with httpx.AsyncClient() as http:
        sim = create_telegram(options, clock=SystemClock(), http=http)
        async with serving(sim.app) as url:
            bot, master = make_bot(TOKEN, url, http), Person(http, url, MASTER)
            await master.says("/start")
            yield Line(bot, Sender(bot), sim, master, Person(http, url, OPERATOR, GROUP))


async def topic_of(line: Line) -> int:
    made = await line.sender.send(StoredCall.from_method(CreateForumTopic(chat_id=GROUP, name="Иван · 501")))
    assert made.thread_id is not None
    return made.thread_id


async def sent_file(line: Line, paper: Paper) -> str:
    """The `file_id` of a document that the master sends."""
    sent = await line.master.sends_files([paper])
    document = line.sim.world.chats[MASTER].messages[sent["message_id"]].document
    assert document is not None
    return document.file_id


async def test_a_file_comes_whole(line: Line) -> None:
    content = b"heic" * 100_000
    file_id = await sent_file(line, Paper("IMG_1.HEIC", content))
    assert await download_file(line.bot, file_id) == content


async def test_a_file_that_a_bot_does_not_get(line: Line) -> None:
    file_id = await sent_file(line, Paper("съёмка.mp4", b"x" * (MAX_DOWNLOAD + 1)))
    with pytest.raises(FileTooLargeError):
        await download_file(line.bot, file_id)
    with pytest.raises(FileGoneError):
        await download_file(line.bot, "of-another-bot")


async def test_a_question_and_its_photos_reach_a_topic(line: Line) -> None:
    topic = await topic_of(line)
    asked = await line.master.says("Где заказ?")
    copy = CopyMessage(chat_id=GROUP, message_thread_id=topic, from_chat_id=MASTER, message_id=asked["message_id"])
    copied = await line.sender.send(StoredCall.from_method(copy))
    assert (copied.verdict, copied.thread_id) == (SendVerdict.SENT, topic)
    shown = (await line.operator.chat())["messages"][-1]
    assert (shown["id"], shown["text"], shown["thread_id"]) == (copied.message_id, "Где заказ?", topic)


async def test_what_was_for_a_deleted_topic_reaches_the_group(line: Line) -> None:
    topic = await topic_of(line)
    await line.operator.manages_topic("delete", topic)
    sent = await line.sender.send(
        StoredCall.from_method(SendMessage(chat_id=GROUP, message_thread_id=topic, text="Вопрос"))
    )
    assert (sent.verdict, sent.thread_id) == (SendVerdict.SENT, None)
    assert (await line.operator.chat())["messages"][-1]["text"] == "Вопрос"
    close = await line.sender.send(StoredCall.from_method(CloseForumTopic(chat_id=GROUP, message_thread_id=topic)))
    assert close.verdict is SendVerdict.IGNORED


async def test_an_answer_to_a_vanished_message_stands_alone(line: Line) -> None:
    answer = SendMessage(chat_id=MASTER, text="Да", reply_parameters=ReplyParameters(message_id=999_999))
    assert (await line.sender.send(StoredCall.from_method(answer))).verdict is SendVerdict.SENT


async def test_a_group_that_put_the_bot_out_is_unreachable(line: Line) -> None:
    await line.operator.seats_bot("kicked")
    sent = await line.sender.send(StoredCall.from_method(SendMessage(chat_id=GROUP, text="Вопрос")))
    assert sent.verdict is SendVerdict.UNREACHABLE


async def test_an_album_a_silent_message_and_a_copy_button_arrive(line: Line) -> None:
    await line.master.sends_photos([picture("red"), picture("blue")])
    photos = [message.photo for message in line.sim.world.chats[MASTER].messages.values() if message.photo]
    album = SendMediaGroup(chat_id=MASTER, media=[InputMediaPhoto(media=photo.file_id) for photo in photos])
    assert len((await line.sender.send(StoredCall.from_method(album))).result) == 2
    button = InlineKeyboardButton(text="Трек-номер", copy_text=CopyTextButton(text="RR1"))
    keyboard = InlineKeyboardMarkup(inline_keyboard=[[button]])
    quiet = SendMessage(chat_id=MASTER, text="В пути", disable_notification=True, reply_markup=keyboard)
    await line.sender.send(StoredCall.from_method(quiet))
    shown = (await line.master.chat())["messages"][-1]
    assert shown["silent"]
    assert shown["buttons"][0][0]["copy_text"] == {"text": "RR1"}


async def test_an_inline_answer_that_comes_too_late_is_no_trouble(line: Line) -> None:
    content = InputTextMessageContent(message_text="<b>Дрель</b>")
    result = InlineQueryResultArticle(id="p_1", title="Дрель", input_message_content=content)
    answer = AnswerInlineQuery(inline_query_id="1", cache_time=0, results=[result])
    assert (await line.sender.send(StoredCall.from_method(answer))).verdict is SendVerdict.IGNORED


async def test_the_profile_of_the_bot(line: Line) -> None:
    commands = SetMyCommands(
        commands=[BotCommand(command="who", description="Кто это")], scope=BotCommandScopeChat(chat_id=GROUP)
    )
    for method in (
        commands,
        SetMyDescription(description="Помогаю мастерам"),
        SetChatMenuButton(menu_button=MenuButtonCommands()),
    ):
        assert (await line.sender.send(StoredCall.from_method(method))).result is True
    about = (await line.operator._http.get(f"{line.operator._base}/_sim/about?chat_id={GROUP}")).json()
    assert [command["command"] for command in about["commands"]] == ["who"]
