"""The records of orders made through the bot (collection `orders`, 400 days), and each master's list of them.

`order_lists` holds, per master, the ids of his orders, newest first, and what people call each: the spec's contract has
no method that lists them. The version before kept no names there.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from shared.domain.ids import clean_id
from shared.domain.order_record import OrderRecord
from shared.store.collections import ORDER_LISTS, ORDERS
from shared.store.port import Key
from shared.store.unit_of_work import UnitOfWork

LISTED = 200
"""Orders per master that are listed."""


def key(order_id: str) -> Key:
    """Where an order lives."""
    return ORDERS.key(order_id)


async def load(unit: UnitOfWork, order_id: str) -> OrderRecord | None:
    """Return an order made through the bot."""
    data = await unit.get(key(order_id))
    return None if data is None else OrderRecord.from_data(order_id, data)


async def load_of(unit: UnitOfWork, order_id: str, user_id: int) -> OrderRecord | None:
    """Return the order if it is this master's. The id may be anything that a person typed."""
    order = await load(unit, order_id) if clean_id(order_id) == order_id else None
    return order if order is not None and order.user_id == user_id else None


async def find_of(unit: UnitOfWork, typed: str, user_id: int) -> OrderRecord | None:
    """Return the master's order that is called so, exactly or but for signs; else the one with this id.

    A number comes before an id: people know numbers, ids stand in messages of older versions only.
    """
    wanted = typed.casefold().strip()
    listed = await _named(unit, user_id)
    likely = [id_ for id_, number in listed.items() if _may_be_called(wanted, id_, number)]
    found = _called(wanted, await load_many(unit, likely)) or await load_of(unit, typed, user_id)
    if found is not None or not wanted:
        return found
    # What an order is called may have become known after it was listed.
    return _called(wanted, await load_many(unit, [id_ for id_ in listed if id_ not in likely]))


def _called(wanted: str, orders: Sequence[OrderRecord]) -> OrderRecord | None:
    ways: Sequence[Callable[[OrderRecord], bool]] = (
        lambda order: order.number.casefold() == wanted,
        lambda order: order.id.casefold() == wanted,
        lambda order: bool(_bare(wanted)) and _bare(order.number) == _bare(wanted),
    )
    return next((order for fits in ways for order in orders if fits(order)), None)


def _may_be_called(wanted: str, order_id: str, number: str) -> bool:
    if not number or wanted in (order_id.casefold(), number.casefold()):
        return True
    return bool(_bare(wanted)) and _bare(number) == _bare(wanted)


def _bare(number: str) -> str:
    """Return a number without signs: «ИМ-5121» is typed in many ways."""
    return "".join(filter(str.isalnum, number.casefold()))


async def remember(unit: UnitOfWork, order: OrderRecord) -> None:
    """Put a new order and its place in the master's list into the unit."""
    known = await unit.get(key(order.id))
    if known is None:
        order.save(unit)
    others = {id_: number for id_, number in (await _named(unit, order.user_id)).items() if id_ != order.id}
    _save_list(unit, order.user_id, {order.id: order.number, **others})


async def adopt(unit: UnitOfWork, orders: Sequence[OrderRecord]) -> None:
    """Put orders that were made elsewhere into the unit (which must have read them), and into the list by their age."""
    for order in orders:
        order.save(unit)
    user_id = orders[0].user_id
    listed = [*orders, *await load_many(unit, await list_ids(unit, user_id))]
    newest_first = sorted(listed, key=lambda order: order.made_at, reverse=True)
    _save_list(unit, user_id, {order.id: order.number for order in newest_first})


async def list_ids(unit: UnitOfWork, user_id: int) -> list[str]:
    """Return the ids of the master's orders, newest first."""
    return list(await _named(unit, user_id))


async def _named(unit: UnitOfWork, user_id: int) -> dict[str, str]:
    """Return what each of the master's orders is called, newest first, by its id; "" where the list does not tell."""
    data = await unit.get(_list_key(user_id)) or {"orders": []}
    ids = data["orders"]
    return dict(zip(ids, data.get("numbers") or [""] * len(ids), strict=True))


def _save_list(unit: UnitOfWork, user_id: int, named: Mapping[str, str]) -> None:
    kept = list(named.items())[:LISTED]
    data = {"orders": [id_ for id_, _ in kept], "numbers": [number for _, number in kept]}
    unit.put(_list_key(user_id), data, ttl=ORDER_LISTS.kept)


async def load_many(unit: UnitOfWork, ids: Sequence[str]) -> list[OrderRecord]:
    """Return those of the orders that are known, in the given order."""
    found = await unit.get_many([key(id_) for id_ in ids])
    return [OrderRecord.from_data(id_, found[key(id_)]) for id_ in ids if key(id_) in found]


def _list_key(user_id: int) -> Key:
    return ORDER_LISTS.key(str(user_id))
