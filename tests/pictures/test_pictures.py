"""The pictures in README are those of the scenes, and every scene can still be played."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio

from infra.local.show.stories import STORIES
from tests.pictures.scenes import ROOM, SCENES, STORY, Scene
from tests.support.sandbox import World, running_world

pytestmark = pytest.mark.asyncio(loop_scope="module")

README = Path("README.md").read_text()


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def world() -> AsyncIterator[World]:
    async with running_world() as running:
        yield running


@pytest.mark.parametrize("scene", SCENES, ids=lambda scene: scene.name)
async def test_a_scene_plays_and_ends_as_its_picture_does(world: World, scene: Scene):
    master = await scene.plays(world)
    assert await master.still_sees(scene.ends_with)


async def test_readme_shows_every_picture_and_no_other():
    shown = re.findall(r"tests/pictures/(\w+)\.jpg", README)
    assert shown == [*(scene.name for scene in SCENES), ROOM]
    assert STORY in STORIES
    assert {path.stem for path in Path(__file__).parent.glob("*.jpg")} == set(shown)
