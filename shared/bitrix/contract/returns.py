"""Returns in the spec's contract (spec §2, row 6); `app.rma.get` and `app.rma.list` are beyond it."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial

from shared.bitrix.contract.answers import status_of
from shared.bitrix.contract.settings import ContractSettings
from shared.bitrix.encoding import as_sent
from shared.bitrix.errors import BadAnswer, UnknownStatus
from shared.bitrix.fields import Row, find, listed_if_any, need_amount, need_id, need_row, rows, text
from shared.bitrix.portal import Answer, Command, Operation
from shared.domain.ids import clean_id
from shared.domain.orders import LineItem
from shared.domain.quantities import as_data
from shared.domain.returns import NewReturn, ReturnState
from shared.status import Status

Answers = Mapping[str, Answer]


def register_return(settings: ContractSettings, wanted: NewReturn) -> Operation[ReturnState]:
    """`app.rma.add` or `sale.orderreserves.add`. Photos go as the links of their pages on the Disk."""
    params = {
        "order_id": as_sent(wanted.order_id),
        "items": [
            {"PRODUCT_ID": as_sent(line.product_id), "QUANTITY": as_data(line.quantity)} for line in wanted.lines
        ],
        "photos": [photo.link for photo in wanted.photos if photo.link],
        "reason": wanted.reason,
    }
    return Operation(
        {"return": Command(settings.return_method, params)}, partial(_registered, settings, wanted.order_id)
    )


def returns_of(settings: ContractSettings, order_id: str) -> Operation[tuple[ReturnState, ...]]:
    """`app.rma.list`; of more than 50 returns of one order the oldest 50."""
    params = {"filter": {"ORDER_ID": as_sent(order_id)}, "order": {"ID": "ASC"}, "start": 0}
    return Operation({"list": Command("app.rma.list", params)}, partial(_of_order, settings, order_id))


def return_status(settings: ContractSettings, return_id: str) -> Operation[ReturnState]:
    """`app.rma.get`."""
    command = Command("app.rma.get", {"id": as_sent(return_id)})
    return Operation({"return": command}, partial(_read, settings, return_id))


def _registered(settings: ContractSettings, order_id: str, answers: Answers) -> ReturnState:
    """Read `RMA_ID` and `STATUS` of a return just made."""
    row = need_row(answers["return"].result, "result")
    return ReturnState(need_id(row, "RMA_ID", "ID"), _status(settings, row), text(row, "REASON"), order_id)


def _read(settings: ContractSettings, return_id: str, answers: Answers) -> ReturnState:
    """Read a return. An answer about another one is a `BadAnswer`."""
    row = need_row(answers["return"].result, "result")
    if need_id(row, "RMA_ID", "ID") != return_id:
        raise BadAnswer("RMA_ID is another return's")
    return _state(settings, row)


def _of_order(settings: ContractSettings, order_id: str, answers: Answers) -> tuple[ReturnState, ...]:
    """Read the returns of an order; a portal that ignores the filter would list all."""
    found = tuple(_state(settings, row) for row in listed_if_any(answers["list"], "items"))
    if any(item.order_id != order_id for item in found):
        raise BadAnswer("ORDER_ID is another order's: the portal dropped the filter")
    return found


def _status(settings: ContractSettings, row: Row) -> Status:
    """Return the return's status. With a word that nobody knows it is there all the same, and still looked at."""
    try:
        return status_of(text(row, "STATUS"), settings.statuses)
    except UnknownStatus:
        return Status.RETURN_IN_PROGRESS


def _state(settings: ContractSettings, row: Row) -> ReturnState:
    lines = ((need_id(item, "PRODUCT_ID"), need_amount(item, "QUANTITY")) for item in rows(find(row, "ITEMS"), "ITEMS"))
    return ReturnState(
        id=need_id(row, "RMA_ID", "ID"),
        status=_status(settings, row),
        reason=text(row, "REASON", "REJECT_REASON"),
        order_id=clean_id(find(row, "ORDER_ID")) or "",
        lines=tuple(LineItem(product, quantity) for product, quantity in lines),
    )
