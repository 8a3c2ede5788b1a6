"""What of an order is to be paid by link just now."""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal


@dataclass(frozen=True)
class LinkDue:
    """What is to be paid by link: the payment's own sum and its link, if that is known.

    `payment_id` is "" where the portal tells of no payments: then the order's only link is for all of it.
    """

    payment_id: str
    amount: Decimal
    url: str | None = field(repr=False)
