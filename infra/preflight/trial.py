"""The happy paths of the spec's §6 on a stage portal: search, an order by link, one in cash, a return, clean-up.

The operations are the bot's own (`shared.bitrix.portal`). Everything made is canceled or deleted again, also when a
later step fails; what cannot be taken back is named.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any
from uuid import uuid4

from infra.preflight.asking import Client, ask, fix_of
from infra.preflight.goods import find_products
from infra.preflight.result import Result, any_failed, failed, passed
from shared.bitrix.errors import BitrixError
from shared.bitrix.portal import Operation, Portal
from shared.domain.catalogue import Product
from shared.domain.order_progress import OrderProgress
from shared.domain.orders import LineItem, NewOrder, Order, PaymentKind
from shared.domain.quantities import ONE
from shared.domain.returns import NewReturn
from shared.status import Status

GOODS, PREPAID, CASH = "trial goods", "trial order by link", "trial order in cash"
RETURN, CLEAN_UP = "trial return", "clean-up"
NOTE = "Проверка перед запуском, можно удалить"
ADDRESS = "Проверка перед запуском, 1"
PHONE = "+70000000000"
MOST_REQUESTS = 6
"""Requests one order may take; the bot's own checkout takes two at most."""
_NAMES = {PaymentKind.PREPAID: PREPAID, PaymentKind.CASH: CASH}


@dataclass
class Trial:
    """One run for one buyer. `orders` and `photos` are what must be taken back."""

    client: Client
    portal: Portal
    buyer_id: str
    orders: list[str] = field(default_factory=list)
    photos: list[str] = field(default_factory=list)

    async def run(self, query: str) -> list[Result]:
        """Go the whole way; stop at the first failure, but take back what was made."""
        return [*await self._go(query), await self._clean_up()]

    async def _go(self, query: str) -> list[Result]:
        product = await self._choose(query)
        if not isinstance(product, Product):
            return [product]
        results = [passed(GOODS, f"{product.id} «{product.name}»")]
        for kind in PaymentKind:
            results.append(await self._order(product, kind))
            if any_failed(results):
                return results
        return [*results, await self._return(product, self.orders[-1])]

    async def _choose(self, query: str) -> Product | Result:
        found = await find_products(self.client, self.portal, query)
        if isinstance(found, BitrixError) or not found:
            return failed(GOODS, str(found) if found else "nothing is found", "give --query")
        offers = await ask(self.client, self.portal.quote([product.id for product in found[:20]]))
        if isinstance(offers, BitrixError):
            return failed(GOODS, str(offers), fix_of(offers))
        there = (it for it in found if it.id in offers and (offers[it.id].available >= 1 or it.on_order))
        return next(there, None) or failed(GOODS, "none of the first products can be ordered", "give --query")

    async def _order(self, product: Product, kind: PaymentKind) -> Result:
        name = _NAMES[kind]
        wanted = NewOrder(str(uuid4()), self.buyer_id, (LineItem(product.id, ONE),), kind, ADDRESS, PHONE, NOTE)
        progress = OrderProgress()
        try:
            for _ in range(MOST_REQUESTS):
                progress = await self.client.write(self.portal.place_order(wanted, progress), str(uuid4()))
                if progress.done:
                    break
        except BitrixError as error:
            await self._remember_half(wanted, progress)
            return failed(name, str(error), fix_of(error) or "is what an order is made with right? See the lines above")
        if progress.order_id is None:
            return failed(name, f"{MOST_REQUESTS} requests were not enough")
        self.orders.append(progress.order_id)
        link_of = (progress.payment_id or "") if kind is PaymentKind.PREPAID else ""
        order = await ask(self.client, self.portal.order(progress.order_id, link_of=link_of))
        if isinstance(order, BitrixError):
            return failed(name, f"№ {progress.order_id} cannot be read: {order}", fix_of(order))
        return _judged(name, kind, order, progress)

    async def _remember_half(self, wanted: NewOrder, progress: OrderProgress) -> None:
        """Find what is there of an order that failed, so that it is canceled too."""
        looking = self.portal.look_up_order(wanted, progress)
        found = await ask(self.client, looking) if looking else progress
        if not isinstance(found, BitrixError) and found.order_id:
            self.orders += [found.order_id, *(order.id for order in found.extra)]

    async def _return(self, product: Product, order_id: str) -> Result:
        try:
            uploading = self.portal.upload_photo(f"preflight-{uuid4()}.txt", NOTE.encode())
            photo = await self.client.write(uploading, str(uuid4()))
            self.photos.append(photo.id)
            lines = (LineItem(product.id, ONE),)
            wanted = NewReturn(str(uuid4()), order_id, lines, NOTE, (photo,))
            made = await self.client.write(self.portal.register_return(wanted), str(uuid4()))
        except BitrixError as error:
            return failed(RETURN, str(error), fix_of(error) or "see the lines of returns above")
        known = await ask(self.client, self.portal.returns_of(order_id))
        if isinstance(known, BitrixError) or made.id not in {it.id for it in known}:
            reason = f"{made.id} is not among the returns of № {order_id}"
            return failed(RETURN, reason, "see the fields of returns above")
        return passed(RETURN, f"{made.id} of № {order_id}: {made.status}; it stays, reject it at the portal")

    async def _clean_up(self) -> Result:
        taken_back: list[str] = []
        left: list[str] = []
        for what, number, undo in self._undoings():
            try:
                await self.client.write(undo, str(uuid4()))
                taken_back.append(f"{what} {number}")
            except BitrixError as error:
                left.append(f"{what} {number} ({error.code})")
        if left:
            return failed(CLEAN_UP, f"left at the portal: {', '.join(left)}", "cancel or delete it there")
        return passed(CLEAN_UP, f"taken back: {', '.join(taken_back) or 'nothing, for nothing was made'}")

    def _undoings(self) -> list[tuple[str, str, Operation[Any]]]:
        photos = [("file", photo, self.portal.delete_photo(photo)) for photo in self.photos]
        return [*photos, *(("order", order, self.portal.cancel_order(order, NOTE)) for order in self.orders)]


def _judged(name: str, kind: PaymentKind, order: Order, progress: OrderProgress) -> Result:
    said = f"№ {order.id}, {order.total} {order.currency}, {order.status}"
    kinds = {payment.kind for payment in order.payments}
    if order.status is Status.CANCELED or order.total <= 0:
        return failed(name, said, "open the order at the portal: what became of it?")
    if kinds - {kind, None}:
        fix = "BITRIX_PAY_SYSTEM_PREPAID and …_COD: are they swapped?"
        return failed(name, f"{said}: its payment is of another kind", fix)
    linked = progress.payment_url or any(payment.url for payment in order.payments)
    if kind is PaymentKind.PREPAID and not linked:
        fix = "set up the portal's payment page (Sales center); the pay system must be one of links"
        return failed(name, f"{said}, no payment link", fix)
    return passed(name, f"{said}{', with a link' if kind is PaymentKind.PREPAID else ''}")
