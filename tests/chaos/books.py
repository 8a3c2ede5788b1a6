"""The portal's books: what orders are really there, in the same words for both dialects."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from infra.local.portal import NativeOptions
from infra.local.portal.native.model import SaleOrder
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
    return Booked(
        id=order_id,
        buyer=wish.buyer,
        address=as_booked(town, wish),
        goods=dict(wish.goods),
        parcel=dict(wish.goods),
        pay_system=PAY_SYSTEMS[wish.payment],
        delivery=DELIVERY,
        paid_sum_fits=True,
    )


def as_booked(town: Town, wish: Wish) -> str:
    """Return his address as the portal has it: what travels in a batch must not look like a reference."""
    return disarmed(wish.address) if town.plan.dialect == "native" else wish.address


def booked(town: Town) -> list[Booked]:
    """Return the live orders, oldest first."""
    if town.plan.dialect == "native":
        return [_native(order) for order in town.portal.native.ledger.all() if not order.canceled]
    return [_contract(order) for order in town.portal.shop.orders.all() if order.status is not Status.CANCELED]


def canceled(town: Town) -> int:
    return len(town.portal.front.orders.all()) - len(booked(town))


def _native(order: SaleOrder) -> Booked:
    """Read a native order; every list that must have one entry is read as a whole, so that two of them show."""
    product_of = {line.id: line.product.id for line in order.basket}
    parcel = [(product_of[item.basket_id], int(item.quantity)) for one in order.own_shipments for item in one.items]
    address = order.properties.get(NativeOptions().address_property)
    return Booked(
        id=str(order.id),
        buyer=str(order.user_id),
        address=address.value if address else "",
        goods=_summed([(line.product.id, int(line.quantity)) for line in order.basket]),
        parcel=_summed(parcel),
        pay_system=" ".join(str(payment.pay_system_id) for payment in order.payments),
        delivery=" ".join(str(shipment.delivery_id) for shipment in order.own_shipments),
        paid_sum_fits=[payment.amount for payment in order.payments] == [order.price],
    )


def _contract(order: Order) -> Booked:
    goods = _summed([(line.product_id, int(line.quantity)) for line in order.lines])
    return Booked(
        id=order.id,
        buyer=order.buyer_id,
        address=order.properties["ADDRESS"],
        goods=goods,
        parcel=goods,
        pay_system=order.pay_system_id,
        delivery=order.delivery_id,
        paid_sum_fits=True,
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
