"""Price and stock in the spec's contract, in either way."""

from __future__ import annotations

import logging
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shared.bitrix.encoding import command_line
from shared.bitrix.errors import BadAnswer
from shared.bitrix.portal import Answer
from shared.domain.offers import Offer, Stock
from tests.bitrix.contract.speaking import asked, heard, make, sent
from tests.bitrix.native.speaking import ODD
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
        ({"PRICE": 1, "CURRENCY": "RUB", "STORE_AMOUNT": [{"STORE_ID": 1}]}, "STORE_AMOUNT"),
        ({"PRICE": 1, "CURRENCY": "RUB", "STORE_AMOUNT": ["many"]}, "STORE_AMOUNT"),
        (5, "sku"),
    ],
)
def test_an_offer_that_makes_no_sense_costs_its_line(row: Any, field: str, caplog: pytest.LogCaptureFixture) -> None:
    sound = {"PRICE": 1, "CURRENCY": "RUB", "STORE_AMOUNT": 3}
    assert heard(make().quote(["7", "8"]), {"result": {"sku_7": row, "sku_8": sound}}).keys() == {"8"}
    assert unread(caplog) == [("crm.product.batch", field)]


def unread(caplog: pytest.LogCaptureFixture) -> list[tuple[str, str]]:
    """Return method and field of what the log was told; never a value is told."""
    told: list[dict[str, str]] = [vars(record)["fields"] for record in caplog.records]
    assert all(fields.keys() == {"event", "method", "field"} for fields in told)
    return [(fields["method"], fields["field"]) for fields in told]


def test_another_currency_than_the_shops_is_foreign() -> None:
    rows = {f"sku_{n}": {"PRICE": 1, "CURRENCY": name, "STORE_AMOUNT": 3} for n, name in ((7, "usd"), (8, "RUB"))}
    offers = heard(make().quote(["7", "8"]), {"result": rows})
    assert [(offer.currency, offer.foreign) for offer in offers.values()] == [("USD", True), ("RUB", False)]
    assert not heard(make(currency="USD").quote(["7"]), {"result": rows})["7"].foreign


def test_a_price_of_nought_is_on_request() -> None:
    row = {"PRICE": "0.00", "CURRENCY": "RUB", "STORE_AMOUNT": 3}
    assert heard(make().quote(["7"]), {"result": {"sku_7": row}})["7"].on_request


FIELDS = st.sampled_from(["PRICE", "CURRENCY", "STORE_AMOUNT", "PRODUCT_ID", "AMOUNT"])


@settings(deadline=None)
@given(st.dictionaries(FIELDS, ODD), st.sets(FIELDS), st.booleans())
def test_no_odd_row_costs_the_quote(odd: dict[str, Any], gone: set[str], by_lists: bool) -> None:
    logging.disable()
    sound: dict[str, Any] = {"PRICE": 1, "CURRENCY": "RUB", "STORE_AMOUNT": 3, "AMOUNT": 3}
    row = {name: value for name, value in {**sound, **odd}.items() if name not in gone}
    row["PRODUCT_ID"] = None if isinstance(row.get("PRODUCT_ID"), int | str) else row.get("PRODUCT_ID")
    try:
        if by_lists:
            rows = [row, {**sound, "PRODUCT_ID": 8}]
            offers = heard(make(quote_by_lists=True).quote(["7", "8"]), rows, rows)
        else:
            offers = heard(make().quote(["7", "8"]), {"result": {"sku_7": row, "sku_8": sound}})
    finally:
        logging.disable(logging.NOTSET)
    assert offers["8"].price == 1
    assert offers["8"].available == 3


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
    assert make(quote_by_lists=True, stores=5).quote([str(number) for number in range(1, 51)]).weight == 10
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
        ({"other": []}, []),
    ],
)
def test_quotes_that_make_no_sense(prices: Any, stocks: Any) -> None:
    with pytest.raises(BadAnswer):
        quoted(prices, stocks)


@pytest.mark.parametrize(
    ("prices", "stocks", "told"),
    [
        ([{"PRODUCT_ID": 7, "CURRENCY": "RUB"}], [], ("price", "PRICE")),
        ([{"PRICE": 1, "CURRENCY": "RUB"}], [], ("price", "PRODUCT_ID")),
        ([{"PRODUCT_ID": 7, "PRICE": 1}], [], ("price", "CURRENCY")),
        ([], [{"PRODUCT_ID": 7, "AMOUNT": "many"}], ("storeproduct", "AMOUNT")),
        ([], [{"AMOUNT": 1}], ("storeproduct", "PRODUCT_ID")),
    ],
)
def test_a_row_that_makes_no_sense_is_left_out(
    prices: list[Any], stocks: list[Any], told: tuple[str, str], caplog: pytest.LogCaptureFixture
) -> None:
    sound, held = {"PRODUCT_ID": 8, "PRICE": 1, "CURRENCY": "RUB"}, {"PRODUCT_ID": 8, "AMOUNT": 2}
    assert quoted([*prices, sound], [*stocks, held]) == {
        "8": Offer("8", Decimal(1), "RUB", (Stock("", Decimal(2)),)),
    }
    method, field = told
    assert unread(caplog) == [(f"catalog.{method}.list", field)]


@pytest.mark.parametrize(("products", "stores", "pages"), [(2, 10, 1), (10, 6, 2), (50, 60, 9), (1, 60, 2)])
def test_pages_of_stock_follow_the_stores(products: int, stores: int, pages: int) -> None:
    operation = make(quote_by_lists=True, stores=stores).quote([str(number) for number in range(products)])
    assert sum(key.partition("_")[0] == "stock0" for key in operation.commands) == pages
    assert operation.weight == len(operation.commands) <= 50


def test_stock_of_several_pages_is_one() -> None:
    operation = make(quote_by_lists=True, stores=60).quote(["7"])
    there = [{"PRODUCT_ID": 7, "STORE_ID": store, "AMOUNT": 1} for store in range(60)]
    prices = Answer([{"PRODUCT_ID": 7, "PRICE": 1, "CURRENCY": "RUB"}])
    pages = {"price0": prices, "stock0": Answer(there[:50], 60, 50), "stock0_50": Answer(there[50:], 60)}
    assert operation.read(pages)["7"].available == 60
    again = Answer(there[:50], 50)
    assert operation.read({"price0": prices, "stock0": again, "stock0_50": again})["7"].available == 50


def test_what_goes_on_behind_the_pages_is_told_and_missed(caplog: pytest.LogCaptureFixture) -> None:
    prices = [{"PRODUCT_ID": 7, "PRICE": 1, "CURRENCY": "RUB"}]
    assert quoted(prices, [], next=50).keys() == {"7"}
    assert unread(caplog) == [("catalog.price.list", "next"), ("catalog.storeproduct.list", "next")]
