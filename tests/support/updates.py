"""Updates as Telegram writes them: makers of the usual ones, one of every kind, and some that it would never write."""

from typing import Any

Json = dict[str, Any]


def person(user_id: int = 42, **more: Any) -> Json:
    return {"id": user_id, "is_bot": False, "first_name": "Иван", **more}


def message(message_id: int, sender: Json, chat: Json | None = None, date: int = 1_700_000_000, **content: Any) -> Json:
    """A message in the sender's own dialogue unless a chat is given."""
    where = chat or {"id": sender["id"], "type": "private"}
    return {"message_id": message_id, "date": date, "chat": where, "from": sender, **content}


def callback(data: str | None, sender: Json, shown: Json, id_: str = "777") -> Json:
    """A tap on a button of the message `shown`."""
    return {"id": id_, "from": sender, "chat_instance": "-1", "data": data, "message": shown}


USER = person(42, last_name="Мастеров", username="ivan", language_code="ru")
CHAT: Json = {"id": 42, "type": "private", "first_name": "Иван", "username": "ivan"}
BOT: Json = {"id": 123456, "is_bot": True, "first_name": "Ассистент", "username": "master_bot"}
BUTTONS = {
    "inline_keyboard": [[{"text": "Да", "callback_data": "a:1"}, {"text": "Оплатить", "url": "https://pay.test/"}]]
}
HEIC = {"file_id": "d", "file_unique_id": "du", "file_name": "фото.heic", "mime_type": "image/heic"}


def _said(message_id: int, **content: Any) -> Json:
    return message(message_id, USER, CHAT, **content)


def _photo(size: int) -> Json:
    return {"file_id": f"f{size}", "file_unique_id": f"u{size}", "width": size, "height": size, "file_size": size * 10}


def _seat(status: str, **more: Any) -> Json:
    return {"user": BOT, "status": status, **more}


_EVENTS: list[Json] = [
    {"message": _said(1, text="/start i_abc", entities=[{"type": "bot_command", "offset": 0, "length": 6}])},
    {"message": _said(2, text="шуруповёрт 🔩", reply_to_message=_said(1, text="x"))},
    {"message": _said(3, photo=[_photo(90), _photo(800)], caption="брак", media_group_id="9")},
    {"message": _said(4, document=HEIC)},
    {"message": _said(5, contact={"phone_number": "79123456789", "first_name": "Иван", "user_id": 42})},
    {"message": _said(6, location={"latitude": 56.8587, "longitude": 35.9176})},
    {"edited_message": _said(2, text="шуруповёрт makita", edit_date=1_700_000_100)},
    {"callback_query": callback("a:1", USER, message(9, BOT, CHAT, text="Карточка", reply_markup=BUTTONS))},
    {"callback_query": callback("a:2", USER, {"chat": CHAT, "message_id": 9, "date": 1}, "778")},
    {"inline_query": {"id": "5", "from": USER, "query": "бита", "offset": "", "chat_type": "sender"}},
    {"chosen_inline_result": {"result_id": "p_1", "from": USER, "query": "бита", "inline_message_id": "AAA"}},
    {
        "my_chat_member": {
            "chat": CHAT,
            "from": USER,
            "date": 1_700_000_000,
            "old_chat_member": _seat("member"),
            "new_chat_member": _seat("kicked", until_date=0),
        },
    },
    {"message": _said(13, text="x", forward_origin={"type": "user", "sender_user": USER, "date": 5})},
    {"message": _said(14, text="x", from_the_future={"deep": [1, {"er": None}]})},
]
UPDATES: list[Json] = [{"update_id": number, **event} for number, event in enumerate(_EVENTS, 1)]

BAD_UPDATES: list[Any] = [
    {},
    [],
    {"update_id": "x"},
    {"update_id": 1, "message": {"text": "no chat"}},
    {"update_id": 1, "message": _said(1, photo="none")},
    {"update_id": 1, "callback_query": {"id": "1", "from": {"id": "x"}}},
    {"update_id": 1, "my_chat_member": {"chat": CHAT, "from": USER, "date": 1, "old_chat_member": {"status": "?"}}},
]
