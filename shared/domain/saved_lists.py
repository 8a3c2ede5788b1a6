"""Goods that a master has saved under a name (collection `saved_lists`): products and counts, never price or stock.

One record per master, kept for 400 days from the last change, and one per list that was shared: what its link has leads
to whose it is. Saving under a name again replaces its list.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

from shared.domain.cart_lines import CartLine
from shared.domain.catalogue import Product
from shared.domain.orders import OrderLine
from shared.domain.pasted_lists.matching import SoughtLine
from shared.domain.quantities import MOST as MOST_OF_ONE
from shared.domain.quantities import ONE, PIECE
from shared.domain.searches import new_id, product_data, products_from_data
from shared.store.collections import SAVED_LISTS
from shared.store.port import Key
from shared.store.unit_of_work import UnitOfWork

MOST = 20
"""Lists of one master."""

LONGEST_NAME = 40

_TOKEN_BYTES = 16


@dataclass(frozen=True)
class SavedItem:
    """A product of a list, and how many of it are wanted, in the unit and by the steps it was sold by then."""

    product: Product
    quantity: Decimal
    unit: str = PIECE
    step: Decimal = ONE


@dataclass(frozen=True)
class SavedList:
    """A list. `id` travels in buttons; `token` in the link by which others get it, "" while nobody was given one."""

    id: str
    name: str
    items: tuple[SavedItem, ...]
    token: str = ""


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
        made = replace(before or SavedList(new_id(), "", ()), name=name, items=tuple(items))
        return replace(self, lists=(made, *others)) if len(others) < MOST else None

    def with_count(self, list_id: str, product_id: str, quantity: Decimal) -> SavedLists:
        """Return the lists with so many of a product in one of them, none for 0; a list of nothing is none.

        More than an order takes is as many as it takes.
        """
        known, quantity = self.of(list_id), min(quantity, MOST_OF_ONE)
        if known is None:
            return self
        changed = (replace(each, quantity=quantity) if each.product.id == product_id else each for each in known.items)
        items = tuple(each for each in changed if each.quantity > 0)
        made = replace(known, items=items)
        kept = (made if one is known else one for one in self.lists)
        return replace(self, lists=tuple(one for one in kept if one.items))

    def with_copy(self, theirs: SavedList) -> SavedLists | None:
        """Return the lists with a copy of another master's, under a name of its own; None where there is no room."""
        names = [theirs.name, *(f"{theirs.name[: LONGEST_NAME - 5]} ({number})" for number in range(2, MOST + 2))]
        free = next(name for name in names if self.named(name) is None)
        if len(self.lists) >= MOST:
            return None
        return replace(self, lists=(replace(theirs, name=free, token=""), *self.lists))

    def with_token(self, list_id: str, token: str) -> SavedLists:
        """Return the lists with a list's token noted."""
        lists = (replace(one, token=token) if one.id == list_id else one for one in self.lists)
        return replace(self, lists=tuple(lists))

    def without(self, list_id: str) -> SavedLists:
        """Return the lists but this one."""
        return replace(self, lists=tuple(one for one in self.lists if one.id != list_id))


def items_of(lines: Iterable[CartLine]) -> tuple[SavedItem, ...]:
    """Return what a list keeps of a cart."""
    return tuple(
        SavedItem(
            Product(line.product_id, line.name, line.article, on_order=line.on_order),
            line.quantity,
            line.unit,
            line.step,
        )
        for line in lines
    )


def items_of_order(lines: Iterable[OrderLine]) -> tuple[SavedItem, ...]:
    """Return what a list keeps of an order; what it has twice is one thing."""
    items: dict[str, SavedItem] = {}
    for line in lines:
        before = items.get(line.product_id)
        quantity = line.quantity + (before.quantity if before else 0)
        items[line.product_id] = SavedItem(Product(line.product_id, line.name), quantity, line.unit)
    return tuple(items.values())


def items_of_list(lines: Iterable[SoughtLine]) -> tuple[SavedItem, ...]:
    """Return what a list keeps of a pasted one: the lines that mean one product and say how many."""
    clear = (line for line in lines if line.product is not None and not line.options)
    return tuple(SavedItem(line.product, line.quantity) for line in clear if line.product is not None)


def _key(telegram_id: int) -> Key:
    return SAVED_LISTS.key(str(telegram_id))


async def load(unit: UnitOfWork, telegram_id: int) -> SavedLists:
    """Return a master's lists."""
    data = await unit.get(_key(telegram_id))
    return SavedLists(tuple(_list(one) for one in data["lists"])) if data else SavedLists()


def save(unit: UnitOfWork, telegram_id: int, mine: SavedLists) -> None:
    """Put the lists into the unit, which must have read them."""
    unit.put(_key(telegram_id), {"lists": [_list_data(one) for one in mine.lists]}, ttl=SAVED_LISTS.kept)


async def share(unit: UnitOfWork, telegram_id: int, mine: SavedLists, wanted: SavedList) -> str:
    """Return what leads others to a list of a master's and tells nothing of him; it does for 400 days from now."""
    token = wanted.token or secrets.token_hex(_TOKEN_BYTES)
    await unit.get(_link_key(token))
    unit.put(_link_key(token), {"owner": telegram_id, "list": wanted.id}, ttl=SAVED_LISTS.kept)
    save(unit, telegram_id, mine.with_token(wanted.id, token))
    return token


async def shared_by(unit: UnitOfWork, token: str) -> tuple[int, str] | None:
    """Return whose list a token leads to, and its id; None where it leads to none."""
    data = await unit.get(_link_key(token))
    return (data["owner"], data["list"]) if data else None


def _link_key(token: str) -> Key:
    return SAVED_LISTS.key(f"t{token}")


def _list_data(one: SavedList) -> dict[str, Any]:
    told = {"id": one.id, "name": one.name, "items": [_item_data(item) for item in one.items]}
    return {**told, "token": one.token} if one.token else told


def _item_data(item: SavedItem) -> dict[str, Any]:
    sold = {"unit": item.unit, "step": str(item.step)}
    return {"product": product_data(item.product), "quantity": str(item.quantity), **sold}


def _list(data: dict[str, Any]) -> SavedList:
    return SavedList(data["id"], data["name"], tuple(_item(item) for item in data["items"]), data.get("token", ""))


def _item(data: dict[str, Any]) -> SavedItem:
    (product,) = products_from_data([data["product"]])
    # A version before kept neither unit nor step.
    return SavedItem(product, Decimal(data["quantity"]), data.get("unit", PIECE), Decimal(data.get("step", "1")))
