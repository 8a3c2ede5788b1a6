"""Managers who edit, split, cancel, restore and delete orders, move their deals, and take money in parts."""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from decimal import Decimal

from infra.local.portal.hits import one_hit
from infra.local.portal.native.manager_acts import SENT, THERE
from infra.local.portal.native.model import SaleOrder
from infra.local.portal.orders import Order, OrderChange
from shared.domain.orders import PaymentKind
from shared.status import Status
from tests.chaos.town import PAY_SYSTEMS, STAGE_MAP, Town

PAUSE = (1.0, 90.0)
"""Seconds between two acts of the manager of one order."""
UNSENT = (Status.NEW, Status.PAYED, Status.WAITING_FOR_DELIVERY)
MOST_LINES = 8
"""Larger orders are left as they are: more changed lines than a message tells are for another test."""

Act = Callable[["Manager", Order], bool]
"""Does it, or says that it makes no sense just now."""


@dataclass
class Manager:
    """Whoever sees an order on the desk. `done` counts acts, `deleted` has the orders that are gone."""

    town: Town
    done: Counter[str] = field(default_factory=Counter)
    deleted: set[str] = field(default_factory=set)

    def order(self, order_id: str) -> Order | None:
        return self.town.portal.front.orders.get(order_id)

    async def looks_after(self, order_id: str, acts: int) -> None:
        """Do so many things to an order, one after another, and leave its bill in order."""
        for _ in range(acts):
            await self.town.clock.sleep(self.town.dice.uniform(*PAUSE))
            self.does_something(order_id)
        await self.town.clock.sleep(self.town.dice.uniform(*PAUSE))
        if (kept := self.kept(order_id)) is not None and not kept.canceled:
            with one_hit():
                self.town.portal.native.managers.renew_bill(kept)

    def does_something(self, order_id: str) -> None:
        """Do what comes to mind, if it makes sense."""
        order = self.order(order_id)
        if order is None:
            return
        name, act = self.town.dice.choice(self._acts())
        with one_hit():
            self.done[name] += act(self, order)

    def _acts(self) -> Sequence[tuple[str, Act]]:
        return (*COMMON, *NATIVE) if self.town.plan.dialect == "native" else COMMON

    def kept(self, order_id: str) -> SaleOrder | None:
        """Return a native portal's own order."""
        native = self.town.plan.dialect == "native"
        return self.town.portal.native.ledger.get(int(order_id)) if native else None

    def changes(self, order: Order, change: OrderChange) -> bool:
        self.town.portal.front.change_order(order, change)
        return True


def _may_edit(order: Order) -> bool:
    return order.status in UNSENT and len(order.lines) <= MOST_LINES and not order.handed_over


def edits(manager: Manager, order: Order) -> bool:
    """Other quantities of one line."""
    if not _may_edit(order):
        return False
    line = manager.town.dice.choice(order.lines)
    return manager.changes(order, OrderChange(lines={line.product_id: line.quantity + manager.town.dice.randint(1, 3)}))


def adds(manager: Manager, order: Order) -> bool:
    """One more product."""
    if not _may_edit(order):
        return False
    there = {line.product_id for line in order.lines}
    products = [one.id for one in manager.town.portal.shop.catalogue.all() if one.id not in there]
    return manager.changes(order, OrderChange(lines={manager.town.dice.choice(products): Decimal(2)}))


def takes_out(manager: Manager, order: Order) -> bool:
    """One product less."""
    if not _may_edit(order) or len(order.lines) < len(("one", "another")):
        return False
    return manager.changes(order, OrderChange(lines={order.lines[0].product_id: Decimal(0)}))


def reprices(manager: Manager, order: Order) -> bool:
    """A discount on one line."""
    if not _may_edit(order):
        return False
    line = manager.town.dice.choice(order.lines)
    return manager.changes(order, OrderChange(prices={line.product_id: line.price + manager.town.dice.randint(1, 9)}))


def charges_delivery(manager: Manager, order: Order) -> bool:
    """Another price of bringing it."""
    price = Decimal(manager.town.dice.choice((0, 300, 450)))
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
    eta = manager.town.clock.now().date() + timedelta(days=manager.town.dice.randint(1, 5))
    tracking = f"RU{order.id}" if sent else None
    return manager.changes(order, OrderChange(status=status, tracking=tracking, eta=eta if sent else None))


def renumbers(manager: Manager, order: Order) -> bool:
    """Another tracking number on the way."""
    if order.status is not Status.SHIPPED:
        return False
    number = f"RU{order.id}-{manager.town.dice.randint(10, 99)}"
    kept = manager.kept(order.id)
    if kept is None:
        return manager.changes(order, OrderChange(tracking=number))
    parcel = manager.town.dice.choice(kept.own_shipments)
    manager.town.portal.native.managers.move_parcel(kept, parcel, "", number)
    return True


def pays(manager: Manager, order: Order) -> bool:
    """The client pays by link."""
    by_link = order.pay_system_id == PAY_SYSTEMS[PaymentKind.PREPAID]
    return by_link and order.status in UNSENT and manager.town.portal.front.pay(order)


def splits(manager: Manager, order: Order) -> bool:
    """A second parcel."""
    kept = manager.kept(order.id)
    if kept is None or order.status not in UNSENT or len(kept.own_shipments) != 1:
        return False
    line = kept.basket[0]
    packed = kept.own_shipments[0].items
    if line.quantity < len(("one", "another")) or all(item.basket_id != line.id for item in packed):
        return False
    manager.town.portal.native.managers.split(kept, {line.product.id: Decimal(1)})
    return True


def sends_parcel(manager: Manager, order: Order) -> bool:
    """The next parcel leaves, or the next one on its way arrives."""
    kept = manager.kept(order.id)
    if kept is None or kept.canceled or len(kept.own_shipments) < len(("one", "another")):
        return False
    delivered = manager.town.portal.native.options.native.delivered_status
    acts = manager.town.portal.native.managers
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
    acts = manager.town.portal.native.managers
    acts.settle(kept, acts.divide_bill(kept, (unpaid[0].amount / 2).quantize(Decimal(1))), paid=True)
    return True


def gives_back(manager: Manager, order: Order) -> bool:
    """All the money goes back."""
    kept = manager.kept(order.id)
    paid = [one for one in kept.payments if one.paid] if kept is not None else []
    if kept is None or not paid:
        return False
    manager.town.portal.native.managers.give_back(kept, paid[0], "P")
    return True


def deletes(manager: Manager, order: Order) -> bool:
    """An order that is neither paid nor sent is there no more."""
    kept = manager.kept(order.id)
    if kept is None or order.status not in UNSENT or kept.paid_sum:
        return False
    manager.town.portal.native.managers.delete(kept)
    manager.deleted.add(order.id)
    return True


def moves_deal(manager: Manager, order: Order) -> bool:
    """The deal goes to another stage, lost and taken up again among them."""
    deals = manager.town.portal.native.ledger.deals
    deal = deals.of_order(int(order.id))
    if deal is None:
        return False
    stages = [*STAGE_MAP, "NEW"]
    deals.update(deal, {}, manager.town.dice.choice([one for one in stages if one != deal.stage]))
    return True


def _named(*acts: Act) -> list[tuple[str, Act]]:
    return [(act.__name__, act) for act in acts]


COMMON = _named(
    edits, edits, adds, takes_out, reprices, charges_delivery, cancels, restores, restores, moves_on, renumbers, pays
)
NATIVE = _named(splits, splits, sends_parcel, sends_parcel, takes_a_part, gives_back, deletes, moves_deal)
