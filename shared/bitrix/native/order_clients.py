"""The clients of an order on a real portal: the contact its master is, and his company; and what its deal shows.

The order itself cannot be made with a client, and its deal is made before the order has any: both are told when the
order is there (shared/bitrix/CORE.md, «9. Contacts»). What a deal shows is told where deals matter (`deal_stage_map`).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
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
_COMPANY = 4
"""`entityTypeId` of companies."""
_SOURCE = "Telegram"


def present_order(
    settings: NativeSettings, order_id: str, buyer_id: str, view: DealView | None, company_id: str = ""
) -> Operation[str] | None:
    """`sale.order.modify` with contact and company, then `crm.item.update` of the deal, if there is one: its id, or "".

    None when the buyer is a user of the portal and deals do not matter.
    """
    contact = buyers.contact_of(buyer_id)
    shown = _shown(view) if view is not None and settings.deal_stage_map else {}
    clients = _clients(contact, company_id) if contact else {}
    fields: dict[str, Any] = {**{name: client["entityId"] for name, client in clients.items()}, **shown}
    if not fields:
        return None
    deal = {"entityTypeId": deals.DEAL_TYPE, "id": Reference("link", deals.FIRST_OWNER), "fields": fields}
    commands = {
        **({"client": _client(order_id, list(clients.values()))} if clients else {}),
        "link": deals.links_of(order_id),
        "deal": Command("crm.item.update", deal),
    }
    return Operation(commands, partial(_presented, order_id), weight=len(commands), optional=frozenset({"deal"}))


def _shown(view: DealView) -> dict[str, str]:
    return {"title": view.title, "comments": view.comment, "sourceDescription": _SOURCE}


def _clients(contact: str, company_id: str) -> dict[str, dict[str, Any]]:
    """Return the clients of an order by the names that their ids have in a deal."""
    kinds = {"contactId": (_CONTACT, contact), "companyId": (_COMPANY, company_id)}
    return {
        name: {"entityTypeId": kind, "entityId": as_sent(entity_id), "isPrimary": "Y"}
        for name, (kind, entity_id) in kinds.items()
        if entity_id
    }


def _client(order_id: str, clients: Sequence[Mapping[str, Any]]) -> Command:
    order = {"id": as_sent(order_id), "clients": clients}
    return Command("sale.order.modify", {"fields": {"order": order}})


def _presented(order_id: str, answers: Mapping[str, Answer]) -> str:
    if "client" in answers:
        need_id(one(answers["client"], "order"), "id")
    return deals.deal_in(order_id, answers["link"]) or ""
