"""The making of an order in the spec's dialect: the basket first, then the order of it; two requests at most."""

from __future__ import annotations

import logging
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.bitrix.errors import BadAnswer
from shared.bitrix.portal import OrderRequest, Portal
from shared.domain.order_progress import OrderProgress
from shared.domain.orders import LineItem, NewOrder, PaymentKind
from tests.bitrix.contract.speaking import heard, make, sent
from tests.support.quantities import decimals

LINES = (LineItem("7", Decimal(2)), LineItem("x-8", Decimal(1)))
ALL_THERE = OrderProgress(in_basket=decimals({"7": 2, "x-8": 1}), basket={"7": "31", "x-8": "32"}, steps=1)
PAY_URL = "https://pay.example/5"


def new_order(**changes: Any) -> NewOrder:
    wanted: dict[str, Any] = {
        "key": "k",
        "buyer_id": "17",
        "lines": LINES,
        "payment": PaymentKind.PREPAID,
        "address": "Тверь",
    }
    return NewOrder(**{**wanted, **changes})


def ordering(portal: Portal | None = None, **changes: Any) -> OrderRequest:
    """Return the request that makes the order of a basket in which everything lies."""
    return (portal or make()).place_order(new_order(**changes), ALL_THERE)


def made(*, link: str | None = None, missing: bool = True) -> OrderProgress:
    return OrderProgress(
        "5121",
        basket=ALL_THERE.basket,
        has_properties=True,
        payment_url=link,
        link_missing=missing and link is None,
        complete=True,
        steps=2,
    )


def test_a_basket_as_the_spec_says() -> None:
    operation = make().place_order(new_order(), OrderProgress())
    assert sent(operation) == [
        ("POST", "sale.basketitem.add", {"fields": {"PRODUCT_ID": 7, "QUANTITY": 2, "FUSER_ID": 17}}),
        ("POST", "sale.basketitem.add", {"fields": {"PRODUCT_ID": "x-8", "QUANTITY": 1, "FUSER_ID": 17}}),
    ]
    assert (operation.weight, operation.makes_order) == (2, False)
    assert heard(operation, 31, {"basketItem": {"id": 32}}) == heard(operation, "31", {"ID": "32"}) == ALL_THERE
    assert not ALL_THERE.done
    with pytest.raises(BadAnswer, match="BASKET_ITEM_ID"):
        heard(operation, 31, None)


def test_what_lies_in_the_basket_is_not_put_in_again() -> None:
    operation = make().place_order(new_order(), OrderProgress(in_basket=decimals({"7": 1, "x-8": 1})))
    assert sent(operation) == [
        ("POST", "sale.basketitem.add", {"fields": {"PRODUCT_ID": 7, "QUANTITY": 1, "FUSER_ID": 17}})
    ]
    assert heard(operation, 33).in_basket == {"7": 2, "x-8": 1}


PIECES = st.dictionaries(st.sampled_from("abcdef"), st.integers(1, 9))


@given(wanted=PIECES.filter(bool), left=PIECES)
def test_the_order_is_made_of_exactly_what_is_wanted(wanted: dict[str, int], left: dict[str, int]) -> None:
    """Whatever an order that failed left in the basket."""
    order = new_order(lines=[LineItem(product, Decimal(pieces)) for product, pieces in wanted.items()])
    there = {product: min(pieces, wanted[product]) for product, pieces in left.items() if product in wanted}
    request = make().place_order(order, OrderProgress(in_basket=decimals(there)))
    basket, steps = dict(there), 0
    while not request.makes_order:
        for _, _, params in sent(request):
            product = params["fields"]["PRODUCT_ID"]
            basket[product] = basket.get(product, 0) + params["fields"]["QUANTITY"]
        steps += 1
        progress = heard(request, *range(1, len(request.commands) + 1))
        request = make().place_order(order, OrderProgress.from_data(progress.as_data()))
    assert basket == wanted
    assert steps <= 1


@pytest.mark.parametrize(
    "lines",
    [
        [],
        [LineItem("7", Decimal(0))],
        [LineItem("7", Decimal(-1))],
        [LineItem(str(number), Decimal(1)) for number in range(51)],
    ],
    ids=["none", "zero", "negative", "too many"],
)
def test_a_basket_that_cannot_be_filled(lines: list[LineItem]) -> None:
    with pytest.raises(ValueError, match=r"an order needs|a basket takes"):
        make().place_order(new_order(lines=lines), OrderProgress())


@pytest.mark.parametrize("there", [{"7": 3}, {"9": 1}])
def test_a_basket_that_holds_something_else_makes_no_order(there: dict[str, int]) -> None:
    with pytest.raises(ValueError, match="more than is ordered"):
        make().place_order(new_order(), OrderProgress(in_basket=decimals(there)))


def test_an_order_as_the_spec_says() -> None:
    operation = ordering(phone="+7999", comment="Позвонить")
    fields = {
        "USER_ID": 17,
        "PAYMENT": [{"PAY_SYSTEM_ID": 118}],
        "SHIPMENT": [{"DELIVERY_SERVICE_ID": 198}],
        "PROPERTY_VALUES": {"ADDRESS": "Тверь", "PHONE": "+7999", "COMMENT": "Позвонить"},
    }
    assert sent(operation) == [("POST", "sale.order.add", {"fields": fields})]
    assert operation.makes_order


def test_an_order_that_is_made_needs_nothing_more() -> None:
    done = heard(ordering(), 5121)
    assert done.done
    with pytest.raises(ValueError, match="nothing is missing"):
        make().place_order(new_order(), done)


def test_an_order_paid_in_cash_with_properties_by_id() -> None:
    portal = make(address_property="26", phone_property="22", comment_property="NOTE")
    operation = ordering(portal, payment=PaymentKind.CASH)
    ((_, _, params),) = sent(operation)
    assert params["fields"]["PAYMENT"] == [{"PAY_SYSTEM_ID": "cash"}]
    assert params["fields"]["PROPERTY_VALUES"] == {"26": "Тверь"}
    assert heard(operation, {"ORDER_ID": 5121}) == made(missing=False)


@pytest.mark.parametrize("identifier", ["007", "1_0", "٣", "-5"])
def test_ids_that_are_no_plain_numbers_stay_text(identifier: str) -> None:
    ((_, _, params),) = sent(ordering(buyer_id=identifier))
    assert params["fields"]["USER_ID"] == identifier


@pytest.mark.parametrize(
    "result", [5121, "5121", {"ORDER_ID": 5121}, {"order": {"id": 5121}}, {"orderId": "5121"}, {"ID": 5121}]
)
def test_a_created_order_in_every_shape(result: Any) -> None:
    assert heard(ordering(), result) == made()
    assert heard(ordering(), result, extra={"result_data": {"payment_url": PAY_URL}}) == made(link=PAY_URL)


def test_a_payment_link_inside_the_result() -> None:
    assert heard(ordering(), {"ORDER_ID": 5121, "paymentUrl": PAY_URL}) == made(link=PAY_URL)


@pytest.mark.parametrize("link", ["javascript:alert(1)", "pay.example", 5, {"a": 1}])
def test_a_bad_payment_link_is_dropped_and_logged_but_not_repeated(link: Any, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.ERROR):
        assert heard(ordering(), 5121, extra={"result_data": {"payment_url": link}}) == made()
    assert "order 5121" in caplog.text
    assert str(link) not in caplog.messages[0].replace("5121", "")


@pytest.mark.parametrize("data", [[], None, {}, {"payment_url": None}])
def test_no_payment_link(data: Any) -> None:
    assert heard(ordering(), 5121, extra={"result_data": data}) == made()


@pytest.mark.parametrize("result", [None, True, {}, [], "a/b", {"order": {}}, {"ORDER_ID": None}])
def test_a_created_order_without_an_id(result: Any) -> None:
    with pytest.raises(BadAnswer, match="ORDER_ID"):
        heard(ordering(), result)


def test_an_order_needs_not_be_looked_up() -> None:
    assert make().look_up_order(new_order(), OrderProgress()) is None


@pytest.mark.parametrize(
    ("result", "data", "number"),
    [
        (5121, {}, ""),
        (5121, {"account_number": "ИМ-88"}, "ИМ-88"),
        ({"ORDER_ID": 5121, "ACCOUNT_NUMBER": "ИМ-88"}, {}, "ИМ-88"),
        ({"order": {"id": 5121, "accountNumber": "ИМ-88"}}, {}, "ИМ-88"),
        ({"ORDER_ID": 5121, "ACCOUNT_NUMBER": "5121"}, {"account_number": None}, ""),
    ],
)
def test_the_number_is_the_id_unless_the_portal_says_more(result: Any, data: dict[str, Any], number: str) -> None:
    assert heard(ordering(), result, extra={"result_data": data}).account_number == number


def test_metres_are_sent_as_they_are_and_what_lies_there_is_taken_off() -> None:
    order = new_order(lines=[LineItem("7", Decimal("2.5"))])
    request = make().place_order(order, OrderProgress(in_basket=decimals({"7": 1.5})))
    ((_, _, params),) = sent(request)
    assert params["fields"]["QUANTITY"] == 1
    ((_, _, params),) = sent(make().place_order(order, OrderProgress()))
    assert params["fields"]["QUANTITY"] == "2.5"
