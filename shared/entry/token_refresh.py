"""The entrance of the scheduled renewal of the OAuth token (spec §1: 5 minutes before it ends). Private.

Bitrix discourages renewing an idle application on a schedule, so by default this renews only when the token was used
within its last lifetime; otherwise the next call does it on demand (BITRIX_TOKEN_REFRESH forces either).
"""

from __future__ import annotations

import logging

from shared.entry.http import Incoming
from shared.entry.wiring.tokens import TokenContainer
from shared.log_events import LogEvent, log_event

log = logging.getLogger(__name__)


async def receive(here: TokenContainer, incoming: Incoming) -> None:
    """Renew the token if it is time; with a webhook's key there is nothing to renew."""
    token_manager = here.token_manager
    if token_manager is None:
        log_event(log, logging.INFO, LogEvent.TOKEN_REFRESH, "no token to renew", did="webhook")
        return
    ahead = await token_manager.refresh_ahead()
    fields: dict[str, object] = {"did": str(ahead.did), "code": ahead.code, "destroyed": ahead.destroyed}
    if ahead.age is not None:
        fields["age_seconds"] = round(ahead.age)
    log_event(log, logging.INFO, LogEvent.TOKEN_REFRESH, "token refresh", exc_info=None, **fields)
