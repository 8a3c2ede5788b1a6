"""Takes the pictures in README anew: `make pictures`. Each scene is played in the sandbox, its chat page photographed.

The machine needs Chromium and a font with emoji (Debian: fonts-noto-color-emoji).
"""

import asyncio
import time
from itertools import pairwise
from pathlib import Path

from PIL import Image
from playwright.async_api import Browser, Page

from tests.pictures.camera import DESK, TALL, end_of, frame_of, open_page, opened, photograph
from tests.pictures.scenes import FILM, ROOM, SCENES, STORY
from tests.support.chromium import launched
from tests.support.sandbox import World, running_world

FOLDER = Path(__file__).parent
GLANCE = 0.2
"""Seconds between two looks at a story that is filmed."""
SHORTEST, LONGEST, LAST = 400, 2_500, 6_000
"""Milliseconds of one frame of a film, and of its last one."""


async def photograph_room(browser: Browser, world: World) -> None:
    """Save the machine room as it is when its story has ended, at the pace of a real clock; and the film of it."""
    film, page = await open_page(browser, TALL), await open_page(browser, DESK)
    for one in (film, page):
        await one.goto(world.addresses["room"])
    with world.without_skipping():
        await film.locator(f'.story[data-name="{STORY}"]').click()
        frames = await filmed(film)
        await page.locator("#recent button").filter(has_text="Заказать").first.click()
        await page.locator("#thread svg").wait_for()
        await page.evaluate("scrollTo(0, 0)")
        await page.screenshot(path=FOLDER / f"{ROOM}.jpg", type="jpeg", quality=82)
    save_film(frames)


async def filmed(page: Page) -> list[tuple[bytes, float]]:
    """Every frame that differs from the one before, and when it was first seen; the end of the story comes last."""
    await page.frame_locator("#phones iframe").get_by_role("article").first.wait_for()
    frames: list[tuple[bytes, float]] = []
    while not await page.get_by_text("Конец истории.").is_visible():
        taken = await page.screenshot(clip=await frame_of(page))
        if not frames or frames[-1][0] != taken:
            frames.append((taken, time.monotonic()))
        await asyncio.sleep(GLANCE)
    return [*frames, (await end_of(page), time.monotonic())]


def save_film(frames: list[tuple[bytes, float]]) -> None:
    pictures: list[Image.Image] = [opened(content).convert("RGB") for content, _ in frames]
    moments = [moment for _, moment in frames]
    seen = [round((later - sooner) * 1000) for sooner, later in pairwise(moments)]
    times = [*(min(max(one, SHORTEST), LONGEST) for one in seen), LAST]
    path = FOLDER / f"{FILM}.webp"
    pictures[0].save(path, save_all=True, append_images=pictures[1:], duration=times, loop=0, quality=55, method=6)


async def take() -> None:
    async with running_world() as world, launched() as browser:
        world.sandbox.recorder.watch(world.container)
        for scene in SCENES:
            master = await scene.plays(world)
            (FOLDER / f"{scene.name}.jpg").write_bytes(await photograph(browser, world, master, scene))
        await photograph_room(browser, world)


if __name__ == "__main__":
    asyncio.run(take())
