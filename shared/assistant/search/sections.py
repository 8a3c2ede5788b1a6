"""The catalogue: a section is one request, what lies in it together with its goods; goods are listed like a search."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from shared.assistant.desk import Desk, Place
from shared.assistant.kind import Kind, address_of, place
from shared.assistant.search import finding, section_screens, shelf
from shared.assistant.search.shelf import Hints, Search
from shared.assistant.search.spelling.ways import Way
from shared.bitrix.errors import NotFound
from shared.bitrix.model import Found, Sections
from shared.bitrix.portal import Operation, Portal
from shared.bitrix.together import together
from shared.pipeline.jobs import Job, Lane
from shared.pipeline.kinds import JobKind
from shared.pipeline.outcomes import Refused
from shared.pipeline.turn import Turn

SECTION = "section"


def section_job(where: Place, section: str | None, page: int = 0, *, goods: bool = False) -> Job:
    """Return the job that shows a page of a section's sections, or with `goods` what lies in it itself."""
    payload = {**address_of(where), "section": section, "page": page, "goods": goods, "search": shelf.new_id()}
    return Job(SECTION, Lane.READ, payload)


class OpenSection(Kind):
    """What a section of the catalogue holds; at the top, no section, only sections."""

    def __init__(self, portal: Portal, operators_chat_id: int | None) -> None:
        super().__init__(operators_chat_id)
        self._portal = portal

    def plan(self, job: Job) -> Operation[list[Any]]:
        """Ask for the sections, and for the goods of the first 50."""
        section = job.payload["section"]
        goods = [] if section is None else [self._portal.products_of(section)]
        return together([self._portal.sections(section), *goods], needed=2)

    async def done(self, job: Job, value: Sequence[Any], turn: Turn) -> None:
        """Show the sections; the goods where there is nothing else, or when they were asked for."""
        sections: Sections = value[0]
        goods: Found = value[1] if value[1:] else Found((), 0)
        if goods.products and (job.payload["goods"] or not sections.sections):
            await self._show_goods(job, sections, goods, turn)
        else:
            Desk(turn, place(job)).show(section_screens.section(sections, goods.total, job.payload["page"]))

    async def _show_goods(self, job: Job, sections: Sections, goods: Found, turn: Turn) -> None:
        here = sections.path[-1]
        search = Search(job.payload["search"], here.name, section=here.id)
        known = shelf.storable(Hints(Way(here.name), goods))
        await shelf.cache(turn.unit, search.key, 0, known)
        await finding.show(turn, place(job), search, 0, known)

    async def failed(self, job: Job, reason: Refused, turn: Turn) -> None:
        """Begin at the top when the section is gone."""
        if reason.code == NotFound.usual_code and job.payload["section"] is not None:
            await turn.want(section_job(place(job), None))
            return
        await super().failed(job, reason, turn)


def kinds(portal: Portal, operators_chat_id: int | None) -> Sequence[tuple[str, JobKind]]:
    """Return the kind of jobs that open sections."""
    return ((SECTION, OpenSection(portal, operators_chat_id)),)
