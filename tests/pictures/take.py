"""Takes the pictures in README anew: `make pictures`. Each scene is played in the sandbox, its chat page photographed.

The machine needs Chromium and a font with emoji (Debian: fonts-noto-color-emoji).
"""

import asyncio
from pathlib import Path

from playwright.async_api import Browser, ViewportSize, async_playwright

from tests.browser.test_chat_page import chromium
from tests.pictures.scenes import SCENES, Scene
from tests.support.master import Master
from tests.support.sandbox import World, running_world

FOLDER = Path(__file__).parent
PHONE: ViewportSize = {"width": 390, "height": 720}
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


async def take() -> None:
    async with running_world() as world, async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=chromium(), args=["--no-sandbox"])
        for scene in SCENES:
            master = await scene.plays(world)
            await photograph(browser, world, master, scene)
        await browser.close()


if __name__ == "__main__":
    asyncio.run(take())
