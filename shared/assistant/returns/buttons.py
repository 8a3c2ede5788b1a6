"""The buttons of returns alone; those that lead elsewhere are in `shared.assistant.navigation`."""

from __future__ import annotations

from decimal import Decimal

from shared.domain.return_drafts import ReturnReason
from shared.telegram.api import CallbackData


class ShowReturn(CallbackData, prefix="rj1"):
    """A return that was made, with all that is known of it."""

    made: str


class ShowGoods(CallbackData, prefix="rc1"):
    """Back to the choice of goods."""

    draft: str


class SetReturnQuantity(CallbackData, prefix="rd1"):
    """How much of a good comes back; 0 = it stays."""

    draft: str
    index: int
    quantity: Decimal


class GoodsChosen(CallbackData, prefix="re1"):
    """From the goods to the reason."""

    draft: str


class ChooseReason(CallbackData, prefix="rf1"):
    """Why it comes back."""

    draft: str
    reason: ReturnReason


class ReviewReturn(CallbackData, prefix="rg1"):
    """All photos are there."""

    draft: str


class ConfirmReturn(CallbackData, prefix="rh1"):
    """Register this return."""

    draft: str


class CancelReturn(CallbackData, prefix="ri1"):
    """Return nothing."""

    draft: str
