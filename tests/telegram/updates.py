"""Updates of every kind that the bot is subscribed to, as Telegram writes them, and some that it would never write."""

from __future__ import annotations

from typing import Any

USER: dict[str, Any] = {
    "id": 42,
    "is_bot": False,
    "first_name": "Иван",
    "last_name": "Мастеров",
    "username": "ivan",
    "language_code": "ru",
}
CHAT: dict[str, Any] = {"id": 42, "type": "private", "first_name": "Иван", "username": "ivan"}
BOT: dict[str, Any] = {"id": 123456, "is_bot": True, "first_name": "Ассистент", "username": "master_bot"}


def message(message_id: int, **content: Any) -> dict[str, Any]:
    return {"message_id": message_id, "date": 1_700_000_000, "chat": CHAT, "from": USER, **content}


def photo(size: int) -> dict[str, Any]:
    return {"file_id": f"f{size}", "file_unique_id": f"u{size}", "width": size, "height": size, "file_size": size * 10}


BUTTONS = {
    "inline_keyboard": [[{"text": "Да", "callback_data": "a:1"}, {"text": "Оплатить", "url": "https://pay.test/"}]]
}

UPDATES: list[dict[str, Any]] = [
    {
        "update_id": 1,
        "message": message(1, text="/start i_abc", entities=[{"type": "bot_command", "offset": 0, "length": 6}]),
    },
    {"update_id": 2, "message": message(2, text="шуруповёрт 🔩", reply_to_message=message(1, text="x"))},
    {"update_id": 3, "message": message(3, photo=[photo(90), photo(800)], caption="брак", media_group_id="9")},
    {
        "update_id": 4,
        "message": message(
            4, document={"file_id": "d", "file_unique_id": "du", "file_name": "фото.heic", "mime_type": "image/heic"}
        ),
    },
    {
        "update_id": 5,
        "message": message(5, contact={"phone_number": "79123456789", "first_name": "Иван", "user_id": 42}),
    },
    {"update_id": 6, "message": message(6, location={"latitude": 56.8587, "longitude": 35.9176})},
    {"update_id": 7, "edited_message": message(2, text="шуруповёрт makita", edit_date=1_700_000_100)},
    {
        "update_id": 8,
        "callback_query": {
            "id": "777",
            "from": USER,
            "chat_instance": "-1",
            "data": "a:1",
            "message": {**message(9, text="Карточка", reply_markup=BUTTONS), "from": BOT},
        },
    },
    {
        "update_id": 9,
        "callback_query": {
            "id": "778",
            "from": USER,
            "chat_instance": "-1",
            "data": "a:2",
            "message": {"chat": CHAT, "message_id": 9, "date": 1},
        },
    },
    {"update_id": 10, "inline_query": {"id": "5", "from": USER, "query": "бита", "offset": "", "chat_type": "sender"}},
    {
        "update_id": 11,
        "chosen_inline_result": {"result_id": "p_1", "from": USER, "query": "бита", "inline_message_id": "AAA"},
    },
    {
        "update_id": 12,
        "my_chat_member": {
            "chat": CHAT,
            "from": USER,
            "date": 1_700_000_000,
            "old_chat_member": {"user": BOT, "status": "member"},
            "new_chat_member": {"user": BOT, "status": "kicked", "until_date": 0},
        },
    },
    {
        "update_id": 13,
        "message": message(13, text="x", forward_origin={"type": "user", "sender_user": USER, "date": 5}),
    },
    {"update_id": 14, "message": message(14, text="x", from_the_future={"deep": [1, {"er": None}]})},
]

BAD_UPDATES: list[Any] = [
    {},
    [],
    {"update_id": "x"},
    {"update_id": 1, "message": {"text": "no chat"}},
    {"update_id": 1, "message": message(1, photo="none")},
    {"update_id": 1, "callback_query": {"id": "1", "from": {"id": "x"}}},
    {"update_id": 1, "my_chat_member": {"chat": CHAT, "from": USER, "date": 1, "old_chat_member": {"status": "?"}}},
]
