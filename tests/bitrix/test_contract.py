"""The dialect of the spec's §2: what is asked, and how answers in their variants are read."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any, TypeVar

import pytest

from shared.bitrix.contract import ContractPortal, ContractSettings
from shared.bitrix.encoding import command_line, json_parameters
from shared.bitrix.errors import BadAnswer, NotFound, UnknownStatus, Verdict
from shared.bitrix.portal import Answer, Operation, Portal
from shared.domain.catalogue import Product, ProductDetails, ProductPage
from shared.domain.offers import Offer, Stock
from shared.domain.orders import OrderLine, Payment, PaymentKind, Shipment
from shared.status import Status
from tests.bitrix.php import parse_line

T = TypeVar("T")
SYSTEMS = {PaymentKind.PREPAID: "118", PaymentKind.CASH: "cash"}


def make(**settings: Any) -> Portal:
    return ContractPortal(ContractSettings(pay_systems=SYSTEMS, delivery_id="198", **settings))


def asked(operation: Operation[Any]) -> list[tuple[str, str, Any]]:
    return [(c.verb, c.method, json_parameters(c.params)) for c in operation.commands.values()]


def heard(operation: Operation[T], *results: Any, extra: Mapping[str, Any] | None = None, **counts: Any) -> T:
    answers = [Answer(result, extra=extra or {}, **counts) for result in results]
    return operation.read(dict(zip(operation.commands, answers, strict=True)))


def test_a_search_as_the_spec_says() -> None:
    select = ["ID", "NAME", "PRICE", "DETAIL_PICTURE"]
    params = {"filter": {"q": "дрель"}, "select": select, "start": 50}
    assert asked(make().search("дрель", 50)) == [("POST", "catalog.product.list", params)]
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
    ((_, method, params),) = asked(operation)
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
    ((_, method, params),) = asked(operation)
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


def test_a_quote_as_the_spec_says() -> None:
    operation = make().quote(["7", "a-8", "7"])
    cmd = {"sku_7": "catalog.product.get?id=7", "sku_a-8": "catalog.product.get?id=a-8"}
    assert asked(operation) == [("POST", "crm.product.batch", {"cmd": cmd})]
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


ROW: dict[str, Any] = {
    "ID": 5121,
    "STATUS_ID": "SHIPPED",
    "PRICE": "300.50",
    "CURRENCY": "RUB",
    "DATE_INSERT": "2026-09-01T12:00:00+00:00",
    "REASON_CANCELED": "",
    "PAYMENT": [{"ID": 1, "PAY_SYSTEM_ID": 118, "SUM": Decimal("300.5"), "PAID": "Y"}],
    "SHIPMENT": [{"ID": 2, "DELIVERY_SERVICE_ID": 198, "TRACKING_NUMBER": "RR1", "ETA": "2026-09-03"}],
    "BASKET": [{"PRODUCT_ID": 7, "NAME": "Дрель", "QUANTITY": 2, "PRICE": "150.25"}],
}


def read_order(**changes: Any) -> Any:
    return heard(make(status_map={"DN": Status.SHIPPED}).order("5121"), {**ROW, **changes})


def test_an_order_is_asked_with_get() -> None:
    assert asked(make().order("5121")) == [("GET", "sale.order.get", {"id": 5121})]


def test_an_order_is_read_whole() -> None:
    order = read_order()
    assert (order.id, order.status, order.total, order.currency) == ("5121", Status.SHIPPED, Decimal("300.50"), "RUB")
    assert (order.paid, order.reason) == (True, "")
    assert order.created_at == datetime(2026, 9, 1, 12, tzinfo=UTC)
    assert order.payments == (Payment("1", "118", Decimal("300.5"), paid=True),)
    assert order.shipments == (Shipment("2", "RR1", date(2026, 9, 3)),)
    assert order.lines == (OrderLine("7", "Дрель", Decimal(2), Decimal("150.25")),)


def test_an_order_in_the_other_casing_and_shapes() -> None:
    result = {
        "order": {
            "id": "5121",
            "statusId": "new",
            "price": 5,
            "payments": {"1": {"id": 1, "paySystemId": "118", "sum": "5", "paid": False}},
            "shipments": {"id": 2, "trackingNumber": None},
            "basketItems": None,
        }
    }
    order = heard(make().order("5121"), result)
    assert (order.status, order.currency, order.paid) == (Status.NEW, "RUB", False)
    assert order.payments == (Payment("1", "118", Decimal(5), paid=False),)
    assert order.shipments == (Shipment("2"),)
    assert (order.lines, order.created_at) == ((), None)


@pytest.mark.parametrize(
    ("changes", "paid"),
    [
        ({"PAYMENT": []}, False),
        ({"PAYMENT": None}, False),
        ({"PAYED": "Y", "PAYMENT": []}, True),
        ({"PAYED": "N"}, False),
        ({"PAYMENT": [{"ID": 1, "PAY_SYSTEM_ID": 1, "SUM": 1}]}, False),
        ({"PAYMENT": ROW["PAYMENT"] + [{"ID": 2, "PAY_SYSTEM_ID": 1, "SUM": 1, "PAID": "N"}]}, False),
        ({"PAYMENT": {"ID": 1, "PAY_SYSTEM_ID": 1, "SUM": 1, "PAID": True}}, True),
    ],
)
def test_whether_an_order_is_paid(changes: Any, paid: bool) -> None:
    assert read_order(**changes).paid is paid


@pytest.mark.parametrize("status", list(Status))
def test_the_ten_words_in_either_casing(status: Status) -> None:
    assert read_order(STATUS_ID=status.value).status is status
    assert read_order(STATUS_ID=status.value.lower()).status is status


def test_the_status_map_goes_first() -> None:
    assert read_order(STATUS_ID="dn").status is Status.SHIPPED
    mapped = make(status_map={"NEW": Status.PAYED}).order("5121")
    assert heard(mapped, {**ROW, "STATUS_ID": "NEW"}).status is Status.PAYED


def test_an_unknown_status_is_reported(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.ERROR), pytest.raises(UnknownStatus, match="Z9") as caught:
        read_order(STATUS_ID="Z9")
    assert caught.value.verdict is Verdict.REFUSED
    assert "Z9" in caplog.text
    assert "BITRIX_STATUS_MAP" in caplog.text


@pytest.mark.parametrize("result", [None, [], False, {}, ""])
def test_an_order_that_is_not_there(result: Any) -> None:
    with pytest.raises(NotFound):
        heard(make().order("5121"), result)


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"ID": None}, "ID"),
        ({"ID": 5122}, "ID is another order's"),
        ({"STATUS_ID": ""}, "STATUS_ID"),
        ({"PRICE": None}, "PRICE"),
        ({"CURRENCY": "roubles"}, "CURRENCY"),
        ({"PAYED": "perhaps"}, "PAYED"),
        ({"PAYMENT": 5}, "PAYMENT"),
        ({"PAYMENT": [{"ID": 1, "PAY_SYSTEM_ID": 1}]}, "SUM"),
        ({"PAYMENT": [{"ID": 1, "SUM": 1}]}, "PAY_SYSTEM_ID"),
        ({"SHIPMENT": [{"ETA": "2026-09-03"}]}, "ID"),
        ({"BASKET": [{"PRODUCT_ID": 7, "QUANTITY": 2}]}, "PRICE"),
        ({"BASKET": [{"PRODUCT_ID": 7, "PRICE": 2}]}, "QUANTITY"),
        ({"BASKET": [{"QUANTITY": 7, "PRICE": 2}]}, "PRODUCT_ID"),
    ],
)
def test_orders_that_make_no_sense(changes: Any, field: str) -> None:
    with pytest.raises(BadAnswer, match=field):
        read_order(**changes)
