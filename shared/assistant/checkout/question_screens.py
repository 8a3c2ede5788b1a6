"""The questions before and beside a confirmation: where to, how to pay, how to bring it, when, at which store."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import MappingProxyType

from shared.assistant import texts
from shared.assistant.chat_view import Screen
from shared.assistant.checkout.buttons import (
    ChoosePayment,
    DropAddress,
    EditDelivery,
    FetchMyself,
    LeaveCheckout,
    NameAddress,
    NameAddresses,
    UseAddress,
    UseDelivery,
    UsePoint,
    UseSlot,
    UseStore,
)
from shared.assistant.keyboard import Row, button, column, keyboard, link
from shared.domain.checkouts import Checkout
from shared.domain.deliveries import PickupPoint, StockedPoint
from shared.domain.masters import mark_of
from shared.domain.orders import PaymentKind


def ask_address(
    addresses: Sequence[str], names: Mapping[str, str] = MappingProxyType({}), *, may_fetch: bool = False
) -> Screen:
    """Ask where to deliver; a saved address can be named and forgotten. `names` are by the addresses' marks.

    `may_fetch`: the order can be fetched instead, which needs no address.
    """
    saved = [
        [
            button(texts.labels.address(address, names.get(mark_of(address), "")), UseAddress(mark=mark_of(address))),
            button(texts.labels.REMOVE, DropAddress(mark=mark_of(address))),
        ]
        for address in addresses
    ]
    text = texts.addresses.ask_address_or_choose() if addresses else texts.addresses.ask_address()
    fetching = [button(texts.labels.FETCH_MYSELF, FetchMyself())] if may_fetch else []
    naming = [button(texts.labels.NAME_ADDRESS, NameAddresses())] if addresses else []
    return Screen(text, keyboard(*saved, fetching, naming, [button(texts.labels.CANCEL, LeaveCheckout())]))


def choose_to_name(addresses: Sequence[str], names: Mapping[str, str]) -> Screen:
    """Ask which saved address shall get a name, or another one."""
    rows = [
        button(texts.labels.address(address, names.get(mark_of(address), "")), NameAddress(mark=mark_of(address)))
        for address in addresses
    ]
    return Screen(texts.addresses.choose_to_name(), column(*rows, button(texts.labels.CANCEL, LeaveCheckout())))


def ask_name(address: str) -> Screen:
    """Ask what an address shall be called."""
    return Screen(texts.addresses.ask_address_name(address))


def ask_words(point: str) -> Screen:
    """Ask for words to a point on the map; a courier may do with the point alone."""
    enough = button(texts.labels.POINT_ALONE, UsePoint())
    return Screen(texts.addresses.ask_words(point), column(enough, button(texts.labels.CANCEL, LeaveCheckout())))


def ask_payment(address: str) -> Screen:
    """Ask how to pay; without an address the order will be fetched."""
    buttons = column(
        button(texts.labels.PREPAID, ChoosePayment(payment=PaymentKind.PREPAID)),
        button(texts.labels.CASH, ChoosePayment(payment=PaymentKind.CASH)),
        button(texts.labels.CANCEL, LeaveCheckout()),
    )
    return Screen(texts.checkout.ask_payment(address), buttons)


def choose_hours(checkout: Checkout) -> Screen:
    """Ask when the order shall be brought."""
    rows = [
        button(
            texts.labels.chosen(texts.labels.hours(slot.name), slot == checkout.hours),
            UseSlot(checkout=checkout.id, index=index),
        )
        for index, slot in enumerate(checkout.slots)
    ]
    any_time = button(texts.labels.ANY_TIME, UseSlot(checkout=checkout.id, index=-1))
    return Screen(texts.deliveries.ask_hours(), column(*rows, any_time))


def choose_store(checkout: Checkout, service_id: str, stores: Sequence[StockedPoint], notice: str = "") -> Screen:
    """Ask at which store the order shall be fetched; each is on the map where the shop says where it is.

    `notice` stands above: what has changed meanwhile.
    """
    wanted = {line.product_id: line.quantity for line in checkout.lines}
    back = [button(texts.labels.BACK_TO_QUANTITY, EditDelivery(checkout=checkout.id))]
    if not stores:
        return Screen(texts.deliveries.no_stores(), keyboard(back))
    rows = [_store_row(checkout, service_id, number, each.point) for number, each in enumerate(stores, 1)]
    told = [texts.deliveries.store(number, each, wanted) for number, each in enumerate(stores, 1)]
    return Screen("\n\n".join(filter(None, (notice, texts.deliveries.ask_store(told)))), keyboard(*rows, back))


def _store_row(checkout: Checkout, service_id: str, number: int, point: PickupPoint) -> Row:
    choose = UseStore(checkout=checkout.id, service=service_id, store=point.id)
    on_map = [link(texts.labels.ON_MAP, texts.deliveries.map_url(point))] if point.place else []
    return [button(texts.labels.store(number, point.name), choose), *on_map]


def choose_delivery(checkout: Checkout) -> Screen:
    """Ask which delivery service shall bring the order."""
    rows = [
        button(
            texts.labels.chosen(texts.labels.delivery(service, checkout.currency), service == checkout.service),
            UseDelivery(checkout=checkout.id, service=service.id),
        )
        for service in checkout.services
    ]
    return Screen(texts.deliveries.ask(checkout.services, checkout.currency), column(*rows))
