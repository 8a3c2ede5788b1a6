"""Returns in the spec's contract."""

from __future__ import annotations

from decimal import Decimal

import pytest

from shared.bitrix.errors import BadAnswer
from shared.domain.orders import LineItem
from shared.domain.returns import NewReturn, Photo, ReturnState
from shared.status import Status
from tests.bitrix.contract.speaking import asked, heard, make

LINES = (LineItem("7", Decimal(2)), LineItem("8", Decimal(1)))
RETURN = NewReturn("key", "5121", LINES, "брак", (Photo("1", "https://masters.example/docs/1"), Photo("2")))


@pytest.mark.parametrize("method", ["app.rma.add", "sale.orderreserves.add"])
def test_a_return(method: str) -> None:
    operation = make(return_method=method).register_return(RETURN)
    params = {
        "order_id": 5121,
        "items": [{"PRODUCT_ID": 7, "QUANTITY": 2}, {"PRODUCT_ID": 8, "QUANTITY": 1}],
        "photos": ["https://masters.example/docs/1"],
        "reason": "брак",
    }
    assert asked(operation) == [(method, params)]
    state = heard(operation, {"RMA_ID": 77, "STATUS": "RETURN_IN_PROGRESS"})
    assert state == ReturnState("77", Status.RETURN_IN_PROGRESS, order_id="5121")
    for odd in (None, 77, {"STATUS": "RETURN_IN_PROGRESS"}):
        with pytest.raises(BadAnswer):
            heard(operation, odd)


@pytest.mark.parametrize("status", ["LOST", None, ["x"], "следы удара"])
def test_a_return_with_a_status_that_nobody_knows_is_made_all_the_same(
    status: object, caplog: pytest.LogCaptureFixture
) -> None:
    state = heard(make().register_return(RETURN), {"RMA_ID": 77, "STATUS": status})
    assert (state.id, state.status) == ("77", Status.RETURN_IN_PROGRESS)
    assert "BITRIX_STATUS_MAP" in caplog.text
    assert "удара" not in caplog.text


def test_how_a_return_stands() -> None:
    operation = make().return_status("77")
    assert asked(operation) == [("app.rma.get", {"id": 77})]
    told = {"RMA_ID": "77", "STATUS": "RETURN_REJECTED", "REASON": "следы удара", "ORDER_ID": 5121}
    assert heard(operation, told) == ReturnState("77", Status.RETURN_REJECTED, "следы удара", "5121")
    with pytest.raises(BadAnswer):
        heard(operation, {**told, "RMA_ID": 78})


def test_a_return_may_stand_in_the_proxys_own_words() -> None:
    told = {"RMA_ID": "77", "STATUS": "Готово", "ORDER_ID": 5121}
    mapped = make(status_map={"Готово": Status.RETURN_COMPLETED})
    assert heard(mapped.return_status("77"), told).status is Status.RETURN_COMPLETED
    assert heard(mapped.returns_of("5121"), {"items": [told]})[0].status is Status.RETURN_COMPLETED


def test_the_returns_of_an_order() -> None:
    operation = make().returns_of("5121")
    assert asked(operation) == [("app.rma.list", {"filter": {"ORDER_ID": 5121}, "order": {"ID": "ASC"}, "start": 0})]
    told = {
        "RMA_ID": 77,
        "STATUS": "RETURN_IN_PROGRESS",
        "ORDER_ID": "5121",
        "ITEMS": [{"PRODUCT_ID": 7, "QUANTITY": "2"}],
    }
    expected = (ReturnState("77", Status.RETURN_IN_PROGRESS, order_id="5121", lines=(LineItem("7", Decimal(2)),)),)
    assert heard(operation, {"items": [told]}) == heard(operation, [told]) == expected
    assert heard(operation, []) == ()
    with pytest.raises(BadAnswer, match="dropped"):
        heard(operation, [told, {**told, "ORDER_ID": 5122}])
    with pytest.raises(BadAnswer, match="items"):
        heard(operation, {"goods": []})


def test_a_return_and_its_photos_need_not_be_looked_up() -> None:
    assert make().look_up_return(RETURN) is None
    assert make().look_up_photo("a.jpg") is None
