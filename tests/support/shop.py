"""The portal's side of a conversation: what a person at the shop does and sees, and what the portal was asked."""

import re
from collections.abc import Awaitable, Callable, Mapping
from datetime import datetime
from enum import StrEnum
from typing import Any

import httpx

from shared.settings import Dialect

Json = dict[str, Any]
A_SECOND = 1.0
Passes = Callable[[float], Awaitable[object]]
"""Lets so many seconds pass."""


class Ask(StrEnum):
    """One thing to ask."""

    NAMES = "names of products"
    OFFERS = "prices and stock"
    BASKET = "fill the basket"
    NEW_ORDER = "make an order"
    FIND_ORDER = "is there such an order"
    ORDER = "how is this order"
    OTHER = "something else"


_BOTH = {Ask.NAMES: "catalog.product.list", Ask.NEW_ORDER: "sale.order.add", Ask.ORDER: "sale.order.get"}

STRUCK_BY: Mapping[Dialect, Mapping[Ask, str]] = {
    Dialect.CONTRACT: {**_BOTH, Ask.OFFERS: "crm.product.batch", Ask.BASKET: "sale.basketitem.add"},
    Dialect.NATIVE: {**_BOTH, Ask.OFFERS: "catalog.price.list", Ask.FIND_ORDER: "sale.order.list"},
}
"""The method that a fault must name to strike."""

WRITES: Mapping[Dialect, tuple[Ask, ...]] = {
    Dialect.CONTRACT: (Ask.BASKET, Ask.NEW_ORDER),
    Dialect.NATIVE: (Ask.NEW_ORDER,),
}
"""The requests that change something on the way to an order, in their order."""

FINDING_OUT: Mapping[Dialect, tuple[Ask, ...]] = {
    Dialect.CONTRACT: (Ask.NEW_ORDER,),
    Dialect.NATIVE: (Ask.NEW_ORDER, Ask.FIND_ORDER),
}
"""The requests by which one would find out whether an order was made: the contract's repeats the order by its key."""

# The first that is among an operation's methods says what it is: an order is also read while it is made.
_TELLING = (Ask.NEW_ORDER, Ask.BASKET, Ask.FIND_ORDER, Ask.ORDER, Ask.OFFERS, Ask.NAMES)
_TOLD_BY = [(methods[ask], ask) for ask in _TELLING for methods in STRUCK_BY.values() if ask in methods]
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


class Shop:
    """Looks at what the portal was asked, and does what a person at the shop does: one thing a second at most.

    A real portal's events of one thing and one second cannot be told apart (`shared.bitrix.form_events`): a second one
    that comes after the look at the first is taken for a repetition, and found by housekeeping minutes later.
    """

    def __init__(self, http: httpx.AsyncClient, base_url: str, dialect: Dialect, passes: Passes) -> None:
        self._http = http
        self._dialect = dialect
        self._passes = passes
        self.url = base_url

    async def orders(self, buyer: str | None = None) -> list[Json]:
        return [order for order in await self._list("orders") if buyer in (None, order["USER_ID"])]

    async def moves(self, order_id: str, **change: object) -> None:
        """Change an order; the webhook follows."""
        await self._passes(A_SECOND)
        await self._post(f"orders/{order_id}", **change)

    async def moves_all(self, order_ids: list[str], **change: str) -> None:
        """Change many orders of a native portal in one request, as a manager does in the list of orders."""
        await self._passes(A_SECOND)
        await self._post("orders", ids=order_ids, **change)

    async def parts(self, order_id: str) -> Json:
        """The parcels and payments of a native portal's order, and what is `due`."""
        return dict((await self._http.get(f"{self.url}/_sim/orders/{order_id}/parts")).raise_for_status().json())

    async def manages(self, path: str, **act: object) -> None:
        """Do what a manager does on the page of a native portal's order (`infra/local/portal/manager_control.py`)."""
        await self._passes(A_SECOND)
        await self._post(path, **act)

    async def deletes(self, order_id: str) -> None:
        """Delete an order of a native portal; the webhook follows."""
        await self._passes(A_SECOND)
        (await self._http.delete(f"{self.url}/_sim/orders/{order_id}")).raise_for_status()

    async def is_odd(self, order_id: str, **parts: Json) -> None:
        """Let a native portal's order and its parts answer with other values, by part and field."""
        await self._post(f"orders/{order_id}/odd", **parts)

    async def sells(self, product_id: str, **change: object) -> None:
        await self._post(f"products/{product_id}", **change)

    async def is_set_up(self, **settings: object) -> None:
        """Change what managers make of a native portal as a whole."""
        await self._post("setup", **settings)

    async def charges(self, buyer: str, price_type: int) -> None:
        """Charge a buyer another kind of price; in the contract there is but one."""
        if self._dialect is Dialect.NATIVE:
            await self._post(f"buyers/{buyer}", price_type=price_type)

    async def knows(self, name: str, *phones: str, **company: str) -> str:
        """Add a contact to the CRM of a native portal, perhaps in a `company` with an `inn`; its id."""
        told = {"name": name, "phones": phones, **company}
        answer = await self._http.post(f"{self.url}/_sim/contacts", json=told)
        return str(answer.raise_for_status().json()["id"])

    async def contacts(self) -> list[Json]:
        """The contacts of the CRM of a native portal, oldest first."""
        return await self._list("contacts")

    async def clients(self, order_id: str) -> list[str]:
        """The contacts that are clients of a native portal's order."""
        return [one["id"] for one in await self.contacts() if order_id in one["orders"]]

    async def deal(self, order_id: str) -> Json | None:
        """The deal that an order of a native portal hangs on."""
        return next((one for one in await self._list("deals") if one["order_id"] == order_id), None)

    async def moves_deal(self, order_id: str, **change: object) -> None:
        """Move an order's deal to a `stage`, or `delete` it; the webhook follows."""
        deal = await self.deal(order_id)
        assert deal is not None
        await self._passes(A_SECOND)
        await self._post(f"deals/{deal['id']}", **change)

    async def comments(self, owner_type: str, owner_id: str) -> list[str]:
        """What is said in the timeline of a record of a native portal's CRM."""
        found = await self._list("timeline")
        return [one["text"] for one in found if (one["owner_type"], str(one["owner_id"])) == (owner_type, owner_id)]

    async def contact_of_deal(self, order_id: str) -> str | None:
        """The contact of an order's deal, "" while it has none; None for an order without a deal."""
        deal = await self.deal(order_id)
        return None if deal is None else str(deal.get("contactId", ""))

    async def returns(self, order_id: str | None = None) -> list[Json]:
        """The returns, oldest first; of one order if asked."""
        return [item for item in await self._list("returns") if order_id in (None, item["order_id"])]

    async def decides(self, return_id: str, **change: str) -> None:
        """Decide on a return; the webhook follows."""
        await self._passes(A_SECOND)
        await self._post(f"returns/{return_id}", **change)

    async def product(self, query: str) -> Json:
        return (await self._list("products", q=query))[0]

    async def fails(self, kind: str, at: Ask | None = None, **how: object) -> None:
        """Have the next requests fail (`count`, `rate`, `seconds`): all, or those that ask this."""
        struck = {} if at is None else {"method": STRUCK_BY[self._dialect][at]}
        await self._post("faults", kind=kind, **struck, **how)

    async def works(self) -> None:
        (await self._http.delete(f"{self.url}/_sim/faults")).raise_for_status()

    async def faults(self) -> list[Json]:
        return await self._list("faults")

    async def calls(self, since: datetime | None = None) -> list[Json]:
        """Requests the portal got, pictures included.

        But for the polling of missed changes: no test's doing, it comes whenever ten minutes of the world have passed.
        """
        begun = {"since": since.isoformat()} if since else {}
        return [call for call in await self._list("calls", **begun) if not _is_polling(call)]

    async def asked(self, since: datetime | None = None) -> list[Ask]:
        """What the portal was asked, pictures and the like left out."""
        everything = [ask for call in await self.calls(since) for ask in asked(call)]
        return [ask for ask in everything if ask is not Ask.OTHER]

    async def webhooks(self) -> list[Json]:
        return await self._list("webhooks")

    async def _list(self, path: str, **query: str) -> list[Json]:
        response = await self._http.get(f"{self.url}/_sim/{path}", params=query)
        return list(response.raise_for_status().json())

    async def _post(self, path: str, **body: object) -> None:
        response = await self._http.post(f"{self.url}/_sim/{path}", json=body)
        assert response.is_success, response.text


def goods(order: Json) -> dict[str, int]:
    return {line["PRODUCT_ID"]: int(line["QUANTITY"]) for line in order["BASKET"]}


def _is_polling(call: Json) -> bool:
    filters = (call["params"] or {}).get("filter") or {}
    moments = {"sale.order.list": "date", "crm.item.list": "movedtime"}
    moment = moments.get(call["method"])
    return moment is not None and any(moment in name.casefold() for name in filters)
