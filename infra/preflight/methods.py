"""Which REST methods the bot calls: taken from the operations themselves, so that none can be forgotten."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from shared.bitrix.contract import ContractPortal
from shared.bitrix.native import NativePortal
from shared.bitrix.pictures import picture_command
from shared.bitrix.portal import Operation, Portal
from shared.domain import buyers
from shared.domain.contacts import NewContact
from shared.domain.deliveries import DeliveryService
from shared.domain.order_progress import OrderProgress
from shared.domain.orders import LineItem, NewOrder, Order, Payment, PaymentKind
from shared.domain.quantities import ONE
from shared.domain.returns import NewReturn
from shared.status import Status

_LINES = (LineItem("1", ONE),)
_ORDER = NewOrder("0", "1", _LINES, PaymentKind.PREPAID, "-", "-", "-")
_SERVICES = (DeliveryService("1", "-", pickup=True),)
_CONTACT = NewContact("-", "+70000000000", "-")
_RETURN = NewReturn("0", "1", _LINES, "-")
_DUE = Payment("1", "1", Decimal(1), paid=False, kind=PaymentKind.CASH)
_UNPAID = Order("1", Status.NEW, Decimal(1), payments=(_DUE,))


def methods_of(portal: NativePortal | ContractPortal) -> list[str]:
    """Return the names, sorted. Whatever is optional in the settings counts as set."""
    if isinstance(portal, NativePortal):
        optional: dict[str, Any] = {"returns_entity_type_id": "1", "disk_folder_id": "1", "services": _SERVICES}
        optional["slot_property_id"] = "1"
        whole: Portal = NativePortal(replace(portal.settings, **optional))
    else:
        whole = ContractPortal(replace(portal.settings, disk_folder_id="1"))
    operations = [*_reads(whole), *_writes(whole), *_requests_of_an_order(whole)]
    commands = [command for operation in operations for command in operation.commands.values()]
    # Pictures are no operation: the client downloads them, by a method on a real portal, else by their address.
    if isinstance(portal, NativePortal) and (picture := picture_command("product-picture:1:1")):
        commands.append(picture)
    return sorted({command.method for command in commands})


def _reads(portal: Portal) -> Iterator[Operation[Any]]:
    yield portal.search("-")
    yield portal.product("1")
    yield portal.by_articles(["1"])
    yield portal.sections(None)
    yield portal.products_of("1")
    yield portal.quote(["1"])
    yield portal.quote(["1"], by_store=True)
    yield portal.order("1", with_stores=True, link_of="1")
    yield portal.orders_changed_since(datetime(2026, 1, 1, tzinfo=UTC))
    yield portal.order_of_payment("1")
    yield portal.order_of_shipment("1")
    of_deals = (
        portal.deals_moved_since(datetime(2026, 1, 1, tzinfo=UTC)),
        portal.orders_of_deal("1"),
        portal.deals_of_contact("1"),
    )
    yield from filter(None, (*of_deals, portal.services_now(), portal.slots(), portal.pickup_points(["1"])))


def _requests_of_an_order(portal: Portal) -> Iterator[Operation[Any]]:
    """Yield the first request, and the one that follows when the goods lie in the buyer's basket."""
    yield portal.place_order(_ORDER, OrderProgress())
    yield portal.place_order(_ORDER, OrderProgress(in_basket=_ORDER.quantities))


def _writes(portal: Portal) -> Iterator[Operation[Any]]:
    """Yield what changes something, with the look-ups that follow when its outcome is unknown."""
    yield portal.cancel_order("1", "-")
    yield portal.confirm_cash_payment(_UNPAID)
    yield portal.register_return(_RETURN)
    yield portal.returns_of("1")
    yield portal.return_status("1")
    yield portal.upload_photo("1.jpg", b"1")
    yield portal.delete_photo("1")
    order = portal.look_up_order(_ORDER, OrderProgress())
    yield from filter(None, (portal.contact("1"),))
    yield from filter(None, (portal.find_contacts("+70000000000", "-"), portal.add_contact(_CONTACT)))
    yield from filter(None, (portal.present_order("1", buyers.of_contact("1")), portal.comment("1", "1", "-")))
    yield from filter(None, (order, portal.look_up_return(_RETURN), portal.look_up_photo("1.jpg")))
