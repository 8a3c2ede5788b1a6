"""A master who is a contact of the CRM, on a real portal: his orders are for him."""

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from infra.local.sandbox.environment import OPERATORS, PORTAL_KEY, PORTAL_USER
from infra.local.telegram.person import Json, Person
from shared.domain.invites import ANYBODY
from tests.support.master import CASH, Master
from tests.support.sandbox import World, running_world

pytestmark = pytest.mark.asyncio(loop_scope="module")


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def world() -> AsyncIterator[World]:
    async with running_world({"BITRIX_DIALECT": "native"}) as running:
        yield running


async def test_an_order_and_its_deal_are_for_the_contact(world: World) -> None:
    await world.shop.is_set_up(deals=True)
    contact = await world.shop.knows("Иван", "+79123456789")
    master = await world.master(f"contact-{contact}")
    number = await master.orders(payment=CASH)
    await world.rests()
    assert await world.shop.clients(number) == [contact]
    assert await world.shop.contact_of_deal(number) == contact


async def test_where_orders_make_no_deals_the_order_alone_is(world: World) -> None:
    await world.shop.is_set_up(deals=False)
    contact = await world.shop.knows("Пётр", "+79123456780")
    master = await world.master(f"contact-{contact}")
    number = await master.orders(payment=CASH)
    await world.rests()
    assert await world.shop.clients(number) == [contact]
    assert await world.shop.contact_of_deal(number) is None


SEND = "📞 Отправить мой номер"


async def invited(world: World) -> Master:
    """Somebody who came in by an invite that names nobody."""
    newcomer = world.stranger(ANYBODY)
    await newcomer.starts()
    await newcomer.sees("пришлите ваш номер телефона")
    return newcomer


async def phone_of(world: World, who: Master) -> str:
    return str(world.telegram.world.users[who.user_id].phone)


async def made_for(world: World, phone: str) -> list[Json]:
    return [one for one in await world.shop.contacts() if phone in one["phones"]]


async def test_a_master_tells_his_phone_and_is_the_contact_who_has_it(world: World) -> None:
    newcomer = await invited(world)
    phone = await phone_of(world, newcomer)
    contact = await world.shop.knows("Иван", f"8 ({phone[2:5]}) {phone[5:]}")
    await newcomer.says("дрель")
    await newcomer.says(phone)
    await newcomer.sees("Набранный номер не подойдёт")
    await newcomer.shares_contact(phone_number="+79990001122", first_name="Пётр", user_id=777)
    await newcomer.sees("Это чужой номер")
    await newcomer.taps(SEND)
    await newcomer.sees("Доступ открыт")
    number = await newcomer.orders(payment=CASH)
    await world.rests()
    assert await world.shop.clients(number) == [contact]
    assert len(await made_for(world, phone)) == 0, "he had one"


async def test_a_contact_is_made_once_however_often_he_taps(world: World) -> None:
    newcomer = await invited(world)
    phone = await phone_of(world, newcomer)
    with world.without_permits():
        await newcomer.taps(SEND)
        await newcomer.shares_contact()
        await newcomer.starts()
        await newcomer.settles()
    await newcomer.sees("Доступ открыт")
    await world.rests()
    (made,) = await made_for(world, phone)
    number = await newcomer.orders(payment=CASH)
    await world.rests()
    assert await world.shop.clients(number) == [made["id"]]


@pytest.mark.parametrize("kind", ["done_then_5xx", "5xx"])
async def test_a_doubtful_try_makes_no_second_contact(world: World, kind: str) -> None:
    newcomer = await invited(world)
    await world.shop.fails(kind, count=1, method="crm.contact.add")
    await newcomer.taps(SEND)
    await newcomer.sees("Магазин отвечает не сразу")
    await newcomer.sees("Доступ открыт")
    await world.rests()
    assert len(await made_for(world, await phone_of(world, newcomer))) == 1


async def test_a_portal_that_is_silent_for_minutes_loses_nobody(world: World) -> None:
    newcomer = await invited(world)
    await world.shop.fails("5xx", count=6)
    await newcomer.taps(SEND)
    await newcomer.sees("Магазин отвечает не сразу")
    await newcomer.sees("Доступ открыт")
    assert len(await made_for(world, await phone_of(world, newcomer))) == 1


async def test_a_key_without_the_right_to_the_crm_is_told_and_he_may_try_again(world: World) -> None:
    newcomer = await invited(world)
    await world.shop.fails("insufficient_scope", count=1, method="crm.duplicate.findbycomm")
    await newcomer.taps(SEND)
    await newcomer.sees("Открыть доступ пока не получилось")
    await newcomer.taps(SEND)
    await newcomer.sees("Доступ открыт")
    assert len(await made_for(world, await phone_of(world, newcomer))) == 1


async def test_an_invite_lets_in_who_came_first(world: World) -> None:
    newcomer = await invited(world)
    other = world.stranger()
    other.invite = newcomer.invite
    await other.starts()
    await other.sees("уже вошёл другой мастер")


async def test_the_operators_see_whose_company_orders(world: World) -> None:
    newcomer = await invited(world)
    phone = await phone_of(world, newcomer)
    await world.shop.knows("Иван", phone, company="ООО «Ремонт»", inn="7701234567")
    await newcomer.taps(SEND)
    await newcomer.sees("Доступ открыт")
    await world.rests()
    operator = Person(world.http, world.addresses["telegram"], newcomer.user_id, OPERATORS)
    operator.patience = newcomer.patience
    await operator.says(f"/who {newcomer.user_id}")
    card = await operator.sees("Покупатель в Битриксе")
    assert "🏢 ООО «Ремонт», ИНН 7701234567" in card["text"]


async def test_the_company_is_a_client_of_the_order_and_of_its_deal(world: World) -> None:
    await world.shop.is_set_up(deals=True)
    newcomer = await invited(world)
    contact = await world.shop.knows("Иван", await phone_of(world, newcomer), company="ООО «Ремонт»")
    (card,) = [one for one in await world.shop.contacts() if one["id"] == contact]
    await newcomer.taps(SEND)
    await newcomer.sees("Доступ открыт")
    await world.rests()
    number = await newcomer.orders(payment=CASH)
    await world.rests()
    order = world.portal.native.ledger.known(int(number))
    told = [(one.entity_type_id, str(one.entity_id)) for one in order.clients]
    assert told == [(3, contact), (4, card["company_id"])]
    deal = await world.shop.deal(number)
    assert deal is not None
    assert (deal["contactId"], deal["companyId"]) == (contact, card["company_id"])


async def made_by_manager(world: World, contact: str) -> str:
    """An order that a manager makes for a contact at the portal, in cash; its number."""
    rest = f"{world.addresses['portal']}/rest/{PORTAL_USER}/{PORTAL_KEY}"

    async def does(method: str, **params: object) -> Json:
        answer = (await world.http.post(f"{rest}/{method}", json=params)).json()
        result: Json = answer["result"]
        return result

    about = {"lid": "s1", "personTypeId": 3, "currency": "RUB", "userId": 1}
    number = (await does("sale.order.add", fields=about))["order"]["id"]
    line = {"orderId": number, "productId": 1001, "quantity": 1, "currency": "RUB"}
    await does("sale.basketitem.addCatalogProduct", fields=line)
    client = {"entityTypeId": 3, "entityId": int(contact), "isPrimary": "Y"}
    await does("sale.order.modify", fields={"order": {"id": number, "clients": [client]}})
    links = await does("crm.orderentity.list", filter={"orderId": number})
    deal = links["orderEntity"][0]["ownerId"]
    await does("crm.item.update", entityTypeId=2, id=deal, fields={"contactId": int(contact)})
    return str(number)


async def test_orders_that_a_manager_made_are_listed_and_followed(world: World) -> None:
    await world.shop.is_set_up(deals=True)
    contact = await world.shop.knows("Олег", "+79123456781")
    master = await world.master(f"contact-{contact}")
    ours = await master.orders(payment=CASH)
    theirs = await made_by_manager(world, contact)
    await world.rests()
    await master.says("/myorders")
    found = await master.sees("Нашли заказ, оформленный на вас не через бота")
    assert theirs in found["text"]
    await world.rests()
    await master.says("/myorders")
    listed = await master.sees("Ваши заказы")
    assert theirs in listed["text"]
    assert ours in listed["text"]
    await world.rests()
    assert len(await master.hears("Нашли заказ")) == 1
    await world.shop.moves(theirs, status="SHIPPED")
    told = await master.sees("Курьер уже в пути")
    assert theirs in told["text"]
