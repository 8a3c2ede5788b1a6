"""The registry of job kinds, for the worker."""

from __future__ import annotations

from zoneinfo import ZoneInfo

from shared.assistant.cart import jobs as cart
from shared.assistant.checkout import jobs as checkout
from shared.assistant.inline import jobs as inline
from shared.assistant.lists import jobs as lists
from shared.assistant.notifications import cash, changes, sync
from shared.assistant.orders import jobs as orders
from shared.assistant.returns import jobs as returns
from shared.assistant.search import cards, finding, listing, sections
from shared.assistant.watching import jobs as watching
from shared.bitrix.portal import Portal
from shared.pipeline.registry import JobRegistry
from shared.settings import CashConfirmation


def job_handlers(
    portal: Portal,
    operators_chat_id: int | None,
    zone: ZoneInfo,
    cash_confirmation: CashConfirmation = CashConfirmation.OPERATORS,
) -> JobRegistry:
    """Return every kind by its name."""
    return dict(
        [
            *finding.job_handlers(portal, operators_chat_id),
            *listing.job_handlers(portal, operators_chat_id),
            *cards.job_handlers(portal, operators_chat_id),
            *sections.job_handlers(portal, operators_chat_id),
            *inline.job_handlers(portal, operators_chat_id, zone),
            *lists.job_handlers(portal, operators_chat_id),
            *cart.job_handlers(portal, operators_chat_id),
            *checkout.job_handlers(portal, operators_chat_id),
            *orders.job_handlers(portal, operators_chat_id, zone),
            *returns.job_handlers(portal, operators_chat_id, zone),
            *watching.job_handlers(portal, operators_chat_id, zone),
            *sync.job_handlers(portal, operators_chat_id, zone),
            *changes.job_handlers(portal, operators_chat_id),
            *cash.job_handlers(portal, operators_chat_id, cash_confirmation),
        ]
    )
