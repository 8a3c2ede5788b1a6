"""The screens of the catalogue's sections."""

from __future__ import annotations

from shared.assistant import texts
from shared.assistant.chat_view import Screen
from shared.assistant.keyboard import Row, button, keyboard
from shared.assistant.navigation import TOP_SECTION, AskManager, Idle, SearchMore, ShowSection
from shared.domain.catalogue import Sections

PAGE = 8
"""Sections per page: a screen of a phone."""


def section(sections: Sections, goods: int, page: int) -> Screen:
    """A page of the sections in a section, and the ways to its goods and back."""
    pages = max(1, -(-len(sections.sections) // PAGE))
    page = min(max(page, 0), pages - 1)
    shown = sections.sections[page * PAGE :][:PAGE]
    rows = [[button(texts.labels.section(one.name), _opens(one.id))] for one in shown]
    own = sections.parent or TOP_SECTION
    if goods:
        rows.append([button(texts.labels.section_goods(goods), _opens(own, goods=True))])
    names = [one.name for one in sections.path]
    text = texts.search.section(names) if shown else texts.search.section_empty(names)
    return Screen(text, keyboard(*rows, _turning(own, page, pages), *_ways_out(sections)))


def no_sections() -> Screen:
    """Say that the portal shows no sections."""
    ways = [button(texts.labels.SEARCH_MORE, SearchMore()), button(texts.labels.ASK_MANAGER, AskManager())]
    return Screen(texts.search.no_sections(), keyboard(ways))


def _opens(section_id: str, page: int = 0, *, goods: bool = False) -> ShowSection:
    return ShowSection(section=section_id, page=page, goods=goods, fresh=False)


def _turning(own: str, page: int, pages: int) -> Row:
    if pages == 1:
        return []
    return [
        button(texts.labels.BACK, _opens(own, (page - 1) % pages)),
        button(texts.labels.page_of(page + 1, pages), Idle()),
        button(texts.labels.FORTH, _opens(own, (page + 1) % pages)),
    ]


def _ways_out(sections: Sections) -> list[Row]:
    """Return the way up, or from the top to a search and to people."""
    if not sections.path:
        return [[button(texts.labels.SEARCH_MORE, SearchMore()), button(texts.labels.ASK_MANAGER, AskManager())]]
    *_, parent = [None, *sections.path[:-1]]
    if parent is None:
        return [[button(texts.labels.CATALOGUE, _opens(TOP_SECTION))]]
    return [[button(texts.labels.up(parent.name), _opens(parent.id))]]
