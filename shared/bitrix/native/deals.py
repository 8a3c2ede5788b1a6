"""The deal that an order hangs on, where the portal is in deals mode and `deal_stage_map` says what its stages mean.

Without a map nothing is asked, and deals say nothing. See shared/bitrix/CORE.md, «8. A deal of an order».
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from functools import partial

from shared.bitrix.encoding import Reference, as_sent
from shared.bitrix.errors import BadAnswer
from shared.bitrix.fields import Row, listed, need_id, text
from shared.bitrix.native.settings import NativeSettings
from shared.bitrix.portal import Answer, Command, Operation
from shared.domain.deal_stages import merged
from shared.domain.orders import DealPage, Order
from shared.status import Status

DEAL_TYPE = 2
"""`entityTypeId` and `ownerTypeId` of deals."""
_LINKS, _DEAL = "deals", "deal"
FIRST_OWNER = ("orderEntity", 0, "ownerId")
"""The way to the deal in an answer to `links_of`, for references."""
_FIRST_LINK = Reference(_LINKS, FIRST_OWNER)
_ORDER_ITEMS = "orderEntity"


def commands_of(settings: NativeSettings, order_id: str) -> dict[str, Command]:
    """Return what is asked beside an order: the deal it hangs on, and that deal's stage by a reference to it.

    The deal is listed and not got: a reference that leads nowhere then finds nothing, instead of being refused.
    """
    if not settings.deal_stage_map:
        return {}
    stage = {"entityTypeId": DEAL_TYPE, "select": ["id", "stageId"], "filter": {"=id": _FIRST_LINK}}
    return {_LINKS: links_of(order_id), _DEAL: Command("crm.item.list", stage)}


def links_of(order_id: str) -> Command:
    """`crm.orderentity.list`: the deal of an order."""
    return Command("crm.orderentity.list", {"filter": {"orderId": as_sent(order_id), "ownerTypeId": DEAL_TYPE}})


def with_deal(settings: NativeSettings, order: Order, answers: Mapping[str, Answer]) -> Order:
    """Return the order with its deal, and merged with what the deal's stage means; as it is where deals say nothing."""
    deal_id = deal_in(order.id, answers[_LINKS]) if _LINKS in answers else None
    if deal_id is None:
        return order
    row = next((it for it in listed(answers[_DEAL], "items") if need_id(it, "id") == deal_id), None)
    stage = meaning(settings, text(row, "stageId")) if row is not None else None
    return replace(order, deal_id=deal_id, status=merged(order.status, stage))


def moved_since(moment: datetime, start: int) -> Operation[DealPage]:
    """`crm.item.list` by `movedTime`, which is when the stage changed. A naive moment is a ValueError."""
    if moment.tzinfo is None:
        raise ValueError("the moment must be aware")
    since = moment.astimezone(UTC).replace(microsecond=0).isoformat()
    asked = {"entityTypeId": DEAL_TYPE, "select": ["id"], "filter": {">=movedTime": since}, "order": {"id": "asc"}}
    return Operation({"list": Command("crm.item.list", {**asked, "start": start})}, _page)


def _page(answers: Mapping[str, Answer]) -> DealPage:
    found = listed(answers["list"], "items")
    return DealPage(tuple(need_id(row, "id") for row in found), answers["list"].next)


def of_contact(contact_id: str) -> Operation[Sequence[str]]:
    """`crm.item.list` by the contact, newest first."""
    wanted = {"contactId": as_sent(contact_id)}
    asked = {"entityTypeId": DEAL_TYPE, "select": ["id", "contactId"], "filter": wanted, "order": {"id": "desc"}}
    return Operation({"list": Command("crm.item.list", asked)}, partial(_of_contact, contact_id))


def _of_contact(contact_id: str, answers: Mapping[str, Answer]) -> Sequence[str]:
    found = listed(answers["list"], "items")
    if any(need_id(row, "contactId") != contact_id for row in found):
        raise BadAnswer("the deals of a contact hold another one's: the portal dropped the filter")
    return tuple(need_id(row, "id") for row in found)


def orders_of(deal_id: str) -> Operation[Sequence[str]]:
    """`crm.orderentity.list` by the deal."""
    wanted = {"ownerId": as_sent(deal_id), "ownerTypeId": DEAL_TYPE}
    return Operation({_LINKS: Command("crm.orderentity.list", {"filter": wanted})}, partial(_orders_of, deal_id))


def _orders_of(deal_id: str, answers: Mapping[str, Answer]) -> Sequence[str]:
    links = listed(answers[_LINKS], _ORDER_ITEMS)
    if any(need_id(link, "ownerId") != deal_id or not _is_deals(link) for link in links):
        raise BadAnswer("the orders of a deal hold another one's: the portal dropped the filter")
    return tuple(need_id(link, "orderId") for link in links)


def deal_in(order_id: str, answer: Answer) -> str | None:
    """Return the deal's id of an answer to `links_of`, None for an order without one."""
    links = listed(answer, _ORDER_ITEMS)
    if any(need_id(link, "orderId") != order_id or not _is_deals(link) for link in links):
        raise BadAnswer("the deals of an order hold another one's: the portal dropped the filter")
    return need_id(links[0], "ownerId") if links else None


def meaning(settings: NativeSettings, stage: str) -> Status | None:
    """Return what a stage means; what precedes `:`, the funnel, may be left out in the map."""
    return settings.deal_stage_map.get(stage) or settings.deal_stage_map.get(stage.rpartition(":")[2])


def _is_deals(link: Row) -> bool:
    return need_id(link, "ownerTypeId") == str(DEAL_TYPE)
