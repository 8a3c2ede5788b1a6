"""The portal's books: what orders are really there, in the same words for both dialects."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from infra.local.portal.orders import Order
from shared.bitrix.encoding import disarmed
from shared.status import Status
from tests.chaos.masters import Wish
from tests.chaos.town import DELIVERY, PAY_SYSTEMS, PLENTY, Town


@dataclass(frozen=True)
class Booked:
    """An order that is on the portal and not canceled. `parcel` is what its one shipment holds."""

    id: str
    buyer: str
    address: str
    goods: Mapping[str, int]
    parcel: Mapping[str, int]
    pay_system: str
    delivery: str
    paid_sum_fits: bool


def expected(town: Town, wish: Wish, order_id: str) -> Booked:
    goods, pay_system = dict(wish.goods), PAY_SYSTEMS[wish.payment]
    address = as_booked(town, wish)
    return Booked(order_id, wish.buyer, address, goods, goods, pay_system, DELIVERY, paid_sum_fits=True)


def as_booked(town: Town, wish: Wish) -> str:
    """Return his address as the portal has it: what travels in a batch must not look like a reference."""
    return disarmed(wish.address) if town.plan.dialect == "native" else wish.address


def booked(town: Town) -> list[Booked]:
    """Return the live orders, oldest first."""
    return [_booked(town, order) for order in town.portal.front.orders.all() if order.status is not Status.CANCELED]


def canceled(town: Town) -> int:
    return len(town.portal.front.orders.all()) - len(booked(town))


def _booked(town: Town, order: Order) -> Booked:
    """Read an order; every list that must have one entry is read as a whole, so that two of them show."""
    goods = _summed([(line.product_id, int(line.quantity)) for line in order.lines])
    delivery, pay_system, address = order.delivery_id, order.pay_system_id, order.properties["ADDRESS"]
    made = Booked(order.id, order.buyer_id, address, goods, goods, pay_system, delivery, paid_sum_fits=True)
    if town.plan.dialect != "native":
        return made
    kept = town.portal.native.ledger.known(int(order.id))
    product_of = {line.id: line.product.id for line in kept.basket}
    packed = [item for shipment in kept.own_shipments for item in shipment.items]
    return replace(
        made,
        parcel=_summed([(product_of[item.basket_id], int(item.quantity)) for item in packed]),
        pay_system=" ".join(str(payment.pay_system_id) for payment in kept.payments),
        delivery=" ".join(str(shipment.delivery_id) for shipment in kept.own_shipments),
        paid_sum_fits=[payment.amount for payment in kept.payments] == [kept.price],
    )


def _summed(pieces: Sequence[tuple[str, int]]) -> dict[str, int]:
    total: Counter[str] = Counter()
    for product, count in pieces:
        total[product] += count
    return dict(total)


def taken_off_the_shelves(town: Town) -> dict[str, int]:
    """Return what is missing on the shelves: what live orders hold, and nothing for canceled ones."""
    missing = {one.id: PLENTY * len(one.stock) - int(one.available) for one in town.portal.shop.catalogue.all()}
    return {product: pieces for product, pieces in missing.items() if pieces}
