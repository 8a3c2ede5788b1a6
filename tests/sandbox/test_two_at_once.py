"""Two sandboxes in one process: each has a container, a clock, ports and a shop of its own."""

from __future__ import annotations

import asyncio

from shared.settings import Dialect
from tests.support.logs import same_logging_afterwards
from tests.support.sandbox import World, running_world

__all__ = ["same_logging_afterwards"]


def recorded_orders(world: World) -> set[str]:
    """The orders that the bot of this world keeps records of."""
    documents = world.container.store._documents  # type: ignore[attr-defined] # only the memory store can be looked into
    return {key.id for key in documents if key.collection == "orders"}


def ports(world: World) -> set[str]:
    addresses = world.addresses
    return {addresses[name] for name in ("chat", "portal", "bitrix_webhook", "cloud_tasks", "secret_manager")}


async def test_orders_of_the_one_are_unknown_to_the_other():
    async with (
        running_world({"BITRIX_DIALECT": "contract"}) as one,
        running_world({"BITRIX_DIALECT": "native"}) as other,
    ):
        assert (one.dialect, other.dialect) == (Dialect.CONTRACT, Dialect.NATIVE)
        assert not ports(one) & ports(other)
        buyer, neighbour = await one.master("9001"), await other.master("9001")
        order = await buyer.orders()
        await one.rests()
        assert recorded_orders(one) == {order}
        await neighbour.says(f"/track {order}")
        await neighbour.sees("Заказов пока нет")
        assert (recorded_orders(other), await other.shop.orders()) == (set(), [])
        await asyncio.gather(buyer.orders(), neighbour.orders())
        await asyncio.gather(one.rests(), other.rests())
        assert (len(recorded_orders(one)), len(await one.shop.orders("9001"))) == (2, 2)
        assert (len(recorded_orders(other)), len(await other.shop.orders("9001"))) == (1, 1)
