"""Takes the pictures in README anew: `make pictures`. Each scene is played in the sandbox, its chat page photographed.

The machine needs Chromium and a font with emoji (Debian: fonts-noto-color-emoji).
"""

import asyncio
from pathlib import Path

from playwright.async_api import Browser, ViewportSize, async_playwright

from tests.browser.test_chat_page import chromium
from tests.pictures.scenes import ROOM, SCENES, STORY, Scene
from tests.support.master import Master
from tests.support.sandbox import World, running_world

FOLDER = Path(__file__).parent
PHONE: ViewportSize = {"width": 390, "height": 720}
DESK: ViewportSize = {"width": 1280, "height": 860}
SHARPNESS = 1.5
"""Pixels of the picture for one of the page."""


async def photograph(browser: Browser, world: World, master: Master, scene: Scene) -> None:
    """Save what the master has on his screen now, scrolled to the scene's end."""
    await world.rests()
    page = await browser.new_page(viewport=PHONE, device_scale_factor=SHARPNESS)
    await page.goto(f"{world.addresses['telegram']}/#{master.user_id}")
    await page.locator(".message").last.wait_for()
    await page.wait_for_function("[...document.images].every(image => image.complete)")
    await page.locator(".message.bot").filter(has_text=scene.ends_with).last.scroll_into_view_if_needed()
    await page.screenshot(path=FOLDER / f"{scene.name}.jpg", type="jpeg", quality=82)
    await page.close()


async def photograph_room(browser: Browser, world: World) -> None:
    """Save the machine room as it is when its story has ended, at the pace of a real clock."""
    page = await browser.new_page(viewport=DESK)
    await page.goto(world.addresses["room"])
    with world.without_skipping():
        await page.locator(f'.story[data-name="{STORY}"]').click()
        await page.get_by_text("Конец истории.").wait_for(timeout=0)
        await page.locator("#recent button").filter(has_text="Заказать").first.click()
        await page.locator("#thread svg").wait_for()
        await page.evaluate("scrollTo(0, 0)")
        await page.screenshot(path=FOLDER / f"{ROOM}.jpg", type="jpeg", quality=82)
    await page.close()


async def take() -> None:
    async with running_world() as world, async_playwright() as playwright:
        world.sandbox.recorder.watch(world.container)
        browser = await playwright.chromium.launch(executable_path=chromium(), args=["--no-sandbox"])
        for scene in SCENES:
            master = await scene.plays(world)
            await photograph(browser, world, master, scene)
        await photograph_room(browser, world)
        await browser.close()


if __name__ == "__main__":
    asyncio.run(take())
