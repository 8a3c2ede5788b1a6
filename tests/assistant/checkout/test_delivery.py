"""The choice of a delivery service: asked in the request for prices, kept with the confirmation and its master."""

from __future__ import annotations

from decimal import Decimal

import pytest

from shared.assistant.checkout.buttons import EditDelivery, EditSlot, FetchMyself, UseDelivery, UseSlot
from shared.assistant.checkout.pickup import PICKUP_POINTS
from shared.assistant.navigation import StartCheckout
from shared.bitrix.encoding import MOST_COMMANDS
from shared.bitrix.errors import AccessDenied
from shared.domain import carts, checkouts, masters, order_records
from shared.domain.deliveries import DeliverySlot, PickupPoint, StockedPoint
from shared.domain.text import utf16_length
from shared.pipeline.jobs import Job
from shared.telegram.formatting import strip_markup
from tests.assistant.checkout.steps import CREATED, DEARER, asked
from tests.assistant.samples import ADDRESS, CART, OFFERS, OTHER_POINT, PICKUP, POINT, SERVICES, USER
from tests.assistant.stage import Seen
from tests.assistant.stage import Stage as Theatre
from tests.bitrix.native.speaking import heard, native


@pytest.fixture
async def shop() -> Theatre:
    stage = Theatre(native(services=SERVICES))
    await stage.join()
    await stage.save(carts.key(USER), lambda unit: carts.save(unit, USER, CART))
    return stage


async def shown(shop: Theatre, services: object = SERVICES) -> tuple[Job, Seen]:
    job = await asked(shop)
    return job, await shop.answer(job, [OFFERS, services])


async def test_the_usual_service_is_proposed_with_its_price(shop: Theatre) -> None:
    job, seen = await shown(shop)
    assert "🚚 Курьер · 1–2 дня" in seen.screen.text
    assert "Доставка: 350\u00a0₽\nИтого: <b>8\u00a0790\u00a0₽</b>" in seen.screen.text
    commands = shop.kinds["confirm"].plan(job).commands
    assert "sale.delivery.getlist" in [command.method for command in commands.values()]


async def test_another_one_is_chosen_in_place_and_asks_the_portal_nothing(shop: Theatre) -> None:
    _job, seen = await shown(shop)
    choice = await shop.tap(seen.screen.data("🚚 Доставка"))
    assert choice.screen.labels == [
        "🚚 Курьер · 350\u00a0₽ ✓",
        "🚚 Почта <России>",
        "🚚 Курьер к соседям · бесплатно",
    ]
    changed = await shop.tap(choice.screen.data("🚚 Почта"))
    assert "Стоимость доставки покажем до оплаты." in changed.screen.text
    assert "Итого: <b>8\u00a0440\u00a0₽</b>" in changed.screen.text
    assert (choice.jobs, changed.jobs) == ([], [])
    wanted = (await shop.tap(changed.screen.data("✅ Заказать"))).job
    assert wanted.payload["delivery"] == "7"


@pytest.mark.parametrize(
    ("services", "proposed", "buttons"),
    [
        (SERVICES[1:], "Почта &lt;России&gt;", True),
        (SERVICES[2:], "Курьер к соседям", False),
        (AccessDenied("no administrator"), "Курьер · 1–2 дня", True),
    ],
)
async def test_what_the_portal_does_not_have_now_is_not_offered(
    shop: Theatre, services: object, proposed: str, buttons: bool
) -> None:
    _job, seen = await shown(shop, services)
    assert f"🚚 {proposed}" in seen.screen.text
    assert ("🚚 Доставка" in seen.screen.labels) is buttons


async def test_none_of_them_is_active_so_the_order_goes_the_usual_way(shop: Theatre) -> None:
    job, seen = await shown(shop, ())
    assert "🚚" not in seen.screen.text
    await shop.tap(seen.screen.data("✅ Заказать"))
    checkout = await checkouts.load(shop.unit(), job.id)
    assert checkout is not None
    assert checkout.service is None


@pytest.mark.parametrize("button", [EditDelivery(checkout="gone"), UseDelivery(checkout="gone", service="3")])
async def test_a_choice_for_a_confirmation_that_is_gone_is_too_late(shop: Theatre, button: EditDelivery) -> None:
    assert "уже не изменить" in (await shop.tap(button)).screen.text


@pytest.fixture
async def shop_with_stores() -> Theatre:
    stage = Theatre(native(services=(*SERVICES, PICKUP)))
    await stage.join()
    await stage.save(carts.key(USER), lambda unit: carts.save(unit, USER, CART))
    return stage


async def stores_shown(shop: Theatre) -> tuple[Job, Seen]:
    _job, seen = await shown(shop, (*SERVICES, PICKUP))
    choice = await shop.tap(seen.screen.data("🚚 Доставка"))
    job = (await shop.tap(choice.screen.data("🏬 Самовывоз"))).job
    return job, await shop.answer(job, [StockedPoint(OTHER_POINT, {}), StockedPoint(POINT, {"7": Decimal(5)})])


async def test_the_store_that_has_most_of_it_comes_first(shop_with_stores: Theatre) -> None:
    job, seen = await stores_shown(shop_with_stores)
    methods = [command.method for command in shop_with_stores.kinds[job.kind].plan(job).commands.values()]
    assert set(methods) == {"catalog.store.list", "catalog.storeproduct.list"}
    assert seen.screen.labels == ["1. Склад <1>", "🗺 На карте", "2. Магазин на Вагжанова", "‹ Назад"]
    assert "сейчас есть 1 из 2\u00a0товаров" in seen.screen.text


async def test_ten_stores_of_which_much_is_written_fit_into_one_message(shop_with_stores: Theatre) -> None:
    _job, confirmation = await shown(shop_with_stores, (*SERVICES, PICKUP))
    choice = await shop_with_stores.tap(confirmation.screen.data("🚚 Доставка"))
    job = (await shop_with_stores.tap(choice.screen.data("🏬 Самовывоз"))).job
    stores = [
        StockedPoint(PickupPoint(str(number), "<я>" * 25, "<я>" * 80, "<я>" * 80, POINT.place), {"7": Decimal(5)})
        for number in range(10)
    ]
    seen = await shop_with_stores.answer(job, stores)
    assert utf16_length(strip_markup(seen.screen.text)) <= 4096
    assert len(seen.screen.buttons) == 21


async def test_the_store_goes_with_the_order_and_is_remembered(shop_with_stores: Theatre) -> None:
    shop = shop_with_stores
    _job, seen = await stores_shown(shop)
    chosen = await shop.tap(seen.screen.data("1. Склад"))
    wanted = (await shop.tap(chosen.screen.data("✅ Заказать"))).job
    assert (wanted.payload["delivery"], wanted.payload["address"]) == (
        "5",
        "Самовывоз: Склад <1>, Тверь, ул. Советская, 12",
    )
    placing = (await shop.answer(wanted, OFFERS)).job
    await shop.answer(placing, CREATED)
    master = await masters.load(shop.unit(), USER)
    assert master is not None
    assert (master.delivery, master.pickup, master.addresses) == ("5", POINT, (ADDRESS,))
    order = await order_records.load(shop.unit(), "5121")
    assert order is not None
    assert order.pickup == POINT


async def test_a_store_of_a_confirmation_that_is_gone_is_too_late(shop_with_stores: Theatre) -> None:
    shop = shop_with_stores
    job, seen = await stores_shown(shop)
    await shop.tap(seen.screen.data("1. Склад"))
    assert "уже не изменить" in (await shop.tap(seen.screen.data("1. Склад"))).screen.text
    assert job.kind == PICKUP_POINTS


BOTH_WAYS = (*SERVICES, PICKUP)


async def fetched_by_a_stranger(shop: Theatre, services: object = BOTH_WAYS) -> Seen:
    """What somebody without an address sees who wants to fetch what is in his cart."""
    asked_where = await shop.tap(StartCheckout())
    assert asked_where.screen.labels == ["🏬 Заберу сам", "Отмена"]
    paying = await shop.tap(asked_where.screen.data("🏬 Заберу сам"))
    assert paying.screen.text == "🏬 Заберёте сами. Где — покажем на следующем шаге.\n\nКак оплатите?"
    job = (await shop.tap(paying.screen.data("💵 Наличными"))).job
    return await shop.answer(job, [OFFERS, services])


async def test_who_fetches_needs_no_address(shop_with_stores: Theatre) -> None:
    shop = shop_with_stores
    seen = await fetched_by_a_stranger(shop)
    assert (seen.screens, seen.job.kind) == ([], PICKUP_POINTS)
    stores = await shop.answer(seen.job, [StockedPoint(OTHER_POINT, {}), StockedPoint(POINT, {"7": Decimal(5)})])
    chosen = await shop.tap(stores.screen.data("1. Склад"))
    assert "🏬 Самовывоз\n📍 Склад" in chosen.screen.text
    wanted = (await shop.tap(chosen.screen.data("✅ Заказать"))).job
    assert wanted.payload["address"] == "Самовывоз: Склад <1>, Тверь, ул. Советская, 12"
    await shop.answer((await shop.answer(wanted, OFFERS)).job, CREATED)
    master = await masters.load(shop.unit(), USER)
    assert master is not None
    assert (master.pickup, master.addresses) == (POINT, ())
    await shop.save(carts.key(USER), lambda unit: carts.save(unit, USER, CART))
    again = await shop.answer((await shop.tap(StartCheckout())).job, [OFFERS, BOTH_WAYS])
    assert again.screen.labels[0] == "✅ Заказать", "who has fetched before is asked nothing"


async def test_the_only_store_is_not_asked_for(shop_with_stores: Theatre) -> None:
    seen = await fetched_by_a_stranger(shop_with_stores)
    shown = await shop_with_stores.answer(seen.job, [StockedPoint(POINT, {"7": Decimal(1), "8": Decimal(10)})])
    assert shown.screen.labels[:2] == ["✅ Заказать", "🏬 Другой пункт"]


async def test_what_has_changed_stands_above_the_stores(shop_with_stores: Theatre) -> None:
    shop = shop_with_stores
    asked_where = await shop.tap(StartCheckout())
    paying = await shop.tap(asked_where.screen.data("🏬 Заберу сам"))
    job = (await shop.tap(paying.screen.data("💵 Наличными"))).job
    seen = await shop.answer(job, [DEARER, BOTH_WAYS])
    stores = await shop.answer(seen.job, [StockedPoint(OTHER_POINT, {})])
    assert stores.screen.text.startswith("Пока вы оформляли, изменилась цена")


async def test_where_nothing_can_be_fetched_an_address_is_wanted_before_the_order(shop_with_stores: Theatre) -> None:
    shop = shop_with_stores
    nowhere = await shop.answer((await fetched_by_a_stranger(shop)).job, [])
    choice = await shop.tap(nowhere.screen.data("‹ Назад"))
    courier = await shop.tap(choice.screen.data("🚚 Курьер"))
    assert "📍 Адрес пока не указан." in courier.screen.text
    assert courier.screen.labels[:2] == ["📍 Указать адрес", "💳 Платить по ссылке"]
    forged = await shop.tap(courier.screen.data("Отмена").replace("n1", "z1"))
    assert (forged.toasts, forged.jobs) == (["Сначала укажите адрес или выберите пункт выдачи."], [])
    await shop.tap(courier.screen.data("📍 Указать адрес"))
    assert (await shop.write(ADDRESS)).screen.labels[0] == "✅ Заказать"


async def test_a_pick_up_that_was_switched_off_meanwhile_is_told(shop_with_stores: Theatre) -> None:
    seen = await fetched_by_a_stranger(shop_with_stores, SERVICES)
    told = next(screen for screen in seen.screens if "Проверьте заказ" in screen.text)
    assert told.text.startswith("Забрать заказ самому сейчас нельзя")
    assert told.labels[0] == "📍 Указать адрес"


async def test_a_store_is_wanted_where_nobody_brings(shop_with_stores: Theatre) -> None:
    _job, seen = await shown(shop_with_stores, (PICKUP,))
    assert "📍 Пункт выдачи пока не выбран." in seen.screen.text
    job = (await shop_with_stores.tap(seen.screen.data("🏬 Выбрать пункт"))).job
    assert job.kind == PICKUP_POINTS


async def test_without_a_pick_up_nothing_is_offered(shop: Theatre) -> None:
    assert (await shop.tap(StartCheckout())).screen.labels == ["Отмена"]
    seen = await shop.tap(FetchMyself())
    assert seen.toasts == ["Эта кнопка устарела. Вот свежий экран."]


async def test_a_pick_up_is_proposed_only_to_who_has_a_store(shop_with_stores: Theatre) -> None:
    _job, seen = await shown(shop_with_stores, (PICKUP, SERVICES[0]))
    assert "🚚 Курьер" in seen.screen.text


STORES = {
    "stores": [
        {
            "id": 1,
            "title": "Склад <1>",
            "address": " Тверь, ул. Советская, 12",
            "schedule": "пн–пт 9–18",
            "gpsN": Decimal("56.8587"),
            "gpsS": "35.9176",
            "issuingCenter": "Y",
        },
        {"id": 2, "title": "Только хранение", "address": "Тверь", "issuingCenter": "N"},
    ]
}
STOCK = {
    "storeProducts": [
        {"id": 11, "productId": 7, "storeId": 1, "amount": 5, "quantityReserved": 2},
        {"id": 12, "productId": 7, "storeId": 2, "amount": 9, "quantityReserved": None},
    ]
}


def test_the_portal_tells_where_goods_are_handed_out_and_what_is_there() -> None:
    read = native(services=(*SERVICES, PICKUP)).pickup_points(["7", "8"])
    assert read is not None
    assert heard(read, STORES, STOCK) == [StockedPoint(POINT, {"7": Decimal(3)})]


def test_where_no_store_hands_out_all_with_an_address_are_told_and_nothing_is_counted() -> None:
    read = native(services=(*SERVICES, PICKUP), inventory=False).pickup_points(["7"])
    assert read is not None
    rows = {
        "stores": [
            {"id": 2, "title": "", "address": "Тверь", "gpsN": "north", "gpsS": 35},
            {"id": 3, "title": "Без адреса", "address": None},
        ]
    }
    assert heard(read, rows) == [StockedPoint(PickupPoint("2", "№ 2", "Тверь"))]
    assert native(services=SERVICES).pickup_points(["7"]) is None


def test_many_goods_in_many_stores_are_one_request() -> None:
    read = native(services=(*SERVICES, PICKUP), stores=200).pickup_points([str(number) for number in range(1, 21)])
    assert read is not None
    assert read.weight == MOST_COMMANDS


def test_the_portal_tells_which_are_active() -> None:
    portal = native(services=SERVICES)
    read = portal.services_now()
    assert read is not None
    assert heard(read, [{"ID": 7, "NAME": "Почта"}, {"ID": 12}, {"NAME": "?"}]) == [SERVICES[1]]
    assert native().services_now() is None


HOURS = (DeliverySlot("S1", "Завтра, 10–14"), DeliverySlot("S2", "Завтра, 18–21"))


async def with_hours(services: object, told: list[object]) -> tuple[Theatre, Seen]:
    stage = Theatre(native(services=services, slot_property_id="31"))
    await stage.join()
    await stage.save(carts.key(USER), lambda unit: carts.save(unit, USER, CART))
    return stage, await stage.answer(await asked(stage), [OFFERS, *told])


@pytest.mark.parametrize(("services", "told"), [((), [HOURS]), (SERVICES, [SERVICES, HOURS])])
async def test_the_hours_go_with_the_order(services: object, told: list[object]) -> None:
    stage, seen = await with_hours(services, told)
    choice = await stage.tap(seen.screen.data("🕒 Время"))
    assert choice.screen.labels == ["🕒 Завтра, 10–14", "🕒 Завтра, 18–21", "Любое время"]
    chosen = await stage.tap(choice.screen.data("🕒 Завтра, 18–21"))
    assert "🕒 Завтра, 18–21" in chosen.screen.text
    wanted = (await stage.tap(chosen.screen.data("✅ Заказать"))).job
    assert wanted.payload["slot"] == "S2"
    placing = (await stage.answer(wanted, OFFERS)).job
    modify = stage.kinds[placing.kind].plan(placing).commands["prop"].params["fields"]["order"]
    assert {"orderPropsId": 31, "value": "S2"} in modify["propertyValues"]


async def test_any_time_is_the_usual_one_and_none_is_told_where_the_portal_is_silent() -> None:
    stage, seen = await with_hours((), [HOURS])
    choice = await stage.tap(seen.screen.data("🕒 Время"))
    back = await stage.tap(choice.screen.data("Любое"))
    assert "slot" not in (await stage.tap(back.screen.data("✅ Заказать"))).job.payload
    _stage, silent = await with_hours((), [AccessDenied("no")])
    assert "🕒 Время" not in silent.screen.labels


@pytest.mark.parametrize("button", [EditSlot(checkout="gone"), UseSlot(checkout="gone", index=0)])
async def test_hours_for_a_confirmation_that_is_gone_are_too_late(shop: Theatre, button: EditSlot) -> None:
    assert "уже не изменить" in (await shop.tap(button)).screen.text


def test_the_portal_tells_the_hours_of_this_property_alone() -> None:
    read = native(slot_property_id="31").slots()
    assert read is not None
    rows = [
        {"orderPropsId": 31, "value": "S1", "name": "Завтра, 10–14"},
        {"orderPropsId": 30, "value": "x", "name": "y"},
    ]
    assert heard(read, {"propertyVariants": [*rows, {"orderPropsId": 31, "value": "", "name": "?"}]}) == [HOURS[0]]
    assert native().slots() is None


async def tapped(stage: Theatre, chosen: Seen, *told: object) -> Seen:
    """What is shown after «Заказать» when the portal tells this of the choices besides the same offers."""
    job = (await stage.tap(chosen.screen.data("✅ Заказать"))).job
    return await stage.answer(job, [OFFERS, *told])


async def test_a_service_that_is_switched_off_at_the_tap_is_told_with_another(shop: Theatre) -> None:
    _job, seen = await shown(shop)
    told = (await tapped(shop, seen, SERVICES[1:])).screen
    assert told.text.startswith("Магазин отключил доставку «Курьер». Заказ не создан, деньги не списаны.")
    assert "🚚 Почта &lt;России&gt;" in told.text
    assert (told.labels[0], "🚚 Доставка" in told.labels) == ("✅ Заказать", True)
    assert (await shop.tap(told.data("✅ Заказать"))).job.payload["delivery"] == "7"


@pytest.mark.parametrize("told", [SERVICES, AccessDenied("no")])
async def test_what_is_still_there_or_cannot_be_asked_is_ordered(shop: Theatre, told: object) -> None:
    _job, seen = await shown(shop)
    assert (await tapped(shop, seen, told)).job.kind == "make_order"


async def test_a_store_that_closes_before_the_tap_is_told_and_another_asked_for(shop_with_stores: Theatre) -> None:
    shop = shop_with_stores
    _job, seen = await stores_shown(shop)
    chosen = await shop.tap(seen.screen.data("1. Склад"))
    told = (await tapped(shop, chosen, BOTH_WAYS, [StockedPoint(OTHER_POINT)])).screen
    assert told.text.startswith("Пункт «Склад &lt;1&gt;» больше не выдаёт заказы.")
    assert told.labels[0] == "🏬 Выбрать пункт"


async def test_hours_that_are_gone_at_the_tap_are_told() -> None:
    stage, seen = await with_hours((), [HOURS])
    choice = await stage.tap(seen.screen.data("🕒 Время"))
    chosen = await stage.tap(choice.screen.data("🕒 Завтра, 18–21"))
    told = (await tapped(stage, chosen, HOURS[:1])).screen
    assert told.text.startswith("Времени «Завтра, 18–21» больше нет.")
    assert "🕒 Завтра" not in told.text.split("Проверьте заказ")[1]


def test_of_the_stores_alone_no_stock_is_asked() -> None:
    read = native(services=BOTH_WAYS).pickup_points(())
    assert read is not None
    assert [command.method for command in read.commands.values()] == ["catalog.store.list"]
    assert heard(read, STORES) == [StockedPoint(POINT)]
