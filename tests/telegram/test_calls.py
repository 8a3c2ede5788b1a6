from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.telegram.api import (
    METHODS,
    AnswerCallbackQuery,
    AnswerInlineQuery,
    Bot,
    BufferedInputFile,
    ChatAction,
    CopyMessage,
    CopyTextButton,
    DeleteMessage,
    EditMessageMedia,
    EditMessageText,
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    InlineQueryResultArticle,
    InlineQueryResultsButton,
    InputMediaPhoto,
    InputTextMessageContent,
    KeyboardButton,
    LinkPreviewOptions,
    ParseMode,
    ReplyKeyboardMarkup,
    ReplyKeyboardRemove,
    SendChatAction,
    SendMessage,
    SendPhoto,
    TelegramMethod,
)
from shared.telegram.calls import CallError, StoredCall, UnknownMethodError
from tests.support.bot_api import (
    BotCommand,
    BotCommandScopeChat,
    InlineQueryResultPhoto,
    MenuButtonCommands,
    ReplyParameters,
    SendMediaGroup,
    SetChatMenuButton,
    SetMyCommands,
)
from tests.support.telegram import BotApi

TEXT = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=50)
BUTTON = st.builds(InlineKeyboardButton, text=TEXT, callback_data=TEXT) | st.builds(
    InlineKeyboardButton, text=TEXT, url=st.just("https://pay.test/?a=1&b=2")
)
KEYBOARD = st.builds(InlineKeyboardMarkup, inline_keyboard=st.lists(st.lists(BUTTON, max_size=3), max_size=3))
REPLY_KEYBOARD = st.builds(
    ReplyKeyboardMarkup,
    keyboard=st.lists(
        st.lists(st.builds(KeyboardButton, text=TEXT, request_contact=st.booleans()), max_size=2), max_size=2
    ),
    resize_keyboard=st.booleans(),
)
PARSE_MODE = st.sampled_from([{}, {"parse_mode": None}, {"parse_mode": "HTML"}])


def stored(method: TelegramMethod[Any], tag: str | None = None) -> StoredCall:
    """Return the call after a trip through a document."""
    data = json.loads(json.dumps(StoredCall.from_method(method, tag=tag).as_data()))
    return StoredCall.from_data(data)


@given(TEXT, st.none() | KEYBOARD | REPLY_KEYBOARD, PARSE_MODE)
def test_a_message_survives_the_store(text: str, keyboard: Any, mode: dict[str, Any]) -> None:
    method = SendMessage(chat_id=42, text=text, reply_markup=keyboard, **mode)
    assert stored(method).to_method() == method


@given(TEXT, st.none() | KEYBOARD)
def test_edits_and_photos_survive_the_store(text: str, keyboard: InlineKeyboardMarkup | None) -> None:
    photo = InputMediaPhoto(media="AgAC", caption=text)
    for method in (
        SendPhoto(chat_id="42", photo="AgAC", caption=text, reply_markup=keyboard),
        EditMessageText(chat_id=42, message_id=7, text=text, reply_markup=keyboard),
        EditMessageMedia(chat_id=42, message_id=7, media=photo, reply_markup=keyboard),
    ):
        again = stored(method).to_method()
        assert again == method
        assert type(again) is type(method)


@pytest.mark.parametrize(
    "method",
    [
        AnswerCallbackQuery(callback_query_id="1", text="В корзине: 2 шт.", show_alert=False),
        DeleteMessage(chat_id=42, message_id=7),
        SendChatAction(chat_id=42, action=ChatAction.TYPING),
        SendMessage(chat_id=42, text="x", link_preview_options=LinkPreviewOptions(url="https://x.test")),
        SendMessage(chat_id=42, text="x", parse_mode=ParseMode.HTML, reply_markup=ReplyKeyboardRemove()),
        SetMyCommands(
            commands=[BotCommand(command="start", description="Начать")], scope=BotCommandScopeChat(chat_id=-100)
        ),
        SetChatMenuButton(menu_button=MenuButtonCommands()),
        SendMessage(chat_id=-100, text="x", message_thread_id=5, reply_parameters=ReplyParameters(message_id=3)),
        SendMessage(
            chat_id=42,
            text="x",
            disable_notification=True,
            reply_markup=InlineKeyboardMarkup(
                inline_keyboard=[[InlineKeyboardButton(text="Трек-номер", copy_text=CopyTextButton(text="RR1"))]]
            ),
        ),
        CopyMessage(chat_id=-100, message_thread_id=5, from_chat_id=42, message_id=7),
        SendMediaGroup(chat_id=42, media=[InputMediaPhoto(media="a", caption="<b>x</b>"), InputMediaPhoto(media="b")]),
        AnswerInlineQuery(
            inline_query_id="5",
            cache_time=0,
            is_personal=True,
            results=[
                InlineQueryResultArticle(
                    id="p_1",
                    title="Дрель",
                    input_message_content=InputTextMessageContent(message_text="<b>Дрель</b>"),
                ),
                InlineQueryResultPhoto(
                    id="p_2", photo_url="https://x.test/1.jpg", thumbnail_url="https://x.test/1.jpg"
                ),
            ],
            button=InlineQueryResultsButton(text="Войти", start_parameter="inline"),
        ),
        AnswerInlineQuery(inline_query_id="5", results=[]),
    ],
)
async def test_a_stored_call_is_the_same_request(bot: Bot, bot_api: BotApi, method: TelegramMethod[Any]) -> None:
    await bot(method)
    await bot(stored(method).to_method())
    first, second = bot_api.asked
    assert first == second


def test_the_defaults_of_the_bot_are_not_stored() -> None:
    call = StoredCall.from_method(SendMessage(chat_id=42, text="x"))
    assert call == StoredCall("sendMessage", {"chat_id": 42, "text": "x"})


def test_a_default_that_was_turned_off_stays_off() -> None:
    photo = InputMediaPhoto(media="f", parse_mode=None)
    assert StoredCall.from_method(SendMessage(chat_id=1, text="x", parse_mode=None)).params["parse_mode"] is None
    assert StoredCall.from_method(EditMessageMedia(media=photo)).params["media"]["parse_mode"] is None


def test_what_a_document_holds_is_flat() -> None:
    keyboard = InlineKeyboardMarkup(inline_keyboard=[[InlineKeyboardButton(text="Да", callback_data="y")]])
    data = StoredCall.from_method(SendMessage(chat_id=42, text="ё", reply_markup=keyboard), tag="screen").as_data()
    assert data == {
        "method": "sendMessage",
        "params": '{"chat_id":42,"reply_markup":{"inline_keyboard":[[{"callback_data":"y","text":"Да"}]]},"text":"ё"}',
        "tag": "screen",
    }


def test_a_tag_is_kept() -> None:
    assert stored(DeleteMessage(chat_id=1, message_id=2), tag="card").tag == "card"


def test_a_time_is_stored_in_seconds() -> None:
    method = METHODS["banChatMember"](chat_id=1, user_id=2, until_date=datetime(2026, 1, 1, tzinfo=UTC))
    assert stored(method).params["until_date"] == 1_767_225_600


@pytest.mark.parametrize(
    ("method", "place"),
    [
        (SendPhoto(chat_id=1, photo=BufferedInputFile(b"x", "x.png")), "sendPhoto.photo: BufferedInputFile"),
        (
            METHODS["banChatMember"](chat_id=1, user_id=2, until_date=timedelta(1)),
            "banChatMember.until_date: timedelta",
        ),
    ],
)
def test_what_can_not_be_stored_is_named(method: TelegramMethod[Any], place: str) -> None:
    with pytest.raises(CallError, match=place):
        StoredCall.from_method(method)


@pytest.mark.parametrize("name", ["", "sendMesage", "SendMessage", "__class__"])
def test_an_unknown_method_is_named(name: str) -> None:
    with pytest.raises(UnknownMethodError, match=f"no method '{name}'"):
        StoredCall(name, {}).to_method()


def test_parameters_that_do_not_fit_are_named_without_their_values() -> None:
    with pytest.raises(CallError, match=r"sendMessage: bad .*text") as caught:
        StoredCall("sendMessage", {"chat_id": 1, "text": {"секрет": "пароль"}}).to_method()
    assert "пароль" not in str(caught.value)
    assert caught.value.__context__ is None


@pytest.mark.parametrize(
    "data",
    [
        {},
        {"method": "sendMessage"},
        {"method": 5, "params": "{}"},
        {"method": "sendMessage", "params": {}},
        {"method": "sendMessage", "params": "{"},
        {"method": "sendMessage", "params": "[]"},
        {"method": "sendMessage", "params": "{}", "tag": 5},
    ],
)
def test_data_that_is_no_call(data: dict[str, Any]) -> None:
    with pytest.raises(CallError):
        StoredCall.from_data(data)


def test_a_parameter_that_aiogram_does_not_know_yet_is_kept() -> None:
    method = SendMessage.model_validate(
        {"chat_id": 1, "text": "x", "new": {"deep": [1, 2.5, {"er": None}], "at": (True,)}}
    )
    call = stored(method)
    assert call.params["new"] == {"deep": [1, 2.5, {"er": None}], "at": [True]}
    assert StoredCall.from_method(call.to_method()) == call


def test_every_method_has_a_name_of_its_own() -> None:
    assert METHODS["sendMessage"] is SendMessage
    assert len(METHODS) == len(set(METHODS.values())) > 150
