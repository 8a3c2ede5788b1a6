"""What one request asks about a list, and what its answer means for the lines."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.domain.catalogue import Product, ProductPage
from shared.domain.pasted_lists.matching import (
    CANDIDATES,
    LookUpCosts,
    LookUpRound,
    LookUpStage,
    SoughtLine,
    after,
    merged,
    next_round,
    sought,
    within_order,
)
from shared.domain.pasted_lists.reading import MOST_LINES, WantedLine
from shared.domain.quantities import MOST
from shared.pipeline.payloads import encode
from shared.pipeline.select import BATCH
from tests.assistant.samples import BIT, DRILL, SAW

SECRET_URL = "https://p.bitrix24.ru/rest/1/abcdef123456/catalog.product.download?id=7"


NAME_COST = 3
COSTS = LookUpCosts(len, lambda _: NAME_COST)
"""A portal that takes one command for an article, and three for a name."""


def _sought(*texts: str) -> list[SoughtLine]:
    return sought([WantedLine(text, Decimal(2)) for text in texts])


def _named(text: str, found: ProductPage) -> SoughtLine:
    (line,) = after(_sought(text), {}, {0: found})
    return line


@pytest.mark.parametrize(
    ("text", "asked"),
    [
        ("DF333DWYE", ["DF333DWYE"]),
        ("СВ-325", ["СВ-325", "CB-325", "CB325"]),
        ("df-333 dwye", ["df-333 dwye", "df-333-dwye", "df333dwye"]),
        ("1973935", ["1973935", "197393-5"]),
        ("197393 5", ["197393 5", "197393-5", "1973935"]),
        ("4607123456781", ["4607123456781"]),
    ],
)
def test_an_article_is_looked_up_in_the_spellings_of_catalogues(text: str, asked: list[str]) -> None:
    assert next_round(_sought(text), BATCH, COSTS) == LookUpRound(tuple(asked), {})


def test_a_look_up_fits_into_a_batch_whatever_it_takes() -> None:
    lines = _sought(*(f"DF-{number} CDE" for number in range(100, 112)), *("перчатки",) * 9)
    costs = LookUpCosts(lambda asked: 4 * -(-len(asked) // 10), lambda _: 6)
    asked = next_round(lines, BATCH, costs)
    assert (len(asked.articles), len(asked.names)) == (20, 7)
    assert costs.articles(asked.articles) + 6 * len(asked.names) <= BATCH


def test_a_line_that_means_what_has_variations_is_asked_about() -> None:
    disc = Product("20", "Круг отрезной", has_variations=True)
    (line,) = after(_sought("KO-12345"), {"KO-12345": [disc]}, {})
    assert (line.stage, line.product, line.is_unclear) == (LookUpStage.SETTLED, None, True)


def test_names_are_searched_in_what_room_the_articles_leave() -> None:
    asked = next_round(_sought("бита ph2", "DF333DWYE", "перчатки 10 пар"), BATCH, COSTS)
    assert asked == LookUpRound(("DF333DWYE",), {0: "бита ph2", 2: "перчатк"})


def test_other_spellings_come_after_the_names() -> None:
    lines = _sought(
        *(f"AB {number} CDE" for number in range(40)), *(f"перчатки {'а' * number}б" for number in range(9))
    )
    asked = next_round(lines, BATCH, COSTS)
    assert len(asked.names) == (BATCH - 40) // NAME_COST
    assert asked.articles[:40] == tuple(f"AB {number} CDE" for number in range(40))
    assert asked.articles[40:] == ("AB-0-CDE",)


@given(
    st.lists(
        st.sampled_from(["DF 333 {}", "перчатки {}", "1973{}5", "бита ph2 {}", "диск отрезной {}"]), max_size=MOST_LINES
    ),
    st.data(),
)
def test_every_line_is_settled_in_a_few_requests(kinds: list[str], data: st.DataObject) -> None:
    lines = _sought(*(kind.format(100 + number) for number, kind in enumerate(kinds)))
    rounds = 0
    while any(line.stage is not LookUpStage.SETTLED for line in lines):
        asked = next_round(lines, BATCH, COSTS)
        texts = len(asked.names) + sum(map(len, asked.trade.values()))
        assert 0 < len(asked.articles) + NAME_COST * texts <= BATCH
        found = {one: [DRILL] for one in asked.articles if data.draw(st.booleans())}
        nothing = {number: [ProductPage((), 0)] * len(each) for number, each in asked.trade.items()}
        named = ProductPage((BIT,), 1) if data.draw(st.booleans()) else ProductPage((), 0)
        lines = after(lines, found, dict.fromkeys(asked.names, named), nothing)
        rounds += 1
    assert rounds <= 6


def test_an_article_means_its_product() -> None:
    (line,) = after(_sought("1973935"), {"1973935": [], "197393-5": [DRILL]}, {})
    assert (line.stage, line.product, line.quantity) == (LookUpStage.SETTLED, DRILL, Decimal(2))


def test_two_products_of_an_article_are_not_chosen_from() -> None:
    (line,) = after(_sought("DF333DWYE"), {"DF333DWYE": [DRILL, BIT, DRILL]}, {})
    assert (line.product, line.products, line.total) == (None, (DRILL, BIT), 2)


def test_an_article_nobody_has_is_searched_by_name_next() -> None:
    lines = after(_sought("DF333DWYE"), {"DF333DWYE": []}, {})
    assert next_round(lines, BATCH, COSTS) == LookUpRound((), {0: "DF 333 DWYE"})
    (line,) = after(lines, {}, {0: ProductPage((BIT, DRILL), 2)})
    assert line.product == DRILL, "what only looks like it does not count"


@pytest.mark.parametrize(
    ("text", "found", "product", "total"),
    [
        ("бита ph2 50 мм", ProductPage((SAW, BIT), 40), BIT, 1),
        ("zp 18", ProductPage((BIT, SAW), 40), SAW, 1),
        ("бита", ProductPage((BIT,), 1), BIT, 1),
        ("бита", ProductPage((BIT, SAW), 40), None, 40),
        ("бита", ProductPage((), 0), None, 0),
        ("бита", ProductPage((), 40), None, 0),
    ],
)
def test_a_name_means_the_only_product_or_the_one_of_just_that_name(
    text: str, found: ProductPage, product: Product | None, total: int
) -> None:
    line = _named(text, found)
    assert (line.stage, line.product, line.total) == (LookUpStage.SETTLED, product, total)


def test_a_line_that_was_not_asked_about_waits() -> None:
    assert after(_sought("бита"), {}, {}) == _sought("бита")


def test_a_few_products_are_remembered_and_no_key_among_them() -> None:
    many = tuple(Product(str(number), f"Бита {number}", picture=SECRET_URL) for number in range(9))
    line = _named("бита", ProductPage(many, 9))
    assert len(line.products) == CANDIDATES
    assert "abcdef123456" not in str(encode(line))


def test_lines_that_mean_one_product_are_one() -> None:
    lines = [
        SoughtLine("DF333DWYE", Decimal(600), LookUpStage.SETTLED, (DRILL,), 1),
        SoughtLine("нет", Decimal(1), LookUpStage.SETTLED),
        SoughtLine("шуруповёрт", Decimal(600), LookUpStage.SETTLED, (DRILL,), 1),
        SoughtLine("нету", Decimal(1), LookUpStage.SETTLED),
    ]
    assert [(line.text, line.quantity) for line in merged(lines)] == [
        ("DF333DWYE", Decimal(1200)),
        ("нет", Decimal(1)),
        ("нету", Decimal(1)),
    ]
    kept, capped = within_order(merged(lines))
    assert ([line.quantity for line in kept], capped) == ([MOST, 1, 1], True)
    assert within_order(lines[:2]) == (tuple(lines[:2]), False)


def test_metres_are_not_added_to_pieces_of_the_same_product() -> None:
    metres = SoughtLine("кабель", Decimal(10), LookUpStage.SETTLED, (DRILL,), 1, measure="м")
    pieces = SoughtLine("VVG", Decimal(2), LookUpStage.SETTLED, (DRILL,), 1, pieces=True)
    more = SoughtLine("vvg", Decimal(3), LookUpStage.SETTLED, (DRILL,), 1)
    assert [(line.quantity, line.measure, line.pieces) for line in merged([metres, more, pieces])] == [
        (Decimal(10), "м", False),
        (Decimal(5), "", True),
    ]


EAN = "4607123456781"


def test_words_beside_the_number_of_a_barcode_are_asked_in_the_same_request() -> None:
    asked = next_round(_sought(f"бита {EAN}", f"HR2470 {EAN}", "дрель"), BATCH, COSTS)
    assert asked.articles == (EAN, "HR2470")
    assert asked.names == {0: "бита", 1: "HR 2470", 2: "дрель"}


def test_the_number_of_a_barcode_counts_for_more_than_the_words_beside_it() -> None:
    lines = _sought(f"бита {EAN}")
    (found,) = after(lines, {EAN: [BIT]}, {0: ProductPage((DRILL,), 1)})
    assert found.product is not None
    assert found.product.id == BIT.id
    (found,) = after(lines, {EAN: []}, {0: ProductPage((BIT,), 1)})
    assert (found.product, found.products[0].id) == (None, BIT.id), "nobody knows the number: it is asked"


def test_a_good_that_a_search_finds_by_the_number_of_its_barcode_is_asked_about() -> None:
    (line,) = after(_sought(EAN), {EAN: []}, {})
    assert line.stage is LookUpStage.NAME
    (found,) = after([line], {}, {0: ProductPage((BIT,), 1)})
    assert (found.product, found.products[0].id) == (None, BIT.id)
