"""Returns of a real portal."""

from __future__ import annotations

import json
import logging
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.bitrix.errors import BadAnswer
from shared.domain.ids import clean_id
from shared.domain.orders import LineItem
from shared.domain.returns import NewReturn, Photo, ReturnState
from shared.status import Status
from tests.bitrix.native.speaking import KEY, ODD, asked, heard, native

WANTED = NewReturn(KEY, "5121", (LineItem("1243", Decimal(2)),), "брак", (Photo("8901"), Photo("8902")))


def item(**differs: Any) -> dict[str, Any]:
    usual = {"id": 342, "entityTypeId": 1038, "stageId": "DT1038_12:NEW", "xmlId": KEY, "ufCrm12OrderId": "5121"}
    return usual | differs


def test_a_return_is_registered() -> None:
    operation = native().register_return(WANTED)
    fields = {
        "title": "Возврат по заказу 5121",
        "xmlId": KEY,
        "categoryId": 12,
        "ufCrm12OrderId": "5121",
        "ufCrm12Reason": "брак",
        "ufCrm12Items": '[{"productId": 1243, "quantity": 2}]',
        "ufCrm12DiskFiles": ["8901", "8902"],
    }
    assert asked(operation) == {"item": ("crm.item.add", {"entityTypeId": 1038, "fields": fields})}
    assert heard(operation, {"item": item()}) == ReturnState("342", Status.RETURN_IN_PROGRESS, order_id="5121")
    with pytest.raises(BadAnswer):
        heard(operation, {"item": item(id=None)})


def test_fields_of_another_name_and_no_category() -> None:
    portal = native(returns_field_prefix="ufCrm7", returns_category_id="")
    fields = portal.register_return(WANTED).commands["item"].params["fields"]
    assert fields["categoryId"] is None
    assert fields["ufCrm7Reason"] == "брак"
    assert heard(portal.return_status("342"), {"item": item(ufCrm7OrderId=5, ufCrm7RejectReason="следы удара")}) == (
        ReturnState("342", Status.RETURN_IN_PROGRESS, "следы удара", "5")
    )


def test_returns_need_a_smart_process() -> None:
    with pytest.raises(ValueError, match="smart process"):
        native(returns_entity_type_id="").register_return(WANTED)


def test_a_return_is_looked_up() -> None:
    operation = native().look_up_return(WANTED)
    params = {
        "entityTypeId": 1038,
        "select": ["id", "xmlId", "stageId", "ufCrm12OrderId", "ufCrm12RejectReason", "ufCrm12Items"],
        "filter": {"=xmlId": KEY},
        "order": {"id": "ASC"},
    }
    assert asked(operation) == {"list": ("crm.item.list", params)}
    assert heard(operation, {"items": []}) is None
    found = heard(operation, {"items": [item(id=1000), item(id="342", ufCrm12OrderId=None)]})
    assert found == ReturnState("342", Status.RETURN_IN_PROGRESS, order_id="5121", extra=("1000",))
    with pytest.raises(BadAnswer, match="dropped"):
        heard(operation, {"items": [item(), item(id=343, xmlId="other")]})
    with pytest.raises(BadAnswer):
        heard(operation, {})


@pytest.mark.parametrize(
    ("stage", "status"),
    [
        ("DT1038_12:NEW", Status.RETURN_IN_PROGRESS),
        ("DT1038_12:SUCCESS", Status.RETURN_COMPLETED),
        ("DT1038_12:FAIL", Status.RETURN_REJECTED),
        ("SUCCESS", Status.RETURN_COMPLETED),
        ("DT1038_12:CHECK", Status.RETURN_IN_PROGRESS),
        ("DT1038_12:UC_X", Status.RETURN_COMPLETED),
    ],
)
def test_stages(stage: str, status: Status) -> None:
    portal = native(return_stage_map={"DT1038_12:CHECK": Status.RETURN_IN_PROGRESS, "UC_X": Status.RETURN_COMPLETED})
    operation = portal.return_status("342")
    assert asked(operation) == {"item": ("crm.item.get", {"entityTypeId": 1038, "id": 342})}
    assert heard(operation, {"item": item(stageId=stage)}).status is status


def test_an_unknown_stage_is_reported(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.ERROR):
        found = heard(native().return_status("342"), {"item": item(stageId="DT1038_12:PREPARATION")})
    assert found.status is Status.RETURN_IN_PROGRESS, "nobody has decided yet, as far as is known"
    assert "PREPARATION; add it to BITRIX_RETURN_STAGE_MAP" in caplog.text


@pytest.mark.parametrize("differs", [{"id": 343}, {"id": None}])
def test_items_that_make_no_sense(differs: dict[str, Any]) -> None:
    with pytest.raises(BadAnswer):
        heard(native().return_status("342"), {"item": item(**differs)})


def test_a_key_that_is_not_kept_is_reported(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.ERROR):
        assert heard(native().register_return(WANTED), {"item": item(xmlId=None)}).id == "342"
    assert "did not keep the key of item 342" in caplog.text


def test_the_returns_of_an_order() -> None:
    operation = native().returns_of("5121")
    ((method, params),) = asked(operation).values()
    assert (method, params["filter"]) == ("crm.item.list", {"=ufCrm12OrderId": "5121"})
    goods = '[{"productId": 1243, "quantity": 2}, {"productId": "1250", "quantity": "1"}]'
    found = heard(operation, {"items": [item(ufCrm12Items=goods), item(id=343, stageId="DT1038_12:FAIL")]})
    assert found == (
        ReturnState(
            "342",
            Status.RETURN_IN_PROGRESS,
            order_id="5121",
            lines=(LineItem("1243", Decimal(2)), LineItem("1250", Decimal(1))),
        ),
        ReturnState("343", Status.RETURN_REJECTED, order_id="5121"),
    )
    assert heard(operation, {"items": []}) == ()
    with pytest.raises(BadAnswer, match="dropped"):
        heard(operation, {"items": [item(), item(ufCrm12OrderId="5122")]})


@pytest.mark.parametrize(
    "goods",
    [
        "",
        "5121",
        "{",
        "[" * 5000,
        '["x"]',
        '[{"productId": 1}]',
        '[{"productId": 1, "quantity": "-1"}]',
        '{"productId": 1}',
    ],
)
def test_goods_that_people_wrote_over(goods: str) -> None:
    assert heard(native().return_status("342"), {"item": item(ufCrm12Items=goods)}).lines == ()


def test_people_read_the_number_and_the_id_stays_the_key() -> None:
    fields = native().register_return(replace(WANTED, order_number="ИМ-88")).commands["item"].params["fields"]
    assert (fields["title"], fields["ufCrm12OrderId"]) == ("Возврат по заказу ИМ-88", "5121")


OPTIONAL = {"stageId": "DT1038_12:FAIL", "ufCrm12RejectReason": "следы удара", "ufCrm12Items": "[]", "title": "Возврат"}


@given(st.dictionaries(st.sampled_from(sorted(OPTIONAL)), ODD))
def test_no_odd_field_makes_a_return_unreadable(odd: dict[str, Any]) -> None:
    record = item(**OPTIONAL) | odd
    found = heard(native().return_status("342"), {"item": record})
    assert (found.id, found.order_id) == ("342", "5121")
    assert heard(native().register_return(WANTED), {"item": record | {"id": 342}}).id == "342"


@given(
    odd=ODD.filter(lambda value: clean_id(value) is None), field=st.sampled_from(["id", "ufCrm12OrderId"]), whole=ODD
)
def test_a_return_that_makes_no_sense_costs_its_own_line(odd: Any, field: str, whole: Any) -> None:
    rows = [item(), item(id=343) | {field: odd}, whole]
    found = heard(native().returns_of("5121"), {"items": rows})
    assert found[0].id == "342"


def test_what_of_a_return_makes_no_sense_is_told_of(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.WARNING):
        found = heard(native().returns_of("5121"), {"items": [item(), item(ufCrm12OrderId=["perhaps"]), "perhaps"]})
    assert [state.id for state in found] == ["342"]
    told = [vars(record)["fields"]["field"] for record in caplog.records]
    assert told == ["items", "ufCrm12OrderId"]
    assert "perhaps" not in caplog.text


def test_half_a_metre_is_written_and_read() -> None:
    half = replace(WANTED, lines=(LineItem("1243", Decimal("0.5")), LineItem("8", Decimal("2.0"))))
    ((_, params),) = asked(native().register_return(half)).values()
    items = params["fields"]["ufCrm12Items"]
    assert json.loads(items) == [{"productId": 1243, "quantity": "0.5"}, {"productId": 8, "quantity": 2}]
    assert heard(native().return_status("342"), {"item": item(ufCrm12Items=items)}).lines == half.lines
    odd = '{"productId": 8, "quantity": "x"}, {"productId": 9, "quantity": -1}, {"productId": 10}'
    by_hand = f'[{{"productId": 1243, "quantity": 0.5}}, {odd}]'
    assert heard(native().return_status("342"), {"item": item(ufCrm12Items=by_hand)}).lines == half.lines[:1]


@pytest.mark.parametrize(
    ("code", "status"),
    [
        ("DT1038_12:SUCCESS", Status.RETURN_COMPLETED),
        ("CHECK", None),
        ("RETURN_REJECTED", Status.RETURN_REJECTED),
        ("D", None),
        ("SHIPPED", None),
    ],
)
def test_a_stage_is_no_status_of_an_order(code: str, status: Status | None) -> None:
    assert native().stage(code) is status


@pytest.mark.parametrize(("code", "status"), [("D", Status.CANCELED), ("SUCCESS", None), ("DL", Status.DELIVERED)])
def test_a_status_of_an_order_is_no_stage(code: str, status: Status | None) -> None:
    assert native().status(code) is status
