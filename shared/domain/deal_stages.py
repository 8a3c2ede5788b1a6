"""The one rule by which an order and the stage of its deal are merged into a status. Pure.

On a portal in deals mode people move the deal, which changes nothing in the order; payments and shipments change the
order, which moves no deal. So each tells what the other does not:

- An order that is canceled is canceled, whatever its deal says: the portal goes on with it no more.
- A return counts from either; of two the one that says more.
- A deal that is lost cancels.
- Progress is whichever is further. A stage cannot pay: one that means «paid» tells nothing, for money is the order's.
- What was handed over, tracked or paid stays as the order has it; only its status is merged.
"""

from __future__ import annotations

from shared.status import Status

_RETURNS = (Status.RETURN_IN_PROGRESS, Status.RETURN_COMPLETED, Status.RETURN_REJECTED)
_PROGRESS = (
    Status.NEW,
    Status.PAYED,
    Status.WAITING_FOR_DELIVERY,
    Status.SHIPPED,
    Status.DELIVERED,
    Status.FINISHED,
)


def merged(order: Status, stage: Status | None) -> Status:
    """Return the status of an order whose deal is at a stage; None for no deal, or a stage that means nothing."""
    if stage is None or stage is Status.PAYED or order is Status.CANCELED:
        return order
    returns = [it for it in (order, stage) if it in _RETURNS]
    if returns:
        return max(returns, key=_RETURNS.index)
    if stage is Status.CANCELED:
        return stage
    return max(order, stage, key=_PROGRESS.index)
