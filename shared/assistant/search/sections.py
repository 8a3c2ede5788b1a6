"""The job that opens a section of the catalogue: sections and goods in one request; goods are listed like a search."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from shared.assistant.chat_view import ChatTarget, ChatView
from shared.assistant.job_handler import JobHandlers, MasterJobHandler
from shared.assistant.search import finding, section_screens
from shared.assistant.search.payloads import SectionPayload
from shared.bitrix.combine import combine
from shared.bitrix.errors import MethodMissing, NotFound
from shared.bitrix.portal import Operation
from shared.domain import searches
from shared.domain.catalogue import ProductPage, Sections
from shared.domain.searches import CachedPage, Search
from shared.domain.spelling.variants import QueryVariant
from shared.pipeline.decision import Decision
from shared.pipeline.jobs import Job, Lane
from shared.pipeline.outcomes import Refusal

SECTION = "section"


def section_job(where: ChatTarget, section: str | None, page: int = 0, *, goods: bool = False) -> Job:
    """Return the job that shows a page of a section's sections, or with `goods` what lies in it itself."""
    return Job(SECTION, Lane.READ, SectionPayload(where, section, page, goods, searches.new_id()).as_data())


class OpenSectionHandler(MasterJobHandler):
    """What a section of the catalogue holds; at the top, no section, only sections."""

    def plan(self, job: Job) -> Operation[list[Any]]:
        """Ask for the sections, and for the goods of the first 50."""
        section = SectionPayload.from_data(job.payload).section
        goods = [] if section is None else [self._portal.products_of(section)]
        return combine([self._portal.sections(section), *goods], needed=2)

    async def done(self, job: Job, value: Sequence[Any], decision: Decision) -> None:
        """Show the sections; the goods where there is nothing else, or when they were asked for."""
        payload = SectionPayload.from_data(job.payload)
        sections: Sections = value[0]
        goods: ProductPage = value[1] if value[1:] else ProductPage((), 0)
        if goods.products and (payload.goods or not sections.sections):
            await self._show_goods(payload, sections, goods, decision)
        else:
            ChatView(decision, payload.target).show(section_screens.section(sections, goods.total, payload.page))

    async def _show_goods(
        self, payload: SectionPayload, sections: Sections, goods: ProductPage, decision: Decision
    ) -> None:
        here = sections.path[-1]
        search = Search(payload.search, here.name, section=here.id)
        known = searches.storable(CachedPage(QueryVariant(here.name), goods))
        await searches.cache(decision.unit, search.key, 0, known)
        await finding.show(decision, payload.target, search, 0, known)

    async def failed(self, job: Job, reason: Refusal, decision: Decision) -> None:
        """Begin at the top when the section is gone. A portal of the spec's table alone has no sections to show."""
        payload = SectionPayload.from_data(job.payload)
        if reason.code == NotFound.usual_code and payload.section is not None:
            await decision.enqueue(section_job(payload.target, None))
            return
        if reason.code == MethodMissing.usual_code:
            ChatView(decision, payload.target).show(section_screens.no_sections())
            await self.report(job, replace(reason, operators=False), decision)
            return
        await super().failed(job, reason, decision)


JOB_HANDLERS: JobHandlers = {SECTION: OpenSectionHandler}
