"""Reference data every native portal has and how the simulated one fills it in."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from infra.local.portal.options import PortalOptions


@dataclass(frozen=True)
class OrderProperty:
    """An order property as `sale.property.list` knows it."""

    id: int
    code: str
    name: str
    is_address: bool = False
    is_phone: bool = False
    type: str = "STRING"


def order_properties(options: PortalOptions) -> Mapping[int, OrderProperty]:
    """Return the order properties by id; the hours of delivery are one of a shop that has some."""
    native = options.native
    known = (
        OrderProperty(native.phone_property, "PHONE", "Телефон", is_phone=True),
        OrderProperty(native.address_property, "ADDRESS", "Адрес доставки", is_address=True),
        OrderProperty(native.eta_property, "ETA", "Дата доставки"),
        OrderProperty(native.slot_property, "SLOT", "Когда привезти", type="ENUM"),
    )
    return {one.id: one for one in known}


def pay_systems(options: PortalOptions) -> Mapping[int, dict[str, Any]]:
    """Return the pay systems by id: one by link, one in cash."""
    rows = (
        (options.pay_system_prepaid, "Картой онлайн", "yandexcheckout", "A"),
        (options.pay_system_cod, "Наличными курьеру", "cash", "Y"),
    )
    return {
        int(number): {
            "ID": int(number),
            "NAME": name,
            "ACTION_FILE": action,
            "IS_CASH": cash,
            "ACTIVE": "Y",
            "SORT": 100 * place,
            "PERSON_TYPE_ID": options.native.person_type_id,
            "ENTITY_REGISTRY_TYPE": "ORDER",
        }
        for place, (number, name, action, cash) in enumerate(rows, start=1)
    }


ORDER_STATUSES: Mapping[str, str] = {
    "N": "Принят, ожидается оплата",
    "P": "Оплачен, формируется к отправке",
    "S": "Отправлен",
    "D": "Отменён",
    "F": "Выполнен",
}


def shipment_statuses(options: PortalOptions) -> Mapping[str, str]:
    """Return the statuses of type D: the built-in ones and the portal's own «delivered»."""
    return {
        "DN": "Ожидает обработки",
        "DF": "Отгружен",
        "DD": "Отменён",
        options.native.delivered_status: "Доставлен",
    }
