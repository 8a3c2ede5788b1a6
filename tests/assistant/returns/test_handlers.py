"""What a master does on the way to a return."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from shared.assistant import texts
from shared.bitrix.errors import MethodMissing
from shared.domain import return_drafts as drafts
from shared.domain.orders import LineItem
from shared.domain.return_drafts import MOST_PHOTOS, NOTE_LIMIT, DraftStage, ReturnDraft
from shared.domain.returns import ReturnState
from shared.pipeline.jobs import Lane
from shared.status import Status
from tests.assistant.returns.steps import (
    SENT,
    asked_for_photos,
    asked_why,
    begun,
    document,
    knows,
    reviewed,
    sent,
    snapshot,
)
from tests.assistant.samples import MASTER, OTHER, portal_order
from tests.assistant.stage import SCREEN, Shown, Stage

MEGABYTE = 1024 * 1024


async def draft_of(stage: Stage, screen: Shown) -> ReturnDraft:
    id_ = screen.data("Отмена").split(":")[1]
    draft = await drafts.load(stage.unit(), id_)
    assert draft is not None
    return draft


async def test_orders_that_left_the_store_are_offered(stage: Stage) -> None:
    assert texts.returns.no_order() in (await stage.write("/return")).screen.text
    await knows(stage)
    offered = (await stage.write("/return")).screen
    assert texts.returns.choose_order() in offered.text
    assert offered.data("📦 Заказ") == "rb1:5121"
    assert (await stage.tap("ra1")).screen.method == "editMessageText"


async def test_an_order_in_the_store_is_not_offered(stage: Stage) -> None:
    await knows(stage, Status.NEW)
    assert texts.returns.no_order() in (await stage.write("/return")).screen.text


async def test_the_order_and_its_returns_are_read_at_once(stage: Stage) -> None:
    await knows(stage)
    wish = await stage.tap("rb1:5121")
    assert (wish.job.kind, wish.job.lane, wish.typing) == ("list_goods", Lane.READ, True)
    assert len(stage.kinds["list_goods"].plan(wish.job).commands) == 2


async def test_an_order_of_somebody_else_is_not_read(stage: Stage) -> None:
    await knows(stage)
    seen = await stage.tap("rb1:999")
    assert (seen.jobs, seen.toasts) == ([], [texts.trouble.stale_button()])


@pytest.mark.parametrize(
    ("order", "returns", "told"),
    [
        (portal_order(Status.NEW), (), texts.returns.not_handed_over("5121")),
        (
            SENT,
            (
                ReturnState(
                    "70", Status.RETURN_COMPLETED, lines=(LineItem("7", Decimal(1)), LineItem("8", Decimal(10)))
                ),
            ),
            texts.returns.nothing_left("5121"),
        ),
    ],
)
async def test_when_nothing_can_come_back_it_is_said_why(
    stage: Stage, order: object, returns: object, told: str
) -> None:
    await knows(stage)
    wish = await stage.tap("rb1:5121")
    assert (await stage.answer(wish.job, [order, returns])).screen.text == told


async def test_a_portal_without_a_list_of_returns_offers_everything(stage: Stage) -> None:
    await knows(stage)
    wish = await stage.tap("rb1:5121")
    seen = await stage.answer(wish.job, [SENT, MethodMissing("no such method")])
    assert "до 10" in seen.screen.text


async def test_a_silent_portal_begins_nothing(stage: Stage) -> None:
    await knows(stage)
    seen = await stage.refuse((await stage.tap("rb1:5121")).job)
    assert seen.screen.text == texts.returns.silent()
    assert (await stage.tap(seen.screen.data(texts.labels.TRY_AGAIN))).job.kind == "list_goods"


async def test_pieces_go_up_and_down_within_what_was_bought(stage: Stage) -> None:
    goods = await begun(stage)
    assert "Дальше" not in goods.labels
    one = (await stage.tap(goods.data("Бита"))).screen
    two = (await stage.tap(one.data("+"))).screen
    assert "Бита PH2 50 мм · 2 из 10\u00a0шт. ✓" in two.labels
    back = (await stage.tap(two.data("−"))).screen
    assert "Дальше" in back.labels
    draft = await draft_of(stage, back)
    assert [good.quantity for good in draft.goods] == [0, 1]
    assert draft.with_quantity(1, Decimal(99)).goods[1].quantity == 10
    assert draft.with_quantity(1, Decimal(-1)).goods[1].quantity == 0
    assert draft.with_quantity(7, Decimal(1)) == draft


async def test_nothing_chosen_goes_nowhere(stage: Stage) -> None:
    goods = await begun(stage)
    id_ = goods.data("Отмена").split(":")[1]
    assert (await stage.tap(f"re1:{id_}")).toasts == [texts.returns.nothing_chosen()]
    seen = await stage.tap(f"rg1:{id_}")
    assert (seen.toasts, seen.screen.text) == ([texts.returns.nothing_chosen()], goods.text)


async def test_a_reason_in_words_turns_into_the_question_for_photos(stage: Stage) -> None:
    why = await asked_why(stage)
    asked = (await stage.tap(why.data("Другое"))).screen
    assert asked.text == texts.returns.ask_reason_text()
    assert (await stage.write("ой")).screen.text == texts.returns.reason_odd()
    shown = (await stage.write("  Не держит\nзаряд ")).screen
    assert (shown.method, shown.params["message_id"]) == ("editMessageText", SCREEN)
    assert (await draft_of(stage, shown)).reason == "Не держит заряд"


async def test_photos_are_counted_in_one_message(stage: Stage) -> None:
    await asked_for_photos(stage)
    for number in range(1, MOST_PHOTOS + 1):
        shown = (await stage.write(**snapshot(number))).screen
        assert (shown.method, shown.params["message_id"]) == ("editMessageText", SCREEN)
        assert shown.text == texts.returns.ask_photos(number)
    assert (await stage.write(**snapshot(1))).screen.text == texts.returns.photo_taken_before()
    assert (await stage.write(**snapshot(99))).screen.text == texts.returns.photo_extra()
    draft = await draft_of(stage, shown)
    assert [picture.file_id for picture in draft.pictures] == [f"F{number}" for number in range(1, 11)]


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (document("IMG_1.HEIC"), texts.returns.ask_photos(1)),
        (document("scan", "image/png"), texts.returns.ask_photos(1)),
        (document("IMG_1.JPG", size=20 * MEGABYTE), texts.returns.ask_photos(1)),
        (document("IMG_1.JPG", size=20 * MEGABYTE + 1), texts.returns.photo_too_large()),
        (document("act.pdf", "application/pdf"), texts.returns.not_a_photo()),
        (document("anim", "image/gif"), texts.returns.not_a_photo()),
        ({"location": {"latitude": 1.0, "longitude": 2.0}}, texts.returns.not_a_photo()),
        ({"text": "а что слать?"}, texts.returns.photos_wanted()),
    ],
)
async def test_what_is_taken_for_a_photo(stage: Stage, content: dict[str, Any], told: str) -> None:
    await asked_for_photos(stage)
    assert (await stage.write(**content)).screen.text == told


async def test_the_confirmation_can_be_changed(stage: Stage) -> None:
    shown = await reviewed(stage)
    assert "Причина: Брак" in shown.text
    assert "Что возвращаем?" in (await stage.tap(shown.data("Изменить"))).screen.text


async def test_a_second_tap_registers_nothing_more(stage: Stage) -> None:
    shown = await reviewed(stage, photos=2)
    first = await stage.tap(shown.data("✅ Оформить возврат"))
    assert [job.kind for job in first.jobs] == ["upload_photo", "upload_photo"]
    assert first.screen.labels == [texts.labels.BUSY]
    second = await stage.tap(shown.data("✅ Оформить возврат"))
    assert (second.jobs, second.toasts) == ([], [texts.returns.sending()])


async def test_after_the_cancel_its_buttons_are_stale(stage: Stage) -> None:
    shown = await reviewed(stage)
    assert (await stage.tap(shown.data("Отмена"))).screen.text == texts.returns.canceled()
    for label in ("✅ Оформить возврат", "Изменить", "Отмена"):
        assert (await stage.tap(shown.data(label))).toasts == [texts.trouble.stale_button()]


async def test_a_photo_that_comes_after_the_end_leads_home(stage: Stage) -> None:
    shown = await asked_for_photos(stage)
    draft = await draft_of(stage, shown)
    await stage.save(drafts.key(draft.id), draft.at(DraftStage.SENDING).save)
    assert (await stage.write(**snapshot())).screen.buttons
    assert (await stage.write("что дальше?")).job.kind == "find"


async def test_a_reason_that_comes_after_the_end_leads_home(stage: Stage) -> None:
    why = await asked_why(stage)
    asked = (await stage.tap(why.data("Другое"))).screen
    draft = await draft_of(stage, asked)
    await stage.save(drafts.key(draft.id), draft.at(DraftStage.CLOSED).save)
    assert (await stage.write("Не держит заряд")).screen.text != texts.returns.ask_photos(0)


@pytest.mark.parametrize("prefix", ["rc1", "re1", "rg1", "rh1", "ri1"])
async def test_buttons_of_somebody_elses_return_are_stale(stage: Stage, prefix: str) -> None:
    shown = await reviewed(stage)
    await stage.join(type(MASTER)(OTHER, "502", "Пётр", MASTER.joined_at))
    id_ = shown.data("Отмена").split(":")[1]
    for data in (f"{prefix}:{id_}", f"rd1:{id_}:0:1", f"rf1:{id_}:defect"):
        seen = await stage.tap(data, user=OTHER)
        assert (seen.jobs, seen.toasts) == ([], [texts.trouble.stale_button()])


async def test_a_registered_return_is_said_to_be(stage: Stage) -> None:
    uploads = await sent(stage)
    shown_id = uploads.job.payload["draft"]
    unit = stage.unit()
    draft = await drafts.load(unit, shown_id)
    assert draft is not None
    await stage.save(drafts.key(draft.id), draft.at(DraftStage.DONE).save)
    assert (await stage.tap(f"rh1:{draft.id}")).toasts == [texts.returns.already_registered()]


async def test_what_is_written_under_the_photos_goes_behind_the_reason(stage: Stage) -> None:
    await asked_for_photos(stage)
    first = (await stage.write(**snapshot(1), caption=" Не держит\nзаряд ")).screen
    assert "💬 Не держит заряд" in first.text
    await stage.write(**snapshot(2), caption="Не держит")
    last = (await stage.write(**snapshot(3), caption="трещина <1>")).screen
    draft = await draft_of(stage, last)
    assert draft.note == "Не держит заряд; трещина <1>"
    assert "💬 Не держит заряд; трещина &lt;1&gt;" in (await stage.tap(last.data("Готово"))).screen.text
    assert draft.wanted("key").reason == "Брак — Не держит заряд; трещина <1>"


async def test_what_is_written_under_the_photos_is_bounded(stage: Stage) -> None:
    await asked_for_photos(stage)
    last = (await stage.write(**snapshot(1), caption="я" * 1024)).screen
    assert len((await draft_of(stage, last)).note) == NOTE_LIMIT


async def test_a_caption_outside_a_return_is_searched_for(stage: Stage) -> None:
    seen = await stage.write(**snapshot(1), caption="шуруповёрт")
    assert [job.kind for job in seen.jobs] == ["find"]
