"""Orders of the spec's contract, and lists of them."""

from __future__ import annotations

import logging
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest

from shared.bitrix.errors import BadAnswer, NotFound
from shared.domain.orders import ListedOrder, OrderLine, OrderPage, Payment, Shipment
from shared.status import Status
from tests.bitrix.contract.speaking import asked, heard, make, sent

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
    assert sent(make().order("5121")) == [("GET", "sale.order.get", {"id": 5121})]


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
    unpaid = {"STATUS_ID": "Z9", "PAYED": "N"}
    with caplog.at_level(logging.ERROR):
        assert read_order(**unpaid).status is Status.NEW
        assert read_order(**unpaid | {"PAYED": "Y"}).status is Status.PAYED
        assert read_order(**unpaid, CANCELED="Y").status is Status.CANCELED
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


MOMENT = datetime(2026, 9, 1, 12, 0, 0, 7, tzinfo=UTC)


def test_changed_orders() -> None:
    operation = make().orders_changed_since(MOMENT, 50)
    params = {
        "select": ["ID", "DATE_UPDATE", "USER_ID"],
        "filter": {">=DATE_UPDATE": "2026-09-01T12:00:00+00:00"},
        "order": {"ID": "ASC"},
        "start": 50,
    }
    assert asked(operation) == [("sale.order.list", params)]
    found = [{"ID": 5, "DATE_UPDATE": "2026-09-01T12:00:00+00:00"}]
    page = OrderPage((ListedOrder("5", "", MOMENT.replace(microsecond=0)),), 100)
    for answer in ({"orders": found}, {"ITEMS": found}, found):
        assert heard(operation, answer, next=100) == page
    early = [{"ID": 5, "DATE_UPDATE": (MOMENT - timedelta(seconds=2)).isoformat()}]
    odd: Any
    for odd in (early, [{"ID": 5}], {"other": []}):
        with pytest.raises(BadAnswer):
            heard(operation, odd)
    with pytest.raises(ValueError, match="aware"):
        make().orders_changed_since(MOMENT.replace(tzinfo=None))


def test_whose_it_is() -> None:
    payment, shipment = make().order_of_payment("9"), make().order_of_shipment("8")
    assert asked(payment) == [("sale.payment.get", {"id": 9})]
    assert asked(shipment) == [("sale.shipment.get", {"id": 8})]
    assert heard(payment, {"ID": 9, "ORDER_ID": 5}) == "5"
    assert heard(shipment, {"shipment": {"id": 8, "orderId": 5}}) == "5"
    with pytest.raises(BadAnswer):
        heard(payment, {"ID": 8, "ORDER_ID": 5})


@pytest.mark.parametrize(
    "properties",
    [
        {"ADDRESS": "Тверь", "COMMENT": "Звоните"},
        [{"CODE": "COMMENT", "VALUE": "Звоните"}, {"code": "ADDRESS", "value": "Тверь"}],
    ],
)
@pytest.mark.parametrize("stores", [{"STORES": ["Склад", "Магазин", None]}, {"STORE_NAME": "Склад"}, {}])
def test_what_track_shows_beside_the_status(properties: Any, stores: dict[str, Any]) -> None:
    shipment = {"ID": 1, "DELIVERY_NAME": "Курьер", "DEDUCTED": "Y", **stores}
    told = {"ID": 5, "STATUS_ID": "NEW", "PRICE": 7, "SHIPMENT": [shipment, shipment], "PROPERTY_VALUES": properties}
    order = heard(make().order("5", with_stores=True), told)
    assert (order.address, order.comment, order.handed_over) == ("Тверь", "Звоните", True)
    assert order.shipments[0].delivery == "Курьер"
    assert order.stores == {"STORES": ("Склад", "Магазин"), "STORE_NAME": ("Склад",)}.get(next(iter(stores), ""), ())
    assert heard(make(address_property="WHERE").order("5"), told).address == ""


@pytest.mark.parametrize(("told", "number"), [({}, "5121"), ({"ACCOUNT_NUMBER": "ИМ-88"}, "ИМ-88")])
def test_an_order_is_called_by_its_id_unless_the_portal_says_more(told: dict[str, str], number: str) -> None:
    assert read_order(**told).number == number
