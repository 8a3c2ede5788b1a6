"""The sections of the catalogue: asked for and read alike in both dialects, which only spell the fields differently.

The whole tree is read in one request, `PAGES` pages of 50: a portal does not tell which section holds others, and how
its filter says «at the top» is documented nowhere (`catalog/section/catalog-section-list.md` of b24restdocs; the core's
`CIBlockSection::GetList` takes 0 for it). A start beyond the end may bring the last page again, hence one row an id.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator, Mapping, Sequence
from functools import partial
from typing import Any

from shared.bitrix.errors import NotFound
from shared.bitrix.fields import Row, find, flag, listed_if_any, need_id, need_text, number
from shared.bitrix.paging import PAGE
from shared.bitrix.portal import Answer, Command, Operation
from shared.bitrix.sensible import Reader, sensible
from shared.domain.catalogue import Section, Sections
from shared.domain.ids import clean_id

log = logging.getLogger(__name__)

PAGES = 6
"""How many pages are asked for: 300 sections. What is beyond them is not shown."""
_USUAL_PLACE = 500
"""`sort` where a portal says nothing about it, as its own forms fill it in."""


def sections(
    parent: str | None, select: Sequence[str], filters: Mapping[str, Any], order: Mapping[str, str]
) -> Operation[Sections]:
    """`catalog.section.list`, all pages; `select`, `filters` and `order` are in the dialect's spelling."""
    pages = {f"page{number}": number * PAGE for number in range(PAGES)}
    commands = {
        key: Command(
            "catalog.section.list", {"select": list(select), "filter": filters, "order": order, "start": start}
        )
        for key, start in pages.items()
    }
    return Operation(commands, partial(_read, parent), weight=len(commands))


def _read(parent: str | None, answers: Mapping[str, Answer]) -> Sections:
    """Pick what lies in the section. A section below one that is not shown is a `NotFound`, as one that is absent."""
    active = {
        need_id(row, "ID"): row
        for answer in answers.values()
        for row in sensible(listed_if_any(answer, "sections", "items"), "catalog.section.list", _NEEDED)
        if _is_active(row)
    }
    path = tuple(_section(active[one], active) for one in _way_to(parent, active))
    inside = [row for row in active.values() if _parent_of(row) == parent]
    complete = list(answers.values())[-1].next is None
    if not complete:
        log.error("the catalogue has more than %d sections; the others are not shown", PAGE * PAGES)
    found = tuple(_section(row, active) for row in sorted(inside, key=_place))
    return Sections(parent, found, path, complete)


def _is_active(row: Row) -> bool:
    return flag(find(row, "ACTIVE") or "Y", "ACTIVE")


def _parent_of(row: Row) -> str | None:
    """Return the parent's id; at the top it is null or 0."""
    parent = clean_id(find(row, "IBLOCK_SECTION_ID"))
    return None if parent == "0" else parent


def _way_to(section: str | None, active: Mapping[str, Row]) -> Iterator[str]:
    """Return the ids from the top down to a section; `NotFound` when the way is broken or goes in a circle."""
    way: list[str] = []
    while section is not None:
        if section not in active or section in way:
            raise NotFound("there is no such section")
        way.append(section)
        section = _parent_of(active[section])
    return reversed(way)


def _section(row: Row, active: Mapping[str, Row]) -> Section:
    section_id = need_id(row, "ID")
    has_children = any(_parent_of(other) == section_id for other in active.values())
    return Section(section_id, need_text(row, "NAME"), _parent_of(row), has_children)


def _place(row: Row) -> tuple[Any, str]:
    given = find(row, "SORT")
    place = _USUAL_PLACE if given in (None, "") else number(given, "SORT")
    return place, need_text(row, "NAME").casefold()


_NEEDED: Mapping[str, Reader] = {
    "id": lambda row: need_id(row, "ID"),
    "name": lambda row: need_text(row, "NAME"),
    "active": _is_active,
    "sort": _place,
}
"""What a section is nothing without."""
