"""Who is not invited, and invites that are no good."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from shared.domain import masters
from shared.store.unit_of_work import UnitOfWork, decide
from tests.support.master import NB, Master
from tests.support.sandbox import World
from tests.support.stores import documents

pytestmark = pytest.mark.asyncio(loop_scope="module")


def is_written_in_store(world: World, master: Master) -> bool:
    """Whether any record, under whatever key, speaks of this person."""
    records = documents(world.container.store)
    return any(str(master.user_id) in f"{key} {record.data}" for key, record in records.items())


async def shut_out(world: World, master: Master) -> None:
    """The operators shut him out."""

    async def make_decision(unit: UnitOfWork) -> None:
        known = await masters.load(unit, master.user_id)
        assert known is not None
        replace(known, blocked=True).save(unit)

    await decide(world.container.store, world.clock.now, make_decision)


async def test_a_stranger_gets_one_reply_and_reaches_nothing(both_worlds: World):
    world = both_worlds
    stranger = world.stranger()
    await world.rests()
    since = world.clock.now()
    for text in ("шуруповёрт", "/start", "/cart", "/myorders", "/track 5121", "ау"):
        await stranger.says(text)
    await stranger.settles()
    await world.rests()
    (reply,) = await stranger.hears("")
    assert reply["text"] == "Бот работает по приглашению. Попросите ссылку у вашего менеджера."
    assert await world.shop.calls(since) == []
    assert not is_written_in_store(world, stranger)
    world.clock.skip(601)
    await stranger.says("ау")
    await stranger.settles()
    assert len(await stranger.hears("")) == 2


async def test_a_stranger_cannot_tap_either(both_worlds: World):
    world = both_worlds
    master, stranger = await world.master(), world.stranger()
    await master.finds()
    update = await world.update_of(await master.taps("1"))
    update["update_id"] += 1_000_000
    update["callback_query"]["from"]["id"] = stranger.user_id
    await world.rests()
    since = world.clock.now()
    assert (await world.calls("telegram_update", update)).is_success
    await world.rests()
    assert await world.shop.calls(since) == []


@pytest.mark.parametrize("spoil", ["expired", "forged", "cut", "nonsense"])
async def test_an_invite_that_is_no_good(both_worlds: World, spoil: str):
    world = both_worlds
    stranger = world.stranger(valid=timedelta(seconds=-1) if spoil == "expired" else timedelta(days=1))
    token = stranger.invite.split("start=")[1]
    shown = {
        "expired": token,
        "forged": ("B" if token[10] != "B" else "C").join([token[:10], token[11:]]),
        "cut": token[:-4],
        "nonsense": "promo2027",
    }
    await stranger.says(f"/start {shown[spoil]}")
    await stranger.sees("Ссылка не подходит или устарела. Попросите у вашего менеджера новую.")
    assert not is_written_in_store(world, stranger)


async def test_an_invite_ends_after_its_week(both_worlds: World):
    world = both_worlds
    stranger = world.stranger()
    world.clock.skip(7 * 24 * 3600 + 1)
    await stranger.starts()
    await stranger.sees("Ссылка не подходит или устарела")


async def test_a_used_invite_lets_in_nobody_else_but_its_owner_again(both_worlds: World):
    world = both_worlds
    owner, other = await world.master(), world.stranger()
    other.invite = owner.invite
    await other.starts()
    await other.sees("По этой ссылке уже вошёл другой мастер")
    await other.says("дрель")
    await other.sees("Бот работает по приглашению")
    await owner.fills_cart()
    await owner.starts()
    await owner.sees("что ищем?")
    await owner.opens_cart()


async def test_a_master_may_move_to_another_buyer(both_worlds: World):
    world = both_worlds
    master, colleague = await world.master(), world.stranger()
    master.invite, master.buyer = colleague.invite, colleague.buyer
    await master.comes_in()
    number = await master.orders()
    assert [order["ID"] for order in await world.shop.orders(colleague.buyer)] == [number]


@pytest.mark.parametrize("blocked", [False, True], ids=["stranger", "blocked"])
async def test_inline_mode_is_for_masters(both_worlds: World, blocked: bool):
    world = both_worlds
    person = await world.master() if blocked else world.stranger()
    if blocked:
        await shut_out(world, person)
    await world.rests()
    since = world.clock.now()
    answer = await person.types_inline("шуруповёрт")
    assert answer["results"] == []
    assert answer["button"]["text"] == ("Доступ закрыт. Откройте бота" if blocked else "Бот работает по приглашению")
    await person.says(f"/start {answer['button']['start_parameter']}")
    await person.sees("Доступ закрыт." if blocked else "Бот работает по приглашению.")
    await world.rests()
    assert await world.shop.calls(since) == []
    assert blocked or not is_written_in_store(world, person)


async def test_a_link_opens_nobody_elses_order(both_worlds: World):
    world = both_worlds
    owner, other = await world.masters(2)
    number = await owner.orders()
    await owner.says(f"/start o_{number}")
    await owner.sees("🔄 Обновить")
    await other.says(f"/start o_{number}")
    await other.sees(f"Заказ №{NB}{number} не найден среди ваших.")
    stranger = world.stranger()
    await stranger.says(f"/start o_{number}")
    await stranger.sees("Бот работает по приглашению.")
    await world.rests()
