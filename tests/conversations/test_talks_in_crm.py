"""What is said to the operators of a real portal is said in its CRM too."""

from collections.abc import AsyncIterator
from dataclasses import replace

import pytest
import pytest_asyncio

from infra.local.sandbox import environment
from tests.conversations.test_support import operator, topic_of
from tests.support.sandbox import World, running_world

pytestmark = pytest.mark.asyncio(loop_scope="module")


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def talkative() -> AsyncIterator[World]:
    """A portal whose CRM takes what is said in /support."""
    async with running_world({"BITRIX_DIALECT": "native", "BITRIX_TALKS_IN_CRM": "true"}) as running:
        yield running


async def test_what_is_said_to_the_operators_is_said_in_the_crm(talkative: World) -> None:
    world = talkative
    contact = await world.shop.knows("Иван", "+79123456789")
    master, helper = await world.master(f"contact-{contact}"), operator(world)
    await master.says("/support")
    await master.sees("Напишите вопрос менеджеру")
    await master.says("Когда привезут дрель?")
    await master.sees("Передали менеджеру")
    await world.rests()
    await helper.says("Завтра до обеда", topic=(await topic_of(world, master.user_id))["id"])
    await master.sees("Завтра до обеда")
    await world.rests()
    said = await world.shop.comments("contact", contact)
    assert [words.rpartition(": ")[2] for words in said] == ["Когда привезут дрель?", "Завтра до обеда"]


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def closed() -> AsyncIterator[World]:
    """The same, where the portal's key lacks the scope of the CRM."""
    scopes = tuple(scope for scope in environment.NATIVE.scopes if scope != "crm")
    token = environment.SECRETS["BITRIX_APPLICATION_TOKEN"]
    options = {"native": replace(environment.NATIVE, scopes=scopes, application_token=token)}
    settings = {"BITRIX_DIALECT": "native", "BITRIX_TALKS_IN_CRM": "true"}
    async with running_world(settings, portal=options) as running:
        yield running


async def test_a_crm_without_its_scope_does_not_touch_the_talk(closed: World) -> None:
    contact = await closed.shop.knows("Пётр", "+79123456780")
    master = await closed.master(f"contact-{contact}")
    await master.says("/support")
    await master.sees("Напишите вопрос менеджеру")
    await master.says("Где мой заказ?")
    await master.sees("Передали менеджеру")
    await closed.rests()
    assert await closed.shop.comments("contact", contact) == []
    assert "Где мой заказ?" in str(await topic_of(closed, master.user_id))
    assert "Нужен человек" not in str(await operator(closed).chat())
