"""What a real portal is set up with, read in a few requests.

See shared/bitrix/README.md, «What a portal is set up with», «Returns».
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from infra.preflight.asking import Reader, batches
from infra.preflight.guesses import person_type, returns_category, returns_process
from shared.bitrix.errors import BitrixError
from shared.bitrix.native import reference_data
from shared.bitrix.native.reference_data import Entry
from shared.bitrix.portal import Operation

Entries = Sequence[Entry] | BitrixError
"""A list, or why there is none."""


@dataclass(frozen=True)
class Lists:
    """The portal's lists. Those about a type of payer or a smart process are of the one asked for, or else guessed."""

    catalogues: Entries
    price_types: Entries
    statuses: Entries
    pay_systems: Entries
    deliveries: Entries
    person_types: Entries
    processes: Entries
    deal_stages: Entries = ()
    properties: Entries = ()
    categories: Entries = ()
    fields: frozenset[str] | BitrixError = frozenset()
    stages: Entries = ()


@dataclass(frozen=True)
class Known:
    """What the settings say already; "" for what they do not."""

    person_type_id: str = ""
    process_id: str = ""
    category_id: str = ""


_ALONE: Mapping[str, Callable[[], Operation[tuple[Entry, ...]]]] = {
    "catalogues": reference_data.catalogues,
    "price_types": reference_data.price_types,
    "statuses": reference_data.statuses,
    "status_names": reference_data.status_names,
    "pay_systems": reference_data.pay_systems,
    "deliveries": reference_data.deliveries,
    "person_types": reference_data.person_types,
    "processes": reference_data.smart_processes,
    "deal_stages": reference_data.deal_stages,
    "deal_funnels": reference_data.deal_funnels,
}
"""What is asked without knowing anything of the portal."""

GENERAL = "0"
"""The number of the general funnel of deals."""

AT_A_TIME = 3
"""Lists in one request. A portal takes a tenth of a second for one, or half a second.

See shared/bitrix/README.md, «An order in one batch».
"""


async def read_lists(reader: Reader, known: Known) -> Lists:
    """Read everything, in a few small requests: each has the three seconds of a read."""
    first = await read_named(reader, {name: asking() for name, asking in _ALONE.items()})
    first["statuses"] = _named(first["statuses"], first.pop("status_names"))
    first["deal_stages"] = await _of_all_funnels(reader, first["deal_stages"], first.pop("deal_funnels"))
    payer = known.person_type_id or id_of(person_type(listed(first["person_types"])))
    process = known.process_id or id_of(returns_process(listed(first["processes"])))
    operations: dict[str, Operation[Any]] = {}
    if payer:
        operations["properties"] = reference_data.properties(payer)
    if process:
        operations["categories"] = reference_data.categories(process)
        operations["fields"] = reference_data.process_fields(process)
    more = await read_named(reader, operations)
    category = known.category_id or id_of(returns_category(listed(more.get("categories", ()))))
    if process and category:
        (more["stages"],) = await reader.read([reference_data.stages(process, category)])
    return Lists(**first, **more)


async def _of_all_funnels(reader: Reader, general: Entries, funnels: Entries) -> Entries:
    """Add the stages of the other funnels; a funnel that cannot be read is no worse for the general one."""
    others = [funnel.id for funnel in listed(funnels) if funnel.id != GENERAL]
    if isinstance(general, BitrixError) or not others:
        return general
    more = await read_named(reader, {number: reference_data.deal_stages(number) for number in others})
    return (*general, *(stage for entries in more.values() for stage in listed(entries)))


async def read_named(reader: Reader, operations: Mapping[str, Operation[Any]]) -> dict[str, Any]:
    """Read what is asked, by its name."""
    found: dict[str, Any] = {}
    for part in batches(list(operations), AT_A_TIME):
        found |= zip(part, await reader.read([operations[name] for name in part]), strict=True)
    return found


def _named(entries: Entries, names: Entries) -> Entries:
    """Give statuses their names; a portal that does not tell them is no worse for it."""
    if isinstance(entries, BitrixError):
        return entries
    known = {it.id: it.name for it in listed(names)}
    return [replace(it, name=known.get(it.id, "")) for it in entries]


def listed(entries: Entries) -> Sequence[Entry]:
    """Return the list, an empty one where there is none."""
    return () if isinstance(entries, BitrixError) else entries


def id_of(entry: Entry | None) -> str:
    """Return the id, "" of nothing."""
    return entry.id if entry else ""
