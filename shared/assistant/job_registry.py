"""The registry of job kinds, for the worker.

What a search needs is loaded with the first job, all else with the first job of another kind: most instances are
started by a search, and it would wait for what orders, lists and returns import.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cached_property
from zoneinfo import ZoneInfo

from shared.assistant.job_handler import JobContext, JobHandlers
from shared.bitrix.portal import Portal
from shared.pipeline.registry import JobHandler, JobRegistry
from shared.settings import CashConfirmation


def _of_a_search() -> JobHandlers:
    from shared.assistant.search import cards, finding, labels, pages, sections, similar  # noqa: PLC0415 - see above

    return {
        **finding.JOB_HANDLERS,
        **labels.JOB_HANDLERS,
        **pages.JOB_HANDLERS,
        **cards.JOB_HANDLERS,
        **sections.JOB_HANDLERS,
        **similar.JOB_HANDLERS,
    }


def _of_all_else() -> JobHandlers:
    from shared.assistant.cart import jobs as cart  # noqa: PLC0415 - see above, and so for all of these
    from shared.assistant.checkout import jobs as checkout  # noqa: PLC0415
    from shared.assistant.inline import jobs as inline  # noqa: PLC0415
    from shared.assistant.lists import file_job  # noqa: PLC0415
    from shared.assistant.lists import jobs as lists  # noqa: PLC0415
    from shared.assistant.notifications import cash, missed, sync  # noqa: PLC0415
    from shared.assistant.onboarding import binding  # noqa: PLC0415
    from shared.assistant.orders import adopting  # noqa: PLC0415
    from shared.assistant.orders import jobs as orders  # noqa: PLC0415
    from shared.assistant.returns import jobs as returns  # noqa: PLC0415
    from shared.assistant.scanning import scan_job  # noqa: PLC0415
    from shared.assistant.search import accessories, digest  # noqa: PLC0415
    from shared.assistant.support import talks  # noqa: PLC0415
    from shared.assistant.watching import jobs as watching  # noqa: PLC0415

    return {
        **digest.JOB_HANDLERS,
        **accessories.JOB_HANDLERS,
        **inline.JOB_HANDLERS,
        **lists.JOB_HANDLERS,
        **file_job.JOB_HANDLERS,
        **scan_job.JOB_HANDLERS,
        **cart.JOB_HANDLERS,
        **checkout.JOB_HANDLERS,
        **orders.JOB_HANDLERS,
        **adopting.JOB_HANDLERS,
        **returns.JOB_HANDLERS,
        **watching.JOB_HANDLERS,
        **sync.JOB_HANDLERS,
        **missed.JOB_HANDLERS,
        **cash.JOB_HANDLERS,
        **talks.JOB_HANDLERS,
        **binding.JOB_HANDLERS,
    }


class JobKinds(Mapping[str, JobHandler]):
    """Every kind by its name."""

    def __init__(self, context: JobContext) -> None:
        self._context = context

    @cached_property
    def _searching(self) -> JobRegistry:
        return {kind: make(self._context) for kind, make in _of_a_search().items()}

    @cached_property
    def _others(self) -> JobRegistry:
        return {kind: make(self._context) for kind, make in _of_all_else().items()}

    def __getitem__(self, kind: str) -> JobHandler:
        """Return the handler of this kind. KeyError when there is none."""
        return self._searching[kind] if kind in self._searching else self._others[kind]

    def __iter__(self) -> Iterator[str]:
        """Go over the names of all."""
        yield from self._searching
        yield from self._others

    def __len__(self) -> int:
        """Return how many there are."""
        return len(self._searching) + len(self._others)


def job_handlers(
    portal: Portal,
    operators_chat_id: int | None,
    zone: ZoneInfo,
    cash_confirmation: CashConfirmation = CashConfirmation.OPERATORS,
) -> JobRegistry:
    """Return every kind by its name."""
    return JobKinds(JobContext(portal, operators_chat_id, zone, cash_confirmation))
