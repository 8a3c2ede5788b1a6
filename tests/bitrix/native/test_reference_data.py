"""The lists a portal is set up with."""

from __future__ import annotations

from typing import Any

import pytest

from shared.bitrix.errors import BadAnswer
from shared.bitrix.native import reference_data
from shared.bitrix.native.reference_data import Entry
from tests.bitrix.native.speaking import asked, heard


@pytest.mark.parametrize(
    ("operation", "method", "params", "result", "entries"),
    [
        (
            reference_data.statuses(),
            "sale.status.list",
            {},
            {"statuses": [{"id": "N", "type": "O", "sort": 100}, {"id": "DN", "type": "D"}]},
            (Entry("N", kind="O"), Entry("DN", kind="D")),
        ),
        (
            reference_data.pay_systems(),
            "sale.paysystem.list",
            {
                "SELECT": ["ID", "NAME", "IS_CASH", "ACTIVE", "PERSON_TYPE_ID"],
                "FILTER": {"ACTIVE": "Y", "ENTITY_REGISTRY_TYPE": "ORDER"},
            },
            [{"ID": 118, "NAME": "Карта", "IS_CASH": "A"}, {"ID": "119", "NAME": "Наличные", "IS_CASH": "Y"}],
            (Entry("118", "Карта", kind="A"), Entry("119", "Наличные", kind="Y")),
        ),
        (
            reference_data.deliveries(),
            "sale.delivery.getlist",
            {"SELECT": ["ID", "PARENT_ID", "NAME", "ACTIVE", "CURRENCY"], "FILTER": {"ACTIVE": "Y"}},
            [{"ID": 198, "NAME": "Курьер", "PARENT_ID": 196}],
            (Entry("198", "Курьер", kind="196"),),
        ),
        (
            reference_data.person_types(),
            "sale.persontype.list",
            {"select": ["id", "name", "code"], "filter": {"active": "Y"}},
            {"personTypes": [{"id": 3, "name": "Физическое лицо", "code": "FL"}]},
            (Entry("3", "Физическое лицо", "FL"),),
        ),
        (
            reference_data.properties("3"),
            "sale.property.list",
            {"filter": {"personTypeId": 3}},
            {"properties": [{"id": 26, "name": "Адрес", "code": "ADDRESS", "type": "STRING", "required": "Y"}]},
            (Entry("26", "Адрес", "ADDRESS", "STRING", required=True),),
        ),
        (
            reference_data.status_names(),
            "sale.statuslang.list",
            {"filter": {"lid": "ru"}},
            {"statusLangs": [{"statusId": "N", "lid": "ru", "name": "Принят"}]},
            (Entry("N", "Принят"),),
        ),
        (
            reference_data.catalogues(),
            "catalog.catalog.list",
            {},
            {"catalogs": [{"id": 23, "iblockId": 23, "name": "Товары"}, {"iblockId": 24, "productIblockId": 23}]},
            (Entry("23", "Товары"), Entry("24", kind="23")),
        ),
        (
            reference_data.price_types(),
            "catalog.pricetype.list",
            {},
            {"priceTypes": [{"id": 1, "name": "BASE", "base": "Y"}]},
            (Entry("1", "BASE", kind="Y"),),
        ),
        (
            reference_data.smart_processes(),
            "crm.type.list",
            {},
            {"types": [{"id": 12, "title": "Возвраты", "entityTypeId": 1038}]},
            (Entry("1038", "Возвраты", kind="12"),),
        ),
        (
            reference_data.categories("1038"),
            "crm.category.list",
            {"entityTypeId": 1038},
            {"categories": [{"id": 12, "name": "Общая", "isDefault": "Y"}]},
            (Entry("12", "Общая", kind="Y"),),
        ),
        (
            reference_data.stages("1038", "12"),
            "crm.status.list",
            {"filter": {"ENTITY_ID": "DYNAMIC_1038_STAGE_12"}},
            [{"ID": "501", "STATUS_ID": "DT1038_12:FAIL", "NAME": "Отклонён", "SEMANTICS": "F"}],
            (Entry("DT1038_12:FAIL", "Отклонён", kind="F"),),
        ),
        (
            reference_data.properties("4"),
            "sale.property.list",
            {"filter": {"personTypeId": 4}},
            {"properties": [{"id": 7, "isAddress": "Y"}, {"id": 8, "isPhone": "Y"}]},
            (Entry("7", is_address=True), Entry("8", is_phone=True)),
        ),
    ],
)
def test_lists(operation: Any, method: str, params: dict[str, Any], result: Any, entries: tuple[Entry, ...]) -> None:
    assert asked(operation) == {"list": (method, params)}
    assert heard(operation, result) == entries
    assert heard(operation, []) == ()
    with pytest.raises(BadAnswer):
        heard(operation, {"other": []})


def test_fields_of_a_smart_process() -> None:
    operation = reference_data.process_fields("1038")
    assert asked(operation) == {"fields": ("crm.item.fields", {"entityTypeId": 1038})}
    assert heard(operation, {"fields": {"title": {}, "ufCrm12OrderId": {}}}) == {"title", "ufCrm12OrderId"}
    oddities: list[Any] = [[], {"fields": []}]
    for odd in oddities:
        with pytest.raises(BadAnswer):
            heard(operation, odd)
