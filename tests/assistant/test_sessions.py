"""aiogram's storage contract over the unit of work."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

import pytest

from shared.assistant import sessions
from shared.assistant.sessions import UnitStorage
from shared.store.port import Conflict
from shared.store.unit_of_work import UnitOfWork
from shared.telegram.api import FSMContext, State, StatesGroup, StorageKey
from tests.assistant.samples import OTHER, USER
from tests.assistant.stage import Stage

STORAGE = UnitStorage()


class Talk(StatesGroup):
    asked = State()


def _context(user: int = USER, chat: int = USER) -> FSMContext:
    return FSMContext(STORAGE, StorageKey(bot_id=1, chat_id=chat, user_id=user))


async def _in_turn(stage: Stage, talk: Callable[[], Awaitable[None]]) -> None:
    async def change(unit: UnitOfWork) -> None:
        with sessions.within(unit):
            await talk()

    await stage.put(change)


async def test_an_unknown_dialogue_has_no_state_and_no_data(stage: Stage) -> None:
    async def talk() -> None:
        assert await _context().get_state() is None
        assert await _context().get_data() == {}
        assert await _context().get_value("address") is None

    await _in_turn(stage, talk)
    assert await stage.read(sessions.key(USER, USER)) is None


async def test_state_and_data_come_back_in_a_later_turn(stage: Stage) -> None:
    async def first() -> None:
        await _context().set_state(Talk.asked)
        await _context().update_data(address="Тверь", tries=1)
        assert await _context().get_state() == "Talk:asked"
        assert await _context().get_data() == {"address": "Тверь", "tries": 1}

    async def second() -> None:
        assert await _context().get_state() == "Talk:asked"
        assert await _context().get_value("address") == "Тверь"
        await _context().set_data({"other": 2})
        assert await _context().get_data() == {"other": 2}
        assert await _context().get_state() == "Talk:asked"

    await _in_turn(stage, first)
    await _in_turn(stage, second)
    assert await stage.read(sessions.key(USER, USER)) == {"state": "Talk:asked", "data": {"other": 2}}


async def test_a_state_may_be_given_by_its_name(stage: Stage) -> None:
    async def talk() -> None:
        await _context().set_state("Talk:asked")
        assert await _context().get_state() == Talk.asked.state

    await _in_turn(stage, talk)


async def test_state_alone_can_go_and_data_stays(stage: Stage) -> None:
    async def talk() -> None:
        await _context().set_state(Talk.asked)
        await _context().set_data({"address": "Тверь"})
        await _context().set_state(None)
        assert await _context().get_state() is None
        assert await _context().get_data() == {"address": "Тверь"}

    await _in_turn(stage, talk)


async def test_clearing_deletes_the_record(stage: Stage) -> None:
    async def ask() -> None:
        await _context().set_state(Talk.asked)
        await _context().set_data({"address": "Тверь"})

    await _in_turn(stage, ask)
    assert await stage.read(sessions.key(USER, USER)) is not None
    await _in_turn(stage, _context().clear)
    assert await stage.read(sessions.key(USER, USER)) is None


async def test_clearing_nothing_writes_nothing(stage: Stage) -> None:
    unit = stage.unit()
    with sessions.within(unit):
        await _context().clear()
    assert await unit.commit() == {}


async def test_what_was_read_is_a_copy(stage: Stage) -> None:
    async def talk() -> None:
        await _context().set_data({"lines": [1]})
        data = await _context().get_data()
        data["lines"].append(2)
        data["more"] = 3
        assert await _context().get_data() == {"lines": [1]}

    await _in_turn(stage, talk)


async def test_two_dialogues_are_apart(stage: Stage) -> None:
    async def talk() -> None:
        await _context().set_state(Talk.asked)
        assert await _context(OTHER, OTHER).get_state() is None
        assert await _context(USER, OTHER).get_state() is None
        await _context(OTHER, OTHER).set_data({"address": "Клин"})
        assert await _context().get_data() == {}

    await _in_turn(stage, talk)


async def test_two_turns_at_once_do_not_mix_and_the_slower_one_decides_again(stage: Stage) -> None:
    fast, slow = stage.unit(), stage.unit()
    with sessions.within(slow):
        await _context().set_state(Talk.asked)
        with sessions.within(fast):
            assert await _context().get_state() is None
            await _context().set_state("fast")
        assert await _context().get_state() == "Talk:asked"
    await fast.commit()
    with pytest.raises(Conflict):
        await slow.commit()


async def test_a_dialogue_ends_a_day_after_its_last_step(stage: Stage) -> None:
    async def ask() -> None:
        await _context().set_state(Talk.asked)

    await _in_turn(stage, ask)
    stage.clock.advance(hours=23)
    await _in_turn(stage, ask)
    stage.clock.advance(hours=23)
    assert await stage.read(sessions.key(USER, USER)) is not None
    stage.clock.advance(hours=1)
    assert await stage.read(sessions.key(USER, USER)) is None


async def test_outside_of_a_turn_there_is_no_dialogue() -> None:
    with pytest.raises(LookupError):
        await _context().get_state()
    await STORAGE.close()
