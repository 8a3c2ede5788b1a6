"""Price and stock in the spec's contract, in either way."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from shared.bitrix.encoding import command_line
from shared.bitrix.errors import BadAnswer
from shared.domain.offers import Offer, Stock
from tests.bitrix.contract.speaking import asked, heard, make, sent
from tests.bitrix.php import parse_line


def test_a_quote_as_the_spec_says() -> None:
    operation = make().quote(["7", "a-8", "7"])
    cmd = {"sku_7": "catalog.product.get?id=7", "sku_a-8": "catalog.product.get?id=a-8"}
    assert sent(operation) == [("POST", "crm.product.batch", {"cmd": cmd})]
    assert operation.weight == 2
    _, parsed = parse_line(command_line(next(iter(operation.commands.values()))))
    assert parsed == {"cmd": cmd}


def test_a_quote_has_no_word_for_the_kind_of_price() -> None:
    assert make().quote(["7"], "4").commands == make().quote(["7"]).commands


@pytest.mark.parametrize("ids", [[], [str(number) for number in range(51)], ["a/b"], ["x]"], [""]])
def test_a_quote_that_cannot_be_asked(ids: list[str]) -> None:
    with pytest.raises(ValueError, match=r"products|id"):
        make().quote(ids)


@pytest.mark.parametrize(
    ("stores", "stocks"),
    [
        (
            [{"STORE_ID": 1, "STORE_NAME": "Склад", "AMOUNT": 5}, {"storeId": 2, "amount": "1.5"}],
            (Stock("Склад", Decimal(5)), Stock("2", Decimal("1.5"))),
        ),
        ({"1": 5, "2": {"AMOUNT": 2}}, (Stock("1", Decimal(5)), Stock("2", Decimal(2)))),
        ({"STORE_ID": 3, "AMOUNT": 4}, (Stock("3", Decimal(4)),)),
        ([5, "2"], (Stock("", Decimal(5)), Stock("", Decimal(2)))),
        (7, (Stock("", Decimal(7)),)),
        ("7", (Stock("", Decimal(7)),)),
        ([{"STORE_ID": 1, "AMOUNT": -3}], (Stock("1", Decimal(0)),)),
        ([], ()),
        ({}, ()),
        ("", ()),
        (None, ()),
    ],
)
def test_stock_in_every_shape(stores: Any, stocks: tuple[Stock, ...]) -> None:
    row = {"PRICE": "100.50", "CURRENCY": "RUB", "STORE_AMOUNT": stores}
    offers = heard(make().quote(["7"]), {"result": {"sku_7": row}})
    assert offers == {"7": Offer("7", Decimal("100.50"), "RUB", stocks)}


def test_what_is_available_is_the_sum_of_the_stores() -> None:
    offer = Offer("7", Decimal(1), "RUB", (Stock("a", Decimal(2)), Stock("b", Decimal("1.5"))))
    assert offer.available == Decimal("3.5")
    assert Offer("7", Decimal(1), "RUB").available == 0


def test_products_that_are_not_sold_are_left_out() -> None:
    row = {"price": 1, "currency": "RUB", "storeAmount": []}
    result = {
        "result": {
            "sku_1": row,
            "sku_2": None,
            "sku_3": {**row, "price": None},
            "sku_4": [],
            "sku_5": {**row, "price": ""},
        },
        "result_error": {"sku_6": {"error": "ERROR_NOT_FOUND"}},
    }
    assert list(heard(make().quote(["1", "2", "3", "4", "5", "6"]), result)) == ["1"]
    assert heard(make().quote(["1"]), {"result": []}) == {}
    assert heard(make().quote(["1"]), {"result": None}) == {}


@pytest.mark.parametrize(
    ("row", "field"),
    [
        ({"CURRENCY": "RUB", "STORE_AMOUNT": []}, "PRICE"),
        ({"PRICE": "free", "CURRENCY": "RUB", "STORE_AMOUNT": []}, "PRICE"),
        ({"PRICE": -1, "CURRENCY": "RUB", "STORE_AMOUNT": []}, "PRICE"),
        ({"PRICE": 1, "STORE_AMOUNT": []}, "CURRENCY"),
        ({"PRICE": 1, "CURRENCY": "RUB"}, "STORE_AMOUNT"),
        ({"PRICE": 1, "CURRENCY": "RUB", "STORE_AMOUNT": [{"STORE_ID": 1}]}, "AMOUNT"),
        ({"PRICE": 1, "CURRENCY": "RUB", "STORE_AMOUNT": ["many"]}, "AMOUNT"),
        (5, "sku"),
    ],
)
def test_offers_that_make_no_sense(row: Any, field: str) -> None:
    with pytest.raises(BadAnswer, match=field):
        heard(make().quote(["7"]), {"result": {"sku_7": row}})


@pytest.mark.parametrize("result", [None, [], {}, {"sku_7": {}}, {"result": [1]}, {"result": 5}])
def test_a_quote_without_its_result(result: Any) -> None:
    with pytest.raises(BadAnswer, match="result"):
        heard(make().quote(["7"]), result)


def quoted(prices: Any, stocks: Any, **more: Any) -> dict[str, Offer]:
    return heard(make(quote_by_lists=True).quote(["7", "8"]), prices, stocks, **more)


def test_the_second_way_to_quote() -> None:
    operation = make(quote_by_lists=True).quote(["7", "8", "7"])
    only = {"filter": {"@PRODUCT_ID": [7, 8]}}
    assert asked(operation) == [("catalog.price.list", only), ("catalog.storeproduct.list", only)]
    assert operation.weight == 2
    assert make(quote_by_lists=True).quote([str(number) for number in range(1, 51)]).weight == 10
    prices = [{"PRODUCT_ID": 7, "PRICE": "12.50", "CURRENCY": "RUB"}, {"PRODUCT_ID": 7, "PRICE": 1, "CURRENCY": "RUB"}]
    stocks = [{"PRODUCT_ID": "7", "STORE_NAME": "Центр", "AMOUNT": 3}, {"PRODUCT_ID": 8, "STORE_ID": 2, "AMOUNT": 1}]
    expected = {"7": Offer("7", Decimal("12.50"), "RUB", (Stock("Центр", Decimal(3)),))}
    assert quoted({"prices": prices}, {"storeProducts": stocks}) == expected
    assert quoted({"ITEMS": prices}, stocks) == expected
    assert quoted([], []) == {}
    assert quoted(prices[:1], None)["7"].stocks == ()


@pytest.mark.parametrize(
    ("prices", "stocks"),
    [
        ([{"PRODUCT_ID": 9, "PRICE": 1, "CURRENCY": "RUB"}], []),
        ([], [{"PRODUCT_ID": 9, "AMOUNT": 1}]),
        ([{"PRODUCT_ID": 7, "CURRENCY": "RUB"}], []),
        ({"other": []}, []),
        ([{"PRICE": 1}], []),
    ],
)
def test_quotes_that_make_no_sense(prices: Any, stocks: Any) -> None:
    with pytest.raises(BadAnswer):
        quoted(prices, stocks)


def test_a_quote_that_goes_on_is_refused() -> None:
    with pytest.raises(BadAnswer, match="one page"):
        quoted([], [], next=50)
