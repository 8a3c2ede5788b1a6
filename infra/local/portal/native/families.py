"""The families of list methods: how each reads its filter and what it does about pages and empty values.

Which method belongs where, and where that is read from, stands in the table of the simulator's README.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from infra.local.portal.errors import RestError
from infra.local.portal.native import iblock_filter, orm_filter
from infra.local.portal.native.field_kinds import Condition, Fields, many, view_field

ReadFilter = Callable[[Mapping[str, Any], Fields], Iterator[Condition]]


@dataclass(frozen=True)
class Family:
    """What the lists of a family have in common.

    `lenient` reads a filter as the documentation has it, where that differs from what the core does. `upper` calls
    the parameters SELECT, FILTER, ORDER. `closed` has the errors by which `select` and `order` refuse what they do not
    know. Without `paged` everything comes at once. `null_for_empty` writes 0, "" and what was never set alike. `wraps`
    answers the first page again beyond the last.
    """

    read: ReadFilter
    lenient: ReadFilter | None = None
    upper: bool = False
    closed: Mapping[str, str] = field(default_factory=dict)
    paged: bool = True
    null_for_empty: bool = False
    wraps: bool = False


def _crm(wanted: Mapping[str, Any], known: Fields) -> Iterator[Condition]:
    """Read a filter of `crm.item.list`: what it does not know is refused (CRM's filter validator)."""
    for key, value in wanted.items():
        field = next((name for name in sorted(known, key=len, reverse=True) if key.endswith(name)), key)
        operation = key.removesuffix(field)
        if field not in known or operation not in _CRM_OPERATIONS:
            raise RestError("INVALID_ARG_VALUE", f"Invalid filter: field '{key}' is not allowed in filter")
        if many(value) is not None and operation not in _CRM_LISTS:
            raise RestError("INVALID_ARG_VALUE", f"Invalid filter: field '{key}' has invalid value")
        condition = orm_filter.condition_of(field, known[field], operation, value)
        if condition is not None:
            yield condition


_CRM_OPERATIONS = frozenset({*orm_filter.OPERATIONS} - {"?", "*", "*=", "*%"})
_CRM_LISTS = frozenset({"", "=", "!=", "@", "!@"})


def _only_known(wanted: Mapping[str, Any], known: Fields) -> None:
    unknown = [field for key in wanted if (field := view_field(key)) not in known]
    if unknown:
        raise RestError("ERROR_CHECK_FAILURE", f"{', '.join(unknown)} not allowed for filter")


def _pay_systems(wanted: Mapping[str, Any], known: Fields) -> Iterator[Condition]:
    """Read a filter of `sale.paysystem.list`, which throws the operation away: `!ACTIVE` means ACTIVE."""
    _only_known(wanted, known)
    return orm_filter.conditions({view_field(key): value for key, value in wanted.items()}, known, typed=False)


def _deliveries(wanted: Mapping[str, Any], known: Fields) -> Iterator[Condition]:
    _only_known(wanted, known)
    return orm_filter.conditions(wanted, known, typed=False)


def _equality(wanted: Mapping[str, Any], known: Fields) -> Iterator[Condition]:
    """Read a filter of `crm.status.list`: fields by their bare names, everything else and what is empty is ignored."""
    for key, value in wanted.items():
        if many(value) is not None:
            raise RestError("", f"Filter by {key} must be a string")
        if key in known and str(value):
            condition = orm_filter.condition_of(key, known[key], "=", value)
            if condition is not None:
                yield condition


_CHECKED = {"select": "ERROR_CHECK_FAILURE", "order": "ERROR_CHECK_FAILURE"}

GOODS = Family(
    iblock_filter.conditions,
    lenient=partial(iblock_filter.conditions, extra=iblock_filter.LENIENT),
    null_for_empty=True,
    wraps=True,
)
VIEW = Family(orm_filter.conditions, null_for_empty=True)
ENTITY = Family(partial(orm_filter.conditions, typed=False))
CRM_ITEM = Family(_crm, closed={"order": "INVALID_ARG_VALUE"})
PAY_SYSTEMS = Family(_pay_systems, upper=True, closed=_CHECKED, paged=False)
DELIVERIES = Family(_deliveries, upper=True, closed=_CHECKED, paged=False)
DICTIONARY = Family(_equality, paged=False)
