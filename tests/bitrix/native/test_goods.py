"""Searching and reading products of a real portal."""

from __future__ import annotations

import logging
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.bitrix.errors import AccessDenied, BadAnswer, NotFound
from shared.bitrix.portal import Answer
from shared.domain.catalogue import Product, ProductDetails, ProductPage
from tests.bitrix.native.speaking import ODD, asked, heard, native

SELECT = ["id", "iblockId", "name", "code", "type", "detailPicture", "quantityTrace", "canBuyZero", "property105"]


def row(**differs: Any) -> dict[str, Any]:
    usual = {
        "id": 1243,
        "iblockId": 23,
        "name": "Подшипник 6204-2RS",
        "code": "podshipnik",
        "type": 1,
        "detailPicture": {"id": "6439", "url": "/rest/17/secret/catalog.product.download?fields%5BfileId%5D=6439"},
        "property105": {"value": "6204-2RS", "valueId": "9735"},
    }
    return usual | differs


BEARING = Product("1243", "Подшипник 6204-2RS", "6204-2RS", "product-picture:1243:6439")


def page(*found: dict[str, Any], total: int | None = None, following: int | None = None) -> Answer:
    return Answer({"products": list(found)}, len(found) if total is None else total, following)


NO_IMAGES = Answer({"productImages": []})


def test_a_search_is_two_commands() -> None:
    operation = native().search("подшипник")
    params = {"select": SELECT, "order": {"id": "asc"}, "start": 0}
    assert asked(operation) == {
        "name": ("catalog.product.list", {**params, "filter": {"iblockId": 23, "active": "Y", "%name": "подшипник"}}),
        "article": (
            "catalog.product.list",
            {**params, "filter": {"iblockId": 23, "active": "Y", "=property105": ["подшипник"]}},
        ),
    }
    assert operation.weight == 2


def test_a_later_page_begins_with_what_the_articles_goods_pushed_aside() -> None:
    operation = native().search("подшипник", 100)
    assert {key: command.params["start"] for key, command in operation.commands.items()} == {
        "name": 100,
        "article": 0,
        "before": 50,
    }
    assert list(native(article_property="").search("подшипник", 100).commands) == ["name"]


@pytest.mark.parametrize("also_named", [(), (7,), (70,), (7, 70)])
def test_no_good_found_by_name_is_lost_behind_those_found_by_article(also_named: tuple[int, ...]) -> None:
    named = [row(id=number, name=f"Круг 125 № {number}", property105=None) for number in range(1, 131)]
    with_article = [row(id=900 + number, name="Диск", property105={"value": "125"}) for number in range(3)]
    with_article += [row(id=number, name="Круг 125", property105={"value": "125"}) for number in also_named]
    shown: list[str] = []
    start: int | None = 0
    while start is not None:
        operation = native().search("125", start)
        lists = {"name": named, "article": with_article, "before": named}
        answers = {}
        for key, command in operation.commands.items():
            first, rows = command.params["start"], lists[key]
            following = first + 50 if first + 50 < len(rows) else None
            answers[key] = page(*rows[first : first + 50], total=len(rows), following=following)
        found = operation.read(answers)
        assert found.total == 133
        assert len(found.products) == min(50, 133 - start)
        shown += [product.id for product in found.products]
        start = found.next
    assert sorted(map(int, shown)) == [*range(1, 131), 900, 901, 902]


def test_a_search_without_an_article_is_one_command() -> None:
    operation = native(article_property="").search("подшипник")
    assert list(operation.commands) == ["name"]
    assert operation.weight == 1
    assert operation.commands["name"].params["select"] == SELECT[:-1]
    (found,) = heard(operation, page(row())).products
    assert found.article == ""


def test_both_lists_are_merged_the_article_first() -> None:
    by_name = [row(id=1, name="Круг 125", property105=None), row(id=2, name="Круг 125 А", property105=None)]
    by_article = [row(id=2, name="Круг 125 А", property105={"value": "125"}), row(id=3, property105={"value": "125"})]
    found = heard(native().search("125"), page(*by_name), page(*by_article))
    assert [product.id for product in found.products] == ["2", "3", "1"]
    assert (found.total, found.next) == (3, None)


def test_pages() -> None:
    operation = native().search("подшипник")
    none = page()
    assert heard(operation, page(row(), total=137, following=50), none) == ProductPage((BEARING,), 137, 50)
    late = native().search("подшипник", 100)
    assert heard(late, page(row(), total=137), none, none) == ProductPage((BEARING,), 137, None)
    assert heard(late, Answer({"products": [row()]}), none, none) == ProductPage((BEARING,), 101, None)
    assert heard(operation, none, none) == ProductPage((), 0, None)
    assert heard(operation, Answer([]), Answer([])) == ProductPage((), 0, None)


@pytest.mark.parametrize(
    ("query", "name"),
    [
        ("ЩЕТКА", "Щётка для дрели"),
        ("  круг 125 ", "Круг  125"),
        ("6204-2rs", "Подшипник 6204-2RS"),
        ('диск "по металлу"', "Диск «По металлу»"),
        ("%", "что угодно"),
    ],
)
def test_names_are_compared_as_a_database_does(query: str, name: str) -> None:
    operation = native().search(query)
    answers = {key: page(row(name=name)) if key == "name" else page() for key in operation.commands}
    (found,) = operation.read(answers).products
    assert found.name == name


@pytest.mark.parametrize(
    ("query", "asked_for"),
    [
        (" круг  125 ", {"?name": "круг 125"}),
        ("круг 100%", {"?name": "круг 100%"}),
        ("шайба М8+2", {"?name": ['шайба "М8+2"', 'шайба "M8+2"']}),
        ("а444", {"%name": ["а444", "a444"]}),
        ("реле (12|24)", {"?name": 'реле "(12|24)"'}),
        ("~ круг", {"?name": '"~" круг'}),
        ('диск "по металлу', {"?name": "диск по металлу"}),
        ("ключ 1/2'", {"?name": "ключ 1/2"}),
        ('"круг"', {"%name": '"круг"'}),
        ("(круг", {"%name": "(круг"}),
        ("a_b", {"%name": "a_b"}),
        ("%", {"%name": "%"}),
    ],
)
def test_words_are_asked_for_in_the_language_of_the_portal(query: str, asked_for: dict[str, str]) -> None:
    operation = native().search(query)
    assert list(operation.commands) == ["name", "article"]
    wanted = operation.commands["name"].params["filter"]
    assert {key: wanted[key] for key in wanted if key.endswith("name")} == asked_for


def test_words_are_found_in_any_order() -> None:
    found = heard(
        native().search("круг 125"), page(row(name="Круг отрезной 125 мм"), row(id=2, name="125 мм круг")), page()
    )
    assert [product.id for product in found.products] == ["1243", "2"]


def test_signs_of_a_pattern_are_letters() -> None:
    wild = page(row(id=1, name="Круг 100% алмаз"), row(id=2, name="Круг 1001"))
    found = heard(native().search("круг 100%"), wild, page())
    assert [product.id for product in found.products] == ["1"]


def test_a_dropped_condition_on_words_is_noticed() -> None:
    with pytest.raises(BadAnswer, match="name"):
        heard(native().search("круг 125"), page(row(name="Круг 150")), page())


@pytest.mark.parametrize("key", ["name", "article"])
def test_a_dropped_filter_is_noticed(key: str) -> None:
    pages = {"name": page(), "article": page(), key: page(row(), row(id=9, name="Дрель", property105=None))}
    with pytest.raises(BadAnswer, match=key):
        native().search("6204-2RS").read(pages)


def test_what_only_holds_variations_is_left_out() -> None:
    found = heard(native().search("подшипник"), page(row(type=3), row(id=8, type="6"), row(id=9, type=4)), page())
    assert [product.id for product in found.products] == ["9"]


@pytest.mark.parametrize(
    ("value", "article"),
    [
        ({"value": "A-17", "valueId": "1"}, "A-17"),
        ({"value": 17}, "17"),
        ([{"value": ""}, {"value": "A-17"}], "A-17"),
        ("A-17", "A-17"),
        (None, ""),
        ([], ""),
        ({"value": None}, ""),
        ({"value": ["odd"]}, ""),
    ],
)
def test_articles_in_their_shapes(value: Any, article: str) -> None:
    details = heard(native().product("1243"), page(row(property105=value)), NO_IMAGES)
    assert details.product.article == article


@pytest.mark.parametrize(
    "value", [None, {}, [], {"id": None, "url": "/x"}, {"id": "abc"}, "/rest/17/secret/catalog.product.download", 5]
)
def test_a_product_without_a_usable_picture(value: Any) -> None:
    details = heard(native().product("1243"), page(row(detailPicture=value)), NO_IMAGES)
    assert details.product.picture is None


def test_a_product() -> None:
    operation = native().product("1243")
    only = operation.commands["list"]
    assert (only.method, only.params["filter"]) == ("catalog.product.list", {"iblockId": 23, "active": "Y", "id": 1243})
    assert asked(operation)["images"] == ("catalog.productImage.list", {"productId": 1243, "select": ["id", "type"]})
    assert (operation.weight, set(operation.optional)) == (2, {"images"})
    details = heard(operation, page(row(id=9), row(id="1243")), NO_IMAGES)
    assert details == ProductDetails(BEARING)
    assert "secret" not in f"{details!r}{details.product.picture}"


def test_a_product_in_words_and_pictures() -> None:
    told = row(iblockSectionId=68, previewText="<p>Для <b>стиральных</b> машин</p>", previewTextType="html")
    images = [
        {"id": 6439, "type": "DETAIL_PICTURE"},
        {"id": None, "type": "MORE_PHOTO"},
        *({"id": number, "type": "MORE_PHOTO", "downloadUrl": "/rest/17/secret/"} for number in range(1, 7)),
    ]
    details = heard(native().product("1243"), page(told), Answer({"productImages": images}))
    assert (details.product, details.section_id, details.description) == (BEARING, "68", "Для стиральных машин")
    assert details.pictures == tuple(f"product-photo:1243:{number}" for number in range(1, 5))


def test_a_key_that_may_not_see_more_pictures() -> None:
    refused = Answer(None, error=AccessDenied("no"))
    assert heard(native().product("1243"), page(row()), refused) == ProductDetails(BEARING)


def test_the_products_of_a_section() -> None:
    operation = native().products_of("68", 50)
    (command,) = operation.commands.values()
    assert command.params == {
        "select": [*SELECT[:-1], "iblockSectionId", "property105"],
        "filter": {"iblockId": 23, "active": "Y", "iblockSectionId": 68},
        "order": {"name": "asc"},
        "start": 50,
    }
    here = row(iblockSectionId="68")
    found = heard(operation, page(here, row(id=2, type=3, iblockSectionId=68), total=120, following=100))
    assert found == ProductPage((BEARING,), 120, 100)
    assert heard(operation, Answer({"products": [here]})) == ProductPage((BEARING,), 51, None)
    with pytest.raises(BadAnswer, match="iblockSectionId"):
        heard(operation, page(here, row(iblockSectionId=69), total=120))


def test_a_product_that_is_not_there() -> None:
    with pytest.raises(NotFound):
        heard(native().product("7"), page(), NO_IMAGES)
    with pytest.raises(BadAnswer):
        heard(native().product("7"), page(row()), NO_IMAGES)


@pytest.mark.parametrize("result", [{}, {"items": []}, None, "x", 7, {"products": "x"}, {"products": ["x"]}])
def test_answers_that_make_no_sense(result: Any) -> None:
    with pytest.raises(BadAnswer):
        heard(native().product("7"), result, NO_IMAGES)


@pytest.mark.parametrize(("differs", "field"), [({"id": None}, "id"), ({"name": ""}, "name"), ({"name": None}, "name")])
def test_products_without_what_they_need_are_left_out(
    differs: dict[str, Any], field: str, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.WARNING):
        assert heard(native().search("6204"), page(row(**differs), row()), page()).products == (BEARING,)
    (told,) = caplog.records
    assert vars(told)["fields"] == {"event": "field_unread", "method": "catalog.product.list", "field": field}


@given(st.dictionaries(st.sampled_from(sorted(row().keys() - {"name"})), ODD, max_size=4))
def test_no_odd_product_costs_the_list(odd: dict[str, Any]) -> None:
    found = heard(native().search("6204-2RS"), page(row(id=1) | odd, row(), total=2), page(), page())
    assert BEARING in found.products
