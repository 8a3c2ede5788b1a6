"""Goods that a master has saved under a name (collection `saved_lists`): products and counts, never price or stock.

One record per master, kept for 400 days from the last change. Saving under a name again replaces its list.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

from shared.domain.cart_lines import CartLine
from shared.domain.catalogue import Product
from shared.domain.searches import new_id, product_data, products_from_data
from shared.store.collections import SAVED_LISTS
from shared.store.port import Key
from shared.store.unit_of_work import UnitOfWork

MOST = 20
"""Lists of one master."""

LONGEST_NAME = 40


@dataclass(frozen=True)
class SavedItem:
    """A product of a list, and how many of it are wanted, in the unit it is sold by."""

    product: Product
    quantity: Decimal


@dataclass(frozen=True)
class SavedList:
    """A list. `id` travels in buttons."""

    id: str
    name: str
    items: tuple[SavedItem, ...]


@dataclass(frozen=True)
class SavedLists:
    """All lists of a master, the newest first."""

    lists: tuple[SavedList, ...] = ()

    def of(self, list_id: str) -> SavedList | None:
        """Return the list with this id."""
        return next((one for one in self.lists if one.id == list_id), None)

    def named(self, name: str) -> SavedList | None:
        """Return the list with this name, whatever the case of its letters."""
        return next((one for one in self.lists if one.name.casefold() == name.casefold()), None)

    def saved(self, name: str, items: Sequence[SavedItem]) -> SavedLists | None:
        """Return the lists with this one too, or in the place of that of its name; None where there is no room."""
        before = self.named(name)
        others = tuple(one for one in self.lists if one is not before)
        made = SavedList(before.id if before else new_id(), name, tuple(items))
        return replace(self, lists=(made, *others)) if len(others) < MOST else None

    def without(self, list_id: str) -> SavedLists:
        """Return the lists but this one."""
        return replace(self, lists=tuple(one for one in self.lists if one.id != list_id))


def items_of(lines: Iterable[CartLine]) -> tuple[SavedItem, ...]:
    """Return what a list keeps of a cart."""
    return tuple(
        SavedItem(Product(line.product_id, line.name, line.article, on_order=line.on_order), line.quantity)
        for line in lines
    )


def _key(telegram_id: int) -> Key:
    return SAVED_LISTS.key(str(telegram_id))


async def load(unit: UnitOfWork, telegram_id: int) -> SavedLists:
    """Return a master's lists."""
    data = await unit.get(_key(telegram_id))
    return SavedLists(tuple(_list(one) for one in data["lists"])) if data else SavedLists()


def save(unit: UnitOfWork, telegram_id: int, mine: SavedLists) -> None:
    """Put the lists into the unit, which must have read them."""
    data = [{"id": one.id, "name": one.name, "items": [_item_data(item) for item in one.items]} for one in mine.lists]
    unit.put(_key(telegram_id), {"lists": data}, ttl=SAVED_LISTS.kept)


def _item_data(item: SavedItem) -> dict[str, Any]:
    return {"product": product_data(item.product), "quantity": str(item.quantity)}


def _list(data: dict[str, Any]) -> SavedList:
    return SavedList(data["id"], data["name"], tuple(_item(item) for item in data["items"]))


def _item(data: dict[str, Any]) -> SavedItem:
    (product,) = products_from_data([data["product"]])
    return SavedItem(product, Decimal(data["quantity"]))
