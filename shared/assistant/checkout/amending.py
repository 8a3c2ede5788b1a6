"""A confirmation that takes the place of another: with another address, way to pay, phone or comment.

The old one's buttons are stale from then on, so nothing is ordered that was not shown. Prices and stock are checked
again at the tap.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from shared.assistant import texts
from shared.assistant.chat_view import ChatView, Screen
from shared.assistant.checkout import screens
from shared.assistant.common_screens import home_keyboard
from shared.domain import checkouts
from shared.domain.checkouts import Checkout, CheckoutStage, new_id
from shared.domain.masters import Master
from shared.pipeline.decision import Decision


async def shown(checkout_id: str, decision: Decision, master: Master) -> Checkout | None:
    """Return the confirmation if it is his and waits for an answer, with the phone that he gave meanwhile."""
    checkout = await checkouts.load(decision.unit, checkout_id)
    his = checkout is not None and checkout.user_id == master.telegram_id
    if not his or checkout is None or checkout.stage is not CheckoutStage.SHOWN:
        return None
    return replace(checkout, phone=checkout.phone or master.phone)


def too_late(view: ChatView) -> None:
    """Say that a confirmation does not wait for an answer any more."""
    view.toast(texts.trouble.stale_button())
    view.say(Screen(texts.contact_comment.amended_too_late(), home_keyboard()))


async def replaced(
    decision: Decision,
    old: Checkout,
    notice: str = "",
    **changes: Any,  # noqa: ANN401 - fields of a checkout
) -> Screen:
    """Return the confirmation with these changes, which takes the place of the old one; `notice` stands above it."""
    fresh = replace(old, id=new_id(), **changes)
    old.at(CheckoutStage.REPLACED).save(decision.unit)
    cart = await checkouts.present(decision.unit, fresh)
    return screens.confirmation(fresh, second=bool(cart.leaving), notice=notice)


async def in_place(
    checkout_id: str,
    decision: Decision,
    view: ChatView,
    master: Master,
    **changes: Any,  # noqa: ANN401 - the same
) -> None:
    """Show the confirmation with these changes where the old one stands, or say that it is too late."""
    checkout = await shown(checkout_id, decision, master)
    if checkout is None:
        too_late(view)
        return
    view.toast()
    view.show(await replaced(decision, checkout, **changes))
