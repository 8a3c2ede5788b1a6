"""Making invite links, for the command and the sandbox."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from shared.domain.invites import Invite, sign
from shared.telegram.formatting import deep_link

VALID = timedelta(days=7)
"""How long a link may be used unless told otherwise."""


def invite_link(bot: str, buyer_id: str, secret: str, valid: timedelta = VALID) -> str:
    """Return `https://t.me/<bot>?start=…`. ValueError when the bot's name or the buyer's id cannot be such."""
    return deep_link(bot, sign(Invite(buyer_id, datetime.now(UTC) + valid), secret))
