"""The deal of an order, read with it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest

from shared.bitrix.encoding import Reference
from shared.bitrix.errors import BadAnswer
from shared.status import Status
from tests.bitrix.native.speaking import asked, native, told
from tests.bitrix.native.test_orders import row

MAP = {"EXECUTING": Status.WAITING_FOR_DELIVERY, "C5:1": Status.SHIPPED, "1": Status.NEW, "LOSE": Status.CANCELED}
LINK = {"ownerId": 301, "ownerTypeId": 2, "orderId": 5121}


def status(stage: str | None, *, links: Any = (LINK,), deal_id: int = 301, **differs: Any) -> Status:
    deals = [] if stage is None else [{"id": deal_id, "stageId": stage}]
    answers = {"order": {"order": row(**differs)}, "deals": {"orderEntity": list(links)}, "deal": {"items": deals}}
    return told(native(deal_stage_map=MAP).order("5121"), answers).status


def test_the_deal_is_asked_for_with_its_order() -> None:
    assert asked(native(deal_stage_map=MAP).order("5121")) == {
        "order": ("sale.order.get", {"id": 5121}),
        "deals": ("crm.orderentity.list", {"filter": {"orderId": 5121, "ownerTypeId": 2}}),
        "deal": (
            "crm.item.list",
            {
                "entityTypeId": 2,
                "select": ["id", "stageId"],
                "filter": {"=id": Reference("deals", ("orderEntity", 0, "ownerId"))},
            },
        ),
    }
    assert native(deal_stage_map=MAP).order("5121").weight == 3


def test_without_a_map_nothing_more_is_asked() -> None:
    assert list(native().order("5121").commands) == ["order"]


@pytest.mark.parametrize(
    ("stage", "means"),
    [
        ("EXECUTING", Status.WAITING_FOR_DELIVERY),
        ("C7:EXECUTING", Status.WAITING_FOR_DELIVERY),
        ("C5:1", Status.SHIPPED),
        ("C7:1", Status.NEW),
        ("UC_NOBODY", Status.NEW),
        ("LOSE", Status.CANCELED),
        (None, Status.NEW),
    ],
)
def test_what_a_stage_means(stage: str | None, means: Status) -> None:
    assert status(stage) is means


def test_an_order_without_a_deal_is_as_it_is() -> None:
    assert status("LOSE", links=()) is Status.NEW


def test_another_deal_than_the_orders_tells_nothing() -> None:
    assert status("LOSE", deal_id=1) is Status.NEW


@pytest.mark.parametrize("link", [{**LINK, "orderId": 9}, {**LINK, "ownerTypeId": 3}])
def test_a_dropped_filter_is_noticed(link: dict[str, int]) -> None:
    with pytest.raises(BadAnswer):
        status("EXECUTING", links=(link,))


def test_the_order_tells_which_deal_it_hangs_on() -> None:
    answers = {"order": {"order": row()}, "deals": {"orderEntity": [LINK]}, "deal": {"items": []}}
    found = told(native(deal_stage_map=MAP).order("5121"), answers)
    assert (found.deal_id, found.status) == ("301", Status.NEW)
    assert told(native().order("5121"), {"order": {"order": row()}}).deal_id == ""


def test_moved_deals_are_listed_since_a_moment() -> None:
    moment = datetime(2026, 5, 4, 15, 30, 0, 999, timezone(timedelta(hours=3)))
    operation = native().deals_moved_since(moment, 50)
    params = {
        "entityTypeId": 2,
        "select": ["id"],
        "filter": {">=movedTime": "2026-05-04T12:30:00+00:00"},
        "order": {"id": "asc"},
        "start": 50,
    }
    assert asked(operation) == {"list": ("crm.item.list", params)}
    assert told(operation, {"list": {"items": [{"id": 301}, {"id": "302"}]}}).deals == ("301", "302")
    with pytest.raises(ValueError, match="aware"):
        native().deals_moved_since(datetime(2026, 5, 4, tzinfo=UTC).replace(tzinfo=None))


def test_the_orders_of_a_deal() -> None:
    operation = native().orders_of_deal("301")
    assert asked(operation) == {"deals": ("crm.orderentity.list", {"filter": {"ownerId": 301, "ownerTypeId": 2}})}
    links = [LINK, {**LINK, "orderId": "5122"}]
    assert told(operation, {"deals": {"orderEntity": links}}) == ("5121", "5122")
    assert told(operation, {"deals": {"orderEntity": []}}) == ()


@pytest.mark.parametrize("link", [{**LINK, "ownerId": 9}, {**LINK, "ownerTypeId": 3}])
def test_orders_of_another_deal_are_noticed(link: dict[str, int]) -> None:
    with pytest.raises(BadAnswer):
        told(native().orders_of_deal("301"), {"deals": {"orderEntity": [link]}})


def test_the_deals_of_a_contact_are_the_newest_and_his_alone() -> None:
    operation = native().deals_of_contact("44")
    (asked_for,) = asked(operation).values()
    wanted = {"entityTypeId": 2, "select": ["id", "contactId"], "filter": {"contactId": 44}, "order": {"id": "desc"}}
    assert asked_for == ("crm.item.list", wanted)
    rows = [{"id": 305, "contactId": 44}, {"id": 301, "contactId": "44"}]
    assert told(operation, {"list": {"items": rows}}) == ("305", "301")
    with pytest.raises(BadAnswer):
        told(operation, {"list": {"items": [*rows, {"id": 300, "contactId": 45}]}})
