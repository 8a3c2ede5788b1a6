"""/settings: one message, changed in place, whose choices stay with the master."""

from __future__ import annotations

from dataclasses import replace

import pytest

from shared.assistant import texts
from shared.assistant.preferences.buttons import SetQuietHours, SetSound
from shared.domain import masters
from shared.domain.preferences import QuietHours, Sound
from tests.assistant.samples import MASTER, OTHER, USER
from tests.assistant.stage import SCREEN, Stage

CHOICES = [
    "Все со звуком",
    "Со звуком только важные",
    "Все без звука",
    "Без тихих часов",
    "Тихо с 22 до 8",
    "Тихо с 21 до 9",
    "Тихо с 23 до 7",
]


def _ticked(labels: list[str]) -> list[str]:
    return [label.removesuffix(" ✓") for label in labels if label.endswith(" ✓")]


async def test_the_settings_show_what_is_chosen_and_lead_on(stage: Stage) -> None:
    seen = await stage.write("/settings")
    assert seen.screen.method == "sendMessage"
    assert [label.removesuffix(" ✓") for label in seen.screen.labels] == [
        *CHOICES,
        "👤 Имя",
        "📞 Телефон",
        "📦 Мои заказы",
    ]
    assert _ticked(seen.screen.labels) == ["Все со звуком", "Без тихих часов"]
    assert seen.jobs == []


@pytest.mark.parametrize("label", CHOICES)
async def test_a_tap_is_kept_and_shown_in_the_same_message(stage: Stage, label: str) -> None:
    first = (await stage.write("/settings")).screen
    seen = await stage.tap(first.data(label))
    assert (seen.screen.method, seen.screen.params["message_id"]) == ("editMessageText", SCREEN)
    assert label in _ticked(seen.screen.labels)
    assert len(_ticked(seen.screen.labels)) == 2
    was_so = label in _ticked(first.labels)
    assert seen.toasts == [texts.preferences.as_it_was() if was_so else texts.preferences.saved()]
    assert _ticked((await stage.write("/settings")).screen.labels) == _ticked(seen.screen.labels)


async def test_one_choice_leaves_the_rest_of_the_record(empty_stage: Stage) -> None:
    told = replace(MASTER, addresses=("Тверь",), phone="+79001234567")
    await empty_stage.join(told)
    await empty_stage.tap(SetSound(sound=Sound.IMPORTANT))
    await empty_stage.tap(SetQuietHours(hours=QuietHours.FROM_21_TO_9))
    chosen = replace(told, sound=Sound.IMPORTANT, quiet_hours=QuietHours.FROM_21_TO_9)
    assert await masters.load(empty_stage.unit(), USER) == chosen


async def test_his_name_is_what_he_writes(stage: Stage) -> None:
    first = (await stage.write("/settings")).screen
    assert (await stage.tap(first.data("👤 Имя"))).screens[-1].text == texts.preferences.ask_name()
    assert (await stage.write("И" * 51)).screen.text == texts.preferences.name_odd()
    assert (await stage.write("Иван <\n Петрович")).screen.text == "👤 Иван &lt; Петрович — так и будем обращаться."
    assert "Имя — <b>Иван &lt; Петрович</b>" in (await stage.write("/settings")).screen.text
    assert (await stage.write("шуруповёрт")).job.kind == "find"


async def test_his_phone_is_his_own_card_or_what_he_writes(stage: Stage) -> None:
    first = (await stage.write("/settings")).screen
    assert "Телефон для заказов — <b>не указан</b>" in first.text
    await stage.tap(first.data("📞 Телефон"))
    card = {"phone_number": "79001234567", "first_name": "Пётр"}
    assert (await stage.write(contact={**card, "user_id": OTHER})).screen.text == texts.contact_comment.phone_not_his()
    assert (await stage.write(contact=card)).screen.text == texts.contact_comment.phone_not_his()
    assert (await stage.write("12")).screen.text == texts.contact_comment.phone_odd()
    seen = await stage.write(contact={**card, "user_id": USER})
    assert seen.screen.text == texts.contact_comment.phone_kept("+79001234567")
    await stage.tap(first.data("📞 Телефон"))
    await stage.write("8 (912) 345-67-89")
    master = await masters.load(stage.unit(), USER)
    assert master is not None
    assert master.phone == "+79123456789"


async def test_who_leaves_the_question_keeps_what_was(stage: Stage) -> None:
    first = (await stage.write("/settings")).screen
    for label in ("👤 Имя", "📞 Телефон"):
        await stage.tap(first.data(label))
        await stage.write("/cancel")
    assert await masters.load(stage.unit(), USER) == MASTER


async def test_a_choice_nobody_offers_is_a_stale_button(stage: Stage) -> None:
    seen = await stage.tap("sb1:20-10")
    assert seen.toasts == [texts.trouble.stale_button()]
    assert await masters.load(stage.unit(), USER) == MASTER
