"""The way of a sale, counted by the log: a search that found something, a card, the cart, an order; nobody's name.

A decision that is made anew counts anew: rare enough for shares.
"""

from __future__ import annotations

import logging
from enum import StrEnum

from shared.log_events import LogEvent, log_event


class FunnelStep(StrEnum):
    """How far somebody came."""

    SEARCH = "search"
    CARD = "card"
    CART = "cart"
    ORDER = "order"


def passed(step: FunnelStep) -> None:
    """Count a step."""
    log_event(logging.getLogger(__name__), logging.INFO, LogEvent.FUNNEL, "a step to an order", step=step)
