"""The lists a portal is set up with, read before launch to check our settings against.

See shared/bitrix/README.md, «What a portal is set up with».
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial

from shared.bitrix.encoding import as_sent
from shared.bitrix.fields import Row, find, flag, listed, need_id, need_row, text
from shared.bitrix.portal import Answer, Command, Operation


@dataclass(frozen=True)
class Entry:
    """A record of a reference list. `kind` is the portal's own letter or word for what it is, see each function.

    `is_address` and `is_phone` are set of order properties that the portal itself uses as such.
    """

    id: str
    name: str = ""
    code: str = ""
    kind: str = ""
    required: bool = False
    is_address: bool = False
    is_phone: bool = False


Entries = Operation[tuple[Entry, ...]]


def statuses() -> Entries:
    """`sale.status.list`; kind O of orders, D of shipments."""
    return _entries("sale.status.list", {}, "statuses", "type")


def status_names() -> Entries:
    """`sale.statusLang.list`: what the statuses are called in Russian (`sale-status-lang-list.md` of b24restdocs)."""
    return _entries("sale.statuslang.list", {"filter": {"lid": "ru"}}, "statusLangs", "", "statusId")


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


def properties(person_type_id: str) -> Entries:
    """`sale.property.list` of a type of payer; kind is the type of value."""
    params = {"filter": {"personTypeId": as_sent(person_type_id)}}
    return _entries("sale.property.list", params, "properties", "type")


def catalogues() -> Entries:
    """`catalog.catalog.list`; id is the iblock's, kind the iblock of the products these are variations of."""
    return _entries("catalog.catalog.list", {}, "catalogs", "productIblockId", "iblockId")


def price_types() -> Entries:
    """`catalog.priceType.list`; kind Y is the base one."""
    return _entries("catalog.pricetype.list", {}, "priceTypes", "base")


def smart_processes() -> Entries:
    """`crm.type.list`; id is the entity type, kind the process's own number, which its fields are named after."""
    return _entries("crm.type.list", {}, "types", "id", "entityTypeId")


def categories(entity_type_id: str) -> Entries:
    """`crm.category.list`: the funnels of a smart process; kind Y is the usual one."""
    return _entries("crm.category.list", {"entityTypeId": as_sent(entity_type_id)}, "categories", "isDefault")


def stages(entity_type_id: str, category_id: str) -> Entries:
    """`crm.status.list`: the stages of a funnel; id is the whole `DT1038_12:NEW`, kind S is success, F failure."""
    entity = f"DYNAMIC_{entity_type_id}_STAGE_{category_id}"
    return _entries("crm.status.list", {"filter": {"ENTITY_ID": entity}}, "statuses", "SEMANTICS", "STATUS_ID")


def deal_stages(category_id: str = "") -> Entries:
    """`crm.status.list`: the stages of deals in a funnel, "" the general one; kind S is success, F failure.

    Those of another funnel have its number before them, `C5:NEW`.
    """
    wanted = {"filter": {"ENTITY_ID": "_".join(filter(None, ("DEAL_STAGE", category_id)))}}
    return _entries("crm.status.list", wanted, "statuses", "SEMANTICS", "STATUS_ID")


def deal_funnels() -> Entries:
    """`crm.category.list`: the funnels of deals; kind Y is the usual one, whose number is 0."""
    return categories("2")


def process_fields(entity_type_id: str) -> Operation[frozenset[str]]:
    """`crm.item.fields`: the names of an item's fields, as `crm.item.add` takes them."""
    command = Command("crm.item.fields", {"entityTypeId": as_sent(entity_type_id)})
    return Operation({"fields": command}, _field_names)


def _field_names(answers: Mapping[str, Answer]) -> frozenset[str]:
    return frozenset(need_row(find(need_row(answers["fields"].result, "result"), "fields"), "fields"))


def _entries(method: str, params: Mapping[str, object], wrapper: str, kind: str, name_of_id: str = "id") -> Entries:
    return Operation({"list": Command(method, params)}, partial(_read, wrapper, kind, name_of_id))


def _read(wrapper: str, kind: str, name_of_id: str, answers: Mapping[str, Answer]) -> tuple[Entry, ...]:
    return tuple(_entry(row, kind, name_of_id) for row in listed(answers["list"], wrapper))


def _entry(row: Row, kind: str, name_of_id: str) -> Entry:
    required, is_address, is_phone = (
        flag(find(row, name) or "N", name) for name in ("required", "isAddress", "isPhone")
    )
    return Entry(
        need_id(row, name_of_id),
        text(row, "name", "title"),
        text(row, "code"),
        text(row, kind) if kind else "",
        required,
        is_address,
        is_phone,
    )
