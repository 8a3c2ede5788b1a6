"""Articles in catalogues that write them in another way, against the simulated portal (the core's own filters)."""

from __future__ import annotations

import logging
from itertools import count, islice
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.bitrix.encoding import MOST_COMMANDS
from shared.bitrix.errors import BadAnswer
from shared.bitrix.portal import Answer
from shared.domain import barcodes, label_codes
from tests.bitrix.native.shop import NATIVE, SHOP, Shop
from tests.bitrix.native.speaking import ODD, heard, native

GOODS_FIELDS = ("id", "iblockId", "name", "active", "type", "property105", "iblockSectionId", "unheard")


@given(st.dictionaries(st.sampled_from(GOODS_FIELDS), ODD, max_size=4), st.sets(st.sampled_from(GOODS_FIELDS)))
def test_an_odd_record_costs_its_own_line(odd: dict[str, Any], gone: set[str]) -> None:
    sound = {"id": 1243, "iblockId": 23, "name": "Подшипник", "active": "Y", "property105": {"value": "6204-2RS"}}
    strange = {name: value for name, value in {**sound, "id": 1244, **odd}.items() if name not in gone}
    operation = native().by_articles(["6204-2RS"])
    answers = [{"products": [strange, sound]}, *[{"products": []}] * (len(operation.commands) - 1)]
    logging.disable()
    try:
        found = heard(operation, *answers)
    except BadAnswer as error:
        assert "dropped the filter" in str(error)  # noqa: PT017 - an article that nobody asked for is one of those
    else:
        assert "1243" in [one.id for one in found["6204-2RS"]]
    finally:
        logging.disable(logging.NOTSET)


EAN = "4607123456781"


@pytest.mark.parametrize("typed", [EAN, f"0{EAN}"])
async def test_a_good_is_found_by_the_number_of_its_barcode(shop: Shop, typed: str) -> None:
    known = shop.sells("Зюмбель", ean=EAN)
    shop.sells("Долото", ean="96385074")
    portal = native(ean_property="property125")
    assert [one.id for one in (await shop.asks(portal.search(typed))).products] == [known]
    assert not (await shop.asks(native().search(typed))).products, "not asked for"
    pages = await shop.asks(portal.search_ways([typed, "зюмбель", typed[::-1]]))
    assert [[one.id for one in page.products] for page in pages] == [[known], [known], []]


OF_VARIATIONS = native(**SHOP, ean_property="property125", offers_ean_property="property225")


@pytest.mark.parametrize("typed", [EAN, f"0{EAN}"])
@pytest.mark.parametrize("of_product", ["", "96385074", EAN], ids=["none", "another", "the same"])
async def test_a_variation_is_found_by_the_number_of_its_own_barcode(shop: Shop, typed: str, of_product: str) -> None:
    parent = shop.sells("Зюмбель", ean=of_product)
    small, large = [shop.sells("Зюмбель", parent=parent, trait=trait, ean=ean) for trait, ean in SIZES]
    (found,) = (await shop.asks(OF_VARIATIONS.search(typed))).products
    assert (found.id, found.name) == (small, "Зюмбель, 5 мм")
    ways = await shop.asks(OF_VARIATIONS.search_ways([typed, "96385081", "ничего"]))
    assert [[one.id for one in page.products] for page in ways] == [[small], [large], []]


async def test_a_list_is_looked_up_by_the_numbers_of_barcodes_too(shop: Shop) -> None:
    known = shop.sells("Зюмбель", ean=EAN)
    parent = shop.sells("Долото", ean="96385081")
    small = shop.sells("Долото", parent=parent, trait="8 мм", ean="96385081")
    asked = [f"0{EAN}", "96385081", "WB-PH2-50", "4607123456798"]
    found = await shop.asks(OF_VARIATIONS.by_articles(asked))
    assert [[one.id for one in found[each]] for each in asked[:2]] == [[known], [small]]
    assert found[asked[2]], "articles are found as before"
    assert found[asked[3]] == []
    assert not (await shop.asks(native().by_articles([EAN])))[EAN], "not asked for"


def test_numbers_of_barcodes_cost_a_list_one_command_for_each_block() -> None:
    numbers = list(
        islice((text for number in count(46_000_000) if barcodes.is_ean(text := str(number))), MOST_COMMANDS)
    )
    plain = native(**SHOP, ean_property="", offers_ean_property="")
    assert OF_VARIATIONS.by_articles(numbers).weight == plain.by_articles(numbers).weight + 2 <= MOST_COMMANDS
    assert OF_VARIATIONS.by_articles(["6204-2RS"]).weight == plain.by_articles(["6204-2RS"]).weight


def test_more_goods_with_these_numbers_than_a_page_are_told(caplog: pytest.LogCaptureFixture) -> None:
    operation = native(ean_property="property125").by_articles([EAN])
    operation.read({key: Answer({"products": []}, 60, next=50 if key == "ean" else None) for key in operation.commands})
    assert [record.message for record in caplog.records] == ["a field makes no sense"]


def test_all_codes_of_a_label_are_one_request() -> None:
    queries = [EAN, *(f"AB-{number:05}" for number in range(label_codes.MOST - 1))]
    assert OF_VARIATIONS.search_ways(queries).weight <= MOST_COMMANDS


SIZES = (("5 мм", EAN), ("8 мм", "96385081"))


async def test_without_its_setting_no_number_of_a_variation_is_asked_for(shop: Shop) -> None:
    parent = shop.sells("Зюмбель")
    shop.sells("Зюмбель", parent=parent, ean=EAN)
    plain = native(**SHOP, ean_property="property125")
    assert not (await shop.asks(plain.search(EAN))).products
    assert OF_VARIATIONS.search(EAN).weight == plain.search(EAN).weight + 1


def test_only_the_number_of_a_good_is_asked_for_in_that_property() -> None:
    plain, asking = native(), native(ean_property="property125")
    for other in ("4607123456782", "DF333DWYE", "шуруповёрт"):
        assert asking.search(other).commands == plain.search(other).commands
    assert asking.search(EAN).weight == plain.search(EAN).weight + 1


def test_a_portal_that_drops_the_filter_is_not_believed() -> None:
    operation = native(ean_property="property125").search(EAN)
    row = {"id": 7, "iblockId": 23, "name": "Дрель", "property125": {"value": "96385074"}}
    answers = {key: Answer({"products": [row] if key == "ean" else []}, 0) for key in operation.commands}
    assert not operation.read(answers).products


@pytest.mark.parametrize(
    ("kept", "typed"),
    [
        ("6178-4B40-40B2", "6178-4B40-40B2"),
        ("6178-4B40-40B2", "61784B4040B2"),
        ("6178-4B40-40B2", "6178 4B40 40B2"),
        ("6178-4B40-40B2", "6178.4B40.40B2"),
        ("6178-4B40-40B2", "6178–4В40–40В2"),
        ("61784B4040B2", "6178-4B40-40B2"),
        ("0000 350 0511", "00003500511"),
        ("0000 350 0511", "0000-350-0511"),
        ("HSZ-2.5", "HSZ-2,5"),
        ("HSZ-2,5", "HSZ 2.5"),
        ("А90444", "A90444"),
        ("A90444", "А90444"),
        ("МР-1477-2", "MP-1477-2"),
        ("МР-1477-2", "МР14772"),
        ("DF777DWYЕ", "DF777DWYE"),
        ("50%", "50%"),
        ("A_17", "A_17"),
        ("К1", "K1"),
    ],
)
async def test_an_article_is_found_however_it_is_written(shop: Shop, kept: str, typed: str) -> None:
    wanted = shop.sells("Деталь", kept)
    assert wanted in await shop.finds(typed)
    assert [one.id for one in (await shop.asks(NATIVE.by_articles([typed])))[typed]] == [wanted]


async def test_a_property_with_many_values(shop: Shop) -> None:
    shop.portal.shop.catalogue.many_articles = True
    wanted = shop.sells("Деталь", "ONE-111", more_articles=("6178-4B40-40B2",))
    assert await shop.finds("61784B4040B2") == [wanted]
    assert [one.id for one in (await shop.asks(NATIVE.by_articles(["61784B4040B2"])))["61784B4040B2"]] == [wanted]


async def test_signs_of_patterns_are_letters(shop: Shop) -> None:
    shop.sells("Деталь", "5012")
    shop.sells("Деталь", "50")
    shop.sells("Деталь", "AB17C")
    found = await shop.asks(NATIVE.by_articles(["50%", "A_17C"]))
    assert found == {"50%": [], "A_17C": []}
    assert await shop.finds("A_17C") == []


async def test_the_nearest_counts(shop: Shop) -> None:
    parted, plain = shop.sells("Сверло", "HSZ-2.5"), shop.sells("Сверло", "HSZ-25")
    found = await shop.asks(NATIVE.by_articles(["HSZ-2,5", "HSZ-25", "HSZ25"]))
    assert {typed: {one.id for one in products} for typed, products in found.items()} == {
        "HSZ-2,5": {parted},
        "HSZ-25": {plain},
        "HSZ25": {parted, plain},
    }


async def test_a_list_of_fifty_is_one_request(shop: Shop) -> None:
    wanted = {f"AB{number}CD": shop.sells("Деталь", f"AB-{number}-CD") for number in range(100, 150)}
    found = await shop.asks(NATIVE.by_articles(list(wanted)))
    assert {typed: [one.id for one in products] for typed, products in found.items()} == {
        typed: [product_id] for typed, product_id in wanted.items()
    }


async def test_what_is_exact_is_found_among_a_thousand_that_are_like_it(shop: Shop) -> None:
    """A pattern that finds more than a page is no harm to whoever typed what the catalogue has."""
    ids = {f"BZ-{number}": shop.sells("Болт", f"BZ-{number}") for number in range(1000, 2000)}
    found = await shop.asks(NATIVE.by_articles(["BZ-1999"]))
    assert [one.id for one in found["BZ-1999"]] == [ids["BZ-1999"]]


async def test_a_portal_that_drops_patterns_is_lived_with(shop: Shop) -> None:
    """Patterns are documented nowhere; where they are dropped the first page comes back, and is sieved."""
    wanted = shop.sells("Деталь", "6178-4B40-40B2")
    operation = NATIVE.by_articles(["61784B4040B2", "6178-4B40-40B2"])
    rows = await shop.asks(NATIVE.search("Деталь"))
    assert [one.id for one in rows.products] == [wanted]
    assert {key[-2:] for key in operation.commands} == {"a0", "n0"}


@pytest.mark.parametrize("more", [0, 48])
async def test_plain_products_are_looked_up_by_name_where_only_variations_have_articles(shop: Shop, more: int) -> None:
    portal = native(**SHOP, article_property="")
    disc = shop.sells("Круг отрезной")
    variation, plain = shop.sells("Круг 125", "KO-5125", disc, "125 мм"), shop.sells("Дрель DD-77777")
    others = [f"AB-{number}-CD" for number in range(100, 100 + more)]
    operation = portal.by_articles(["KO-5125", "DD-77777", *others])
    assert operation.weight <= 50
    found = await shop.asks(operation)
    assert [one.id for one in found["KO-5125"]] == [variation]
    assert [one.id for one in found["DD-77777"]] == [plain]
    assert not any(found[other] for other in others)


def test_goods_beyond_a_page_of_whole_articles_are_told_of(caplog: pytest.LogCaptureFixture) -> None:
    row = {"id": 22, "iblockId": 23, "name": "Дрель", "type": 1, "property105": {"value": "A-1"}}
    found = heard(native().by_articles(["A-1"]), Answer({"products": [row]}, 51, 50))
    assert [one.id for one in found["A-1"]] == ["22"]
    assert [vars(record)["fields"]["field"] for record in caplog.records] == ["next"]
