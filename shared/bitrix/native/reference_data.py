"""What a portal is set up with: read before launch to check our settings against (bitrix24 reference §6.1)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial

from shared.bitrix.encoding import as_sent
from shared.bitrix.fields import Row, find, flag, need_id, text
from shared.bitrix.native.answers import listed
from shared.bitrix.native.settings import NativeSettings
from shared.bitrix.portal import Answer, Command, Operation


@dataclass(frozen=True)
class Entry:
    """A record of a reference list. `kind` is the portal's own letter or word for what it is, see each function."""

    id: str
    name: str = ""
    code: str = ""
    kind: str = ""
    required: bool = False


Entries = Operation[tuple[Entry, ...]]


def statuses() -> Entries:
    """`sale.status.list`; kind O of orders, D of shipments."""
    return _entries("sale.status.list", {}, "statuses", "type")


def pay_systems() -> Entries:
    """`sale.paysystem.list` (scope `pay_system`); kind is `IS_CASH`: Y cash, N not, A acquiring."""
    params = {
        "SELECT": ["ID", "NAME", "IS_CASH", "ACTIVE", "PERSON_TYPE_ID"],
        "FILTER": {"ACTIVE": "Y", "ENTITY_REGISTRY_TYPE": "ORDER"},
    }
    return _entries("sale.paysystem.list", params, "paySystems", "isCash")


def deliveries() -> Entries:
    """`sale.delivery.getlist`; kind is the parent's id."""
    params = {"SELECT": ["ID", "PARENT_ID", "NAME", "ACTIVE", "CURRENCY"], "FILTER": {"ACTIVE": "Y"}}
    return _entries("sale.delivery.getlist", params, "deliveries", "parentId")


def person_types() -> Entries:
    """`sale.persontype.list`."""
    params = {"select": ["id", "name", "code"], "filter": {"active": "Y"}}
    return _entries("sale.persontype.list", params, "personTypes", "")


def properties(settings: NativeSettings) -> Entries:
    """`sale.property.list` of our type of payer; kind is the type of value."""
    params = {"filter": {"personTypeId": as_sent(settings.person_type_id)}}
    return _entries("sale.property.list", params, "properties", "type")


def _entries(method: str, params: Mapping[str, object], wrapper: str, kind: str) -> Entries:
    return Operation({"list": Command(method, params)}, partial(_read, wrapper, kind))


def _read(wrapper: str, kind: str, answers: Mapping[str, Answer]) -> tuple[Entry, ...]:
    return tuple(_entry(row, kind) for row in listed(answers["list"], wrapper))


def _entry(row: Row, kind: str) -> Entry:
    required = flag(find(row, "required") or "N", "required")
    return Entry(need_id(row, "id"), text(row, "name"), text(row, "code"), text(row, kind) if kind else "", required)
