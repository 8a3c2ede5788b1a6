"""The deal that an order hangs on, where the portal is in deals mode and `deal_stage_map` says what its stages mean.

Without a map nothing is asked, and deals say nothing. See shared/bitrix/CORE.md, «8. A deal of an order».
"""

from __future__ import annotations

from collections.abc import Mapping

from shared.bitrix.encoding import Reference, as_sent
from shared.bitrix.errors import BadAnswer
from shared.bitrix.fields import Row, need_id, text
from shared.bitrix.native.answers import listed
from shared.bitrix.native.settings import NativeSettings
from shared.bitrix.portal import Answer, Command
from shared.status import Status

DEAL_TYPE = 2
"""`entityTypeId` and `ownerTypeId` of deals."""
_LINKS, _DEAL = "deals", "deal"
_FIRST_LINK = Reference(_LINKS, ("orderEntity", 0, "ownerId"))
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


def stage_of(settings: NativeSettings, order_id: str, answers: Mapping[str, Answer]) -> Status | None:
    """Return what the deal's stage means; None where there is no deal, or a stage that the map does not have."""
    if _LINKS not in answers:
        return None
    deal_id = deal_in(order_id, answers[_LINKS])
    rows = listed(answers[_DEAL], "items") if deal_id else ()
    row = next((it for it in rows if need_id(it, "id") == deal_id), None)
    return meaning(settings, text(row, "stageId")) if row is not None else None


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
