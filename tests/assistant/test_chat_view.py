"""Screens become Telegram calls: new, in place, with a picture; a tap is answered once."""

from __future__ import annotations

import pytest

from shared.assistant.chat_view import PICTURE, ChatTarget, ChatView, Screen
from shared.assistant.keyboard import button, column, keyboard, link
from shared.assistant.navigation import Idle
from shared.pipeline.decision import Decision, Notice
from shared.telegram.calls import StoredCall
from tests.assistant.stage import Stage, calls_of

KEYBOARD = column(link("Сайт", "https://shop.test/"))
MARKUP = {"inline_keyboard": [[{"text": "Сайт", "url": "https://shop.test/"}]]}


def _desk(place: ChatTarget, tap: str | None = None) -> tuple[Decision, ChatView]:
    decision = Decision(Stage().unit())
    return decision, ChatView(decision, place, tap)


def test_a_screen_as_a_new_message() -> None:
    decision, view = _desk(ChatTarget(42, 7))
    view.say(Screen("Текст", KEYBOARD))
    assert calls_of(decision.calls) == [
        StoredCall("sendMessage", {"chat_id": 42, "text": "Текст", "reply_markup": MARKUP})
    ]


def test_a_screen_with_a_picture() -> None:
    decision, view = _desk(ChatTarget(42))
    view.say(Screen("Текст", KEYBOARD, picture=PICTURE, picture_key="pictures/ab"))
    params = {"chat_id": 42, "photo": PICTURE, "caption": "Текст", "reply_markup": MARKUP}
    assert calls_of(decision.calls) == [StoredCall("sendPhoto", params, "pictures/ab")]


@pytest.mark.parametrize("picture", [None, PICTURE])
def test_a_screen_without_sound(picture: str | None) -> None:
    decision, view = _desk(ChatTarget(42))
    view.say(Screen("Текст", picture=picture), silent=True)
    view.say(Screen("Текст", picture=picture))
    assert [call.params.get("disable_notification") for call in calls_of(decision.calls)] == [True, None]


def test_a_screen_in_place_or_new_where_there_is_no_place() -> None:
    decision, view = _desk(ChatTarget(42, 7))
    view.show(Screen("Текст"))
    ChatView(decision, ChatTarget(42)).show(Screen("Текст"))
    assert calls_of(decision.calls) == [
        StoredCall("editMessageText", {"chat_id": 42, "message_id": 7, "text": "Текст"}),
        StoredCall("sendMessage", {"chat_id": 42, "text": "Текст"}),
    ]


def _after_a_notice(asker: int = 42) -> Decision:
    """A turn of a job whose asker was told of the queue by message 9."""
    withdrawal = StoredCall("deleteMessage", {"chat_id": 42, "message_id": 9}).as_data()
    return Decision(Stage().unit(), Notice(asker, "t1", None, withdrawal))


def test_an_answer_takes_the_place_of_what_told_of_the_queue() -> None:
    decision = _after_a_notice()
    view = ChatView(decision, ChatTarget(42))
    view.show(Screen("Ответ", KEYBOARD))
    view.say(Screen("Ещё"))
    decision.withdraw_notice()
    assert calls_of(decision.calls) == [
        StoredCall("editMessageText", {"chat_id": 42, "message_id": 9, "text": "Ответ", "reply_markup": MARKUP}),
        StoredCall("sendMessage", {"chat_id": 42, "text": "Ещё"}),
    ]


def test_what_cannot_take_its_place_leaves_it_to_be_withdrawn() -> None:
    decision = _after_a_notice()
    ChatView(decision, ChatTarget(42)).say(Screen("Карточка", picture=PICTURE))
    ChatView(decision, ChatTarget(42, 7)).show(Screen("На месте"))
    ChatView(decision, ChatTarget(43)).say(Screen("Другому"))
    decision.withdraw_notice()
    decision.withdraw_notice()
    assert [(call.method, call.params["chat_id"]) for call in calls_of(decision.calls)] == [
        ("deleteMessage", 42),
        ("sendPhoto", 42),
        ("editMessageText", 42),
        ("sendMessage", 43),
    ]


def test_only_buttons() -> None:
    decision, view = _desk(ChatTarget(42, 7))
    view.buttons(KEYBOARD)
    params = {"chat_id": 42, "message_id": 7, "reply_markup": MARKUP}
    assert calls_of(decision.calls) == [StoredCall("editMessageReplyMarkup", params)]


def test_a_tap_is_answered_once() -> None:
    decision, view = _desk(ChatTarget(42, 7), "tap1")
    view.toast("Готово")
    view.toast()
    assert calls_of(decision.calls) == [
        StoredCall("answerCallbackQuery", {"callback_query_id": "tap1", "text": "Готово"})
    ]


def test_an_alert_stays_until_it_is_closed() -> None:
    decision, view = _desk(ChatTarget(42, 7), "tap1")
    view.toast("Нельзя", alert=True)
    (call,) = calls_of(decision.calls)
    assert call.params["show_alert"] is True


def test_a_message_has_no_tap_to_answer() -> None:
    decision, view = _desk(ChatTarget(42))
    view.toast("Готово")
    assert decision.calls == []


def test_typing() -> None:
    decision, view = _desk(ChatTarget(42))
    view.typing()
    assert calls_of(decision.calls) == [StoredCall("sendChatAction", {"chat_id": 42, "action": "typing"})]


def test_empty_rows_are_left_out() -> None:
    one = button("Раз", Idle())
    assert keyboard([], [one], []).inline_keyboard == [[one]]
