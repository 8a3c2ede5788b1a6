"""Comments in the timeline of a contact, or of the deal an order hangs on (shared/bitrix/CORE.md, «10. Timeline»)."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial

from shared.bitrix.encoding import Reference, as_sent
from shared.bitrix.fields import need_id
from shared.bitrix.native import deals
from shared.bitrix.portal import Answer, Command, Operation
from shared.domain import buyers


def comment(buyer_id: str, order_id: str, words: str) -> Operation[None] | None:
    """`crm.timeline.comment.add` for the contact, or for the order's deal, which `crm.orderentity.list` tells.

    None where there is neither.
    """
    contact = buyers.contact_of(buyer_id)
    if contact is not None:
        return Operation({"comment": _added("contact", as_sent(contact), words)}, _said)
    if not order_id:
        return None
    commands = {
        "link": deals.links_of(order_id),
        "comment": _added("deal", Reference("link", deals.FIRST_OWNER), words),
    }
    read = partial(_said_of_deal, order_id)
    return Operation(commands, read, weight=len(commands), optional=frozenset({"comment"}))


def _added(owner_type: str, owner: int | str | Reference, words: str) -> Command:
    return Command(
        "crm.timeline.comment.add", {"fields": {"ENTITY_TYPE": owner_type, "ENTITY_ID": owner, "COMMENT": words}}
    )


def _said(answers: Mapping[str, Answer]) -> None:
    need_id({"ID": answers["comment"].result}, "ID")


def _said_of_deal(order_id: str, answers: Mapping[str, Answer]) -> None:
    """Pass over the refusal of an order without a deal; any other is one."""
    if deals.deal_in(order_id, answers["link"]) is None:
        return
    if (error := answers["comment"].error) is not None:
        raise error
    _said(answers)
