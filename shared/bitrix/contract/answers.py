"""How the answers of the spec's §2 become domain objects; either key casing (bitrix24 reference §11).

Every reader takes the operation's answers by key and raises `BadAnswer` (naming the field), `NotFound` or
`UnknownStatus`.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Any

from shared.bitrix.errors import BadAnswer, NotFound, UnknownStatus
from shared.bitrix.fields import (
    Row,
    clean_id,
    day,
    find,
    flag,
    has,
    moment,
    need_amount,
    need_currency,
    need_id,
    need_row,
    need_text,
    number,
    rows,
    text,
    web_address,
)
from shared.bitrix.model import (
    CreatedOrder,
    Found,
    Offer,
    Order,
    OrderLine,
    Payment,
    Product,
    ReturnState,
    Shipment,
    Stock,
)
from shared.bitrix.portal import Answer
from shared.status import Status

log = logging.getLogger(__name__)

Answers = Mapping[str, Answer]


def found(answers: Answers, key: str, start: int) -> Found:
    """Read a page of a search: `result.items[]` (or `products`), `total`, `next`."""
    answer = answers[key]
    products = tuple(_product(row) for row in _product_rows(answer))
    total = answer.total if answer.total is not None else start + len(products)
    return Found(products, total, answer.next)


def product(answers: Answers, key: str, product_id: str) -> Product:
    """Read one product out of a page; a portal that ignores the filter returns others too."""
    for row in _product_rows(answers[key]):
        if clean_id(find(row, "ID")) == product_id:
            return _product(row)
    raise NotFound("there is no such product")


def _product_rows(answer: Answer) -> Sequence[Row]:
    result = answer.result
    if isinstance(result, Mapping):
        if not has(result, "items") and not has(result, "products"):
            raise BadAnswer("items is missing")
        result = find(result, "items", "products")
    return rows(result, "items")


def _product(row: Row) -> Product:
    article = text(row, "SKU", "ARTICLE", "CODE")
    return Product(need_id(row, "ID"), need_text(row, "NAME"), article, _picture(find(row, "DETAIL_PICTURE")))


def _picture(value: object) -> str | None:
    """Return the address of a picture: a string, or an object that has one."""
    if isinstance(value, Mapping):
        value = find(value, "url", "src", "downloadUrl", "urlMachine")
    if not isinstance(value, str):
        return None
    from_root = value.startswith("/") and not value.startswith("//")
    return value if from_root else web_address(value)


def offers(answers: Answers, key: str, product_ids: Sequence[str]) -> dict[str, Offer]:
    """Read `result.result.sku_<id>`. A product without an answer or without a price is not for sale: left out."""
    result = need_row(answers[key].result, "result")
    if not has(result, "result"):
        raise BadAnswer("result.result is missing")
    by_sku = find(result, "result") or {}
    by_sku = need_row(by_sku, "result.result")
    known = ((product_id, by_sku.get(f"sku_{product_id}")) for product_id in product_ids)
    quoted = ((product_id, _offer(product_id, row)) for product_id, row in known if row)
    return {product_id: offer for product_id, offer in quoted if offer is not None}


def _offer(product_id: str, value: object) -> Offer | None:
    row = need_row(value, "sku")
    if has(row, "PRICE") and find(row, "PRICE") in (None, ""):
        return None
    price = need_amount(row, "PRICE")
    if not has(row, "STORE_AMOUNT"):
        raise BadAnswer("STORE_AMOUNT is missing")
    return Offer(product_id, price, need_currency(row), _stocks(find(row, "STORE_AMOUNT")))


def _stocks(value: object) -> tuple[Stock, ...]:
    """Read stock given as a list of stores, a map from store to amount, or numbers."""
    if value is None or value == "":
        return ()
    if isinstance(value, Mapping):
        if has(value, "AMOUNT"):
            return (_stock("", value),)
        return tuple(_stock(str(store), amount) for store, amount in value.items())
    if isinstance(value, list):
        return tuple(_stock("", amount) for amount in value)
    return (_stock("", value),)


def _stock(store: str, value: object) -> Stock:
    """Read one store's stock. Oversold stores are empty, they do not lessen what others hold."""
    if isinstance(value, Mapping):
        store = text(value, "STORE_NAME", "NAME", "STORE_ID") or store
        value = find(value, "AMOUNT")
    return Stock(store, max(Decimal(0), number(value, "AMOUNT")))


def listed_offers(answers: Answers, product_ids: Sequence[str]) -> dict[str, Offer]:
    """Join the lists of prices and of stock. A product without a price is left out, the first price counts."""
    prices = _by_product(answers, "price", ("prices", "items"), product_ids)
    stocks = _by_product(answers, "stock", ("storeProducts", "items"), product_ids)
    offers = {}
    for product_id, found in prices.items():
        stock = tuple(_stock("", row) for row in stocks.get(product_id, ()))
        offers[product_id] = Offer(product_id, need_amount(found[0], "PRICE"), need_currency(found[0]), stock)
    return offers


def _by_product(
    answers: Answers, kind: str, wrappers: Sequence[str], product_ids: Sequence[str]
) -> dict[str, list[Row]]:
    by_product: dict[str, list[Row]] = {}
    for row in _listed(answers, kind, wrappers):
        product_id = need_id(row, "PRODUCT_ID")
        if product_id not in product_ids:
            raise BadAnswer("PRODUCT_ID is another product's: the portal dropped the filter")
        by_product.setdefault(product_id, []).append(row)
    return by_product


def _listed(answers: Answers, kind: str, wrappers: Sequence[str]) -> Iterable[Row]:
    for answer in (answer for key, answer in answers.items() if key.startswith(kind)):
        result = answer.result
        if isinstance(result, Mapping):
            if not any(has(result, name) for name in wrappers):
                raise BadAnswer(f"{wrappers[0]} is missing")
            result = find(result, *wrappers)
        if answer.next is not None:
            raise BadAnswer(f"{wrappers[0]} does not fit on one page")
        yield from rows(result, wrappers[0])


def basket_ids(answers: Answers) -> list[str]:
    """Read the basket items' ids, in the order of the lines."""
    return [_made_id(answer.result, "basketItem", "BASKET_ITEM_ID") for answer in answers.values()]


def created(answers: Answers, key: str) -> CreatedOrder:
    """Read `ORDER_ID` and `result_data.payment_url`. An unusable link is dropped: the order exists all the same."""
    answer = answers[key]
    order_id = _made_id(answer.result, "order", "ORDER_ID")
    given = None
    for place in (answer.extra.get("result_data"), answer.result):
        if isinstance(place, Mapping):
            given = given or find(place, "payment_url")
    link = web_address(given)
    if given and link is None:
        log.error("the payment link of order %s is no http(s) address; dropped", order_id)
    return CreatedOrder(order_id, link)


def _made_id(result: object, wrapper: str, name: str) -> str:
    """Return the id of something just made: bare, `{"ORDER_ID": …}`, `{"id": …}` or `{"order": {"id": …}}`."""
    if isinstance(result, Mapping):
        inner = find(result, wrapper)
        return need_id(inner if isinstance(inner, Mapping) else result, name, "ID")
    return need_id({name: result}, name)


def registered(answers: Answers, key: str, order_id: str) -> ReturnState:
    """Read `RMA_ID` and `STATUS` of a return just made."""
    row = need_row(answers[key].result, "result")
    status = _status(need_text(row, "STATUS"), {})
    return ReturnState(need_id(row, "RMA_ID", "ID"), status, text(row, "REASON"), order_id)


def rma(answers: Answers, key: str, return_id: str) -> ReturnState:
    """Read a return. An answer about another one is a `BadAnswer`."""
    row = need_row(answers[key].result, "result")
    if need_id(row, "RMA_ID", "ID") != return_id:
        raise BadAnswer("RMA_ID is another return's")
    status = _status(need_text(row, "STATUS"), {})
    return ReturnState(return_id, status, text(row, "REASON", "REJECT_REASON"), clean_id(find(row, "ORDER_ID")) or "")


def order(answers: Answers, key: str, order_id: str, statuses: Mapping[str, Status]) -> Order:
    """Read an order. An answer about another order is a `BadAnswer`."""
    result = answers[key].result
    if not result:
        raise NotFound("there is no such order")
    row = need_row(result, "result")
    inner = find(row, "order")
    row = inner if isinstance(inner, Mapping) else row
    if need_id(row, "ID") != order_id:
        raise BadAnswer("ID is another order's")
    payments = tuple(_payment(item) for item in rows(find(row, "PAYMENT", "PAYMENTS"), "PAYMENT"))
    return Order(
        id=order_id,
        status=_status(need_text(row, "STATUS_ID"), statuses),
        total=need_amount(row, "PRICE"),
        currency=need_currency(row) if find(row, "CURRENCY") else "RUB",
        paid=_is_paid(row, payments),
        reason=text(row, "REASON_CANCELED"),
        created_at=moment(row, "DATE_INSERT"),
        lines=tuple(_line(item) for item in rows(find(row, "BASKET", "BASKET_ITEMS"), "BASKET")),
        payments=payments,
        shipments=tuple(_shipment(item) for item in rows(find(row, "SHIPMENT", "SHIPMENTS"), "SHIPMENT")),
    )


def _status(code: str, statuses: Mapping[str, Status]) -> Status:
    if code.casefold() in statuses:
        return statuses[code.casefold()]
    try:
        return Status(code.upper())
    except ValueError:
        error = UnknownStatus(code)
    log.error("an order has the unknown status %s; add it to BITRIX_STATUS_MAP", error.status)
    raise error


def _is_paid(row: Row, payments: Sequence[Payment]) -> bool:
    whole: Any = find(row, "PAYED")
    if whole is not None:
        return flag(whole, "PAYED")
    return bool(payments) and all(payment.paid for payment in payments)


def _payment(row: Row) -> Payment:
    paid = flag(find(row, "PAID") or "N", "PAID")
    return Payment(need_id(row, "ID"), need_id(row, "PAY_SYSTEM_ID"), need_amount(row, "SUM"), paid)


def _shipment(row: Row) -> Shipment:
    return Shipment(need_id(row, "ID"), text(row, "TRACKING_NUMBER"), day(row, "ETA"))


def _line(row: Row) -> OrderLine:
    quantity, price = need_amount(row, "QUANTITY"), need_amount(row, "PRICE")
    return OrderLine(need_id(row, "PRODUCT_ID"), text(row, "NAME"), quantity, price)
