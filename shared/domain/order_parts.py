"""Payments, shipments and deals by their orders (collection `order_parts`, 30 days): a portal's events name only them.

A portal saves its own shipments with every order, also with those that were not made here, and tells of each; and of
every deal that anybody changes. So who is known once is not asked for again.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from shared.store.collections import ORDER_PARTS
from shared.store.port import Key
from shared.store.unit_of_work import UnitOfWork

NONE = ""
"""In place of the order: the part is the portal's own, or gone."""

_DEAL = "deal"
_FOREIGN = timedelta(days=1)
"""How long nobody asks again for the orders of a deal that has none: managers merge deals."""


def _key(what: str, part_id: str) -> Key:
    return ORDER_PARTS.key(f"{what}:{part_id}")


async def order_of(unit: UnitOfWork, what: str, part_id: str) -> str | None:
    """Return the id of the order that a `payment` or `shipment` is of, or `NONE`; None when it is not known."""
    data = await unit.get(_key(what, part_id))
    return None if data is None else str(data["order"])


async def remember(unit: UnitOfWork, what: str, part_id: str, order_id: str | None) -> None:
    """Note what the portal answered."""
    key = _key(what, part_id)
    await unit.get(key)
    unit.put(key, {"order": order_id or NONE}, ttl=ORDER_PARTS.kept)


async def orders_of_deal(unit: UnitOfWork, deal_id: str) -> Sequence[str] | None:
    """Return the ids of the orders that hang on a deal; None when nobody knows."""
    data = await unit.get(_key(_DEAL, deal_id))
    return None if data is None else tuple(data["orders"])


async def remember_deal(unit: UnitOfWork, deal_id: str, order_ids: Sequence[str]) -> None:
    """Note the orders that hang on a deal; those that were known stay."""
    known = await orders_of_deal(unit, deal_id)
    orders = tuple(dict.fromkeys((*(known or ()), *order_ids)))
    if orders != known:
        unit.put(_key(_DEAL, deal_id), {"orders": list(orders)}, ttl=ORDER_PARTS.kept if orders else _FOREIGN)
