"""What a portal is asked, in the shop's words: each dialect has methods of its own for it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType
from typing import Any

from shared.settings import Dialect


class Ask(StrEnum):
    """One thing to ask."""

    NAMES = "names of products"
    OFFERS = "prices and stock"
    BASKET = "fill the basket"
    NEW_ORDER = "make an order"
    FIND_ORDER = "is there such an order"
    ORDER = "how is this order"
    OTHER = "something else"


STRUCK_BY: Mapping[Dialect, Mapping[Ask, str]] = MappingProxyType({
    Dialect.CONTRACT: {
        Ask.NAMES: "catalog.product.list",
        Ask.OFFERS: "crm.product.batch",
        Ask.BASKET: "sale.basketitem.add",
        Ask.NEW_ORDER: "sale.order.add",
        Ask.ORDER: "sale.order.get",
    },
    Dialect.NATIVE: {
        Ask.NAMES: "catalog.product.list",
        Ask.OFFERS: "catalog.price.list",
        Ask.NEW_ORDER: "sale.order.add",
        Ask.FIND_ORDER: "sale.order.list",
        Ask.ORDER: "sale.order.get",
    },
})  # fmt: skip
"""The method that a fault must name to strike."""

WRITES: Mapping[Dialect, tuple[Ask, ...]] = MappingProxyType({
    Dialect.CONTRACT: (Ask.BASKET, Ask.NEW_ORDER),
    Dialect.NATIVE: (Ask.NEW_ORDER,),
})  # fmt: skip
"""The requests that change something on the way to an order, in their order."""

FINDING_OUT: Mapping[Dialect, tuple[Ask, ...]] = MappingProxyType({
    Dialect.CONTRACT: (Ask.NEW_ORDER,),
    Dialect.NATIVE: (Ask.NEW_ORDER, Ask.FIND_ORDER),
})  # fmt: skip
"""The requests by which one would find out whether an order was made: the contract's repeats the order by its key."""

# The first that is among an operation's methods says what it is: an order is also read while it is made.
_TOLD_BY = (
    ("sale.order.add", Ask.NEW_ORDER),
    ("sale.basketitem.add", Ask.BASKET),
    ("sale.order.list", Ask.FIND_ORDER),
    ("sale.order.get", Ask.ORDER),
    ("crm.product.batch", Ask.OFFERS),
    ("catalog.price.list", Ask.OFFERS),
    ("catalog.product.list", Ask.NAMES),
)
_OPERATION = re.compile(r"(o[0-9]+_)?")
"""How the commands of one read in a shared batch begin."""


def asked(call: Mapping[str, Any]) -> list[Ask]:
    """Return what one request of the portal's record asked, one word for each operation in it."""
    methods: dict[str, set[str]] = {}
    for command in call["commands"] or [{"key": "", "method": call["method"]}]:
        begins = _OPERATION.match(command["key"])
        assert begins is not None
        methods.setdefault(begins[0], set()).add(command["method"].lower())
    return [next((ask for name, ask in _TOLD_BY if name in group), Ask.OTHER) for group in methods.values()]
