"""An update is read as far as it can be: what the bot does not use never costs the rest."""

from __future__ import annotations

import logging
from typing import Any

import pytest
from pydantic import ValidationError

from shared.telegram.api import Bot
from shared.telegram.reading import read_update
from tests.support.updates import BOT, CHAT, USER, callback, message

SAID = message(1, USER, CHAT, text="DF333DWYE")


@pytest.mark.parametrize(
    "part",
    [
        {"forward_origin": {"type": "hidden_user", "date": 5}},
        {"forward_origin": {"type": "a kind of tomorrow", "date": 5}},
        {"entities": [{"type": "bold", "offset": "x", "length": 1}]},
        {"reply_to_message": {"text": "without a chat"}},
        {"external_reply": {"origin": 7}},
        {"pinned_message": {"chat": 1}},
        {"date": "yesterday"},
        {"from": {"id": 42}},
        {"sender_chat": []},
        {"reply_markup": {"inline_keyboard": [[{"callback_data": "x"}]]}},
    ],
)
async def test_one_unreadable_part_leaves_the_words(bot: Bot, part: dict[str, Any]):
    read = read_update({"update_id": 1, "message": SAID | part}, bot).message
    assert read is not None
    assert read.text == "DF333DWYE"
    assert read.from_user is not None
    assert read.from_user.id == 42


async def test_of_a_list_only_its_unreadable_items_are_lost(bot: Bot):
    good = {"file_id": "f", "file_unique_id": "u", "width": 9, "height": 9}
    read = read_update({"update_id": 1, "message": SAID | {"photo": [{}, good, {"file_id": 1}]}}, bot).message
    assert read is not None
    assert [size.file_id for size in read.photo or []] == ["f"]


async def test_a_tap_keeps_its_data_when_its_message_cannot_be_read(bot: Bot):
    tap = callback("a:1", USER, message(9, BOT, CHAT, photo="none") | {"via_bot": 5})
    tap = {name: value for name, value in tap.items() if name != "chat_instance"}
    read = read_update({"update_id": 1, "callback_query": tap}, bot).callback_query
    assert read is not None
    assert read.message is not None
    assert (read.data, read.message.message_id) == ("a:1", 9)


async def test_what_was_lost_is_logged_by_names_alone(bot: Bot, caplog: pytest.LogCaptureFixture):
    with caplog.at_level(logging.WARNING):
        read_update({"update_id": 1, "message": SAID | {"forward_origin": {"type": "секрет"}}}, bot)
    [record] = caplog.records
    assert vars(record)["fields"] == {"event": "update_part_unread", "parts": ["message.forward_origin"]}


async def test_an_event_that_cannot_be_read_at_all_is_refused(bot: Bot):
    update = {"update_id": 1, "message": {"text": "no chat", "message_id": {}}}
    before = str(update)
    with pytest.raises(ValidationError):
        read_update(update, bot)
    assert str(update) == before, "the dead letter has it as it came"
