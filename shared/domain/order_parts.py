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
_ECHO = timedelta(seconds=10)
"""How long an event of a deal is taken for that of a change of ours; one of people's in between is found by asking."""
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


async def remember_own_change(unit: UnitOfWork, deal_id: str, order_id: str) -> None:
    """Note the order that hangs on a deal, and that the deal was changed by us just now."""
    known = await orders_of_deal(unit, deal_id)
    orders = list(dict.fromkeys((*(known or ()), order_id)))
    unit.put(_key(_DEAL, deal_id), {"orders": orders, "echo_until": unit.now + _ECHO}, ttl=ORDER_PARTS.kept)


async def is_echo(unit: UnitOfWork, deal_id: str) -> bool:
    """Whether an event of a deal that comes now is that of a change of ours."""
    data = await unit.get(_key(_DEAL, deal_id))
    return data is not None and unit.now < data.get("echo_until", unit.now)
