"""A result that is chosen in the dialogue with the bot."""

from __future__ import annotations

from typing import Any

import pytest

from shared.assistant import sessions
from shared.assistant.inline import screens
from shared.assistant.navigation import AskManager, StartCheckout
from shared.domain import carts
from tests.assistant.samples import CART, DRILL, DRILL_OFFER, USER
from tests.assistant.stage import Seen, Stage
from tests.support.telegram import TOKEN

OURS = int(TOKEN.partition(":")[0])
LINK = "https://t.me/shop_bot?start=p_7"


async def choose(stage: Stage, address: str | None = LINK, via: int = OURS) -> Seen:
    """The master takes a result in the dialogue with the bot."""
    screen = screens.chosen(DRILL, DRILL_OFFER, "3 ноября, 12:00", address)
    shown: dict[str, Any] = {"via_bot": {"id": via, "is_bot": True, "first_name": "b"}}
    if screen.keyboard:
        shown["reply_markup"] = screen.keyboard.model_dump(exclude_none=True)
    return await stage.write("Шуруповёрт Makita DF333DWYE\n\n7 990 ₽", **shown)


async def test_its_card_is_opened(stage: Stage) -> None:
    seen = await choose(stage)
    assert seen.typing
    assert (seen.job.kind, seen.job.payload["product"], seen.job.payload["message_id"]) == ("card", "7", None)


async def test_it_is_no_address_of_a_delivery(stage: Stage) -> None:
    await stage.save(carts.key(USER), lambda unit: carts.save(unit, USER, CART))
    await stage.tap(StartCheckout())
    before = await stage.read(sessions.key(USER, USER))
    assert (await choose(stage)).job.kind == "card"
    assert await stage.read(sessions.key(USER, USER)) == before


async def test_a_manager_is_shown_it_as_it_is(stage: Stage) -> None:
    await stage.tap(AskManager())
    seen = await choose(stage)
    assert seen.calls[0].method == "copyMessage"
    assert seen.jobs == []


@pytest.mark.parametrize("address", [None, "https://t.me/shop_bot?start=o_5121", "https://pay.test"])
async def test_one_that_leads_nowhere_is_met_with_the_first_screen(stage: Stage, address: str | None) -> None:
    seen = await choose(stage, address)
    assert seen.screen.text.startswith("Иван, что ищем?")
    assert seen.jobs == []


async def test_what_another_bot_found_is_a_text_like_any(stage: Stage) -> None:
    assert (await choose(stage, via=OURS + 1)).job.kind == "find"
