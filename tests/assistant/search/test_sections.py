"""The catalogue: its sections, and the goods in them."""

from __future__ import annotations

import pytest

from shared.assistant import texts
from shared.assistant.navigation import TO_CATALOGUE, ShowSection
from shared.assistant.search.section_screens import PAGE
from shared.bitrix.errors import MethodMissing
from shared.domain.catalogue import Product, ProductPage, Section, Sections
from shared.pipeline.jobs import Lane
from shared.pipeline.outcomes import Refusal
from tests.assistant.samples import BIT, DRILL, OFFERS, SAW, SAW_OFFER
from tests.assistant.stage import SCREEN, Seen, Stage

POWER = Section("301", "Электроинструмент", None, has_children=True)
DRIVERS = Section("302", "Шуруповёрты и дрели", "301")
TOP = Sections(None, [POWER, Section("307", "Ручной инструмент")])
GOODS = [Product(str(number), f"Товар {number}") for number in range(1, 51)]
NOTHING = ProductPage((), 0)


def opens(section: Section, *, goods: bool = False, page: int = 0) -> ShowSection:
    return ShowSection(section=section.id, page=page, goods=goods, fresh=False)


async def _open(stage: Stage, button: ShowSection, *answers: object) -> Seen:
    return await stage.answer((await stage.tap(button)).job, answers)


async def test_the_command_opens_the_top(stage: Stage) -> None:
    seen = await stage.write("/catalog")
    assert seen.typing
    assert (seen.job.kind, seen.job.lane) == ("section", Lane.READ)
    methods = {command.method for command in stage.kinds["section"].plan(seen.job).commands.values()}
    assert methods == {"catalog.section.list"}
    shown = await stage.answer(seen.job, [TOP])
    assert (shown.screen.method, shown.screen.text) == ("sendMessage", texts.search.section([]))
    assert shown.screen.labels[:2] == ["Электроинструмент", "Ручной инструмент"]
    assert {"🔎 Искать ещё", "💬 Спросить менеджера"} < set(shown.screen.labels)


async def test_the_button_opens_it_below(stage: Stage) -> None:
    seen = await _open(stage, TO_CATALOGUE, TOP)
    assert seen.screen.method == "sendMessage"


async def test_a_section_asks_for_its_sections_and_goods_at_once(stage: Stage) -> None:
    job = (await stage.tap(opens(POWER))).job
    methods = {command.method for command in stage.kinds["section"].plan(job).commands.values()}
    assert methods == {"catalog.section.list", "catalog.product.list"}


async def test_a_section_with_sections_and_goods_opens_in_place(stage: Stage) -> None:
    seen = await _open(stage, opens(POWER), Sections("301", [DRIVERS], [POWER]), ProductPage([SAW], 48))
    assert (seen.screen.method, seen.screen.params["message_id"]) == ("editMessageText", SCREEN)
    assert seen.screen.labels == ["Шуруповёрты и дрели", "Товары раздела · 48", "📂 Каталог"]
    assert seen.jobs == []
    listed = await _open(
        stage,
        ShowSection.unpack(seen.screen.data("Товары")),
        Sections("301", [DRIVERS], [POWER]),
        ProductPage([SAW], 48),
    )
    assert listed.job.kind == "page_offers"


async def test_the_goods_of_a_section_are_a_list(stage: Stage) -> None:
    seen = await _open(stage, opens(DRIVERS), Sections("302", [], [POWER, DRIVERS]), ProductPage([DRILL, BIT], 2))
    shown = await stage.answer(seen.job, OFFERS)
    assert shown.screen.text.startswith("📂 Шуруповёрты и дрели — 2\u00a0товара\n\n1. Шуруповёрт")
    assert (shown.screen.method, shown.screen.params["message_id"]) == ("editMessageText", SCREEN)
    assert "📂 Каталог" in shown.screen.labels


async def test_the_only_product_of_a_section_is_a_list_too(stage: Stage) -> None:
    named = Section("9", SAW.article)
    seen = await _open(stage, opens(named), Sections("9", [], [named]), ProductPage([SAW], 1))
    shown = await stage.answer(seen.job, {SAW.id: SAW_OFFER})
    assert "1. Пила" in shown.screen.text


async def test_pages_of_goods_are_of_the_section(stage: Stage) -> None:
    seen = await _open(stage, opens(DRIVERS), Sections("302", [], [POWER, DRIVERS]), ProductPage(GOODS, 60))
    listed = await stage.answer(seen.job, {})
    near = await stage.tap(listed.screen.data("›"))
    assert near.job.kind == "page_offers", "the hints of the first fifty are at hand"
    far = (await stage.tap(listed.screen.data("‹"))).job
    (command,) = stage.kinds["find"].plan(far).commands.values()
    assert (command.params["filter"], command.params["start"]) == (
        {"q": "", "IBLOCK_SECTION_ID": 302, "ACTIVE": "Y"},
        50,
    )
    shown = await stage.answer(far, [ProductPage(GOODS[:10], 60)])
    assert [item["id"] for item in shown.job.payload["products"]] == ["6", "7", "8", "9", "10"]


async def test_an_empty_section_says_so(stage: Stage) -> None:
    seen = await _open(stage, opens(DRIVERS), Sections("302", [], [POWER, DRIVERS]), NOTHING)
    assert seen.screen.text == texts.search.section_empty(["Электроинструмент", "Шуруповёрты и дрели"])
    assert seen.screen.labels == ["‹ Электроинструмент"]


@pytest.mark.parametrize(("page", "shown"), [(0, 0), (1, 1), (7, 1), (-1, 0)])
async def test_many_sections_have_pages(stage: Stage, page: int, shown: int) -> None:
    many = [Section(str(number), f"Раздел {number}", "301") for number in range(PAGE + 2)]
    seen = await _open(stage, opens(POWER, page=page), Sections("301", many, [POWER]), NOTHING)
    assert f"{shown + 1} из 2" in seen.screen.labels
    assert seen.screen.labels[0] == f"Раздел {shown * PAGE}"


async def test_a_section_that_is_gone_leads_to_the_top(stage: Stage) -> None:
    seen = await stage.refuse((await stage.tap(opens(DRIVERS))).job, Refusal("not_found", "no such section"))
    assert (seen.job.payload["section"], seen.job.payload["message_id"]) == (None, SCREEN)
    lost = await stage.refuse(seen.job, Refusal("not_found", "no such section"))
    assert lost.screen.text == texts.trouble.portal_silent()


async def test_a_portal_that_is_silent(stage: Stage) -> None:
    seen = await stage.refuse((await stage.tap(opens(DRIVERS))).job)
    assert seen.screen.text == texts.trouble.portal_silent()


async def test_a_portal_without_sections_bothers_nobody(stage: Stage) -> None:
    missing = Refusal(MethodMissing.usual_code, "no such method", operators=True)
    seen = await stage.refuse((await stage.write("/catalog")).job, missing)
    assert (seen.screen.text, seen.screen.labels) == (
        texts.search.no_sections(),
        ["🔎 Искать ещё", "💬 Спросить менеджера"],
    )
