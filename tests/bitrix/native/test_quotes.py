"""Price and stock of a real portal."""

from __future__ import annotations

import logging
from decimal import Decimal
from itertools import count
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.bitrix.errors import BadAnswer
from shared.bitrix.portal import Answer
from shared.domain.offers import Offer, Stock
from tests.bitrix.native.speaking import ODD, asked, heard, native

PRICE_FIELDS = ["id", "productId", "catalogGroupId", "price", "currency", "quantityFrom", "quantityTo"]
STOCK_FIELDS = ["id", "productId", "storeId", "amount", "quantityReserved"]
STORES = {"stores": [{"id": 1, "title": "Центральный"}, {"id": "2", "title": ""}]}


def price(product: int, **differs: Any) -> dict[str, Any]:
    usual = {"id": next(IDS), "productId": product, "catalogGroupId": 1, "price": Decimal("100.5"), "currency": "RUB"}
    return usual | {"quantityFrom": None, "quantityTo": None} | differs


IDS = count(11)


def stock(product: int, **differs: Any) -> dict[str, Any]:
    return {"id": next(IDS), "productId": product, "storeId": 1, "amount": 54, "quantityReserved": 2} | differs


def quoted(prices: list[Any], stocks: list[Any], stores: Any = STORES) -> dict[str, Offer]:
    return heard(native().quote(["1243", "1244"]), {"prices": prices}, {"storeProducts": stocks}, stores)


def test_the_commands() -> None:
    operation = native().quote(["1243", "1244", "1243"])
    order = {"id": "asc"}
    assert asked(operation) == {
        "p0": (
            "catalog.price.list",
            {
                "select": PRICE_FIELDS,
                "filter": {"@productId": [1243, 1244], "catalogGroupId": 1},
                "order": order,
            },
        ),
        "s0": (
            "catalog.storeproduct.list",
            {"select": STOCK_FIELDS, "filter": {"@productId": [1243, 1244]}, "order": order},
        ),
        "stores": ("catalog.store.list", {"select": ["id", "title"], "filter": {"active": "Y"}}),
    }
    assert operation.weight == 3


def test_another_kind_of_price_is_asked_and_expected() -> None:
    operation = native().quote(["1243", "1244"], "4")
    assert operation.commands["p0"].params["filter"] == {"@productId": [1243, 1244], "catalogGroupId": 4}
    own = {"prices": [price(1243, catalogGroupId=4, price=90)]}
    assert {name: offer.price for name, offer in heard(operation, own, {"storeProducts": []}, STORES).items()} == {
        "1243": Decimal(90)
    }
    with pytest.raises(BadAnswer):
        heard(operation, {"prices": [price(1243)]}, {"storeProducts": []}, STORES)


def test_pages_of_stock_follow_the_stores() -> None:
    products = [str(number) for number in range(1, 11)]
    assert list(native(stores=5).quote(products).commands) == ["p0", "s0", "stores"]
    operation = native(stores=60).quote(products)
    assert list(operation.commands) == [
        "p0",
        "s0",
        *(f"s0_{start}" for start in range(50, 600, 50)),
        "stores",
        "stores_50",
    ]
    assert operation.commands["s0_550"].params == {**operation.commands["s0"].params, "start": 550}
    assert list(native().quote(products[:5]).commands) == ["p0", "s0", "stores"]
    assert native(stores=60).quote([str(number) for number in range(1, 51)]).weight == 47


def test_stock_of_several_pages_is_one() -> None:
    operation = native(stores=6).quote([str(number) for number in range(1, 11)])
    names = {"stores": [{"id": number, "title": f"Склад {number}"} for number in range(1, 7)]}
    there = [stock(1 + n // 6, id=100 + n, storeId=1 + n % 6, amount=1, quantityReserved=0) for n in range(60)]
    first = Answer({"storeProducts": there[:50]}, 60, 50)
    prices = {"prices": [price(10)]}
    second = Answer({"storeProducts": there[50:]}, 60)
    assert heard(operation, prices, first, second, names)["10"].available == 6
    with pytest.raises(BadAnswer, match="2 pages"):
        heard(operation, prices, first, first, names)
    few = Answer({"storeProducts": there[54:]}, 6)
    assert heard(operation, prices, few, few, names)["10"].available == 6


def test_many_products_go_in_parts() -> None:
    operation = native(stores=5).quote([str(number) for number in range(1, 51)])
    assert operation.weight == len(operation.commands) == 11
    assert operation.commands["p4"].params["filter"]["@productId"] == list(range(41, 51))


def test_one_by_one() -> None:
    portal = native(quote_one_by_one=True)
    operation = portal.quote(["1243", "1244"])
    assert operation.commands["p1"].params["filter"] == {"productId": 1244, "catalogGroupId": 1}
    assert operation.commands["s0"].params["filter"] == {"productId": 1243}
    assert portal.quote([str(number) for number in range(24)]).weight == 49
    prices = [{"prices": [price(1243)]}, {"prices": [price(1244, price=7)]}]
    stocks = [{"storeProducts": []}, {"storeProducts": [stock(1244)]}]
    offers = heard(operation, *prices, *stocks, STORES)
    assert {name: (offer.price, offer.available) for name, offer in offers.items()} == {
        "1243": (Decimal("100.5"), Decimal(0)),
        "1244": (Decimal(7), Decimal(52)),
    }


@pytest.mark.parametrize(("count", "one_by_one"), [(0, False), (51, False), (0, True), (25, True)])
def test_too_few_and_too_many(count: int, one_by_one: bool) -> None:
    with pytest.raises(ValueError, match="a quote is for"):
        native(quote_one_by_one=one_by_one).quote([str(number) for number in range(count)])


def test_offers() -> None:
    stocks = [stock(1243), stock(1243, storeId="2", amount="3.5", quantityReserved=None), stock(1244, amount=None)]
    offers = quoted([price(1243), price(1244, price="0", currency="usd")], stocks)
    assert offers["1243"] == Offer(
        "1243", Decimal("100.5"), "RUB", (Stock("Центральный", Decimal(52)), Stock("№ 2", Decimal("3.5")))
    )
    assert offers["1243"].available == Decimal("55.5")
    assert offers["1244"] == Offer("1244", Decimal(0), "USD", (Stock("Центральный", Decimal(0)),))


def test_an_oversold_store_is_empty() -> None:
    offers = quoted([price(1243)], [stock(1243, quantityReserved=60), stock(1243, storeId=2, amount=4)])
    assert offers["1243"].available == 2


def test_a_closed_store_does_not_count() -> None:
    assert quoted([price(1243)], [stock(1243, storeId=3)])["1243"].stocks == ()


def test_without_a_price_it_is_not_for_sale() -> None:
    assert quoted([price(1244)], [stock(1243)]).keys() == {"1244"}
    assert quoted([], []) == {}
    assert quoted([price(1243, price=None)], []) == {}


def test_the_price_of_one_piece_counts() -> None:
    ranges = [price(1243, price=5, quantityFrom=10), price(1243, price=9, quantityFrom="1", quantityTo="9")]
    assert quoted(ranges, [])["1243"].price == 9
    assert quoted([price(1243, quantityFrom=2)], []) == {}


@pytest.mark.parametrize(
    ("prices", "stocks"),
    [
        ([price(1)], []),
        ([], [stock(1)]),
        ([price(1243, catalogGroupId=2)], []),
        ([{"price": 1}], []),
    ],
)
def test_rows_that_make_no_sense(prices: list[Any], stocks: list[Any]) -> None:
    with pytest.raises(BadAnswer):
        quoted(prices, stocks)


@pytest.mark.parametrize(
    ("odd", "method", "field"),
    [
        (price(1243, price="dear"), "price", "price"),
        (price(1243, price=-1), "price", "price"),
        (price(1243, currency=""), "price", "price"),
        (price(1243, quantityFrom="few"), "price", "quantityFrom"),
        (stock(1243, amount="many"), "storeproduct", "amount"),
        (stock(1243, storeId=None), "storeproduct", "storeId"),
    ],
)
def test_a_row_that_makes_no_sense_is_left_out(
    odd: dict[str, Any], method: str, field: str, caplog: pytest.LogCaptureFixture
) -> None:
    prices, stocks = [price(1243), price(1244)], [stock(1243), stock(1244)]
    with caplog.at_level(logging.WARNING):
        offers = quoted([odd, *prices], stocks) if method == "price" else quoted(prices, [odd, *stocks])
    assert offers == quoted(prices, stocks)
    (told,) = caplog.records
    assert vars(told)["fields"] == {"event": "field_unread", "method": f"catalog.{method}.list", "field": field}


FIELDS = ["price", "currency", "quantityFrom", "quantityTo"]


@given(st.dictionaries(st.sampled_from(FIELDS), ODD), st.dictionaries(st.sampled_from(STOCK_FIELDS[2:]), ODD))
def test_no_odd_row_costs_the_quote(of_price: dict[str, Any], of_stock: dict[str, Any]) -> None:
    offers = quoted([price(1243) | of_price, price(1244)], [stock(1243) | of_stock, stock(1244)])
    assert offers["1244"].available == 52


@pytest.mark.parametrize(("total", "following"), [(51, None), (None, 50)])
@pytest.mark.parametrize("place", [0, 1, 2])
def test_a_list_that_goes_on_is_refused(total: int | None, following: int | None, place: int) -> None:
    answers = [Answer({"prices": [price(1243)]}, 1), Answer({"storeProducts": []}, 0), Answer(STORES, 2)]
    heard(native().quote(["1243"]), *answers)
    answers[place] = Answer(answers[place].result, total, following)
    with pytest.raises(BadAnswer, match="does not fit"):
        heard(native().quote(["1243"]), *answers)
