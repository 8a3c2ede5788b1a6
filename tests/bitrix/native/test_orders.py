"""Orders of a real portal as they are read, and their statuses."""

from __future__ import annotations

import logging
from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.bitrix.errors import AccessDenied, BadAnswer
from shared.bitrix.portal import Answer
from shared.domain.orders import ListedOrder, Order, OrderLine, OrderPage, Payment, PaymentKind, Shipment
from shared.status import Status
from tests.bitrix.native.speaking import CASH, KEY, ODD, PREPAID, asked, heard, native

SHIPMENT = {
    "id": 338,
    "deliveryId": 198,
    "statusId": "DN",
    "allowDelivery": "N",
    "deducted": "N",
    "trackingNumber": "",
    "system": "N",
    "shipmentItems": [{"id": 320, "basketId": 255, "quantity": 2}],
}
PAYMENT = {"id": 123, "paySystemId": 118, "paySystemIsCash": "N", "sum": 1480, "paid": "N", "isReturn": "N"}

LINE = {"id": "255", "productId": 1243, "name": "Подшипник", "quantity": 2, "price": 490}
VALUE = {"id": 1, "code": "ETA", "orderPropsId": 30, "value": "03.09.2026"}


def row(**differs: Any) -> dict[str, Any]:
    usual = {
        "id": 5121,
        "xmlId": KEY,
        "statusId": "N",
        "payed": "N",
        "canceled": "N",
        "reasonCanceled": "",
        "price": 1480,
        "currency": "RUB",
        "dateInsert": "2026-09-01T12:30:00+03:00",
        "basketItems": [LINE],
        "payments": [PAYMENT],
        "shipments": [SHIPMENT],
        "propertyValues": [VALUE],
        "requisiteLink": [],
    }
    return usual | differs


def read(settings: dict[str, Any] | None = None, **differs: Any) -> Order:
    return heard(native(**(settings or {})).order("5121"), {"order": row(**differs)})


def test_an_order() -> None:
    assert asked(native().order("5121")) == {"order": ("sale.order.get", {"id": 5121})}
    assert read() == Order(
        id="5121",
        status=Status.NEW,
        total=Decimal(1480),
        currency="RUB",
        created_at=datetime(2026, 9, 1, 12, 30, tzinfo=timezone(timedelta(hours=3))),
        lines=(OrderLine("1243", "Подшипник", Decimal(2), Decimal(490)),),
        payments=(Payment("123", "118", Decimal(1480), paid=False, kind=PaymentKind.PREPAID),),
        shipments=(Shipment("338", "", date(2026, 9, 3)),),
        key=KEY,
    )


def test_type_traps() -> None:
    order = read(
        id="5121",
        price="1480.50",
        basketItems=[],
        payments={},
        shipments=[],
        propertyValues=[],
        xmlId=None,
        dateInsert=None,
        payed=None,
        reasonCanceled=None,
    )
    empty = Order("5121", Status.NEW, Decimal("1480.50"))
    assert order == empty
    assert heard(native().order("5121"), row()).id == "5121"  # without its wrapper


@pytest.mark.parametrize(
    "differs",
    [
        {"id": 5122},
        {"id": None},
        {"price": None},
        {"price": "dear"},
        {"currency": None},
    ],
)
def test_orders_that_make_no_sense(differs: dict[str, Any]) -> None:
    with pytest.raises(BadAnswer):
        read(**differs)


@pytest.mark.parametrize(
    ("differs", "field"),
    [
        ({"payed": "perhaps"}, "payed"),
        ({"canceled": ["perhaps"]}, "canceled"),
        ({"basketItems": [{"id": "1", "quantity": 1, "price": 1}, LINE]}, "basketItems.productId"),
        ({"basketItems": ["perhaps", LINE]}, "basketItems"),
        ({"payments": [{"id": 1, "sum": 1}, PAYMENT]}, "payments.paySystemId"),
        ({"payments": [PAYMENT | {"paid": "perhaps"}]}, "paid"),
        ({"payments": [PAYMENT | {"paySystemId": ["perhaps"]}, PAYMENT]}, "payments.paySystemId"),
        ({"shipments": [{"system": "N"}, SHIPMENT]}, "shipments.id"),
        ({"shipments": [SHIPMENT | {"deducted": "perhaps"}]}, "deducted"),
        ({"shipments": [SHIPMENT | {"system": 7}]}, "system"),
    ],
)
def test_what_makes_no_sense_is_left_out_and_told_of(
    differs: dict[str, Any], field: str, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.WARNING):
        assert read(**differs) == read()
    (told,) = caplog.records
    assert vars(told)["fields"] == {"event": "field_unread", "method": "sale.order.get", "field": field}
    assert "perhaps" not in caplog.text


NEEDED = {"id", "price", "currency"}


@given(st.data())
def test_no_odd_field_makes_an_order_unreadable(data: st.DataObject) -> None:
    parts = {"basketItems": LINE, "payments": PAYMENT, "shipments": SHIPMENT, "propertyValues": VALUE}

    def odd(usual: dict[str, Any], needed: set[str]) -> dict[str, Any]:
        names = st.sampled_from(sorted(usual.keys() - needed))
        return usual | data.draw(st.dictionaries(names, ODD, max_size=3))

    record = odd(row(), NEEDED)
    for name, usual in parts.items():
        if data.draw(st.booleans()):
            record[name] = [usual, odd(usual, set()), data.draw(ODD)]
    stores = data.draw(st.just({"stores": [{"id": 1}]}) | ODD | st.builds(dict, stores=ODD))
    found = heard(native().order("5121", with_stores=True), {"order": record}, stores)
    assert (found.id, found.total) == ("5121", Decimal(1480))


@pytest.mark.parametrize(("code", "shown"), [("N", 1), ("", 1), (None, 1), ("Y", 0), ("P", 0), ("Q", 0)])
def test_any_code_but_no_means_money_given_back(code: str | None, shown: int) -> None:
    assert len(read(payments=[PAYMENT | {"isReturn": code}]).payments) == shown


@pytest.mark.parametrize("result", [None, [], "x", 5121, True])
def test_answers_that_are_no_orders(result: Any) -> None:
    with pytest.raises(BadAnswer):
        heard(native().order("5121"), result)


@pytest.mark.parametrize(
    ("order", "shipment", "status"),
    [
        ({}, {}, Status.NEW),
        ({"payed": "Y"}, {}, Status.PAYED),
        ({"statusId": "P"}, {}, Status.WAITING_FOR_DELIVERY),
        ({"statusId": "P", "payed": "Y"}, {}, Status.WAITING_FOR_DELIVERY),
        ({}, {"allowDelivery": "Y"}, Status.WAITING_FOR_DELIVERY),
        ({"statusId": "S"}, {}, Status.SHIPPED),
        ({}, {"deducted": "Y"}, Status.SHIPPED),
        ({"payed": "Y"}, {"statusId": "DF"}, Status.SHIPPED),
        ({"statusId": "S", "payed": "Y"}, {"statusId": "DL", "deducted": "Y"}, Status.DELIVERED),
        ({"statusId": "F"}, {"statusId": "DL"}, Status.FINISHED),
        ({"statusId": "D", "payed": "Y"}, {"deducted": "Y"}, Status.CANCELED),
        ({"statusId": "F", "canceled": "Y"}, {}, Status.CANCELED),
        ({"statusId": "??", "canceled": "Y"}, {}, Status.CANCELED),
        ({}, {"statusId": "DD"}, Status.NEW),
        ({}, {"statusId": None, "allowDelivery": None, "deducted": None}, Status.NEW),
        ({"statusId": "WAITING_FOR_DELIVERY"}, {}, Status.WAITING_FOR_DELIVERY),
        ({}, {"statusId": "DL", "system": "Y", "deducted": "Y"}, Status.NEW),
    ],
)
def test_statuses(order: dict[str, Any], shipment: dict[str, Any], status: Status) -> None:
    assert read(**order, shipments=[{**SHIPMENT, **shipment}]).status is status


def test_the_map_overrides_and_adds() -> None:
    settings = {"status_map": {"P": Status.PAYED, "RT": Status.RETURN_IN_PROGRESS, "DN": Status.SHIPPED}}
    assert read(settings, statusId="P", shipments=[]).status is Status.PAYED
    assert read(settings, statusId="RT", payed="Y").status is Status.RETURN_IN_PROGRESS
    assert read(settings).status is Status.SHIPPED


@pytest.mark.parametrize("differs", [{"statusId": "MS"}, {"shipments": [{**SHIPMENT, "statusId": "MS"}]}])
def test_an_unknown_status_is_reported_and_tells_nothing(
    differs: dict[str, Any], caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.ERROR):
        assert read(**differs).status is Status.NEW
        assert read(**differs, payed="Y").status is Status.PAYED
    assert "unknown status MS; add it to BITRIX_STATUS_MAP" in caplog.text


def test_paid_shows_beside_the_status() -> None:
    order = read(payed="Y", statusId="P", payments=[{**PAYMENT, "paid": "Y"}])
    assert (order.status, order.paid, order.payments[0].paid) == (Status.WAITING_FOR_DELIVERY, True, True)


def test_a_reason_and_a_tracking_number() -> None:
    shipments = [{**SHIPMENT, "id": 1000}, {**SHIPMENT, "id": 999, "trackingNumber": "RA123"}]
    order = read(canceled="Y", reasonCanceled="нет товара", shipments=shipments)
    assert order.reason == "нет товара"
    assert [(shipment.id, shipment.tracking_number) for shipment in order.shipments] == [("999", "RA123"), ("1000", "")]


@pytest.mark.parametrize(
    ("name", "value", "eta"),
    [
        ("ETA", "2026-09-03", date(2026, 9, 3)),
        ("ETA", "2026-09-03T00:00:00+03:00", date(2026, 9, 3)),
        ("ETA", "3.9.2026 12:00:00", date(2026, 9, 3)),
        ("ETA", ["2026-09-03"], date(2026, 9, 3)),
        ("30", "2026-09-03", date(2026, 9, 3)),
        ("ETA", "скоро", None),
        ("ETA", [], None),
        ("ETA", None, None),
        ("OTHER", "2026-09-03", None),
        ("", "2026-09-03", None),
    ],
)
def test_the_day_of_delivery(name: str, value: object, eta: date | None) -> None:
    values = [
        {"id": 1, "code": "ETA", "orderPropsId": "30", "value": value},
        {"id": 2, "code": "", "value": "2026-09-04"},
    ]
    assert read({"eta_property_id": name}, propertyValues=values).shipments[0].eta == eta


@pytest.mark.parametrize(
    ("payment", "kind"),
    [
        ({"paySystemId": PREPAID}, PaymentKind.PREPAID),
        ({"paySystemId": CASH}, PaymentKind.CASH),
        ({"paySystemId": 7, "paySystemIsCash": "Y"}, PaymentKind.CASH),
        ({"paySystemId": 7, "paySystemIsCash": "N"}, PaymentKind.PREPAID),
        ({"paySystemId": 7, "paySystemIsCash": "A"}, PaymentKind.PREPAID),
        ({"paySystemId": 7, "paySystemIsCash": None}, None),
    ],
)
def test_how_it_is_paid(payment: dict[str, Any], kind: PaymentKind | None) -> None:
    assert read(payments=[{**PAYMENT, **payment}]).payments[0].kind is kind


@pytest.mark.parametrize("code", ["Y", "P"])
def test_money_given_back_is_no_payment(code: str) -> None:
    order = read(payments=[{**PAYMENT, "isReturn": code}])
    assert (order.payments, order.returned, order.given_back, order.has_money) == ((), Decimal(1480), True, False)
    again = read(payments=[{**PAYMENT, "isReturn": code}, {**PAYMENT, "id": 124}])
    assert (again.returned, again.given_back) == (Decimal(1480), False)


MOMENT = datetime(2026, 9, 1, 12, 0, 0, 500_000, tzinfo=timezone(timedelta(hours=3)))
LISTED = ["id", "xmlId", "dateUpdate", "userId", "comments"]


def test_changed_orders_are_listed() -> None:
    operation = native().orders_changed_since(MOMENT, 50)
    params = {
        "select": LISTED,
        "filter": {">=dateUpdate": "2026-09-01T09:00:00+00:00", "userId": 17},
        "order": {"id": "asc"},
        "start": 50,
    }
    assert asked(operation) == {"list": ("sale.order.list", params)}
    found = [{"id": 5, "xmlId": KEY, "dateUpdate": "2026-09-01T12:00:00+03:00"}]
    changed = datetime(2026, 9, 1, 9, 0, tzinfo=UTC)
    assert heard(operation, {"orders": found}, next=100) == OrderPage((ListedOrder("5", KEY, changed),), 100)
    assert heard(operation, {"orders": []}) == OrderPage(())
    everybody = native(buyer_user_id="").orders_changed_since(MOMENT)
    assert "userId" not in everybody.commands["list"].params["filter"]


def test_an_order_changed_before_means_a_dropped_filter() -> None:
    before = {"id": 5, "dateUpdate": "2026-09-01T11:59:59+03:00"}
    with pytest.raises(BadAnswer):
        heard(native().orders_changed_since(MOMENT), {"orders": [before]})


@given(st.lists(st.fixed_dictionaries({}, optional={"id": ODD, "dateUpdate": ODD, "xmlId": ODD}) | ODD, max_size=4))
def test_an_order_that_makes_no_sense_costs_its_own_line(odd: list[Any]) -> None:
    """One whose moment makes no sense is looked at: it may have changed."""
    good = {"id": 77, "dateUpdate": "2026-09-01T13:00:00+03:00"}
    page = heard(native().orders_changed_since(MOMENT), {"orders": [*odd, good, {**good, "id": 78, "dateUpdate": "?"}]})
    assert [order.id for order in page.orders][-2:] == ["77", "78"]


@given(st.sampled_from(["payment", "shipment"]), st.dictionaries(st.sampled_from(["statusId", "orderId", "sum"]), ODD))
def test_of_a_part_only_its_order_is_needed(entity: str, odd: dict[str, Any]) -> None:
    ask = native().order_of_payment if entity == "payment" else native().order_of_shipment
    answer = {entity: {"id": 9, "orderId": 5121} | odd}
    try:
        assert heard(ask("9"), answer) in ({"5121"} if "orderId" not in odd else {str(odd["orderId"])})
    except BadAnswer:
        assert "orderId" in odd


def test_a_moment_must_be_aware() -> None:
    with pytest.raises(ValueError, match="aware"):
        native().orders_changed_since(MOMENT.replace(tzinfo=None))


def test_what_track_shows_beside_the_status() -> None:
    shipment = SHIPMENT | {"deliveryName": "Курьер", "deducted": "Y"}
    values = [{"id": 2, "code": "ADDRESS", "orderPropsId": 26, "value": "Тверь"}]
    order = read(
        shipments=[shipment], propertyValues=values, userDescription="Звоните", payments=[PAYMENT | {"paid": "Y"}]
    )
    assert (order.address, order.comment, order.handed_over, order.has_money) == ("Тверь", "Звоните", True, True)
    assert (order.shipments[0].delivery, order.shipments[0].handed_over) == ("Курьер", True)
    assert "Тверь" not in repr(order)


def test_a_new_order_may_be_canceled() -> None:
    order = read()
    assert (order.handed_over, order.has_money, order.stores) == (False, False, ())
    assert read(statusId="S").handed_over
    assert read(payed="Y").has_money


def test_the_stores_of_an_order() -> None:
    operation = native().order("5121", with_stores=True)
    assert asked(operation)["stores"][0] == "catalog.store.list"
    assert (operation.weight, set(operation.optional)) == (2, {"stores"})
    reserved = [{"storeId": 2, "quantity": 1}, {"storeId": "2"}, {"storeId": None}, {"storeId": 9}, {"storeId": 1}]
    line = {"id": "255", "productId": 1243, "name": "Подшипник", "quantity": 2, "price": 490, "reservations": reserved}
    told = {"order": row(basketItems=[line, line])}
    stores = {"stores": [{"id": 1, "title": "Склад"}, {"id": 2, "title": "Магазин"}]}
    assert heard(operation, told, stores).stores == ("Магазин", "Склад")
    assert heard(operation, told, Answer(None, error=AccessDenied("no"))).stores == ()
    assert heard(operation, told, Answer(stores, next=50)).stores == ("Магазин", "Склад")


def test_the_fifty_first_store_has_its_name() -> None:
    line = {**LINE, "reservations": [{"storeId": 51, "quantity": 1}]}
    operation = native(stores=60).order("5121", with_stores=True)
    assert set(operation.optional) == {"stores", "stores_50"}
    first, second = {"stores": [{"id": 1, "title": "Склад"}]}, {"stores": [{"id": 51, "title": "Магазин"}]}
    assert heard(operation, {"order": row(basketItems=[line])}, first, second).stores == ("Магазин",)


@pytest.mark.parametrize("link", [[], True, "https://p.test/2", None, {"payment": {}}])
def test_a_link_that_makes_no_sense_leaves_the_order_readable(link: object) -> None:
    told = {"order": row(payments=[PAYMENT | {"id": 123}, PAYMENT | {"id": 124}])}
    assert [it.url for it in heard(native().order("5121", link_of="124"), told, link).payments] == [None, None]


def test_the_link_of_one_payment_comes_with_the_order() -> None:
    operation = native().order("5121", link_of="124")
    assert asked(operation)["link"] == ("salescenter.payment.getPublicUrl", {"id": 124})
    told = {"order": row(payments=[PAYMENT | {"id": 123}, PAYMENT | {"id": 124}])}
    link = {"payment": {"shortUrl": "https://p.test/2"}}
    assert [it.url for it in heard(operation, told, link).payments] == [None, "https://p.test/2"]
    refused = heard(operation, told, Answer(None, error=AccessDenied("no")))
    assert [it.url for it in refused.payments] == [None, None]


@pytest.mark.parametrize(
    ("told", "number"),
    [("ИМ-5121", "ИМ-5121"), (" 88 / 1 ", "88 / 1"), (5122, "5122"), ("5121", "5121"), (None, "5121"), ("", "5121")],
)
def test_an_order_is_called_what_its_portal_calls_it(told: object, number: str) -> None:
    order = read(accountNumber=told)
    assert (order.id, order.number) == ("5121", number)


@pytest.mark.parametrize("odd", [True, [], {"x": 1}, "я" * 101])
def test_a_number_that_makes_no_sense_is_the_id(odd: object) -> None:
    assert read(accountNumber=odd).number == "5121"


@pytest.mark.parametrize(
    ("codes", "status"),
    [
        (("DL", "DN"), Status.SHIPPED),
        (("DN", "DL"), Status.SHIPPED),
        (("DL", "DL"), Status.DELIVERED),
        (("DL",), Status.DELIVERED),
        (("DF", "DN"), Status.SHIPPED),
    ],
)
def test_an_order_is_there_when_all_its_parcels_are(codes: tuple[str, ...], status: Status) -> None:
    parcels = [SHIPMENT | {"id": number, "system": "N", "statusId": code} for number, code in enumerate(codes, 1)]
    order = read(statusId="P", shipments=parcels)
    assert order.status is status
    assert [it.delivered for it in order.shipments] == [code == "DL" for code in codes]
