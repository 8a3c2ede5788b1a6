"""What of a list must be asked, and what the answers do."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest

from shared.assistant import texts
from shared.assistant.lists import screens
from shared.assistant.lists.buttons import AddList, AnswerCount, ChooseProduct, FindLine
from shared.domain import carts
from shared.domain.catalogue import Product
from shared.domain.pasted_lists import questions, quoted
from shared.domain.pasted_lists.matching import LookUpStage, SoughtLine, merged
from shared.domain.pasted_lists.quoted import QuotedItem, of_lines
from shared.domain.searches import product_data
from shared.store.unit_of_work import UnitOfWork
from tests.assistant.samples import BIT, CABLE, CABLE_OFFER, DRILL, DRILL_OFFER, OFFERS, SAW, USER
from tests.assistant.stage import SCREEN, Seen, Stage

NB = "\u00a0"
ASKED = "DF333DWYE\t2\t45\nPH2-50\t10\t45"


def _line(product: Product, *options: str, count: str = "1", answered: bool = False) -> SoughtLine:
    counts = tuple(map(Decimal, options))
    quantity = counts[0] if counts else Decimal(count)
    return SoughtLine("x", quantity, LookUpStage.SETTLED, (product,), 1, options=counts, answered=answered)


def _seen(line: SoughtLine) -> SoughtLine:
    (after,) = questions.with_evidence([line], OFFERS)
    return after


def test_the_price_of_the_shop_tells_which_number_counts() -> None:
    line = _seen(_line(BIT, "45", "10"))
    assert (line.quantity, line.options) == (Decimal(10), ())


def test_two_numbers_of_which_none_is_the_price_are_asked() -> None:
    assert _seen(_line(BIT, "44", "10")).options == (Decimal(44), Decimal(10))


def test_a_large_count_that_the_price_leaves_is_asked_all_the_same() -> None:
    assert _seen(_line(BIT, "45", "250")).options == (Decimal(45), Decimal(250))


@pytest.mark.parametrize(("count", "options"), [("200", (Decimal(200),)), ("100", ())])
def test_a_large_count_of_dear_goods_is_asked_once(count: str, options: tuple[Decimal, ...]) -> None:
    line = _seen(_line(DRILL, count=count))
    assert line.options == options
    assert _seen(replace(line, options=(), answered=True)).options == ()


@pytest.mark.parametrize("line", [_line(CABLE, "2", "45"), replace(_line(CABLE, count="10"), pieces=True)])
def test_the_answers_are_in_the_measure_it_is_sold_in(line: SoughtLine) -> None:
    offers = {CABLE.id: CABLE_OFFER}
    kept = of_lines("l1", questions.with_evidence([line], offers), offers)
    counts = screens.buttons(kept).inline_keyboard[0]
    assert [each.text for each in counts[:-1]] == [f"1 · {count}{NB}м" for count in kept.shown_lines[0].options]


def test_pieces_of_what_is_sold_by_the_metre_are_asked_once() -> None:
    line = replace(_line(CABLE, count="10"), pieces=True)
    (asked,) = questions.with_evidence([line], {CABLE.id: CABLE_OFFER})
    assert asked.options == (Decimal(10),)
    answered = questions.with_count(asked, Decimal(10))
    assert answered is not None
    assert questions.with_evidence([answered], {CABLE.id: CABLE_OFFER})[0].options == ()
    unsaid = replace(line, pieces=False)
    assert questions.with_evidence([unsaid], {CABLE.id: CABLE_OFFER})[0].options == ()
    assert _seen(replace(_line(DRILL), pieces=True)).options == ()
    assert questions.line_from_data(questions.line_data(line)) == line


def test_what_nobody_sells_is_not_asked_about() -> None:
    assert _seen(_line(SAW, "2", "45")).options == ()


def test_what_is_asked_is_neither_summed_nor_put_into_the_cart() -> None:
    kept = of_lines("l1", [_line(DRILL, "2", "45"), _line(BIT, count="3")], OFFERS)
    assert kept.goods == (QuotedItem(BIT, Decimal(3), line=1),)
    assert kept.unclear == ("x",)


def test_what_is_asked_is_added_to_nothing() -> None:
    lines = [_line(DRILL, count="2"), _line(DRILL, "2", "45"), _line(DRILL, count="3")]
    assert [(line.quantity, len(line.options)) for line in merged(lines)] == [(Decimal(5), 0), (Decimal(2), 2)]


def test_a_product_with_variations_cannot_be_chosen() -> None:
    line = replace(_line(DRILL), products=(DRILL, replace(BIT, has_variations=True)), total=2)
    assert questions.with_product(line, BIT.id) is None
    assert questions.with_product(line, "404") is None
    chosen = questions.with_product(line, DRILL.id)
    assert chosen is not None
    assert chosen.product == DRILL


async def _quoted(stage: Stage) -> Seen:
    job = (await stage.write(ASKED)).job
    found = await stage.answer(job, [{"DF333DWYE": [DRILL], "PH2-50": [BIT]}])
    return await stage.answer(found.job, OFFERS)


async def _cart(stage: Stage) -> dict[str, Decimal]:
    return {line.product_id: line.quantity for line in (await carts.load(stage.unit(), USER)).lines}


async def test_a_count_that_is_not_clear_is_asked_and_the_answer_is_quoted_in_place(stage: Stage) -> None:
    screen = (await _quoted(stage)).screen
    assert f"2. Шуруповёрт Makita DF333DWYE — 2 или 45{NB}шт." in screen.text
    assert f"Итого: <b>450{NB}₽</b>" in screen.text, "the other line's price is the shop's, so it wants 10"
    seen = await stage.tap(screen.data(f"2 · 2{NB}шт."))
    assert seen.toasts == [texts.lists.noted()]
    shown = (await stage.answer(seen.job, OFFERS)).screen
    assert (shown.method, shown.params["message_id"]) == ("editMessageText", SCREEN)
    assert f"Итого: <b>16{NB}430{NB}₽</b>" in shown.text
    again = await stage.tap(screen.data(f"2 · 45{NB}шт."))
    assert (again.toasts, again.jobs) == ([texts.lists.answered()], [])
    await stage.answer((await stage.tap(shown.data("В корзину всё"))).job, OFFERS)
    assert await _cart(stage) == {"7": 2, "8": 10}


async def test_what_is_in_the_cart_before_an_answer_is_not_added_again(stage: Stage) -> None:
    screen = (await _quoted(stage)).screen
    await stage.answer((await stage.tap(screen.data("В корзину всё"))).job, OFFERS)
    seen = await stage.tap(screen.data(f"2 · 45{NB}шт."))
    shown = (await stage.answer(seen.job, OFFERS)).screen
    await stage.answer((await stage.tap(shown.data("В корзину остальное"))).job, OFFERS)
    assert await _cart(stage) == {"7": 45, "8": 10}


async def test_a_product_that_is_chosen_keeps_the_count_of_its_line(stage: Stage) -> None:
    job = (await stage.write("DF333DWYE x 2\nGA5030 x 1")).job
    found = await stage.answer(job, [{"DF333DWYE": [DRILL, BIT], "GA5030": [SAW]}])
    screen = (await stage.answer(found.job, {})).screen
    seen = await stage.tap(screen.data(f"2{NB}шт. · Шуруповёрт"))
    shown = (await stage.answer(seen.job, OFFERS)).screen
    assert f"Шуруповёрт Makita DF333DWYE — 2{NB}шт. × 7{NB}990" in shown.text
    again = await stage.tap(screen.data(f"2{NB}шт. · Бита"))
    assert (again.toasts, again.jobs) == ([texts.lists.answered()], [])


async def test_an_answer_that_overtook_another_is_shown_by_its_own_job(stage: Stage) -> None:
    lines = (_line(DRILL, "2", "45"), _line(BIT, "3", "4"))
    kept = replace(of_lines("l1", lines, OFFERS), owner=USER)
    await stage.save(quoted.key("l1"), kept.save)
    first = await stage.tap(AnswerCount(list="l1", line=0, count=Decimal(2)))
    second = await stage.tap(AnswerCount(list="l1", line=1, count=Decimal(4)))
    assert (await stage.answer(first.job, OFFERS)).screens == []
    text = (await stage.answer(second.job, OFFERS)).screen.text
    assert f"Шуруповёрт Makita DF333DWYE — 2{NB}шт." in text
    assert f"Бита PH2 50 мм — 4{NB}шт." in text


async def test_a_quote_that_failed_leaves_the_list_and_its_questions(stage: Stage) -> None:
    screen = (await _quoted(stage)).screen
    seen = await stage.tap(screen.data(f"2 · 2{NB}шт."))
    twice = await stage.tap(screen.data(f"2 · 2{NB}шт."))
    assert (twice.toasts, twice.jobs) == ([texts.lists.answered()], []), "it is being quoted"
    told = (await stage.refuse(seen.job)).screen
    assert (told.method, told.text) == ("sendMessage", texts.trouble.portal_silent())
    again = await stage.tap(screen.data(f"2 · 45{NB}шт."))
    assert again.toasts == [texts.lists.noted()], "he may answer otherwise, too"
    shown = (await stage.answer(again.job, OFFERS)).screen
    assert f"Шуруповёрт Makita DF333DWYE — 45{NB}шт." in shown.text
    late = await stage.tap(screen.data(f"2 · 2{NB}шт."))
    assert (late.toasts, late.jobs) == ([texts.lists.answered()], [])


async def test_of_two_answers_under_way_the_later_one_tells_of_trouble(stage: Stage) -> None:
    lines = (_line(DRILL, "2", "45"), _line(BIT, "3", "4"))
    await stage.save(quoted.key("l1"), replace(of_lines("l1", lines, OFFERS), owner=USER).save)
    first = await stage.tap(AnswerCount(list="l1", line=0, count=Decimal(2)))
    second = await stage.tap(AnswerCount(list="l1", line=1, count=Decimal(4)))
    assert (await stage.refuse(first.job)).screens == []
    assert (await stage.refuse(second.job)).screen.text == texts.trouble.portal_silent()
    again = await stage.tap(AnswerCount(list="l1", line=1, count=Decimal(4)))
    text = (await stage.answer(again.job, OFFERS)).screen.text
    assert f"2. Шуруповёрт Makita DF333DWYE — 2 или 45{NB}шт." in text, "the screen still had that question"
    assert f"1. Бита PH2 50 мм — 4{NB}шт." in text


async def test_the_other_buttons_mean_what_the_screen_has_while_an_answer_is_quoted(stage: Stage) -> None:
    lines = (_line(DRILL, "2", "45"), SoughtLine("нет", Decimal(3), LookUpStage.SETTLED), _line(BIT, count="3"))
    await stage.save(quoted.key("l1"), replace(of_lines("l1", lines, OFFERS), owner=USER).save)
    await stage.tap(AnswerCount(list="l1", line=0, count=Decimal(2)))
    assert (await stage.tap(FindLine(list="l1", line=1))).job.payload["query"] == "нет 3 шт"
    added = await stage.answer((await stage.tap(AddList(list="l1"))).job, OFFERS)
    assert f"2 · 45{NB}шт." in added.screen.labels


@pytest.mark.parametrize(
    "data", [AnswerCount(list="l9", line=0, count=Decimal(2)), ChooseProduct(list="l9", line=0, product="7")]
)
async def test_an_answer_about_an_old_list_leads_to_a_fresh_screen(
    stage: Stage, data: AnswerCount | ChooseProduct
) -> None:
    assert (await stage.tap(data)).toasts == [texts.trouble.stale_button()]


async def test_a_list_of_a_version_before_has_no_questions(stage: Stage) -> None:
    def save(unit: UnitOfWork) -> None:
        good = {"product": product_data(DRILL), "quantity": 3, "added": False}
        unit.put(quoted.key("l1"), {"goods": [good], "unclear": ["бита"], "by_manager": False})

    await stage.save(quoted.key("l1"), save)
    known = await quoted.load(stage.unit(), "l1", USER)
    assert known is not None
    assert (known.goods, known.lines) == ((QuotedItem(DRILL, Decimal(3)),), ())
    assert (await stage.tap(AnswerCount(list="l1", line=0, count=Decimal(2)))).jobs == []


def test_a_doubted_price_costs_no_question_where_the_shop_has_none() -> None:
    free = replace(DRILL_OFFER, price=Decimal(0))
    (line,) = questions.with_evidence([_line(DRILL, count="500")], {"7": free})
    assert line.options == ()
