"""The client and the dialect `contract` against the simulated portal, over real HTTP on a real socket."""

from __future__ import annotations

import asyncio
import socket
import uuid
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import httpx
import pytest

from infra.local.portal import Portal, PortalOptions, SystemClock, create_portal
from infra.local.portal.deliveries import Delivery
from infra.local.portal.faults import FaultKind
from shared.bitrix import rights
from shared.bitrix.auth import TokenAuth, WebhookAuth
from shared.bitrix.client import BitrixClient, CallReport
from shared.bitrix.contract import ContractPortal, ContractSettings
from shared.bitrix.errors import (
    AuthFailed,
    BadAnswer,
    BitrixError,
    MethodMissing,
    NotFound,
    NotSent,
    OutcomeUnknown,
    PartlyDone,
    PortalFailed,
    RateLimited,
    Refused,
    TokenExpired,
    Verdict,
)
from shared.bitrix.events import EventKind, parse_event, verify_signature
from shared.bitrix.portal import Command, Operation, OrderRequest
from shared.bitrix.rights import MethodAccess
from shared.domain.order_progress import OrderProgress
from shared.domain.orders import LineItem, NewOrder, PaymentKind
from shared.domain.returns import NewReturn, returnable
from shared.status import Status
from tests.support.door import LONGEST, Door
from tests.support.servers import serving

USER, KEY, TOKEN = "17", "s1mulat3dk3yval1", "g00d-token"
DIALECT = ContractPortal(
    ContractSettings(pay_systems={PaymentKind.PREPAID: "1", PaymentKind.CASH: "2"}, delivery_id="3")
)


@dataclass
class Town:
    """A running portal and clients that know its address."""

    portal: Portal
    origin: str
    http: httpx.AsyncClient
    client: BitrixClient
    reports: list[CallReport]

    async def read(self, *operations: Operation[Any], client: BitrixClient | None = None) -> list[Any]:
        return await (client or self.client).read(operations)

    def with_key(self, key: str) -> BitrixClient:
        return BitrixClient(self.http, f"{self.origin}/rest/{USER}/{key}/", auth=WebhookAuth())

    def with_token(self, token: str) -> BitrixClient:
        async def get_token() -> str:
            return token

        return BitrixClient(self.http, f"{self.origin}/rest/", auth=TokenAuth(get_token))

    def calls(self) -> list[str]:
        return [record.method for record in self.portal.rest.calls.since(None)]


@pytest.fixture
async def town() -> AsyncIterator[Town]:
    options = PortalOptions(
        webhook_user=USER,
        webhook_key=KEY,
        access_tokens=(TOKEN,),
        expired_tokens=("0ld-token",),
        costs={},
        default_cost=0.0,
        deliveries=(Delivery("3"),),
    )
    reports: list[CallReport] = []
    async with Door() as door, httpx.AsyncClient(transport=door) as http:
        portal = create_portal(options, clock=SystemClock(), http=http)
        door.leads_to(portal)
        async with serving(portal.app) as origin:
            base = f"{origin}/rest/{USER}/{KEY}/"
            client = BitrixClient(
                http, base, auth=WebhookAuth(), read_timeout=LONGEST, write_timeout=LONGEST, on_call=reports.append
            )
            yield Town(portal, origin, http, client, reports)


def key() -> str:
    return str(uuid.uuid4())


def new_order(*lines: tuple[str, int], payment: PaymentKind = PaymentKind.PREPAID) -> NewOrder:
    goods = [LineItem(product, Decimal(pieces)) for product, pieces in lines or (("1001", 1),)]
    return NewOrder(
        key(), USER, goods, payment, "Тверь, ул. Советская, 10 & Ко", "+79990000000", "домофон 5 $result[x]"
    )


def filling(order: NewOrder) -> OrderRequest:
    """Return the request that puts the goods into the empty basket."""
    return DIALECT.place_order(order, OrderProgress())


def ordering(order: NewOrder) -> OrderRequest:
    """Return the request that makes the order, taking the goods to lie in the basket."""
    return DIALECT.place_order(order, OrderProgress(in_basket=order.quantities))


async def place(client: BitrixClient, order: NewOrder) -> OrderProgress:
    """Send one request after the other until the order is complete."""
    progress = OrderProgress()
    while not progress.done:
        progress = await client.write(DIALECT.place_order(order, progress), key())
    return progress


async def search(town: Town, query: str, start: int = 0) -> Any:
    (found,) = await town.read(DIALECT.search(query, start))
    assert not isinstance(found, BitrixError), found
    return found


async def make_order(town: Town, payment: PaymentKind = PaymentKind.PREPAID) -> str:
    progress = await place(town.client, new_order(("1001", 2), ("1002", 1), payment=payment))
    return progress.order_id or ""


async def test_a_search_pages_through_the_catalogue(town: Town) -> None:
    found = await search(town, "шуруповёрт")
    assert 0 < len(found.products) <= 50
    assert found.total >= len(found.products)
    assert all(product.id and product.name and product.article for product in found.products)
    assert (await search(town, "нет такого товара")).products == ()


async def test_prices_and_stock_of_a_page_in_one_request(town: Town) -> None:
    products = (await search(town, "шуруповёрт")).products[:5]
    (offers,) = await town.read(DIALECT.quote([*(product.id for product in products), "999999"]))
    assert set(offers) == {product.id for product in products}
    for offer in offers.values():
        assert offer.price > 0
        assert offer.currency == "RUB"
        assert len(offer.stocks) == 3
    assert town.calls() == ["catalog.product.list", "crm.product.batch"]


async def test_reads_of_many_masters_are_one_request(town: Town) -> None:
    order_id = await make_order(town)
    before = len(town.calls())
    answers = await town.read(
        DIALECT.search("дрель"),
        DIALECT.quote(["1001", "1002"]),
        DIALECT.order(order_id),
        DIALECT.order("999999"),
        DIALECT.product("1001"),
        DIALECT.product("999999"),
    )
    assert town.calls()[before:] == ["batch"]
    found, offers, order, no_order, product, no_product = answers
    assert found.products
    assert set(offers) == {"1001", "1002"}
    assert order.id == order_id
    assert isinstance(no_order, NotFound)
    assert product.product.id == "1001"
    assert isinstance(no_product, NotFound)
    assert len(town.reports[-1].methods) == 6


async def test_an_order_by_link_from_basket_to_delivery(town: Town) -> None:
    created = await place(town.client, new_order(("1001", 2)))
    assert created.steps == len(town.calls()) == 2
    order_id = created.order_id or ""
    assert created.payment_url
    assert created.payment_url.startswith(town.origin)
    (order,) = await town.read(DIALECT.order(order_id))
    (offers,) = await town.read(DIALECT.quote(["1001"]))
    assert (order.status, order.paid, order.currency) == (Status.NEW, False, "RUB")
    assert order.total == offers["1001"].price * 2 == order.payments[0].total
    assert [(line.product_id, line.quantity) for line in order.lines] == [("1001", Decimal(2))]
    assert order.created_at is not None
    kept = town.portal.shop.orders.get(order_id)
    assert kept is not None
    assert kept.properties == {
        "ADDRESS": "Тверь, ул. Советская, 10 & Ко",
        "PHONE": "+79990000000",
        "COMMENT": "домофон 5 $result[x]",
    }
    await town.http.post(
        f"{town.origin}/_sim/orders/{order_id}", json={"status": "SHIPPED", "tracking": "RR1", "eta": "2026-12-05"}
    )
    (order,) = await town.read(DIALECT.order(order_id))
    assert order.status is Status.SHIPPED
    assert (order.shipments[0].tracking_number, order.shipments[0].eta) == ("RR1", date(2026, 12, 5))


async def test_an_order_in_cash_has_no_link_and_the_same_key_makes_one_order(town: Town) -> None:
    order = new_order(payment=PaymentKind.CASH)
    await town.client.write(filling(order), key())
    operation, same = ordering(order), key()
    first = await town.client.write(operation, same)
    second = await town.client.write(operation, same)
    assert first.order_id == second.order_id
    assert first.payment_url is None
    assert len(town.portal.shop.orders.all()) == 1


async def test_a_canceled_order_tells_its_reason(town: Town) -> None:
    order_id = await make_order(town)
    await town.http.post(
        f"{town.origin}/_sim/orders/{order_id}", json={"status": "CANCELED", "reason": "нет на складе"}
    )
    (order,) = await town.read(DIALECT.order(order_id))
    assert (order.status, order.reason) == (Status.CANCELED, "нет на складе")


async def test_what_track_shows(town: Town) -> None:
    order_id = await make_order(town)
    (order,) = await town.read(DIALECT.order(order_id))
    assert (order.address, order.comment) == ("Тверь, ул. Советская, 10 & Ко", "домофон 5 $result[x]")
    assert order.stores == ("Склад на Советской",)
    assert (order.shipments[0].delivery, order.handed_over, order.has_money) == ("Курьер", False, False)
    await town.http.post(f"{town.origin}/_sim/orders/{order_id}", json={"status": "SHIPPED", "paid": True})
    (order,) = await town.read(DIALECT.order(order_id))
    assert (order.stores, order.handed_over, order.has_money) == ((), True, True)


async def test_an_order_is_canceled_until_it_is_paid(town: Town) -> None:
    first, second = await make_order(town), await make_order(town)
    await town.client.write(DIALECT.cancel_order(first, "передумал"), key())
    await town.client.write(DIALECT.cancel_order(first, "передумал"), key())
    (order,) = await town.read(DIALECT.order(first))
    assert (order.status, order.reason) == (Status.CANCELED, "передумал")
    await town.http.post(f"{town.origin}/_sim/orders/{second}", json={"paid": True})
    with pytest.raises(Refused) as caught:
        await town.client.write(DIALECT.cancel_order(second, "передумал"), key())
    assert caught.value.code == "too_late_to_cancel"


async def test_cash_is_confirmed(town: Town) -> None:
    order_id = await make_order(town, PaymentKind.CASH)
    await town.http.post(f"{town.origin}/_sim/orders/{order_id}", json={"status": "DELIVERED"})
    (order,) = await town.read(DIALECT.order(order_id))
    await town.client.write(DIALECT.confirm_cash_payment(order), key())
    (order,) = await town.read(DIALECT.order(order_id))
    assert (order.status, order.paid, order.cash_due) == (Status.DELIVERED, True, [])


async def test_lists_and_parts_of_orders(town: Town) -> None:
    order_id = await make_order(town)
    since = datetime.now(UTC) - timedelta(hours=1)
    changed, later, payment, shipment = await town.read(
        DIALECT.orders_changed_since(since),
        DIALECT.orders_changed_since(since + timedelta(hours=2)),
        DIALECT.order_of_payment(order_id),
        DIALECT.order_of_shipment(order_id),
    )
    assert [order.id for order in changed.orders] == [order_id]
    assert later.orders == ()
    assert (payment, shipment) == (order_id, order_id)
    absent = await town.read(DIALECT.order("9"), DIALECT.order_of_payment("9"), DIALECT.order_of_shipment("9"))
    assert [error.code for error in absent] == ["not_found"] * 3


async def test_what_the_proxy_can_do(town: Town) -> None:
    scopes, methods = await town.read(rights.scopes(), rights.methods_available(["app.rma.list", "app.none"]))
    assert "sale" in scopes
    assert methods == {"app.rma.list": MethodAccess.OPEN, "app.none": MethodAccess.MISSING}


async def test_returns_and_what_is_left(town: Town) -> None:
    order_id = await make_order(town)
    wanted = NewReturn(key(), order_id, (LineItem("1001", Decimal(1)),), "не подошёл")
    made = await town.client.write(DIALECT.register_return(wanted), key())
    order, returns, stands, absent = await town.read(
        DIALECT.order(order_id),
        DIALECT.returns_of(order_id),
        DIALECT.return_status(made.id),
        DIALECT.return_status("9"),
    )
    assert returnable(order, returns) == {"1001": 1, "1002": 1}
    assert stands == returns[0]
    assert absent.code == "not_found"
    moved = {"status": "RETURN_REJECTED", "reason": "следы удара"}
    await town.http.post(f"{town.origin}/_sim/returns/{made.id}", json=moved)
    (stands,) = await town.read(DIALECT.return_status(made.id))
    assert (stands.status, stands.reason, stands.order_id) == (Status.RETURN_REJECTED, "следы удара", order_id)


async def test_a_picture_of_the_portal(town: Town) -> None:
    products = (await search(town, "дрель")).products
    address = next(product.picture for product in products if product.picture)
    assert (await town.client.picture(address)).startswith(b"\xff\xd8")
    assert await town.client.picture(address.removeprefix(town.origin))
    with pytest.raises(NotFound):
        await town.client.picture("/upload/999999.jpg")


async def test_the_catalogue_by_sections(town: Town) -> None:
    top, inside, absent = await town.read(DIALECT.sections(None), DIALECT.sections("301"), DIALECT.sections("318"))
    assert [section.name for section in top.sections][:2] == ["Электроинструмент", "Оснастка"]
    assert (top.complete, top.sections[0].has_children, inside.path) == (True, True, (top.sections[0],))
    assert [section.parent for section in inside.sections] == ["301"]
    assert isinstance(absent, NotFound)
    first, empty = await town.read(DIALECT.products_of("301"), DIALECT.products_of("303"))
    names = [product.name.casefold().replace("ё", "е") for product in first.products]
    assert names == sorted(names)
    assert (len(names), empty.products) == (first.total, ())


async def test_a_card_with_words_and_pictures(town: Town) -> None:
    (details,) = await town.read(DIALECT.product("1001"))
    assert (details.section_id, len(details.pictures)) == ("302", 2)
    assert details.description.startswith("Шуруповёрт Makita DF333DWYE\n")
    pictures = [await town.client.picture(one) for one in (details.product.picture, *details.pictures)]
    assert all(picture.startswith(b"\xff\xd8") for picture in pictures)
    assert pictures[0] != pictures[1]


async def test_a_pasted_list_of_articles(town: Town) -> None:
    (found,) = await town.read(DIALECT.by_articles(["skf-6205-2rs", "DF333DWYE", "нет-такого"]))
    assert [[product.article for product in products] for products in found.values()] == [
        ["SKF-6205-2RS"],
        ["DF333DWYE"],
        [],
    ]
    assert len(town.portal.rest.calls.since(None)) == 1
    assert (await search(town, "4329")).products[0].article == "4329"


async def test_a_wrong_line_leaves_the_write_partly_done(town: Town) -> None:
    lines = (("1001", 1), ("999999", 1))
    with pytest.raises(PartlyDone) as caught:
        await town.client.write(filling(new_order(*lines)), key())
    assert isinstance(caught.value.cause, Refused)
    assert caught.value.done == ("item0",)
    with pytest.raises(Refused) as refused:
        await town.client.write(filling(new_order(*lines[::-1])), key())
    assert refused.value.verdict is Verdict.REFUSED


async def test_an_empty_basket_is_refused(town: Town) -> None:
    with pytest.raises(Refused) as caught:
        await town.client.write(ordering(new_order()), key())
    assert caught.value.verdict is Verdict.REFUSED
    assert "Советская" not in str(caught.value)


async def test_a_method_the_portal_lacks(town: Town) -> None:
    missing = Operation({"one": Command("no.such.method", {})}, lambda answers: answers["one"].result)
    (alone,) = await town.read(missing)
    good, bad = await town.read(DIALECT.product("1001"), missing)
    assert isinstance(alone, MethodMissing)
    assert good.product.id == "1001"
    assert isinstance(bad, MethodMissing)


async def test_credentials(town: Town) -> None:
    operation = DIALECT.product("1001")
    (wrong,) = await town.read(operation, client=town.with_key("wr0ngk3yvalue123"))
    assert isinstance(wrong, AuthFailed)
    (good,) = await town.read(operation, client=town.with_token(TOKEN))
    assert good.product.id == "1001"
    (old,) = await town.read(operation, client=town.with_token("0ld-token"))
    assert isinstance(old, TokenExpired)
    (order,) = await town.read(DIALECT.order("999999"), client=town.with_token(TOKEN))
    assert isinstance(order, NotFound)


@pytest.mark.parametrize(
    ("kind", "read", "write"),
    [
        (FaultKind.SERVER_ERROR, PortalFailed, OutcomeUnknown),
        (FaultKind.HTML_502, PortalFailed, OutcomeUnknown),
        (FaultKind.RATE_LIMIT, RateLimited, RateLimited),
        (FaultKind.EXPIRED_TOKEN, TokenExpired, TokenExpired),
    ],
)
async def test_faults(town: Town, kind: FaultKind, read: type[BitrixError], write: type[BitrixError]) -> None:
    town.portal.rest.faults.add(kind, count=2)
    (error,) = await town.read(DIALECT.product("1001"))
    assert type(error) is read
    with pytest.raises(BitrixError) as caught:
        await town.client.write(filling(new_order()), key())
    assert type(caught.value) is write
    (product,) = await town.read(DIALECT.product("1001"))
    assert product.product.id == "1001"


@pytest.mark.parametrize(("kind", "done"), [(FaultKind.TIMEOUT_BEFORE, 0), (FaultKind.TIMEOUT_AFTER, 1)])
async def test_a_write_without_an_answer_is_unknown_either_way(town: Town, kind: FaultKind, done: int) -> None:
    await town.client.write(filling(new_order()), key())
    town.portal.rest.faults.add(kind, count=1, method="sale.order.add")
    operation, same = ordering(new_order()), key()
    with pytest.raises(OutcomeUnknown):
        await town.client.write(operation, same)
    assert len(town.portal.shop.orders.all()) == done
    created = await town.client.write(operation, same)
    assert [order.id for order in town.portal.shop.orders.all()] == [created.order_id]


async def test_a_portal_that_is_not_there(town: Town) -> None:
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        nowhere = f"http://127.0.0.1:{closed.getsockname()[1]}/rest/"
        client = BitrixClient(town.http, nowhere, auth=WebhookAuth())
        (error,) = await client.read([DIALECT.product("1001")])
        assert isinstance(error, NotSent)
        with pytest.raises(NotSent):
            await client.write(ordering(new_order()), key())


async def test_events_of_the_portal_are_verified_and_understood() -> None:
    heard: list[tuple[bytes, str | None]] = []
    arrived = asyncio.Event()

    def bot(request: httpx.Request) -> httpx.Response:
        heard.append((request.content, request.headers.get("X-Webhook-Signature")))
        arrived.set()
        return httpx.Response(200)

    options = PortalOptions(webhook_url="https://bot.example/webhook/bitrix", webhook_secret="s1gn", default_cost=0)
    async with httpx.AsyncClient(transport=httpx.MockTransport(bot)) as deliveries, httpx.AsyncClient() as http:
        portal = create_portal(options, clock=SystemClock(), http=deliveries)
        async with serving(portal.app) as origin:
            base = f"{origin}/rest/{options.webhook_user}/{options.webhook_key}/"
            client = BitrixClient(http, base, auth=WebhookAuth())
            created = await place(client, new_order())
            heard.clear()
            arrived.clear()
            await http.post(f"{origin}/_sim/orders/{created.order_id}", json={"status": "PAYED"})
            await arrived.wait()
    assert heard
    for raw, signature in heard:
        assert verify_signature(raw, signature, "s1gn")
        event = parse_event(raw)
        assert (event.kind, event.order_id) == (EventKind.ORDER, created.order_id)
        assert not event.event_id.startswith("sha256-")


async def test_an_answer_in_a_foreign_shape(town: Town) -> None:
    """`sale.order.get` answers an order, which makes no sense as a page of products."""
    order_id = await make_order(town)
    command = Command("sale.order.get", {"id": order_id}, verb="GET")
    (error,) = await town.read(Operation({"list": command}, DIALECT.search("x").read))
    assert isinstance(error, BadAnswer)
