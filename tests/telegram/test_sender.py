from __future__ import annotations

import json
import logging
from typing import Any

import httpx
import pytest

from shared.telegram.api import (
    AiogramError,
    AnswerCallbackQuery,
    AnswerInlineQuery,
    Bot,
    CloseForumTopic,
    CopyMessage,
    CreateForumTopic,
    DeleteMessage,
    EditForumTopic,
    EditMessageCaption,
    EditMessageMedia,
    EditMessageReplyMarkup,
    EditMessageText,
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    InlineQueryResultArticle,
    InputMediaPhoto,
    InputTextMessageContent,
    ReopenForumTopic,
    SendChatAction,
    SendMessage,
    SendPhoto,
    TelegramAPIError,
    TelegramMethod,
)
from shared.telegram.calls import StoredCall
from shared.telegram.failures import wait_of
from shared.telegram.sender import Sender, SendVerdict, Sent, verdict
from shared.telegram.sent_messages import SentMessage
from tests.support.bot_api import ReplyParameters, SendDocument, SendMediaGroup, TelegramBadRequest
from tests.support.clock import Clock
from tests.support.telegram import Answer, BotApi, fail, message, ok, raw, refuse

KEYBOARD = InlineKeyboardMarkup(inline_keyboard=[[InlineKeyboardButton(text="Да", callback_data="y")]])
TEXT = SendMessage(chat_id=42, text="<b>Дрель</b> 1 &lt; 2", reply_markup=KEYBOARD)
PHOTO = SendPhoto(chat_id=42, photo="AgAC", caption="<b>Дрель</b>", reply_markup=KEYBOARD)
EDIT = EditMessageText(chat_id=42, message_id=7, text="<b>Дрель</b>", reply_markup=KEYBOARD)
CAPTION = EditMessageCaption(chat_id=42, message_id=7, caption="<b>Дрель</b>", reply_markup=KEYBOARD)
MEDIA = EditMessageMedia(
    chat_id=42, message_id=7, media=InputMediaPhoto(media="AgAC", caption="<b>Дрель</b>"), reply_markup=KEYBOARD
)
BUTTONS = EditMessageReplyMarkup(chat_id=42, message_id=7, reply_markup=KEYBOARD)
DELETE = DeleteMessage(chat_id=42, message_id=7)
TOAST = AnswerCallbackQuery(callback_query_id="1", text="В корзине")

GONE = "Bad Request: message to edit not found"
BAD_HTML = "Bad Request: can't parse entities: Can't find end of the entity starting at byte offset 4"
BAD_FILE = "Bad Request: wrong file identifier/HTTP URL specified"


@pytest.fixture
def sender(bot: Bot, clock: Clock) -> Sender:
    return Sender(bot, sleep=clock.sleep)


async def send(sender: Sender, method: TelegramMethod[Any]) -> Sent:
    return await sender.send(StoredCall.from_method(method))


def name_of(method: TelegramMethod[Any]) -> str:
    return method.__api_method__


async def test_a_message_that_goes_out(sender: Sender, bot_api: BotApi) -> None:
    bot_api.will("sendMessage", ok(message(9, text="x")))
    sent = await send(sender, TEXT)
    assert (sent.verdict, sent.message_id, sent.file_id, sent.retry_after) == (SendVerdict.SENT, 9, None, None)
    assert sent.result == SentMessage(9)


@pytest.mark.parametrize("description", ["WEBDOCUMENT_URL_INVALID", "WC_CONVERT_URL_INVALID"])
async def test_without_the_pictures_beside_them_results_go_out(
    sender: Sender, bot_api: BotApi, description: str
) -> None:
    bot_api.will("answerInlineQuery", refuse(f"Bad Request: {description}"))
    assert (await send(sender, _results("https://x.test/1.jpg", None))).verdict is SendVerdict.SENT
    first, second = (json.loads(asked.fields["results"]) for asked in bot_api.asked)
    assert first[0].pop("thumbnail_url") == "https://x.test/1.jpg"
    assert first == second


async def test_results_without_pictures_are_not_repeated(sender: Sender, bot_api: BotApi) -> None:
    bot_api.will("answerInlineQuery", refuse("Bad Request: WEBDOCUMENT_URL_INVALID"))
    assert (await send(sender, _results(None))).verdict is SendVerdict.BROKEN


def _results(*thumbnails: str | None) -> AnswerInlineQuery:
    content = InputTextMessageContent(message_text="<b>Дрель</b>")
    return AnswerInlineQuery(
        inline_query_id="5",
        results=[
            InlineQueryResultArticle(
                id=str(number), title="Дрель", input_message_content=content, thumbnail_url=address
            )
            for number, address in enumerate(thumbnails)
        ],
    )


async def test_a_photo_gives_back_its_largest_file(sender: Sender, bot_api: BotApi) -> None:
    sizes = [{"file_id": f"f{n}", "file_unique_id": f"u{n}", "width": n, "height": n} for n in (90, 320, 800)]
    bot_api.will("sendPhoto", ok(message(9, photo=sizes)))
    sent = await send(sender, PHOTO)
    assert (sent.verdict, sent.message_id, sent.file_id) == (SendVerdict.SENT, 9, "f800")


async def test_a_document_gives_back_its_file(sender: Sender, bot_api: BotApi) -> None:
    bot_api.will("sendDocument", ok(message(9, document={"file_id": "d1", "file_unique_id": "u"})))
    assert (await send(sender, SendDocument(chat_id=42, document="BQAC"))).file_id == "d1"


async def test_an_album_gives_back_its_first_message(sender: Sender, bot_api: BotApi) -> None:
    bot_api.will("sendMediaGroup", ok([message(9), message(10)]))
    album = SendMediaGroup(chat_id=42, media=[InputMediaPhoto(media="a"), InputMediaPhoto(media="b")])
    sent = await send(sender, album)
    assert (sent.verdict, sent.message_id, len(sent.result)) == (SendVerdict.SENT, 9, 2)


async def test_a_topic_that_is_made_or_written_to_is_given_back(sender: Sender, bot_api: BotApi) -> None:
    bot_api.will("createForumTopic", ok({"message_thread_id": 5, "name": "Иван", "icon_color": 7322096}))
    bot_api.will("sendMessage", ok(message(9, message_thread_id=5, is_topic_message=True)))
    bot_api.will("copyMessage", ok({"message_id": 10}))
    assert (await send(sender, CreateForumTopic(chat_id=-100, name="Иван"))).thread_id == 5
    assert (await send(sender, SendMessage(chat_id=-100, message_thread_id=5, text="x"))).thread_id == 5
    copied = await send(sender, CopyMessage(chat_id=-100, message_thread_id=5, from_chat_id=42, message_id=7))
    assert (copied.message_id, copied.thread_id) == (10, 5)


@pytest.mark.parametrize("description", ["message thread not found", "TOPIC_CLOSED", "TOPIC_DELETED"])
@pytest.mark.parametrize(
    ("method", "result"),
    [
        (SendMessage(chat_id=-100, message_thread_id=5, text="x"), message(9)),
        (CopyMessage(chat_id=-100, message_thread_id=5, from_chat_id=42, message_id=7), {"message_id": 9}),
    ],
)
async def test_without_its_topic_a_message_goes_to_the_group(
    sender: Sender, bot_api: BotApi, method: TelegramMethod[Any], result: dict[str, Any], description: str
) -> None:
    bot_api.will(name_of(method), refuse(f"Bad Request: {description}"), ok(result))
    sent = await send(sender, method)
    assert (sent.verdict, sent.message_id, sent.thread_id) == (SendVerdict.SENT, 9, None)
    assert "message_thread_id" not in bot_api.asked[1].fields


async def test_without_what_it_answers_a_message_stands_alone(sender: Sender, bot_api: BotApi) -> None:
    bot_api.will("sendMessage", refuse("Bad Request: message to be replied not found"))
    answer = SendMessage(chat_id=42, text="x", message_thread_id=5, reply_parameters=ReplyParameters(message_id=3))
    assert (await send(sender, answer)).verdict is SendVerdict.SENT
    assert "reply_parameters" not in bot_api.asked[1].fields
    assert bot_api.asked[1].fields["message_thread_id"] == "5"


@pytest.mark.parametrize(
    ("method", "description"),
    [
        (CloseForumTopic(chat_id=-100, message_thread_id=5), "message thread not found"),
        (ReopenForumTopic(chat_id=-100, message_thread_id=5), "TOPIC_NOT_MODIFIED"),
        (EditForumTopic(chat_id=-100, message_thread_id=5, name="x"), "TOPIC_ID_INVALID"),
        (CopyMessage(chat_id=-100, from_chat_id=42, message_id=7), "message to copy not found"),
    ],
)
async def test_what_is_gone_needs_no_topic(
    sender: Sender, bot_api: BotApi, method: TelegramMethod[Any], description: str
) -> None:
    bot_api.will(name_of(method), refuse(f"Bad Request: {description}"))
    assert await send(sender, method) == Sent(SendVerdict.IGNORED)
    assert bot_api.methods == [name_of(method)]


async def test_an_action_gives_back_no_ids(sender: Sender, bot_api: BotApi) -> None:
    bot_api.will("sendChatAction", ok(True))
    assert await send(sender, SendChatAction(chat_id=42, action="typing")) == Sent(SendVerdict.SENT, result=True)


@pytest.mark.parametrize(
    ("method", "description"),
    [
        (
            EDIT,
            "Bad Request: message is not modified: specified new message content and reply markup are exactly the same",
        ),
        (BUTTONS, "Bad Request: message is not modified"),
        (TOAST, "Bad Request: query is too old and response timeout expired or query ID is invalid"),
        (DELETE, "Bad Request: message to delete not found"),
        (DELETE, "Bad Request: message can't be deleted for everyone"),
        (BUTTONS, GONE),
    ],
)
async def test_what_may_be_ignored(
    sender: Sender, bot_api: BotApi, method: TelegramMethod[Any], description: str
) -> None:
    bot_api.will(name_of(method), refuse(description))
    assert await send(sender, method) == Sent(SendVerdict.IGNORED)
    assert bot_api.methods == [name_of(method)]


@pytest.mark.parametrize(
    "description",
    [
        GONE,
        "Bad Request: message can't be edited",
        "Bad Request: MESSAGE_ID_INVALID",
        "Bad Request: there is no text in the message to edit",
        "Bad Request: there is no caption in the message to edit",
    ],
)
@pytest.mark.parametrize(
    ("method", "instead", "content"),
    [
        (EDIT, "sendMessage", {"text": "<b>Дрель</b>"}),
        (CAPTION, "sendMessage", {"text": "<b>Дрель</b>"}),
        (MEDIA, "sendPhoto", {"photo": "AgAC", "caption": "<b>Дрель</b>"}),
    ],
)
async def test_an_edit_whose_message_is_gone_is_sent_anew(
    sender: Sender,
    bot_api: BotApi,
    description: str,
    method: TelegramMethod[Any],
    instead: str,
    content: dict[str, str],
) -> None:
    bot_api.will(name_of(method), refuse(description))
    bot_api.will(instead, ok(message(10)))
    sent = await send(sender, method)
    assert (sent.verdict, sent.message_id) == (SendVerdict.SENT, 10)
    assert bot_api.methods == [name_of(method), instead]
    fields = bot_api.asked[1].fields
    assert json.loads(fields["reply_markup"])["inline_keyboard"][0][0]["text"] == "Да"
    assert {"chat_id": "42", "parse_mode": "HTML", **content}.items() <= fields.items()
    assert "message_id" not in fields


async def test_an_inline_message_has_no_chat_to_send_anew_to(sender: Sender, bot_api: BotApi) -> None:
    bot_api.will("editMessageText", refuse(GONE))
    assert await send(sender, EditMessageText(inline_message_id="x", text="y")) == Sent(SendVerdict.IGNORED)


@pytest.mark.parametrize("method", [TEXT, PHOTO, EDIT, CAPTION, MEDIA])
async def test_bad_html_goes_out_plain_and_is_reported(
    sender: Sender, bot_api: BotApi, caplog: pytest.LogCaptureFixture, method: TelegramMethod[Any]
) -> None:
    bot_api.will(name_of(method), refuse(BAD_HTML))
    sent = await send(sender, method)
    assert (sent.verdict, sent.message_id) == (SendVerdict.SENT, 7)
    first, second = bot_api.asked
    told = str(second.fields)
    assert "parse_mode" not in told
    assert "<b>" not in told
    assert "Дрель" in (
        second.fields.get("text") or second.fields.get("caption") or json.loads(second.fields["media"])["caption"]
    )
    assert first.fields["reply_markup"] == second.fields["reply_markup"]
    assert [record.levelname for record in caplog.records if "can't parse entities" in record.getMessage()] == ["ERROR"]


async def test_plain_text_has_its_entities_turned_back(sender: Sender, bot_api: BotApi) -> None:
    bot_api.will("sendMessage", refuse(BAD_HTML))
    await send(sender, TEXT)
    assert bot_api.asked[1].fields["text"] == "Дрель 1 < 2"


async def test_plain_text_that_is_refused_again_is_broken(sender: Sender, bot_api: BotApi) -> None:
    bot_api.will("sendMessage", refuse(BAD_HTML), refuse(BAD_HTML))
    assert await send(sender, TEXT) == Sent(SendVerdict.BROKEN)
    assert bot_api.methods == ["sendMessage"] * 2


async def test_bad_html_in_a_call_without_words_is_broken(sender: Sender, bot_api: BotApi) -> None:
    bot_api.will("deleteMessage", refuse(BAD_HTML))
    assert await send(sender, DELETE) == Sent(SendVerdict.BROKEN)


@pytest.mark.parametrize("method", [PHOTO, MEDIA])
async def test_a_refused_picture_leaves_its_words(sender: Sender, bot_api: BotApi, method: TelegramMethod[Any]) -> None:
    bot_api.will(name_of(method), refuse(BAD_FILE))
    sent = await send(sender, method)
    assert (sent.verdict, sent.message_id) == (SendVerdict.SENT, 7)
    assert bot_api.asked[1].method == "sendMessage"
    assert bot_api.asked[1].fields["text"] == "<b>Дрель</b>"
    assert "reply_markup" in bot_api.asked[1].fields


async def test_a_refused_picture_without_words_is_broken(sender: Sender, bot_api: BotApi) -> None:
    bot_api.will("sendPhoto", refuse(BAD_FILE))
    assert await send(sender, SendPhoto(chat_id=42, photo="AgAC")) == Sent(SendVerdict.BROKEN)


async def test_reactions_may_follow_each_other_and_end(sender: Sender, bot_api: BotApi) -> None:
    bot_api.will("editMessageMedia", refuse("Too Many Requests: retry after 1", 429, retry_after=1), refuse(GONE))
    bot_api.will("sendPhoto", refuse(BAD_FILE))
    bot_api.will("sendMessage", refuse(BAD_HTML), refuse("Forbidden: bot was blocked by the user", 403))
    assert await send(sender, MEDIA) == Sent(SendVerdict.UNREACHABLE)
    assert bot_api.methods == ["editMessageMedia", "editMessageMedia", "sendPhoto", "sendMessage", "sendMessage"]


@pytest.mark.parametrize(
    "answer",
    [
        refuse("Forbidden: bot was blocked by the user", 403),
        refuse("Forbidden: user is deactivated", 403),
        refuse("Forbidden: bot can't initiate conversation with a user", 403),
        refuse("Bad Request: chat not found"),
        refuse("Bad Request: PEER_ID_INVALID"),
    ],
)
async def test_a_person_who_can_not_be_reached(sender: Sender, bot_api: BotApi, answer: Answer) -> None:
    bot_api.will("sendMessage", answer)
    assert await send(sender, TEXT) == Sent(SendVerdict.UNREACHABLE)
    assert bot_api.methods == ["sendMessage"]


async def test_a_short_429_is_waited_out_on_the_spot(sender: Sender, bot_api: BotApi, clock: Clock) -> None:
    bot_api.will("sendMessage", refuse("Too Many Requests: retry after 3", 429, retry_after=3))
    assert (await send(sender, TEXT)).verdict is SendVerdict.SENT
    assert clock.slept == [3]
    assert bot_api.methods == ["sendMessage"] * 2


async def test_but_only_once(sender: Sender, bot_api: BotApi, clock: Clock) -> None:
    bot_api.will(
        "sendMessage",
        refuse("Too Many Requests: retry after 3", 429, retry_after=3),
        refuse("Too Many Requests: retry after 2", 429, retry_after=2),
    )
    assert await send(sender, TEXT) == Sent(SendVerdict.LATER, retry_after=2)
    assert clock.slept == [3]


@pytest.mark.parametrize(
    ("answer", "seconds", "unanswered"),
    [
        (refuse("Too Many Requests: retry after 4", 429, retry_after=4), 4, False),
        (refuse("Too Many Requests", 429), 5, False),
        (refuse("Bad Gateway", 502), 5, False),
        (refuse("Internal Server Error: restart", 500), 5, False),
        (raw(503, "<html></html>"), 5, False),
        (fail(httpx.ConnectError("refused")), 2, False),
        (fail(httpx.ConnectTimeout("nobody there")), 2, False),
        (fail(httpx.ReadTimeout("slow")), 2, True),
        (fail(httpx.RemoteProtocolError("hung up")), 2, True),
        (refuse("Unauthorized", 401), 60, False),
    ],
)
async def test_what_has_to_wait(
    sender: Sender, bot_api: BotApi, clock: Clock, answer: Answer, seconds: float, unanswered: bool
) -> None:
    bot_api.will("sendMessage", answer)
    assert await send(sender, TEXT) == Sent(SendVerdict.LATER, retry_after=seconds, unanswered=unanswered)
    assert clock.slept == []
    assert bot_api.methods == ["sendMessage"]


@pytest.mark.parametrize(
    "answer",
    [
        refuse("Bad Request: BUTTON_DATA_INVALID"),
        refuse("Bad Request: message text is empty"),
        refuse("Bad Request: reply markup is too long"),
        refuse("Not Found: method not found", 404),
        refuse("Request Entity Too Large", 413),
        raw(400, '{"ok":false}'),
        raw(200, "what?"),
        raw(200, '{"ok":true,"result":{"new":"shape"}}'),
    ],
)
async def test_what_will_never_go_out(
    sender: Sender, bot_api: BotApi, caplog: pytest.LogCaptureFixture, answer: Answer
) -> None:
    bot_api.will("sendMessage", answer)
    assert await send(sender, TEXT) == Sent(SendVerdict.BROKEN)
    assert bot_api.methods == ["sendMessage"]
    [line] = [record for record in caplog.records if record.name == "shared.telegram.sender"]
    assert line.levelno == logging.ERROR
    assert "sendMessage to chat 42: broken" in line.getMessage()
    assert "Дрель" not in line.getMessage()


@pytest.mark.parametrize("call", [StoredCall("sendMesage", {}), StoredCall("sendMessage", {"chat_id": 42})])
async def test_a_stored_call_of_another_time_is_broken(
    sender: Sender, bot_api: BotApi, caplog: pytest.LogCaptureFixture, call: StoredCall
) -> None:
    assert await sender.send(call) == Sent(SendVerdict.BROKEN)
    assert bot_api.asked == []
    assert [record.levelname for record in caplog.records] == ["ERROR"]


async def test_a_bug_is_not_a_verdict(sender: Sender, bot_api: BotApi) -> None:
    bot_api.will("sendMessage", fail(ZeroDivisionError("ours")))
    with pytest.raises(ZeroDivisionError):
        await send(sender, TEXT)


def test_verdict_is_a_pure_function_of_the_error() -> None:
    assert verdict(TEXT, TelegramBadRequest(TEXT, "Bad Request: chat not found")) is SendVerdict.UNREACHABLE
    assert verdict(TEXT, TelegramBadRequest(TEXT, "bad request: CHAT NOT FOUND")) is SendVerdict.UNREACHABLE
    assert verdict(TEXT, TelegramBadRequest(TEXT, "Bad Request: no chat not found")) is SendVerdict.BROKEN
    assert verdict(TEXT, AiogramError("?")) is SendVerdict.BROKEN
    assert wait_of(TelegramAPIError(TEXT, "Too Many Requests")) == 5


async def test_a_group_that_became_a_supergroup_is_followed_once(bot: Bot, bot_api: BotApi) -> None:
    """A second move in one call is no group of this world."""
    heard: list[tuple[int, int]] = []

    async def moved(before: int, after: int) -> None:
        heard.append((before, after))

    upgraded = "Bad Request: group chat was upgraded to a supergroup chat"
    sender = Sender(bot, moved=moved)
    bot_api.will("sendMessage", refuse(upgraded, migrate_to_chat_id=-100))
    assert (await sender.perform(TEXT)).verdict is SendVerdict.SENT
    assert heard == [(42, -100)]
    assert [asked.fields["chat_id"] for asked in bot_api.asked] == ["42", "-100"]
    bot_api.will("sendMessage", *[refuse(upgraded, migrate_to_chat_id=-1 - number) for number in range(2)])
    assert await sender.perform(TEXT) == Sent(SendVerdict.BROKEN)


async def test_what_names_no_chat_goes_nowhere_else(bot: Bot, bot_api: BotApi) -> None:
    bot_api.will("answerCallbackQuery", refuse("Bad Request: upgraded", migrate_to_chat_id=-100))
    assert await Sender(bot).perform(TOAST) == Sent(SendVerdict.BROKEN)
