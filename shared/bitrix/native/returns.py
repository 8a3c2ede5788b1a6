"""Returns of a real portal: items of a CRM smart process, for there is no returns API.

See shared/bitrix/README.md, «Returns».
"""

from __future__ import annotations

import json
import logging
from collections.abc import Mapping
from decimal import Decimal
from functools import partial

from shared.bitrix.encoding import as_sent
from shared.bitrix.errors import BadAnswer, UnknownStatus
from shared.bitrix.fields import Row, listed, need_id, number, one, text
from shared.bitrix.native.answers import listed_rows, made
from shared.bitrix.native.settings import NativeSettings
from shared.bitrix.portal import Answer, Command, Operation
from shared.bitrix.sensible import Reader, sensible
from shared.domain.ids import clean_id
from shared.domain.orders import LineItem
from shared.domain.quantities import as_data
from shared.domain.returns import NewReturn, ReturnState
from shared.status import Status

log = logging.getLogger(__name__)

_LIST = "crm.item.list"

USUAL_STAGES = {"NEW": Status.RETURN_IN_PROGRESS, "SUCCESS": Status.RETURN_COMPLETED, "FAIL": Status.RETURN_REJECTED}
"""The stages every smart process has, without the category before the colon."""

WORDS = {status.value: status for status in USUAL_STAGES.values()}
"""The spec's own words, which signed events may have."""

OWN_FIELDS = ("OrderId", "Reason", "Items", "DiskFiles", "RejectReason")
"""The process's own fields, without their prefix."""


def register_return(settings: NativeSettings, wanted: NewReturn) -> Operation[ReturnState]:
    """`crm.item.add` in the first stage of the category."""
    items = [{"productId": as_sent(line.product_id), "quantity": as_data(line.quantity)} for line in wanted.lines]
    prefix = field_prefix(settings)
    fields = {
        "title": f"Возврат по заказу {wanted.order_number or wanted.order_id}",
        "xmlId": wanted.key,
        "categoryId": as_sent(settings.returns_category_id) if settings.returns_category_id else None,
        f"{prefix}OrderId": wanted.order_id,
        f"{prefix}Reason": wanted.reason,
        f"{prefix}Items": json.dumps(items, ensure_ascii=False),
        f"{prefix}DiskFiles": [photo.id for photo in wanted.photos],
    }
    command = Command("crm.item.add", {**_entity(settings), "fields": fields})
    return Operation({"item": command}, partial(_registered, settings, wanted))


def look_up_return(settings: NativeSettings, wanted: NewReturn) -> Operation[ReturnState | None]:
    """`crm.item.list` by `=xmlId`; the lowest id is kept."""
    command = _list(settings, {"=xmlId": wanted.key})
    return Operation({"list": command}, partial(_found, settings, wanted))


def returns_of(settings: NativeSettings, order_id: str) -> Operation[tuple[ReturnState, ...]]:
    """`crm.item.list` by the order's id; of more than 50 returns of one order the oldest 50."""
    command = _list(settings, {f"={field_prefix(settings)}OrderId": order_id})
    return Operation({"list": command}, partial(_of_order, settings, order_id))


def _list(settings: NativeSettings, narrowed: Mapping[str, str]) -> Command:
    own = (f"{field_prefix(settings)}{name}" for name in ("OrderId", "RejectReason", "Items"))
    select = ["id", "xmlId", "stageId", *own]
    params = {**_entity(settings), "select": select, "filter": narrowed, "order": {"id": "ASC"}}
    return Command("crm.item.list", params)


def return_status(settings: NativeSettings, return_id: str) -> Operation[ReturnState]:
    """`crm.item.get`."""
    command = Command("crm.item.get", {**_entity(settings), "id": as_sent(return_id)})
    return Operation({"item": command}, partial(_read, settings, return_id))


def field_prefix(settings: NativeSettings) -> str:
    """Return how the names of the process's own fields begin."""
    return settings.returns_field_prefix or f"ufCrm{settings.returns_category_id}"


def _entity(settings: NativeSettings) -> dict[str, int | str]:
    """Return the parameter that names the smart process; ValueError when none is set."""
    if not settings.returns_entity_type_id:
        raise ValueError("returns need the id of a smart process")
    return {"entityTypeId": as_sent(settings.returns_entity_type_id)}


def _registered(settings: NativeSettings, wanted: NewReturn, answers: Mapping[str, Answer]) -> ReturnState:
    return _state(settings, made(answers["item"], "item", wanted.key), wanted.order_id)


def _found(settings: NativeSettings, wanted: NewReturn, answers: Mapping[str, Answer]) -> ReturnState | None:
    found = sorted(listed(answers["list"], "items"), key=lambda row: (len(need_id(row, "id")), need_id(row, "id")))
    if any(text(row, "xmlId") != wanted.key for row in found):
        raise BadAnswer("xmlId is another item's: the portal dropped the filter")
    if not found:
        return None
    return _state(settings, found[0], wanted.order_id, tuple(need_id(row, "id") for row in found[1:]))


def _of_order(settings: NativeSettings, order_id: str, answers: Mapping[str, Answer]) -> tuple[ReturnState, ...]:
    needed: Mapping[str, Reader] = {"id": _id, f"{field_prefix(settings)}OrderId": partial(_order_id, settings)}
    known = sensible(listed_rows(answers["list"], "items", _LIST), _LIST, needed)
    found = [_state(settings, row) for row in known]
    if any(item.order_id != order_id for item in found):
        raise BadAnswer("the items are another order's: the portal dropped the filter")
    return tuple(found)


def _id(row: Row) -> str:
    return need_id(row, "id")


def _order_id(settings: NativeSettings, row: Row) -> str:
    return need_id(row, f"{field_prefix(settings)}OrderId")


def _read(settings: NativeSettings, return_id: str, answers: Mapping[str, Answer]) -> ReturnState:
    row = one(answers["item"], "item")
    if need_id(row, "id") != return_id:
        raise BadAnswer("id is another item's")
    return _state(settings, row)


def _state(settings: NativeSettings, row: Row, order_id: str = "", extra: tuple[str, ...] = ()) -> ReturnState:
    prefix = field_prefix(settings)
    return ReturnState(
        id=need_id(row, "id"),
        status=_status(settings, text(row, "stageId")),
        reason=text(row, f"{prefix}RejectReason"),
        order_id=text(row, f"{prefix}OrderId") or order_id,
        extra=extra,
        lines=_lines(text(row, f"{prefix}Items")),
    )


def _lines(items: str) -> tuple[LineItem, ...]:
    """Read the goods as `register_return` wrote them. People may edit the text: what makes no sense is left out."""
    try:
        found = json.loads(items or "[]", parse_float=Decimal)
    except (ValueError, RecursionError):
        found = []
    known = (item for item in found if isinstance(item, Mapping)) if isinstance(found, list) else ()
    lines = ((clean_id(item.get("productId")), _quantity(item.get("quantity"))) for item in known)
    return tuple(LineItem(product, quantity) for product, quantity in lines if product and quantity)


def _quantity(value: object) -> Decimal | None:
    """Return a quantity above zero; None for what is none."""
    try:
        found = number(value, "quantity")
    except BadAnswer:
        return None
    return found if found > 0 else None


def known_stage(settings: NativeSettings, stage: str) -> Status | None:
    """Return what a stage means, None for one that nobody knows; what precedes `:` may be left out."""
    name = stage.rpartition(":")[2]
    return settings.return_stage_map.get(stage) or settings.return_stage_map.get(name) or USUAL_STAGES.get(name)


def _status(settings: NativeSettings, stage: str) -> Status:
    """Return what a stage means; stages are written `DT1038_12:NEW`. In one that nobody knows it is still looked at."""
    found = known_stage(settings, stage)
    if found is None:
        unknown = UnknownStatus(stage.rpartition(":")[2]).status
        log.error("a return is in the unknown stage %s; add it to BITRIX_RETURN_STAGE_MAP", unknown)
        return Status.RETURN_IN_PROGRESS
    return found
