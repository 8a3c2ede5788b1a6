"""The stories that the sandbox plays: each comes true, step by step."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from infra.local.show.stage import Stage, StoryError
from infra.local.show.stories import STORIES
from tests.support.master import PATIENCE
from tests.support.sandbox import World, running_world

pytestmark = pytest.mark.asyncio(loop_scope="module")


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def world() -> AsyncIterator[World]:
    """The sandbox as `make run` has it: the native dialect's ways are held by the other conversations."""
    async with running_world() as running:
        yield running


@pytest_asyncio.fixture(loop_scope="module")
async def stage(world: World) -> AsyncIterator[Stage]:
    stage = Stage(world.sandbox.machine, world.http, patience=PATIENCE)
    yield stage
    stage.shop.leaves()


@pytest.mark.parametrize("name", STORIES)
async def test_a_story_comes_true(stage: Stage, name: str):
    await STORIES[name].play(stage)
    assert stage.proved
    assert stage.told
    assert stage.people


async def test_what_does_not_come_true_ends_the_story(stage: Stage):
    with pytest.raises(StoryError, match="Не вышло: Заказ один"):
        stage.proves("Заказ один", holds=False)
    assert stage.proved == []
