"""What the bot asks beyond the spec's table: methods of real portals, with fields in the spec's UPPERCASE.

The spec has no method to read one product or the catalogue's sections, to cancel an order, to confirm cash, to list
orders or to read a return. A proxy may offer these under the names Bitrix24 has for them (returns: `app.rma.get` beside
`app.rma.add`); where it does not, the portal's `ERROR_METHOD_NOT_FOUND` becomes `MethodMissing`. `methods_available`
tells beforehand.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from functools import partial

from shared.bitrix.articles import asked
from shared.bitrix.contract import answers as reading
from shared.bitrix.contract import goods
from shared.bitrix.encoding import as_sent
from shared.bitrix.errors import BadAnswer
from shared.bitrix.fields import Row, find, has, moment, need_id, need_row, rows, text
from shared.bitrix.portal import Answer, Command, Operation
from shared.bitrix.sections import sections
from shared.domain.catalogue import Product, ProductDetails, ProductPage, Sections
from shared.domain.orders import ListedOrder, Order, OrderPage
from shared.domain.returns import ReturnState

_SELECT = ("ID", "NAME", "PRICE", "DETAIL_PICTURE")
_DETAILS = (
    *_SELECT,
    "IBLOCK_SECTION_ID",
    "PREVIEW_TEXT",
    "PREVIEW_TEXT_TYPE",
    "DETAIL_TEXT",
    "DETAIL_TEXT_TYPE",
    "MORE_PHOTO",
)


class ContractExtensions:
    """The operations that need methods the spec does not name."""

    def product(self, product_id: str) -> Operation[ProductDetails]:
        """`catalog.product.list` narrowed to one id."""
        params = {"filter": {"q": "", "ID": as_sent(product_id)}, "select": _DETAILS, "start": 0}
        read = partial(goods.details, key="list", product_id=product_id)
        return Operation({"list": Command("catalog.product.list", params)}, read)

    def by_articles(self, articles: Sequence[str]) -> Operation[dict[str, list[Product]]]:
        """`catalog.product.list` with `filter[q]` for each article."""
        wanted = asked(articles)
        commands = {
            f"a{number}": Command("catalog.product.list", {"filter": {"q": one}, "select": _SELECT, "start": 0})
            for number, one in enumerate(wanted)
        }
        return Operation(commands, partial(goods.by_articles, wanted=wanted), weight=len(commands))

    def sections(self, parent: str | None) -> Operation[Sections]:
        """`catalog.section.list`."""
        select = ("ID", "IBLOCK_SECTION_ID", "NAME", "SORT", "ACTIVE")
        return sections(parent, select, {"ACTIVE": "Y"}, {"ID": "ASC"})

    def products_of(self, section_id: str, start: int = 0) -> Operation[ProductPage]:
        """`catalog.product.list` with the section in the filter."""
        narrowed = {"q": "", "IBLOCK_SECTION_ID": as_sent(section_id), "ACTIVE": "Y"}
        select = (*_SELECT, "IBLOCK_SECTION_ID")
        params = {"filter": narrowed, "select": select, "order": {"NAME": "ASC"}, "start": start}
        read = partial(goods.of_section, key="list", section_id=section_id, start=start)
        return Operation({"list": Command("catalog.product.list", params)}, read)

    def cancel_order(self, order_id: str, reason: str) -> Operation[None]:
        """`sale.order.update` with `CANCELED`."""
        params = {"id": as_sent(order_id), "fields": {"CANCELED": "Y", "REASON_CANCELED": reason}}
        return Operation({"order": Command("sale.order.update", params)}, _done)

    def confirm_cash_payment(self, order: Order) -> Operation[None]:
        """`sale.payment.update` with `PAID` for each of `Order.cash_due`; ValueError when there is none."""
        if not order.cash_due:
            raise ValueError("there is no unpaid payment in cash")
        commands = {}
        for number, payment in enumerate(order.cash_due):
            fields = {"PAY_SYSTEM_ID": as_sent(payment.pay_system_id), "PAID": "Y"}
            params = {"id": as_sent(payment.id), "fields": fields}
            commands[f"pay{number}"] = Command("sale.payment.update", params)
        return Operation(commands, _done, weight=len(commands))

    def orders_changed_since(self, since: datetime, start: int = 0) -> Operation[OrderPage]:
        """`sale.order.list` by `DATE_UPDATE`. A naive moment is a ValueError."""
        if since.tzinfo is None:
            raise ValueError("the moment must be aware")
        since = since.astimezone(UTC).replace(microsecond=0)
        params = {
            "select": ["ID", "DATE_UPDATE", "USER_ID"],
            "filter": {">=DATE_UPDATE": since.isoformat()},
            "order": {"ID": "ASC"},
            "start": start,
        }
        return Operation({"list": Command("sale.order.list", params)}, partial(_page, since))

    def order_of_payment(self, payment_id: str) -> Operation[str]:
        """`sale.payment.get`."""
        return _order_of("payment", payment_id)

    def order_of_shipment(self, shipment_id: str) -> Operation[str]:
        """`sale.shipment.get`."""
        return _order_of("shipment", shipment_id)

    def returns_of(self, order_id: str) -> Operation[tuple[ReturnState, ...]]:
        """`app.rma.list`; of more than 50 returns of one order the oldest 50."""
        params = {"filter": {"ORDER_ID": as_sent(order_id)}, "order": {"ID": "ASC"}, "start": 0}
        read = partial(reading.rmas, key="list", order_id=order_id)
        return Operation({"list": Command("app.rma.list", params)}, read)

    def return_status(self, return_id: str) -> Operation[ReturnState]:
        """`app.rma.get`."""
        command = Command("app.rma.get", {"id": as_sent(return_id)})
        return Operation({"return": command}, partial(reading.rma, key="return", return_id=return_id))


def _done(answers: Mapping[str, Answer]) -> None:
    if not all(answer.result for answer in answers.values()):
        raise BadAnswer("the change was not made")


def _page(since: datetime, answers: Mapping[str, Answer]) -> OrderPage:
    """Read a page; refuse older rows, as a portal may drop filters it does not know."""
    answer = answers["list"]
    result = answer.result
    if isinstance(result, Mapping):
        if not has(result, "orders") and not has(result, "items"):
            raise BadAnswer("orders is missing")
        result = find(result, "orders", "items")
    orders = []
    for row in rows(result, "orders"):
        changed = moment(row, "DATE_UPDATE")
        if changed is None or changed < since:
            raise BadAnswer("DATE_UPDATE is older than asked")
        orders.append(ListedOrder(need_id(row, "ID"), text(row, "XML_ID"), changed))
    return OrderPage(tuple(orders), answer.next)


def _order_of(entity: str, entity_id: str) -> Operation[str]:
    command = Command(f"sale.{entity}.get", {"id": as_sent(entity_id)})
    return Operation({entity: command}, partial(_order_id, entity, entity_id))


def _order_id(entity: str, entity_id: str, answers: Mapping[str, Answer]) -> str:
    row = _record(answers[entity], entity)
    if need_id(row, "ID") != entity_id:
        raise BadAnswer(f"ID is another {entity}'s")
    return need_id(row, "ORDER_ID")


def _record(answer: Answer, wrapper: str) -> Row:
    result = need_row(answer.result, wrapper)
    inner = find(result, wrapper)
    return inner if isinstance(inner, Mapping) else result
