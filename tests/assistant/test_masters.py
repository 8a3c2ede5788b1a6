from __future__ import annotations

from dataclasses import replace

from shared.assistant import masters
from tests.assistant.samples import MASTER, OTHER, USER
from tests.assistant.stage import Stage


def test_addresses_are_remembered_the_latest_first() -> None:
    master = MASTER
    for address in ["раз", "два", "три", "четыре"]:
        master = master.with_address(address)
    assert master.addresses == ("четыре", "три", "два")


def test_an_address_used_again_moves_to_the_front() -> None:
    master = replace(MASTER, addresses=("раз", "два", "три"))
    assert master.with_address("три").addresses == ("три", "раз", "два")


async def test_a_master_comes_back_as_he_was_saved(empty_stage: Stage) -> None:
    master = replace(MASTER, addresses=("раз", "два"), reachable=False)
    await empty_stage.join(master)
    assert await masters.load(empty_stage.unit(), USER) == master


async def test_a_stranger_is_none(stage: Stage) -> None:
    assert await masters.load(stage.unit(), OTHER) is None


async def test_a_master_is_kept_until_removed(stage: Stage) -> None:
    stage.clock.advance(days=5000)
    assert await masters.load(stage.unit(), USER) == MASTER
