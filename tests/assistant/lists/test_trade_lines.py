"""Lines in the trade's words: asked beside their names, found where these are not, and never taken without a word."""

from __future__ import annotations

from decimal import Decimal

import pytest

from shared.domain.catalogue import Product, ProductPage
from shared.domain.pasted_lists import questions
from shared.domain.pasted_lists.matching import (
    LookUpCosts,
    LookUpRound,
    LookUpStage,
    SoughtLine,
    after,
    next_round,
    sought,
)
from shared.domain.pasted_lists.reading import WantedLine
from shared.domain.spelling.trade_words import package_words
from shared.pipeline.select import BATCH
from tests.assistant.samples import DRILL, SAW

COSTS = LookUpCosts(len, lambda _: 1)
NOTHING = ProductPage((), 0)
THIN = Product("31", "Круг отрезной 125×1,0 мм", "L-10")
THICK = Product("32", "Круг отрезной 125×1,6 мм", "L-16")


def _sought(*texts: str) -> list[SoughtLine]:
    return sought([WantedLine(text, Decimal(2)) for text in texts])


def _answered(asked: LookUpRound, **found: ProductPage) -> dict[int, list[ProductPage]]:
    return {number: [found.get(text.split()[0], NOTHING) for text in texts] for number, texts in asked.trade.items()}


def test_the_trades_words_are_asked_with_the_name() -> None:
    asked = next_round(_sought("диск отрезной 125", "перчатки"), BATCH, COSTS)
    assert dict(asked.names) == {0: "диск отрезн 125", 1: "перчатк"}
    assert list(asked.trade) == [0]
    assert "круг отрезн 125" in asked.trade[0]


def test_what_the_name_finds_is_not_looked_for_by_another() -> None:
    lines = _sought("диск отрезной 125")
    asked = next_round(lines, BATCH, COSTS)
    disc = Product("30", "Диск отрезной 125 мм")
    (line,) = after(lines, {}, {0: ProductPage((disc,), 1)}, _answered(asked, круг=ProductPage((THIN,), 1)))
    assert (line.product, line.guessed) == (disc, False)


GLOVES = Product("41", "Перчатки нитриловые", "P-1")


@pytest.mark.parametrize("text", ["перчатки 5", "перчатки — 5"])
def test_what_may_be_a_count_is_no_part_of_a_name_that_is_not_found(text: str) -> None:
    lines = sought([WantedLine(text, Decimal(1), options=(Decimal(1), Decimal(5)))])
    asked = next_round(lines, BATCH, COSTS)
    assert asked.trade[0][0] == "перчатк"
    (line,) = after(lines, {}, {0: NOTHING}, _answered(asked, перчатк=ProductPage((GLOVES,), 1)))
    assert (line.product, line.products, line.options) == (None, (GLOVES,), (Decimal(1), Decimal(5)))
    chosen = questions.with_product(line, GLOVES.id)
    assert chosen is not None
    assert (chosen.product, chosen.options) == (GLOVES, line.options)


def test_a_size_that_is_found_stays_one() -> None:
    drill = Product("42", "Сверло 6 мм")
    lines = sought([WantedLine("сверло 6", Decimal(1), options=(Decimal(1), Decimal(6)))])
    asked = next_round(lines, BATCH, COSTS)
    others = ProductPage((drill, Product("43", "Сверло 8 мм")), 2)
    (line,) = after(lines, {}, {0: ProductPage((drill,), 1)}, _answered(asked, сверл=others))
    assert line.product == drill


def test_a_number_that_is_no_count_stays_in_the_name() -> None:
    (line,) = sought([WantedLine("перчатки 5", Decimal(2))])
    assert line.uncounted == ""


@pytest.mark.parametrize("goods", [(THIN,), (THIN, THICK)])
def test_what_only_the_trades_words_find_is_asked_about(goods: tuple[Product, ...]) -> None:
    lines = _sought("диск отрезной 125")
    asked = next_round(lines, BATCH, COSTS)
    (line,) = after(lines, {}, {0: NOTHING}, _answered(asked, круг=ProductPage(goods, len(goods))))
    assert (line.stage, line.product, line.is_unclear) == (LookUpStage.SETTLED, None, True)
    assert {product.id for product in line.products} == {product.id for product in goods}
    again = questions.line_from_data(questions.line_data(line))
    assert again == line
    chosen = questions.with_product(again, THIN.id)
    assert chosen is not None
    assert (chosen.product, chosen.quantity) == (THIN, Decimal(2))


@pytest.mark.parametrize(
    ("text", "name", "taken"),
    [
        ("пакля", "Шпаклёвка финишная 20 кг", False),
        ("4157", "Болгарка DWE4157", False),
        ("болгарка dwe", "Болгарка DWE4157", True),
        ("счетчик", "Электросчётчик; счётчик", True),
    ],
)
def test_the_middle_of_a_word_is_asked_about(text: str, name: str, taken: bool) -> None:
    lines = _sought(text)
    (line,) = after(lines, {}, {0: ProductPage((Product("40", name),), 1)})
    assert (line.product is not None, line.guessed) == (taken, not taken)


@pytest.mark.parametrize("text", ["биты PH2 50 мм", "бита пх2 50", "бита ПХ2 50 мм"])
def test_what_names_write_otherwise_is_asked_along_and_asked_about(text: str) -> None:
    asked = next_round(_sought(text), BATCH, COSTS)
    bit = Product("33", "Бита PH2 50 мм", "PH2-50")
    pages = {0: [ProductPage((bit,), 1) if "ph2" in each.casefold() else NOTHING for each in asked.trade[0]]}
    (line,) = after(_sought(text), {}, {0: NOTHING}, pages)
    assert (line.stage, line.guessed, line.products) == (LookUpStage.SETTLED, True, (bit,))


def test_it_never_waits_for_a_request_of_its_own() -> None:
    lines = _sought("биты PH2 50 мм")
    asked = next_round(lines, 1, COSTS)
    assert (list(asked.names), list(asked.trade)) == ([0], [])
    assert after(lines, {}, {0: NOTHING})[0].stage is LookUpStage.SETTLED


@pytest.mark.parametrize("text", ["бита PH2 50 мм", "болт М8", "отвёртки PH2", "HR2470"])
def test_what_names_have_as_it_is_costs_nothing_more(text: str) -> None:
    assert not next_round(_sought(text), BATCH, COSTS).trade


def test_without_room_they_are_asked_in_the_next_request_if_the_name_finds_nothing() -> None:
    lines = _sought("шурик", "болгарка")
    asked = next_round(lines, 2, COSTS)
    assert (len(asked.names), dict(asked.trade)) == (2, {})
    lines = after(lines, {}, {0: NOTHING, 1: ProductPage((SAW,), 1)})
    assert [line.stage for line in lines] == [LookUpStage.TRADE, LookUpStage.SETTLED]
    asked = next_round(lines, 4, COSTS)
    assert (dict(asked.names), list(asked.trade)) == ({}, [0])
    (line, _) = after(lines, {}, {}, _answered(asked, шуруповёрт=ProductPage((DRILL,), 1)))
    assert line.products == (DRILL,)


def test_a_line_that_nothing_finds_is_not_found() -> None:
    lines = _sought("шурик")
    asked = next_round(lines, BATCH, COSTS)
    (line,) = after(lines, {}, {0: NOTHING}, _answered(asked))
    assert (line.stage, line.total, line.guessed) == (LookUpStage.SETTLED, 0, False)


def test_a_shops_own_words_are_asked_too() -> None:
    words = package_words().with_lines(["хлопушка > пистолет монтажный"])
    lines = _sought("хлопушка")
    assert dict(next_round(lines, BATCH, COSTS).trade) == {}
    assert dict(next_round(lines, BATCH, COSTS, words).trade) == {0: ("пистолет монтажн",)}
