"""The pictures in README are those of the scenes, and every scene can still be played and looks so."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio
from PIL import Image
from playwright.async_api import Browser

from infra.local.show import theatre
from infra.local.show.stories import STORIES
from tests.pictures.camera import TALL, TOLERANCE, end_of, open_page, opened, photograph, unlikeness
from tests.pictures.scenes import FILM, ROOM, SCENES, STORY, Scene
from tests.support.chromium import launched
from tests.support.sandbox import World, running_world

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="module")]

README = Path("README.md").read_text()
FOLDER = Path(__file__).parent


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def world() -> AsyncIterator[World]:
    async with running_world() as running:
        yield running


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def browser() -> AsyncIterator[Browser]:
    async with launched() as opened:
        yield opened


@pytest.mark.parametrize("scene", SCENES, ids=lambda scene: scene.name)
async def test_a_scene_plays_and_looks_as_its_picture_does(world: World, browser: Browser, scene: Scene):
    master = await scene.plays(world)
    assert await master.still_sees(scene.ends_with)
    now = opened(await photograph(browser, world, master, scene))
    with Image.open(FOLDER / f"{scene.name}.jpg") as then:
        assert now.size == then.size
        assert unlikeness(now, then) < TOLERANCE


async def test_the_film_ends_as_its_story_does(world: World, browser: Browser, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(theatre, "BREATH", 0.0)
    page = await open_page(browser, TALL)
    await page.goto(world.addresses["room"])
    await page.locator(f'.story[data-name="{STORY}"]').click()
    await page.get_by_text("Конец истории.").wait_for()
    now = opened(await end_of(page))
    with Image.open(FOLDER / f"{FILM}.webp") as film:
        assert getattr(film, "n_frames", 1) > 10
        film.seek(getattr(film, "n_frames", 1) - 1)
        assert now.size == film.size
        assert unlikeness(now, film) < TOLERANCE


async def test_other_pictures_are_told_apart():
    """Of 15 pairs no two are as like as a picture is to itself: the tolerance lets none pass for another."""
    pictures = [Image.open(FOLDER / f"{scene.name}.jpg") for scene in SCENES]
    least = min(unlikeness(one, other) for one in pictures for other in pictures if one is not other)
    for picture in pictures:
        picture.close()
    assert least > TOLERANCE


async def test_readme_shows_every_picture_and_no_other():
    shown = re.findall(r"tests/pictures/(\w+\.\w+)\)", README)
    assert shown == [*(f"{scene.name}.jpg" for scene in SCENES), f"{FILM}.webp", f"{ROOM}.jpg"]
    assert STORY in STORIES
    assert {path.name for path in FOLDER.iterdir() if path.suffix in {".jpg", ".webp"}} == set(shown)
