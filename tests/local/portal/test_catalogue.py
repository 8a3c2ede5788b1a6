"""The goods are believable: numbers, names, typography."""

from __future__ import annotations

import re
from collections import Counter
from decimal import Decimal

import pytest

from infra.local.portal.catalogue import SECTION_OF, SECTIONS, STORES, Catalogue, Category, about, build_catalogue


@pytest.fixture(scope="module")
def catalogue() -> Catalogue:
    return build_catalogue()


def test_there_are_at_least_300_products_on_every_shelf(catalogue):
    shelves = Counter(product.category for product in catalogue.all())
    assert len(catalogue) >= 300
    assert set(shelves) == set(Category)
    assert min(shelves.values()) >= 10


def test_ids_articles_and_names_are_unique(catalogue):
    products = catalogue.all()
    for values in ({p.id for p in products}, {p.article for p in products}, {p.name for p in products}):
        assert len(values) == len(products)


def test_it_is_the_same_at_every_start(catalogue):
    assert build_catalogue().all() == catalogue.all()


def test_the_screwdrivers_of_the_design(catalogue):
    found = catalogue.search("шуруповёрт")
    assert len(found) == 23
    assert [(p.name, p.article, p.price, p.available) for p in found[:2]] == [
        ("Шуруповёрт Makita DF333DWYE", "DF333DWYE", Decimal(7990), 4),
        ("Шуруповёрт Bosch GSR 120-LI", "06019G8000", Decimal(8490), 0),
    ]


def test_the_bit_of_the_design(catalogue):
    bit = next(p for p in catalogue.search("бита PH2") if p.name == "Бита PH2 50 мм")
    assert bit.price == 45


def test_prices_stock_and_pictures_differ(catalogue):
    products = catalogue.all()
    assert all(p.price > 0 and p.price == p.price.quantize(Decimal("0.01")) for p in products)
    assert any(p.price != p.price.to_integral_value() for p in products)
    assert all(set(p.stock) == set(STORES) and min(p.stock.values()) >= 0 for p in products)
    assert 10 <= sum(p.available == 0 for p in products) <= len(products) // 4
    assert 5 <= sum(not p.has_picture for p in products) <= len(products) // 10


def test_some_names_need_escaping(catalogue):
    names = " ".join(p.name for p in catalogue.all())
    assert all(sign in names for sign in '<>&"«»ё')


def test_search_wants_every_word_in_name_or_article(catalogue):
    assert [p.id for p in catalogue.search("makita df333")] == ["1001"]
    assert [p.id for p in catalogue.search("06019g8000")] == ["1002"]
    assert {p.id for p in catalogue.search("ШУРУПОВЕРТ")} == {p.id for p in catalogue.search("шуруповёрт")}
    assert catalogue.search("шуруповёрт герметик") == []
    assert len(catalogue.search("")) == len(catalogue)


WITHOUT_YO = (
    r"шуруповерт|отвертк|щетк|черн|желт|зелен|сверл[ао]\b(?<!сверло)|счетчик|гайковерт|лен |пленк|оплетк|шпатлевк"
)


def test_russian_is_written_properly(catalogue):
    for name in (product.name for product in catalogue.all()):
        assert name == name.strip(), name
        assert re.search("[А-Яа-яЁё]", name), name
        assert name[0].isupper(), name
        assert "  " not in name, name
        assert " - " not in name, name
        assert not re.search(r"\d\.\d+ ?(мм|см|м|кг|г|л|Вт)\b", name), name
        assert not re.search(r"\d[xхXХ]\d", name), name
        assert not re.search(r"\d(мм|см|кг|мл|Вт|шт)\b", name), name
        assert not re.search(WITHOUT_YO, name.lower()), name
        assert name.count("«") == name.count("»"), name


def test_no_word_mixes_cyrillic_and_latin_look_alikes(catalogue):
    for product in catalogue.all():
        for word in re.findall(r"[A-Za-zА-Яа-яЁё]+", product.name):
            latin, cyrillic = re.search("[A-Za-z]", word), re.search("[А-Яа-яЁё]", word)
            assert not (latin and cyrillic), (product.name, word)


def test_taking_goes_store_by_store_and_can_be_undone():
    product = build_catalogue().search("бита PH2 50")[0]
    before = dict(product.stock)
    taken = product.take(before["1"] + 5)
    assert taken == {"1": before["1"], "2": 5}
    assert product.available == sum(before.values()) - before["1"] - 5
    product.put_back(taken)
    assert product.stock == before


def test_taking_more_than_there_is_takes_what_there_is():
    product = build_catalogue().search("DF333DWYE")[0]
    product.take(100)
    assert product.available == 0


def test_every_shelf_is_in_one_section_and_every_section_hangs_on_the_tree() -> None:
    ids = {section.id for section in SECTIONS}
    assert len(ids) == len(SECTIONS)
    assert set(SECTION_OF) == set(Category)
    assert all(section.parent in ids | {0} for section in SECTIONS)


def test_descriptions_fit_their_goods(catalogue):
    assert all(about(product).startswith("<p><b>") for product in catalogue.all())
    assert {product.more_pictures for product in catalogue.all()} == {0, 1, 2}
