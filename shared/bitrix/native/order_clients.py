"""The client of an order on a real portal: the contact its master is.

The order itself cannot be made with one, and its deal is made before the order has any: both are told when the order is
there (shared/bitrix/CORE.md, «9. Contacts»).
"""

from __future__ import annotations

from collections.abc import Mapping

from shared.bitrix.encoding import Reference, as_sent
from shared.bitrix.fields import need_id, one
from shared.bitrix.portal import Answer, Command, Operation
from shared.domain import buyers

_DEAL, _CONTACT = 2, 3
"""`entityTypeId` of deals and contacts."""


def name_client(order_id: str, buyer_id: str) -> Operation[None] | None:
    """`sale.order.modify` with the contact, then `crm.item.update` of the deal, where the order has one.

    None when the buyer is a user of the portal.
    """
    contact = buyers.contact_of(buyer_id)
    if contact is None:
        return None
    client = {"entityTypeId": _CONTACT, "entityId": as_sent(contact), "isPrimary": "Y"}
    deal = Reference("link", ("orderEntity", 0, "ownerId"))
    commands = {
        "client": Command("sale.order.modify", {"fields": {"order": {"id": as_sent(order_id), "clients": [client]}}}),
        "link": Command("crm.orderentity.list", {"filter": {"orderId": as_sent(order_id), "ownerTypeId": _DEAL}}),
        "deal": Command(
            "crm.item.update", {"entityTypeId": _DEAL, "id": deal, "fields": {"contactId": as_sent(contact)}}
        ),
    }
    return Operation(commands, _named, weight=len(commands), optional=frozenset({"deal"}))


def _named(answers: Mapping[str, Answer]) -> None:
    need_id(one(answers["client"], "order"), "id")
