"""The lists a portal is set up with."""

from __future__ import annotations

from typing import Any

import pytest

from shared.bitrix.errors import BadAnswer
from shared.bitrix.native.reference_data import Entry
from tests.bitrix.native.speaking import asked, heard, native

PORTAL = native()


@pytest.mark.parametrize(
    ("operation", "method", "params", "result", "entries"),
    [
        (
            PORTAL.list_statuses(),
            "sale.status.list",
            {},
            {"statuses": [{"id": "N", "type": "O", "sort": 100}, {"id": "DN", "type": "D"}]},
            (Entry("N", kind="O"), Entry("DN", kind="D")),
        ),
        (
            PORTAL.list_pay_systems(),
            "sale.paysystem.list",
            {
                "SELECT": ["ID", "NAME", "IS_CASH", "ACTIVE", "PERSON_TYPE_ID"],
                "FILTER": {"ACTIVE": "Y", "ENTITY_REGISTRY_TYPE": "ORDER"},
            },
            [{"ID": 118, "NAME": "Карта", "IS_CASH": "A"}, {"ID": "119", "NAME": "Наличные", "IS_CASH": "Y"}],
            (Entry("118", "Карта", kind="A"), Entry("119", "Наличные", kind="Y")),
        ),
        (
            PORTAL.list_deliveries(),
            "sale.delivery.getlist",
            {"SELECT": ["ID", "PARENT_ID", "NAME", "ACTIVE", "CURRENCY"], "FILTER": {"ACTIVE": "Y"}},
            [{"ID": 198, "NAME": "Курьер", "PARENT_ID": 196}],
            (Entry("198", "Курьер", kind="196"),),
        ),
        (
            PORTAL.list_person_types(),
            "sale.persontype.list",
            {"select": ["id", "name", "code"], "filter": {"active": "Y"}},
            {"personTypes": [{"id": 3, "name": "Физическое лицо", "code": "FL"}]},
            (Entry("3", "Физическое лицо", "FL"),),
        ),
        (
            PORTAL.list_properties(),
            "sale.property.list",
            {"filter": {"personTypeId": 3}},
            {"properties": [{"id": 26, "name": "Адрес", "code": "ADDRESS", "type": "STRING", "required": "Y"}]},
            (Entry("26", "Адрес", "ADDRESS", "STRING", required=True),),
        ),
    ],
)
def test_lists(operation: Any, method: str, params: dict[str, Any], result: Any, entries: tuple[Entry, ...]) -> None:
    assert asked(operation) == {"list": (method, params)}
    assert heard(operation, result) == entries
    assert heard(operation, []) == ()
    with pytest.raises(BadAnswer):
        heard(operation, {"other": []})
