from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from functools import partial

import pytest

from shared.domain import masters
from shared.domain.preferences import Importance, QuietHours, Sound
from shared.store.unit_of_work import UnitOfWork
from tests.assistant.samples import MASTER, NOW, OTHER, USER
from tests.assistant.stage import ZONE, Stage


def test_addresses_are_remembered_the_latest_first() -> None:
    master = MASTER
    for address in ["раз", "два", "три", "четыре"]:
        master = master.with_address(address)
    assert master.addresses == ("четыре", "три", "два")


def test_an_address_used_again_moves_to_the_front() -> None:
    master = replace(MASTER, addresses=("раз", "два", "три"))
    assert master.with_address("три").addresses == ("три", "раз", "два")


async def test_a_master_comes_back_as_he_was_saved(empty_stage: Stage) -> None:
    master = replace(MASTER, addresses=("раз", "два"), reachable=False, phone="+79001234567")
    master = replace(master, sound=Sound.IMPORTANT, quiet_hours=QuietHours.FROM_23_TO_7, price_type="4")
    await empty_stage.join(master)
    assert await masters.load(empty_stage.unit(), USER) == master


async def test_a_stranger_is_none(stage: Stage) -> None:
    assert await masters.load(stage.unit(), OTHER) is None


async def test_a_master_is_kept_until_removed(stage: Stage) -> None:
    stage.clock.advance(days=5000)
    assert await masters.load(stage.unit(), USER) == MASTER


def _first_version() -> dict[str, object]:
    """A record as the first version of the bot wrote it."""
    whole = {"telegram_id": USER, "bitrix_user_id": MASTER.bitrix_user_id, "name": MASTER.name, "joined_at": NOW}
    return {**whole, "addresses": [], "reachable": True}


async def _write(data: dict[str, object], unit: UnitOfWork) -> None:
    await unit.get(masters.key(USER))
    unit.put(masters.key(USER), data)


@pytest.mark.parametrize(
    "more",
    [
        {},
        {"sound": "all", "quiet_hours": "off", "favourite_colour": "a field of a version to come"},
        {"sound": "by the hour", "quiet_hours": "20-10"},
    ],
    ids=["older", "a newer one's field", "a newer one's choices"],
)
async def test_a_record_of_another_version_is_readable(empty_stage: Stage, more: dict[str, object]) -> None:
    await empty_stage.put(partial(_write, {**_first_version(), **more}))
    assert await masters.load(empty_stage.unit(), USER) == replace(MASTER, phone_asked=False)


def _at(hour: int, minute: int = 0) -> datetime:
    """A moment by the clock of the zone, in winter three hours ahead of UTC."""
    return datetime(2026, 11, 3, hour, minute, tzinfo=ZONE).astimezone(UTC)


@pytest.mark.parametrize(
    ("hours", "silent", "sounding"),
    [
        (QuietHours.FROM_22_TO_8, [_at(22), _at(23, 59), _at(0), _at(7, 59)], [_at(21, 59), _at(8), _at(12)]),
        (QuietHours.FROM_21_TO_9, [_at(21), _at(8, 59)], [_at(20, 59), _at(9)]),
        (QuietHours.FROM_23_TO_7, [_at(23), _at(6, 59)], [_at(22, 59), _at(7)]),
        (QuietHours.OFF, [], [_at(0), _at(3), _at(12), _at(23)]),
    ],
)
def test_quiet_hours_begin_and_end_by_the_clock_of_the_zone(
    hours: QuietHours, silent: list[datetime], sounding: list[datetime]
) -> None:
    master = replace(MASTER, quiet_hours=hours)
    for news in Importance:
        assert [moment for moment in silent + sounding if masters.is_silent(master, news, moment, ZONE)] == silent


@pytest.mark.parametrize(
    ("sound", "silent"), [(Sound.ALL, []), (Sound.IMPORTANT, [Importance.USUAL]), (Sound.NONE, [*Importance])]
)
def test_the_choice_of_sound_holds_by_day(sound: Sound, silent: list[Importance]) -> None:
    master = replace(MASTER, sound=sound)
    assert [news for news in Importance if masters.is_silent(master, news, NOW, ZONE)] == silent


def test_who_is_no_master_any_more_has_chosen_nothing() -> None:
    assert not masters.is_silent(None, Importance.USUAL, _at(3), ZONE)
