"""Products of the spec's contract: what is asked, and how answers in their variants are read."""

from __future__ import annotations

from typing import Any

import pytest

from shared.bitrix.errors import BadAnswer, NotFound, Verdict
from shared.bitrix.portal import Answer
from shared.domain.catalogue import Product, ProductDetails, ProductPage
from tests.bitrix.contract.speaking import heard, make, sent


def test_a_search_as_the_spec_says() -> None:
    select = ["ID", "NAME", "PRICE", "DETAIL_PICTURE"]
    params = {"filter": {"q": "дрель"}, "select": select, "start": 50}
    assert sent(make().search("дрель", 50)) == [("POST", "catalog.product.list", params)]
    assert make().search("дрель").weight == 1


@pytest.mark.parametrize("wrapper", ["items", "products", "ITEMS", None])
@pytest.mark.parametrize("article", ["SKU", "ARTICLE", "code"])
def test_a_page_of_products(wrapper: str | None, article: str) -> None:
    page = [{"id": 7, "Name": "Дрель", article: "D-7", "DETAIL_PICTURE": "/upload/7.png"}]
    result = page if wrapper is None else {wrapper: page}
    operation = make().search("дрель", 50)
    expected = (Product("7", "Дрель", "D-7", "/upload/7.png"),)
    assert heard(operation, result, total=137, next=100) == ProductPage(expected, 137, 100)
    assert heard(operation, result) == ProductPage(expected, 51, None)


def test_an_empty_page() -> None:
    assert heard(make().search("x"), {"items": []}, total=0) == ProductPage((), 0)
    assert heard(make().search("x"), []) == ProductPage((), 0)


@pytest.mark.parametrize(
    ("given", "picture"),
    [
        ("https://cdn.example/a.png", "https://cdn.example/a.png"),
        ("/upload/a.png", "/upload/a.png"),
        ({"url": "/rest/x"}, "/rest/x"),
        ({"ID": 5, "SRC": "/upload/b.png"}, "/upload/b.png"),
        ({"id": 5}, None),
        ("//elsewhere.example/a.png", None),
        ("javascript:x", None),
        (6439, None),
        (None, None),
        ([], None),
    ],
)
def test_pictures_in_every_shape(given: Any, picture: str | None) -> None:
    found = heard(make().search("x"), {"items": [{"ID": 1, "NAME": "n", "DETAIL_PICTURE": given}]})
    assert found.products[0].picture == picture


@pytest.mark.parametrize(
    ("result", "field"),
    [
        ({"items": [{"NAME": "x"}]}, "ID"),
        ({"items": [{"ID": 1}]}, "NAME"),
        ({"items": 5}, "items"),
        ({"goods": []}, "items"),
        ("text", "items"),
    ],
)
def test_products_that_make_no_sense(result: Any, field: str) -> None:
    with pytest.raises(BadAnswer, match=field) as caught:
        heard(make().search("x"), result)
    assert caught.value.verdict is Verdict.REFUSED


def test_one_product() -> None:
    operation = make().product("7")
    ((_, method, params),) = sent(operation)
    assert (method, params["filter"]) == ("catalog.product.list", {"q": "", "ID": 7})
    rows = [{"ID": "6", "NAME": "other"}, {"ID": 7, "NAME": "Дрель"}]
    assert heard(operation, {"items": rows}) == ProductDetails(Product("7", "Дрель"))
    with pytest.raises(NotFound):
        heard(operation, {"items": rows[:1]})
    with pytest.raises(NotFound):
        heard(operation, {"items": []})


@pytest.mark.parametrize(
    ("given", "pictures"),
    [
        (["/a.jpg", {"url": "/b.jpg"}, "//elsewhere.example/c.jpg", 5], ("/a.jpg", "/b.jpg")),
        ({"0": {"SRC": "/a.jpg"}, "1": "/b.jpg"}, ("/a.jpg", "/b.jpg")),
        ({"url": "/a.jpg"}, ("/a.jpg",)),
        ("/a.jpg", ("/a.jpg",)),
        ([f"/{number}.jpg" for number in range(9)], ("/0.jpg", "/1.jpg", "/2.jpg", "/3.jpg")),
        (None, ()),
    ],
)
def test_a_product_in_words_and_pictures(given: Any, pictures: tuple[str, ...]) -> None:
    row = {"ID": 7, "NAME": "Дрель", "MORE_PHOTO": given, "IBLOCK_SECTION_ID": "68", "DETAIL_TEXT": "<p>650 Вт</p>"}
    details = heard(make().product("7"), {"items": [row]})
    assert details == ProductDetails(Product("7", "Дрель"), "650 Вт", pictures, "68")


def test_the_products_of_a_section() -> None:
    operation = make().products_of("68", 50)
    ((_, method, params),) = sent(operation)
    assert (method, params["start"]) == ("catalog.product.list", 50)
    assert params["filter"] == {"q": "", "IBLOCK_SECTION_ID": 68, "ACTIVE": "Y"}
    row = {"ID": 7, "NAME": "Дрель", "IBLOCK_SECTION_ID": 68}
    assert heard(operation, [row], total=120, next=100) == ProductPage((Product("7", "Дрель"),), 120, 100)
    assert heard(operation, [row]) == ProductPage((Product("7", "Дрель"),), 51, None)
    with pytest.raises(BadAnswer, match="another section"):
        heard(operation, [row, {"ID": 8, "NAME": "Круг"}])


def test_a_whole_article_comes_first() -> None:
    rows = [{"ID": 1, "NAME": "Кейс для D-7"}, {"ID": 2, "NAME": "Дрель", "SKU": "D-7"}, {"ID": 3, "NAME": "Щётки D-7"}]
    found = heard(make().search("d-7"), {"items": rows})
    assert [product.id for product in found.products] == ["2", "1", "3"]


def test_an_article_is_searched_for_in_both_alphabets() -> None:
    operation = make().search("A00444")
    assert [command.params["filter"]["q"] for command in operation.commands.values()] == ["A00444", "А00444"]
    assert operation.weight == 2
    found = operation.read({
        "list": Answer({"items": []}, 0),
        "list1": Answer({"items": [{"ID": 7, "NAME": "Ремень", "SKU": "А00444"}]}, 1),
    })  # fmt: skip
    assert ([product.id for product in found.products], found.total) == (["7"], 1)
