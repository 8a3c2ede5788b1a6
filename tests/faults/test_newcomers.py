"""Whatever fails while a newcomer's contact is looked for and made: it is made once, and he is let in."""

from __future__ import annotations

from itertools import count
from typing import Any

import pytest

from shared.domain.invites import ANYBODY
from tests.faults.conftest import OPERATORS
from tests.faults.test_crashes import faulty, serve_until_one_dies
from tests.support.door import Door
from tests.support.master import Master
from tests.support.sandbox import World

pytestmark = [
    pytest.mark.asyncio(loop_scope="module"),
    # The contract knows no contacts.
    pytest.mark.parametrize("sandbox", ["native"], indirect=True, scope="module"),
]

SEND = "📞 Отправить мой номер"
IN = "Доступ открыт"
FEWEST = 5
"""Commits that coming in makes at the very least: his card, then lease and result of each of two jobs."""


async def invited(world: World) -> Master:
    """Somebody with the contact button before him."""
    newcomer = world.stranger(ANYBODY)
    await newcomer.starts()
    await newcomer.sees("пришлите ваш номер телефона")
    await world.rests()
    return newcomer


async def is_in_once(world: World, newcomer: Master) -> None:
    """Exactly one contact with his number, and he was welcomed as it."""
    phone = world.telegram.world.users[newcomer.user_id].phone
    assert len([one for one in await world.shop.contacts() if phone in one["phones"]]) == 1
    assert len({message["id"] for message in await newcomer.hears(IN)}) == 1


@pytest.mark.parametrize("applied", [False, True])
async def test_any_commit_may_fail_once(world: World, applied: bool):
    for commit in count(1):
        newcomer = await invited(world)
        faulty(world).fail_at(commit, applied=applied)
        await newcomer.taps(SEND)
        await newcomer.settles()
        await world.rests()
        if not faulty(world).failed:
            break
        await world.recovers()
        await is_in_once(world, newcomer)
    faulty(world).works()
    await is_in_once(world, newcomer)
    assert commit > FEWEST


@pytest.mark.parametrize("method", ["crm.duplicate.findbycomm", "crm.contact.add"])
async def test_a_worker_that_dies_in_the_middle(world: World, door: Door, method: str):
    newcomer = await invited(world)
    await world.shop.fails("slow", method=method, rate=1.0, seconds=30)
    with world.without_permits():
        await newcomer.taps(SEND)
        await newcomer.settles()
        await serve_until_one_dies(world, door)
    await world.shop.works()
    await world.recovers()
    await is_in_once(world, newcomer)


@pytest.mark.parametrize("kind", ["timeout_before", "timeout_after", "done_then_5xx", "html_502", "slow"])
async def test_a_write_in_trouble_ends_in_one_contact(world: World, kind: str):
    newcomer = await invited(world)
    slowly: dict[str, Any] = {"seconds": 90} if kind == "slow" else {}
    await world.shop.fails(kind, count=2, method="crm.contact.add", **slowly)
    await newcomer.taps(SEND)
    await newcomer.sees(IN)
    await world.rests()
    await is_in_once(world, newcomer)


async def test_a_portal_out_of_reach_is_told_and_he_may_press_again(world: World, door: Door):
    newcomer = await invited(world)
    door.shut = 100
    await newcomer.taps(SEND)
    await newcomer.sees("Магазин отвечает не сразу")
    await newcomer.sees("Открыть доступ пока не получилось")
    operators = world.stranger()
    operators.user_id = OPERATORS
    await operators.sees("Новый мастер")
    door.shut = 0
    await newcomer.taps(SEND)
    await newcomer.sees(IN)
    await world.rests()
    await is_in_once(world, newcomer)
