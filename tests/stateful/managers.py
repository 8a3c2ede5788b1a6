"""Managers who edit, split, cancel, restore and delete orders, move their deals, and take money in parts."""

import random
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from decimal import Decimal

from infra.local.clock import Clock
from infra.local.portal import Portal
from infra.local.portal.hits import one_hit
from infra.local.portal.native.manager_acts import SENT, THERE
from infra.local.portal.native.model import SaleOrder
from infra.local.portal.orders import Order, OrderChange
from shared.status import Status

PAUSE = (1.0, 90.0)
"""Seconds between two acts of the manager of one order."""
UNSENT = (Status.NEW, Status.PAYED, Status.WAITING_FOR_DELIVERY)
MOST_LINES = 8
"""Larger orders are left as they are: more changed lines than a message tells are for another test."""

STAGES = ("NEW", "EXECUTING", "UC_COURIER", "UC_HANDED", "WON", "LOSE")

Act = Callable[["Manager", Order], bool]
"""Does it, or says that it makes no sense just now."""


@dataclass
class Manager:
    """Whoever sees an order on the desk. `done` counts acts, `deleted` has the orders that are gone."""

    portal: Portal
    clock: Clock
    dice: random.Random
    done: Counter[str] = field(default_factory=Counter)
    deleted: set[str] = field(default_factory=set)

    def order(self, order_id: str) -> Order | None:
        return self.portal.front.orders.get(order_id)

    async def looks_after(self, order_id: str, acts: int) -> None:
        """Do so many things to an order, one after another, and leave its bill in order."""
        for _ in range(acts):
            await self.clock.sleep(self.dice.uniform(*PAUSE))
            self.does_something(order_id)
        await self.clock.sleep(self.dice.uniform(*PAUSE))
        self.does("renews the bill", order_id)

    def does_something(self, order_id: str) -> None:
        """Do what comes to mind, if it makes sense."""
        often = [*OFTEN, *OFTEN_NATIVE] if self.portal.states is not None else OFTEN
        self.does(self.dice.choice(often), order_id)

    def does(self, name: str, order_id: str) -> bool:
        """Do the act of this name, and tell whether it made sense."""
        order = self.order(order_id)
        if order is None:
            return False
        with one_hit():
            done = ACTS[name](self, order)
        self.done[name] += done
        return done

    def kept(self, order_id: str) -> SaleOrder | None:
        """Return a native portal's own order."""
        native = self.portal.states is not None
        return self.portal.native.ledger.get(int(order_id)) if native else None

    def changes(self, order: Order, change: OrderChange) -> bool:
        self.portal.front.change_order(order, change)
        return True


def renews_bill(manager: Manager, order: Order) -> bool:
    """The bill is of what is due again."""
    kept = manager.kept(order.id)
    if kept is None or kept.canceled or not kept.payments:
        return False
    manager.portal.native.managers.renew_bill(kept)
    return True


def _may_edit(order: Order) -> bool:
    return order.status in UNSENT and len(order.lines) <= MOST_LINES and not order.handed_over


def edits(manager: Manager, order: Order) -> bool:
    """Other quantities of one line."""
    if not _may_edit(order):
        return False
    line = manager.dice.choice(order.lines)
    return manager.changes(order, OrderChange(lines={line.product_id: line.quantity + manager.dice.randint(1, 3)}))


def adds(manager: Manager, order: Order) -> bool:
    """One more product."""
    if not _may_edit(order):
        return False
    there = {line.product_id for line in order.lines}
    products = [one.id for one in manager.portal.shop.catalogue.all() if one.id not in there]
    return manager.changes(order, OrderChange(lines={manager.dice.choice(products): Decimal(2)}))


def takes_out(manager: Manager, order: Order) -> bool:
    """One product less."""
    if not _may_edit(order) or len(order.lines) < len(("one", "another")):
        return False
    return manager.changes(order, OrderChange(lines={order.lines[0].product_id: Decimal(0)}))


def reprices(manager: Manager, order: Order) -> bool:
    """A discount on one line."""
    if not _may_edit(order):
        return False
    line = manager.dice.choice(order.lines)
    return manager.changes(order, OrderChange(prices={line.product_id: line.price + manager.dice.randint(1, 9)}))


def charges_delivery(manager: Manager, order: Order) -> bool:
    """Another price of bringing it."""
    price = Decimal(manager.dice.choice((0, 300, 450)))
    if not _may_edit(order) or price == order.delivery_price:
        return False
    return manager.changes(order, OrderChange(delivery_price=price))


def cancels(manager: Manager, order: Order) -> bool:
    """Cancel what is neither paid nor sent."""
    kept = manager.kept(order.id)
    if order.status not in UNSENT or order.paid or (kept is not None and kept.paid_sum):
        return False
    return manager.changes(order, OrderChange(status=Status.CANCELED, reason="нет на складе"))


def restores(manager: Manager, order: Order) -> bool:
    """Take a cancellation back."""
    if order.status is not Status.CANCELED:
        return False
    return manager.changes(order, OrderChange(status=Status.NEW))


def moves_on(manager: Manager, order: Order) -> bool:
    """One step of an order's life, with a number and a day where it leaves."""
    steps = (Status.NEW, Status.WAITING_FOR_DELIVERY, Status.SHIPPED, Status.DELIVERED, Status.FINISHED)
    at = Status.NEW if order.status is Status.PAYED else order.status
    if at not in steps[:-1]:
        return False
    status = steps[steps.index(at) + 1]
    sent = status is Status.SHIPPED
    eta = manager.clock.now().date() + timedelta(days=manager.dice.randint(1, 5))
    tracking = f"RU{order.id}" if sent else None
    return manager.changes(order, OrderChange(status=status, tracking=tracking, eta=eta if sent else None))


def renumbers(manager: Manager, order: Order) -> bool:
    """Another tracking number on the way."""
    if order.status is not Status.SHIPPED:
        return False
    number = f"RU{order.id}-{manager.dice.randint(10, 99)}"
    kept = manager.kept(order.id)
    if kept is None:
        return manager.changes(order, OrderChange(tracking=number))
    parcel = manager.dice.choice(kept.own_shipments)
    manager.portal.native.managers.move_parcel(kept, parcel, "", number)
    return True


def pays(manager: Manager, order: Order) -> bool:
    """The client pays by link."""
    return bool(order.pay_token) and order.status in UNSENT and manager.portal.front.pay(order)


def splits(manager: Manager, order: Order) -> bool:
    """A second parcel."""
    kept = manager.kept(order.id)
    if kept is None or order.status not in UNSENT or len(kept.own_shipments) != 1:
        return False
    line = kept.basket[0]
    packed = kept.own_shipments[0].items
    if line.quantity < len(("one", "another")) or all(item.basket_id != line.id for item in packed):
        return False
    manager.portal.native.managers.split(kept, {line.product.id: Decimal(1)})
    return True


def sends_parcel(manager: Manager, order: Order) -> bool:
    """The next parcel leaves, or the next one on its way arrives."""
    kept = manager.kept(order.id)
    if kept is None or kept.canceled or len(kept.own_shipments) < len(("one", "another")):
        return False
    delivered = manager.portal.native.options.native.delivered_status
    acts = manager.portal.native.managers
    for parcel in kept.own_shipments:
        if not parcel.deducted:
            acts.move_parcel(kept, parcel, SENT, f"RU{parcel.id}")
            return True
    there = next((parcel for parcel in kept.own_shipments if parcel.status_id != delivered), None)
    if there is not None:
        acts.move_parcel(kept, there, THERE, None)
    return there is not None


def takes_a_part(manager: Manager, order: Order) -> bool:
    """A part of the bill is paid."""
    kept = manager.kept(order.id)
    unpaid = [one for one in kept.payments if one.is_due] if kept is not None else []
    if kept is None or order.status not in UNSENT or not unpaid or unpaid[0].amount < 2:
        return False
    acts = manager.portal.native.managers
    acts.settle(kept, acts.divide_bill(kept, (unpaid[0].amount / 2).quantize(Decimal(1))), paid=True)
    return True


def gives_back(manager: Manager, order: Order) -> bool:
    """All the money goes back."""
    kept = manager.kept(order.id)
    paid = [one for one in kept.payments if one.paid] if kept is not None else []
    if kept is None or not paid:
        return False
    manager.portal.native.managers.give_back(kept, paid[0], "P")
    return True


def deletes(manager: Manager, order: Order) -> bool:
    """An order that is neither paid nor sent is there no more."""
    kept = manager.kept(order.id)
    if kept is None or order.status not in UNSENT or kept.paid_sum:
        return False
    manager.portal.native.managers.delete(kept)
    manager.deleted.add(order.id)
    return True


def moves_deal(manager: Manager, order: Order) -> bool:
    """The deal goes to another stage, lost and taken up again among them."""
    deals = manager.portal.native.ledger.deals
    deal = deals.of_order(int(order.id))
    if deal is None:
        return False
    deals.update(deal, {}, manager.dice.choice([one for one in STAGES if one != deal.stage]))
    return True


ACTS: Mapping[str, Act] = {
    "edits": edits,
    "adds": adds,
    "takes out": takes_out,
    "reprices": reprices,
    "charges delivery": charges_delivery,
    "cancels": cancels,
    "restores": restores,
    "moves on": moves_on,
    "renumbers": renumbers,
    "pays": pays,
    "splits": splits,
    "sends a parcel": sends_parcel,
    "takes a part": takes_a_part,
    "gives back": gives_back,
    "deletes": deletes,
    "moves the deal": moves_deal,
    "renews the bill": renews_bill,
}
OFTEN = [*list(ACTS)[:10], "edits", "restores"]
"""What happens in either dialect, as often as it stands here."""
OFTEN_NATIVE = [*list(ACTS)[10:16], "splits", "sends a parcel"]
"""What only a native portal knows. A bill is made anew in the end."""
