"""A talk with the operators: what is passed on, what is not, and how it ends."""

from __future__ import annotations

from typing import Any

import pytest

from shared.assistant import sessions, texts
from shared.assistant.navigation import AskManager
from shared.assistant.routers import build
from tests.assistant.samples import USER
from tests.assistant.stage import OPERATORS, ZONE, Seen, Stage

PHOTO = [{"file_id": "A", "file_unique_id": "a", "width": 9, "height": 9}]
DOCUMENT = {"file_id": "B", "file_unique_id": "b"}


def copied(seen: Seen) -> list[dict[str, Any]]:
    return [dict(call.params) for call in seen.of("copyMessage")]


async def test_a_talk_begins_with_a_command(stage: Stage) -> None:
    assert (await stage.write("/support")).screen.text == texts.support.ask()


async def test_a_talk_begins_with_a_button(stage: Stage) -> None:
    seen = await stage.tap(AskManager())
    assert [shown.method for shown in seen.screens] == ["sendMessage"], "the operator's message stays as it is"
    assert seen.screen.text == texts.support.ask()


@pytest.mark.parametrize("content", [{"text": "бита"}, {"photo": PHOTO}, {"document": DOCUMENT}])
async def test_whatever_is_written_goes_into_his_topic(stage: Stage, content: dict[str, Any]) -> None:
    await stage.write("/support")
    seen = await stage.write(**content)
    (call,) = seen.of("copyMessage")
    assert (call.params["chat_id"], call.params["from_chat_id"]) == (OPERATORS, USER)
    assert call.tag == f"topic:{USER}!"
    assert seen.screens == [], "nothing is promised before it went"
    assert seen.jobs == [], "nothing is searched"


async def test_the_first_message_is_answered_and_the_others_shortly(stage: Stage) -> None:
    await stage.write("/support")
    await stage.write("раз")
    seen = await stage.write("два")
    assert [call.tag for call in seen.of("copyMessage")] == [f"topic:{USER}+"]
    tags = [(await stage.write(photo=PHOTO, media_group_id="1")).of("copyMessage")[0].tag for _ in range(2)]
    assert tags == [f"topic:{USER}+", f"topic:{USER}"], "an album is told once"
    await stage.write("/support")
    assert [call.tag for call in (await stage.write("три")).of("copyMessage")] == [f"topic:{USER}!"]


async def test_what_is_mended_in_a_talk_is_passed_on(stage: Stage) -> None:
    assert (await stage.mend("раз")).calls == [], "there is no talk"
    await stage.write("/support")
    await stage.write("раз")
    [call] = (await stage.mend("<раз> и два")).calls
    assert (call.method, call.tag) == ("sendMessage", f"topic:{USER}")
    assert call.params["text"] == "✏️ Исправлено: &lt;раз&gt; и два"
    assert (await stage.mend(location={"latitude": 1.0, "longitude": 2.0})).calls == [], "a place that moves"


async def test_cancel_ends_the_talk(stage: Stage) -> None:
    await stage.write("/support")
    assert (await stage.write("/cancel")).screen.text == texts.support.left()
    assert await stage.read(sessions.key(USER, USER)) is None
    assert copied(await stage.write("бита")) == []
    assert (await stage.write("/cancel")).screen.text == texts.onboarding.nothing_to_cancel()


@pytest.mark.parametrize("command", ["/cart", "/help", "/start", "/unknown"])
async def test_a_command_is_no_message_to_the_operators(stage: Stage, command: str) -> None:
    await stage.write("/support")
    seen = await stage.write(command)
    assert copied(seen) == []
    ended, _ = seen.screens
    assert ended.text == texts.support.ended()
    assert (await stage.tap(ended.data(texts.labels.ANSWER_MANAGER))).screen.text == texts.support.ask()
    await stage.write("/cancel")
    assert copied(await stage.write("шуруповёрт")) == []


async def test_without_an_operators_chat_nobody_is_kept_waiting(stage: Stage) -> None:
    await stage.write("/support")
    stage.dispatcher = build(ZONE, None)
    seen = await stage.write("есть кто?")
    assert (copied(seen), seen.screen.text) == ([], texts.support.closed())
    assert await stage.read(sessions.key(USER, USER)) is None
    assert (await stage.write("/support")).screen.text == texts.support.closed()
    assert (await stage.write("бита")).jobs != []
