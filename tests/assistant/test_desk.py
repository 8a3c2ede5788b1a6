"""Screens become Telegram calls: new, in place, with a picture; a tap is answered once."""

from __future__ import annotations

import pytest

from shared.assistant.buttons import Idle
from shared.assistant.desk import PICTURE, Desk, Place, Screen
from shared.assistant.keyboard import button, column, keyboard, link
from shared.pipeline.turn import Notice, Turn
from shared.telegram.calls import Call
from tests.assistant.stage import Stage, calls_of

KEYBOARD = column(link("Сайт", "https://shop.test/"))
MARKUP = {"inline_keyboard": [[{"text": "Сайт", "url": "https://shop.test/"}]]}


def _desk(place: Place, tap: str | None = None) -> tuple[Turn, Desk]:
    turn = Turn(Stage().unit())
    return turn, Desk(turn, place, tap)


def test_a_screen_as_a_new_message() -> None:
    turn, desk = _desk(Place(42, 7))
    desk.say(Screen("Текст", KEYBOARD))
    assert calls_of(turn.calls) == [Call("sendMessage", {"chat_id": 42, "text": "Текст", "reply_markup": MARKUP})]


def test_a_screen_with_a_picture() -> None:
    turn, desk = _desk(Place(42))
    desk.say(Screen("Текст", KEYBOARD, picture=PICTURE, picture_key="pictures/ab"))
    params = {"chat_id": 42, "photo": PICTURE, "caption": "Текст", "reply_markup": MARKUP}
    assert calls_of(turn.calls) == [Call("sendPhoto", params, "pictures/ab")]


@pytest.mark.parametrize("picture", [None, PICTURE])
def test_a_screen_without_sound(picture: str | None) -> None:
    turn, desk = _desk(Place(42))
    desk.say(Screen("Текст", picture=picture), silent=True)
    desk.say(Screen("Текст", picture=picture))
    assert [call.params.get("disable_notification") for call in calls_of(turn.calls)] == [True, None]


def test_a_screen_in_place_or_new_where_there_is_no_place() -> None:
    turn, desk = _desk(Place(42, 7))
    desk.show(Screen("Текст"))
    Desk(turn, Place(42)).show(Screen("Текст"))
    assert calls_of(turn.calls) == [
        Call("editMessageText", {"chat_id": 42, "message_id": 7, "text": "Текст"}),
        Call("sendMessage", {"chat_id": 42, "text": "Текст"}),
    ]


def _after_a_notice(asker: int = 42) -> Turn:
    """A turn of a job whose asker was told of the queue by message 9."""
    withdrawal = Call("deleteMessage", {"chat_id": 42, "message_id": 9}).as_data()
    return Turn(Stage().unit(), Notice(asker, "t1", withdrawal))


def test_an_answer_takes_the_place_of_what_told_of_the_queue() -> None:
    turn = _after_a_notice()
    desk = Desk(turn, Place(42))
    desk.show(Screen("Ответ", KEYBOARD))
    desk.say(Screen("Ещё"))
    turn.withdraw_notice()
    assert calls_of(turn.calls) == [
        Call("editMessageText", {"chat_id": 42, "message_id": 9, "text": "Ответ", "reply_markup": MARKUP}),
        Call("sendMessage", {"chat_id": 42, "text": "Ещё"}),
    ]


def test_what_cannot_take_its_place_leaves_it_to_be_withdrawn() -> None:
    turn = _after_a_notice()
    Desk(turn, Place(42)).say(Screen("Карточка", picture=PICTURE))
    Desk(turn, Place(42, 7)).show(Screen("На месте"))
    Desk(turn, Place(43)).say(Screen("Другому"))
    turn.withdraw_notice()
    turn.withdraw_notice()
    assert [(call.method, call.params["chat_id"]) for call in calls_of(turn.calls)] == [
        ("deleteMessage", 42),
        ("sendPhoto", 42),
        ("editMessageText", 42),
        ("sendMessage", 43),
    ]


def test_only_buttons() -> None:
    turn, desk = _desk(Place(42, 7))
    desk.buttons(KEYBOARD)
    params = {"chat_id": 42, "message_id": 7, "reply_markup": MARKUP}
    assert calls_of(turn.calls) == [Call("editMessageReplyMarkup", params)]


def test_a_tap_is_answered_once() -> None:
    turn, desk = _desk(Place(42, 7), "tap1")
    desk.toast("Готово")
    desk.toast()
    assert calls_of(turn.calls) == [Call("answerCallbackQuery", {"callback_query_id": "tap1", "text": "Готово"})]


def test_an_alert_stays_until_it_is_closed() -> None:
    turn, desk = _desk(Place(42, 7), "tap1")
    desk.toast("Нельзя", alert=True)
    (call,) = calls_of(turn.calls)
    assert call.params["show_alert"] is True


def test_a_message_has_no_tap_to_answer() -> None:
    turn, desk = _desk(Place(42))
    desk.toast("Готово")
    assert turn.calls == []


def test_typing() -> None:
    turn, desk = _desk(Place(42))
    desk.typing()
    assert calls_of(turn.calls) == [Call("sendChatAction", {"chat_id": 42, "action": "typing"})]


def test_empty_rows_are_left_out() -> None:
    one = button("Раз", Idle())
    assert keyboard([], [one], []).inline_keyboard == [[one]]
