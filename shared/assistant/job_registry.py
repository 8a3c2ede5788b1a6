"""The registry of job kinds, for the worker."""

from __future__ import annotations

from zoneinfo import ZoneInfo

from shared.assistant.cart import jobs as cart
from shared.assistant.checkout import jobs as checkout
from shared.assistant.inline import jobs as inline
from shared.assistant.job_handler import JobContext, JobHandlers
from shared.assistant.lists import file_job
from shared.assistant.lists import jobs as lists
from shared.assistant.notifications import cash, missed, sync
from shared.assistant.onboarding import binding
from shared.assistant.orders import adopting
from shared.assistant.orders import jobs as orders
from shared.assistant.returns import jobs as returns
from shared.assistant.scanning import scan_job
from shared.assistant.search import accessories, cards, digest, finding, labels, pages, sections, similar
from shared.assistant.support import talks
from shared.assistant.watching import jobs as watching
from shared.bitrix.portal import Portal
from shared.pipeline.registry import JobRegistry
from shared.settings import CashConfirmation

_KINDS: JobHandlers = {
    **finding.JOB_HANDLERS,
    **labels.JOB_HANDLERS,
    **pages.JOB_HANDLERS,
    **cards.JOB_HANDLERS,
    **sections.JOB_HANDLERS,
    **digest.JOB_HANDLERS,
    **similar.JOB_HANDLERS,
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


def job_handlers(
    portal: Portal,
    operators_chat_id: int | None,
    zone: ZoneInfo,
    cash_confirmation: CashConfirmation = CashConfirmation.OPERATORS,
) -> JobRegistry:
    """Return every kind by its name."""
    context = JobContext(portal, operators_chat_id, zone, cash_confirmation)
    return {kind: make(context) for kind, make in _KINDS.items()}
