"""What differs from what a master was shown, in words."""

from __future__ import annotations

from collections.abc import Sequence

from shared.assistant import texts
from shared.domain.checkout_changes import Change, LimitChange, NoLongerSold, PriceChange, StepChange, StockChange
from shared.domain.checkouts import Checkout


def all_told(checkout: Checkout, changes: Sequence[Change]) -> str:
    """Return what differs, and the sum of what is left."""
    told = [told_change(change, checkout.currency) for change in changes]
    return texts.checkout.changed(told, checkout.total, checkout.currency)


def told_change(change: Change, currency: str) -> str:
    """Return a change in words."""
    if isinstance(change, NoLongerSold):
        return texts.checkout.changed_gone(change.line.name)
    if isinstance(change, PriceChange):
        return texts.checkout.changed_price(change.line.name, change.old, change.line.price, currency)
    if isinstance(change, StepChange):
        return texts.checkout.changed_step(change.line, change.old)
    if isinstance(change, LimitChange):
        return texts.checkout.changed_limit(change.line, change.old)
    if isinstance(change, StockChange):
        return texts.checkout.changed_stock(change.line.name, change.available, change.line.unit)
    return texts.checkout.changed_for_sale(change.line.name, change.why)
