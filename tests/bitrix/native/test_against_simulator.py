"""The client and the dialect `native` against the simulated portal, over real HTTP on a real socket."""

from __future__ import annotations

import uuid
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import httpx
import pytest

from infra.local.portal import Portal, PortalOptions, SystemClock, create_portal
from infra.local.portal.errors import RestError
from infra.local.portal.faults import FaultKind
from infra.local.portal.orders import OrderChange
from shared.bitrix import rights
from shared.bitrix.auth import WebhookAuth
from shared.bitrix.client import BitrixClient
from shared.bitrix.errors import BitrixError, NotFound, OutcomeUnknown, PartlyDone, Refused
from shared.bitrix.events import EventKind
from shared.bitrix.form_events import parse_form_event
from shared.bitrix.native import NativePortal, reference_data
from shared.bitrix.portal import Answer, Command, Operation
from shared.bitrix.rights import MethodAccess
from shared.domain.order_progress import OrderProgress
from shared.domain.orders import LineItem, NewOrder, Order, OrderRef, PaymentKind
from shared.domain.returns import NewReturn, Photo
from shared.status import Status
from tests.bitrix.native.speaking import native
from tests.support.door import LONGEST, Door
from tests.support.servers import serving

USER, KEY = "17", "s1mulat3dk3yval1"
LINES = (LineItem("1001", Decimal(2)), LineItem("1002", Decimal(1)), LineItem("1003", Decimal(3)))


def dialect(**settings: Any) -> NativePortal:
    usual: dict[str, Any] = {
        "pay_systems": {PaymentKind.PREPAID: "1", PaymentKind.CASH: "2"},
        "delivery_id": "3",
        "status_map": {"DV": Status.DELIVERED},
    }
    return native(**(usual | settings))


NATIVE = dialect()
SLOW = dialect(phases=True)


@dataclass
class Town:
    """A running portal and a client that knows its address."""

    portal: Portal
    client: BitrixClient
    events: list[httpx.Request] = field(default_factory=list)

    async def read(self, operation: Operation[Any]) -> Any:
        (found,) = await self.client.read([operation])
        if isinstance(found, BitrixError):
            raise found
        return found

    async def write(self, operation: Operation[Any]) -> Any:
        return await self.client.write(operation, str(uuid.uuid4()))

    async def order(self, order: NewOrder, portal: NativePortal = NATIVE) -> OrderProgress:
        """Make an order, looking it up whenever its fate is unknown."""
        progress = OrderProgress()
        for _ in range(12):
            try:
                progress = await self.write(portal.place_order(order, progress))
            except OutcomeUnknown:
                progress = await self.read(portal.look_up_order(order, progress))
            assert isinstance(progress, OrderProgress)
            if progress.done:
                return progress
        raise AssertionError(progress)

    async def set(self, what: str, state: dict[str, Any]) -> None:
        """Bring the portal into a state, by a control endpoint."""
        async with httpx.AsyncClient(transport=httpx.ASGITransport(self.portal.app), base_url="http://portal") as desk:
            (await desk.post(f"/_sim/{what}", json=state)).raise_for_status()

    def calls(self) -> list[str]:
        return [record.method for record in self.portal.rest.calls.since(None)]


@pytest.fixture
async def town() -> AsyncIterator[Town]:
    options = PortalOptions(
        dialect="native",
        webhook_user=USER,
        webhook_key=KEY,
        webhook_url="https://bot.example/webhook/bitrix",
        costs={},
        default_cost=0.0,
        silence=1.0,
    )
    events: list[httpx.Request] = []

    def receive(request: httpx.Request) -> httpx.Response:
        events.append(request)
        return httpx.Response(200)

    async with (
        Door() as door,
        httpx.AsyncClient(transport=door) as http,
        httpx.AsyncClient(transport=httpx.MockTransport(receive)) as webhooks,
    ):
        portal = create_portal(options, clock=SystemClock(), http=webhooks)
        door.leads_to(portal)
        async with serving(portal.app) as origin:
            base = f"{origin}/rest/{USER}/{KEY}/"
            client = BitrixClient(http, base, auth=WebhookAuth(), read_timeout=LONGEST, write_timeout=LONGEST)
            yield Town(portal, client, events)


def new_order(payment: PaymentKind = PaymentKind.PREPAID, lines: tuple[LineItem, ...] = LINES) -> NewOrder:
    comment = "домофон 5 $result[order][order][id] & 100%"
    return NewOrder(str(uuid.uuid4()), "501", lines, payment, "Тверь, ул. Советская, 10 & Ко", "+79990000000", comment)


def only_order(town: Town) -> Any:
    (order,) = town.portal.front.orders.all()
    return order


def check(town: Town, wanted: NewOrder, progress: OrderProgress) -> None:
    """The portal has one order, whole, nothing twice."""
    order = only_order(town)
    assert progress.order_id == order.id
    assert [(line.product_id, line.quantity) for line in order.lines] == [
        (line.product_id, line.quantity) for line in wanted.lines
    ]
    assert order.properties["ADDRESS"] == wanted.address
    assert order.properties["PHONE"] == wanted.phone
    kept = town.portal.native.ledger.get(int(order.id))
    assert kept is not None
    (shipment,) = kept.own_shipments
    assert sorted(item.basket_id for item in shipment.items) == sorted(line.id for line in kept.basket)
    (payment,) = kept.payments
    assert payment.amount == kept.price == progress.total


async def test_search_card_and_picture(town: Town) -> None:
    found = await town.read(NATIVE.search("подшипник стиральной"))
    assert [product.article for product in found.products] == ["SKF-6204-2RS", "SKF-6205-2RS"]
    by_article = await town.read(NATIVE.search("skf-6205-2rs"))
    assert [product.article for product in by_article.products] == ["SKF-6205-2RS"]
    assert (await town.read(NATIVE.search("щетки двигателя"))).total == 1
    assert (await town.read(NATIVE.search("двигателя щетки"))).total == 1
    assert (await town.read(NATIVE.search("нет такого"))).products == ()
    everything = await town.read(NATIVE.search("а"))
    assert (len(everything.products), everything.next) == (50, 50)
    assert (await town.read(NATIVE.search("а", 50))).total == everything.total
    product = await town.read(NATIVE.product("1001"))
    assert product.product.id == "1001"
    with pytest.raises(NotFound):
        await town.read(NATIVE.product("999999"))
    pictured = next(one for one in everything.products if one.picture)
    assert KEY not in pictured.picture
    assert (await town.client.picture(pictured.picture)).startswith((b"\xff\xd8", b"\x89PNG"))
    with pytest.raises(Refused):
        await town.client.picture(f"{pictured.picture}0")


async def test_the_catalogue_by_sections(town: Town) -> None:
    top, inside = await town.read(NATIVE.sections(None)), await town.read(NATIVE.sections("310"))
    assert [section.name for section in top.sections][-2:] == ["Запчасти для техники", "Защита и уборка"]
    assert [section.name for section in inside.path] == ["Расходные материалы", "Химия и краски"]
    assert [section.has_children for section in inside.sections] == [False, False]
    with pytest.raises(NotFound):
        await town.read(NATIVE.sections("319"))
    page = await town.read(NATIVE.products_of(inside.sections[0].id))
    assert 0 < len(page.products) == page.total
    assert (await town.read(NATIVE.products_of("303"))).products == ()


async def test_a_card_with_words_and_pictures(town: Town) -> None:
    details = await town.read(NATIVE.product("1001"))
    assert (details.section_id, len(details.pictures)) == ("302", 2)
    assert details.description.startswith("Шуруповёрт Makita DF333DWYE\n")
    pictures = [await town.client.picture(one) for one in (details.product.picture, *details.pictures)]
    assert all(picture.startswith(b"\xff\xd8") for picture in pictures)
    assert pictures[0] != pictures[1]
    bare = await town.read(NATIVE.product("1017"))
    assert (bare.product.picture, bare.pictures) == (None, ())


@pytest.mark.parametrize("settings", [{}, {"article_property": ""}])
async def test_a_pasted_list_of_articles(town: Town, settings: dict[str, str]) -> None:
    portal = dialect(**settings)
    found = await town.read(portal.by_articles(["DF333DWYE", "нет-такого", *(f"x{number}" for number in range(12))]))
    assert [product.id for product in found["DF333DWYE"]] == ["1001"]
    assert not any(products for article, products in found.items() if article != "DF333DWYE")
    assert len(town.portal.rest.calls.since(None)) == 1


async def test_a_quote(town: Town) -> None:
    ids = [str(number) for number in range(1001, 1021)]
    offers = await town.read(NATIVE.quote([*ids, "999999"]))
    assert offers.keys() == set(ids)
    for product_id, offer in offers.items():
        product = town.portal.shop.catalogue.get(product_id)
        assert product is not None
        assert (offer.price, offer.available) == (product.price, product.available)
        of_card = (await town.read(NATIVE.quote([product_id], by_store=True)))[product_id]
        assert (of_card.price, of_card.available) == (offer.price, offer.available)
        assert all(stock.store and not stock.store.startswith("№") for stock in of_card.stocks)


async def test_fifty_goods_in_sixty_stores_are_one_request(town: Town) -> None:
    await town.set("setup", {"stores": 60})
    ids = [str(number) for number in range(1001, 1051)]
    for product_id in ids:
        town.portal.shop.catalogue.known(product_id).stock.update(dict.fromkeys(map(str, range(1, 61)), 2))
    offers = await town.read(NATIVE.quote(ids))
    assert {offer.available for offer in offers.values()} == {Decimal(120)}
    assert len(offers) == 50
    of_card = (await town.read(dialect(stores=60).quote(["1001"], by_store=True)))["1001"]
    assert len({stock.store for stock in of_card.stocks}) == 60
    assert of_card.available == 120
    assert town.calls() == ["batch", "batch"]


METRES = {"measure": "м", "ratio": 0.5, "stock": {"1": 12.5}, "vat": 20, "vat_included": False}
TENFOLD = [{"from": 10 * n + 1, "to": 10 * n + 10, "price": 100 - n} for n in range(10)]


async def test_a_shop_with_all_at_once_is_one_request(town: Town) -> None:
    await town.set("setup", {"stores": 6})
    ids = [str(number) for number in range(1001, 1011)]
    for product_id in ids:
        await town.set(f"products/{product_id}", {**METRES, "ranges": TENFOLD})
    await town.set("products/1010", {"currency": "USD", "ranges": []})
    offers = await town.read(dialect(units=True, vat_on_top=True).quote(ids))
    assert town.calls() == ["batch"]
    assert {(offer.unit, offer.step, offer.foreign) for offer in offers.values()} == {
        ("м", Decimal("0.5"), False),
        ("м", Decimal("0.5"), True),
    }
    metres = offers["1001"]
    assert [metres.price_for(Decimal(quantity)) for quantity in ("1", "10", "10.5", "100")] == [
        Decimal(120),
        Decimal(120),
        None,
        Decimal("109.20"),
    ]
    assert metres.least == 1


@pytest.mark.parametrize("quantity", ["1", "12.5", "99"])
async def test_an_order_costs_what_the_quote_says(town: Town, quantity: str) -> None:
    await town.set("products/1001", {**METRES, "price": 33.35, "ranges": []})
    await town.set("products/1002", {"ranges": TENFOLD, "stock": {"1": 500}})
    offers = await town.read(dialect(units=True, vat_on_top=True).quote(["1001", "1002"]))
    for product_id in ("1001", "1002"):
        order = town.portal.native.ledger.add_order(3, "RUB", 501, "")
        product = town.portal.shop.catalogue.known(product_id)
        told = offers[product_id].price_for(Decimal(quantity))
        if told is None:
            with pytest.raises(RestError):
                town.portal.native.ledger.add_line(order, product, Decimal(quantity))
        else:
            assert town.portal.native.ledger.add_line(order, product, Decimal(quantity)).price == told


async def test_without_inventory_management_the_products_have_the_stock(town: Town) -> None:
    await town.set("setup", {"inventory": False})
    (there,) = (await town.read(NATIVE.quote(["1001"]))).values()
    card = (await town.read(dialect(inventory=False).quote(["1001"], by_store=True)))["1001"]
    assert there.available == card.available == town.portal.shop.catalogue.known("1001").available > 0


@pytest.mark.parametrize(
    "state", [{"active": False}, {"active_from": "2099-01-01T00:00:00Z"}, {"active_to": "2020-01-01T00:00:00Z"}]
)
async def test_what_is_not_sold_today_leaves_the_quote(town: Town, state: dict[str, Any]) -> None:
    await town.set("products/1001", state)
    assert (await town.read(NATIVE.quote(["1001", "1002"]))).keys() == {"1002"}


async def test_a_price_of_nought_is_on_request(town: Town) -> None:
    await town.set("products/1001", {"price": 0})
    assert (await town.read(NATIVE.quote(["1001"])))["1001"].on_request


async def test_quotes_of_two_kinds_of_price_in_one_request(town: Town) -> None:
    wanted = [NATIVE.quote(["1001"]), NATIVE.quote(["1001"], "4"), NATIVE.quote(["1001"], "2")]
    usual, wholesale, unknown = await town.client.read(wanted)
    assert isinstance(usual, dict)
    assert isinstance(wholesale, dict)
    assert (usual["1001"].price, wholesale["1001"].price, unknown) == (Decimal(7990), Decimal(7191), {})
    assert town.calls() == ["batch"]


@pytest.mark.parametrize("payment", list(PaymentKind))
@pytest.mark.parametrize("portal", [NATIVE, SLOW])
async def test_an_order(town: Town, portal: NativePortal, payment: PaymentKind) -> None:
    wanted = new_order(payment)
    progress = await town.order(wanted, portal)
    check(town, wanted, progress)
    assert progress.steps == (3 if portal is SLOW else 1)
    order = await town.read(portal.order(progress.order_id or ""))
    assert isinstance(order, Order)
    assert (order.status, order.total, order.key) == (Status.NEW, progress.total, wanted.key)
    assert order.payments[0].kind is payment
    assert [line.product_id for line in order.lines] == ["1001", "1002", "1003"]


async def test_orders_of_many_lines(town: Town) -> None:
    wanted = new_order(lines=tuple(LineItem(str(number), Decimal(1)) for number in range(1101, 1131)))
    progress = await town.order(wanted)
    check(town, wanted, progress)
    assert progress.steps == 2


@pytest.mark.parametrize("after", range(1, 12))
async def test_a_batch_that_dies_half_way(town: Town, after: int) -> None:
    town.portal.rest.faults.add(FaultKind.PARTIAL_BATCH, count=1, commands=after)
    wanted = new_order()
    check(town, wanted, await town.order(wanted))


@pytest.mark.parametrize(
    "kind", [FaultKind.SERVER_ERROR, FaultKind.DONE_THEN_5XX, FaultKind.TIMEOUT_BEFORE, FaultKind.TIMEOUT_AFTER]
)
async def test_an_answer_that_does_not_come(town: Town, kind: FaultKind) -> None:
    town.portal.rest.faults.add(kind, count=1)
    wanted = new_order()
    check(town, wanted, await town.order(wanted))


async def test_of_two_orders_the_second_is_canceled(town: Town) -> None:
    wanted = new_order()
    first = await town.order(wanted)
    second = await town.order(wanted)
    found = await town.read(NATIVE.look_up_order(wanted, second))
    assert (found.order_id, found.extra) == (first.order_id, (OrderRef(str(second.order_id)),))
    await town.write(NATIVE.cancel_order(second.order_id or "", "двойной заказ"))
    again = await town.read(NATIVE.look_up_order(wanted, OrderProgress()))
    assert (again.order_id, again.extra) == (first.order_id, ())
    canceled = await town.read(NATIVE.order(second.order_id or ""))
    assert (canceled.status, canceled.reason) == (Status.CANCELED, "двойной заказ")


async def test_a_look_up_that_finds_nothing(town: Town) -> None:
    await town.order(new_order())
    assert await town.read(NATIVE.look_up_order(new_order(), OrderProgress())) == OrderProgress(absent=True)


async def test_what_the_portal_refuses(town: Town) -> None:
    with pytest.raises(PartlyDone) as caught:
        await town.write(NATIVE.place_order(new_order(lines=(LineItem("999999", Decimal(1)),)), OrderProgress()))
    assert caught.value.done == ("order",)
    with pytest.raises(NotFound):
        await town.read(NATIVE.order("777777"))
    with pytest.raises(Refused):
        await town.write(dialect(person_type_id="0").place_order(new_order(), OrderProgress()))


async def test_the_way_of_an_order(town: Town) -> None:
    start = datetime.now(UTC)
    progress = await town.order(new_order())
    order_id = progress.order_id or ""
    linked = await town.read(NATIVE.order(order_id, link_of=progress.payment_id or ""))
    assert linked.payments[0].url
    town.portal.front.pay(only_order(town))
    paid = await town.read(NATIVE.order(order_id))
    assert (paid.status, paid.paid) == (Status.PAYED, True)
    change = OrderChange(status=Status.SHIPPED, tracking="RA123", eta=date(2026, 9, 3))
    town.portal.front.change_order(only_order(town), change)
    shipped = await town.read(NATIVE.order(order_id))
    assert shipped.status is Status.SHIPPED
    assert (shipped.shipments[0].tracking_number, shipped.shipments[0].eta) == ("RA123", date(2026, 9, 3))
    for status in (Status.DELIVERED, Status.FINISHED):
        town.portal.front.change_order(only_order(town), OrderChange(status=status))
        assert (await town.read(NATIVE.order(order_id))).status is status
    assert await town.read(NATIVE.order_of_payment(progress.payment_id or "")) == order_id
    assert await town.read(NATIVE.order_of_shipment(progress.shipment_id or "")) == order_id
    changed = await town.read(NATIVE.orders_changed_since(start))
    assert [listed.id for listed in changed.orders] == [order_id]
    assert (await town.read(NATIVE.orders_changed_since(start + timedelta(days=1)))).orders == ()


async def test_cash_is_confirmed(town: Town) -> None:
    progress = await town.order(new_order(PaymentKind.CASH))
    order = await town.read(NATIVE.order(progress.order_id or ""))
    await town.write(NATIVE.confirm_cash_payment(order))
    assert (await town.read(NATIVE.order(order.id))).paid


async def test_returns_and_photos(town: Town) -> None:
    order_id = (await town.order(new_order())).order_id or ""
    photo = await town.write(NATIVE.upload_photo("rma-1.jpg", b"\xff\xd8 photo"))
    twin = await town.write(NATIVE.upload_photo("rma-1.jpg", b"\xff\xd8 another"))
    assert isinstance(photo, Photo)
    assert photo.id != twin.id
    assert await town.read(NATIVE.look_up_photo("rma-1.jpg")) == photo
    assert await town.read(NATIVE.look_up_photo("rma-2.jpg")) is None
    assert KEY not in photo.link
    wanted = NewReturn(str(uuid.uuid4()), order_id, (LineItem("1001", Decimal(1)),), "брак", (photo, twin))
    assert await town.read(NATIVE.look_up_return(wanted)) is None
    made = await town.write(NATIVE.register_return(wanted))
    assert (made.status, made.order_id, made.extra) == (Status.RETURN_IN_PROGRESS, order_id, ())
    assert await town.read(NATIVE.look_up_return(wanted)) == made
    second = await town.write(NATIVE.register_return(wanted))
    assert (await town.read(NATIVE.look_up_return(wanted))).extra == (second.id,)
    (kept, _) = town.portal.front.returns.all()
    assert (kept.order_id, kept.items, kept.photos) == (order_id, {"1001": Decimal(1)}, [photo.id, twin.id])
    town.portal.native.change_return(kept, Status.RETURN_REJECTED, "следы удара")
    state = await town.read(NATIVE.return_status(made.id))
    assert (state.status, state.reason, state.order_id) == (Status.RETURN_REJECTED, "следы удара", order_id)
    await town.write(NATIVE.delete_photo(photo.id))
    with pytest.raises(NotFound):
        await town.write(NATIVE.delete_photo(photo.id))
    with pytest.raises(NotFound):
        await town.read(NATIVE.return_status("9999"))


async def test_events_are_understood(town: Town) -> None:
    native_options = town.portal.native.options.native
    progress = await town.order(new_order())
    wanted = NewReturn(str(uuid.uuid4()), progress.order_id or "", (LineItem("1001", Decimal(1)),), "брак")
    made = await town.write(NATIVE.register_return(wanted))
    (item,) = town.portal.front.returns.all()
    town.portal.native.change_return(item, Status.RETURN_COMPLETED, "")
    await town.portal.webhooks.settle()
    told = [
        parse_form_event(request.content, native_options.application_token, native_options.member_id, "1038")
        for request in town.events
    ]
    assert {event.order_id for event in told if event.kind is EventKind.ORDER} == {progress.order_id}
    assert {event.payment_id for event in told if event.kind is EventKind.PAYMENT} == {progress.payment_id}
    assert {event.shipment_id for event in told if event.kind is EventKind.SHIPMENT} >= {progress.shipment_id}
    assert {event.rma_id for event in told if event.kind is EventKind.RETURN} == {made.id}


async def test_what_the_portal_is_set_up_with(town: Town) -> None:
    assert {"sale", "catalog", "crm", "disk", "salescenter", "pay_system"} <= await town.read(rights.scopes())
    assert await town.read(rights.methods_answering(["sale.order.add", "sale.order.nonsense"])) == {
        "sale.order.add": MethodAccess.OPEN,
        "sale.order.nonsense": MethodAccess.MISSING,
    }
    statuses = {entry.id: entry.kind for entry in await town.read(reference_data.statuses())}
    assert statuses.items() >= {"N": "O", "F": "O", "DN": "D", "DV": "D"}.items()
    systems = {entry.id: entry.kind for entry in await town.read(reference_data.pay_systems())}
    assert systems == {"1": "A", "2": "Y"}
    assert [entry.id for entry in await town.read(reference_data.deliveries())] == ["3"]
    assert [entry.id for entry in await town.read(reference_data.person_types())] == ["3"]
    assert {entry.code for entry in await town.read(reference_data.properties("3"))} == {"ADDRESS", "PHONE", "ETA"}


async def test_an_order_is_one_request(town: Town) -> None:
    await town.order(new_order())
    assert town.calls() == ["batch"]


async def test_ten_goods_in_six_stores_are_one_quote(town: Town) -> None:
    await town.set("setup", {"stores": 6})
    goods = [str(number) for number in range(1001, 1011)]
    before = len(town.portal.rest.calls.since(None))
    offers = await town.read(NATIVE.quote(goods))
    assert offers.keys() == set(goods)
    assert offers["1001"].available == town.portal.shop.catalogue.known("1001").available
    assert "batch" in town.calls()[before:]
    assert town.calls()[before:].count("batch") == 1


@pytest.mark.parametrize("multiple", [False, True])
async def test_an_article_is_found_to_the_letter(town: Town, multiple: bool) -> None:
    await town.set("setup", {"multiple_article": multiple})
    await town.set("products/1001", {"articles": ["50%"]})
    await town.set("products/1002", {"articles": ["5012"]})
    await town.set("products/1003", {"articles": ["50_2", "AB-7"] if multiple else ["50_2"]})
    asked = ["50%", "5012", "50_2", *(["AB-7"] if multiple else [])]
    for article, product in zip(asked, ["1001", "1002", "1003", "1003"], strict=False):
        found = await town.read(NATIVE.search(article))
        assert [it.id for it in found.products] == [product], article
    several = await town.read(NATIVE.by_articles(asked))
    assert {article: [it.id for it in products] for article, products in several.items()} == dict(
        zip(asked, (["1001"], ["1002"], ["1003"], ["1003"]), strict=False)
    )


async def test_the_system_s_own_shipment_has_no_order(town: Town) -> None:
    progress = await town.order(new_order())
    read = await town.read(Operation({"get": Command("sale.order.get", {"id": progress.order_id})}, _raw))
    (system,) = [it["id"] for it in read["order"]["shipments"] if it["system"] == "Y"]
    assert await town.read(NATIVE.order_of_shipment(str(system))) is None


def _raw(answers: Mapping[str, Answer]) -> Any:
    return answers["get"].result
