"""The client of an order on a real portal, the contact its master is; and what people read in the deal it hangs on.

The order itself cannot be made with a client, and its deal is made before the order has any: both are told when the
order is there (shared/bitrix/CORE.md, «9. Contacts»). What a deal shows is told where deals matter (`deal_stage_map`).
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import Any

from shared.bitrix.encoding import Reference, as_sent
from shared.bitrix.fields import need_id, one
from shared.bitrix.native import deals
from shared.bitrix.native.settings import NativeSettings
from shared.bitrix.portal import Answer, Command, Operation
from shared.domain import buyers
from shared.domain.orders import DealView

_CONTACT = 3
"""`entityTypeId` of contacts."""
_SOURCE = "Telegram"


def present_order(
    settings: NativeSettings, order_id: str, buyer_id: str, view: DealView | None
) -> Operation[str] | None:
    """`sale.order.modify` with the contact, then `crm.item.update` of the deal, where the order has one: its id, or "".

    None when the buyer is a user of the portal and deals do not matter.
    """
    contact = buyers.contact_of(buyer_id)
    shown = _shown(view) if view is not None and settings.deal_stage_map else {}
    fields: dict[str, Any] = {**({"contactId": as_sent(contact)} if contact else {}), **shown}
    if not fields:
        return None
    deal = {"entityTypeId": deals.DEAL_TYPE, "id": Reference("link", deals.FIRST_OWNER), "fields": fields}
    commands = {
        **({"client": _client(order_id, contact)} if contact else {}),
        "link": deals.links_of(order_id),
        "deal": Command("crm.item.update", deal),
    }
    return Operation(commands, partial(_presented, order_id), weight=len(commands), optional=frozenset({"deal"}))


def _shown(view: DealView) -> dict[str, str]:
    return {"title": view.title, "comments": view.comment, "sourceDescription": _SOURCE}


def _client(order_id: str, contact: str) -> Command:
    client = {"entityTypeId": _CONTACT, "entityId": as_sent(contact), "isPrimary": "Y"}
    return Command("sale.order.modify", {"fields": {"order": {"id": as_sent(order_id), "clients": [client]}}})


def _presented(order_id: str, answers: Mapping[str, Answer]) -> str:
    if "client" in answers:
        need_id(one(answers["client"], "order"), "id")
    return deals.deal_in(order_id, answers["link"]) or ""
