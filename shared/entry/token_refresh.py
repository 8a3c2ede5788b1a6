"""The entrance of the scheduled renewal of the OAuth token (spec §1: 5 minutes before it ends). Private.

Bitrix discourages renewing an idle application on a schedule, so by default this renews only when the token was used
within its last lifetime; otherwise the next call does it on demand (BITRIX_TOKEN_REFRESH forces either).
"""

from __future__ import annotations

import logging

from shared.entry.http import Incoming
from shared.entry.wiring.tokens import TokenContainer

log = logging.getLogger(__name__)


async def receive(here: TokenContainer, incoming: Incoming) -> None:
    """Renew the token if it is time; with a webhook's key there is nothing to renew."""
    keeper = here.keeper
    if keeper is None:
        log.info("no token to renew", extra={"fields": {"event": "token_refresh", "did": "webhook"}})
        return
    ahead = await keeper.refresh_ahead()
    fields = {"event": "token_refresh", "did": str(ahead.did), "code": ahead.code, "destroyed": ahead.destroyed}
    if ahead.age is not None:
        fields["age_seconds"] = round(ahead.age)
    log.info("token refresh", extra={"fields": fields})
