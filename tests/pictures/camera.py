"""How README's pictures are taken and compared: the same page, the same time of day, the same sharpness."""

from __future__ import annotations

import io

from PIL import Image, ImageChops, ImageStat
from playwright.async_api import Browser, FloatRect, Page, ViewportSize, expect

from tests.pictures.scenes import Scene
from tests.support.chromium import PATIENCE
from tests.support.master import Master
from tests.support.sandbox import World

PHONE: ViewportSize = {"width": 390, "height": 720}
DESK: ViewportSize = {"width": 1280, "height": 860}
TALL: ViewportSize = {"width": 1280, "height": 1000}
SHARPNESS = 1.5
"""Pixels of a picture for one of the page."""

ONE_TIME = "Date.prototype.toLocaleTimeString = () => '10:24';"
"""All that happens on a picture happens at this time."""

TOLERANCE = 0.03
"""How unlike a picture may be: another version of a font, a line that breaks elsewhere."""

_LOOK = (60, 110)


async def open_page(browser: Browser, viewport: ViewportSize, sharpness: float = 1.0) -> Page:
    page = await browser.new_page(viewport=viewport, device_scale_factor=sharpness, reduced_motion="reduce")
    page.set_default_timeout(PATIENCE)
    await page.add_init_script(ONE_TIME)
    return page


async def photograph(browser: Browser, world: World, master: Master, scene: Scene) -> bytes:
    """What the master has on his screen now, scrolled to the scene's end: a JPEG."""
    await world.rests()
    page = await open_page(browser, PHONE, SHARPNESS)
    await page.goto(f"{world.addresses['telegram']}/#{master.user_id}")
    await page.locator(".message").last.wait_for()
    await page.wait_for_function("[...document.images].every(image => image.complete)")
    await page.locator(".message.bot").filter(has_text=scene.ends_with).last.scroll_into_view_if_needed()
    taken = await page.screenshot(type="jpeg", quality=82)
    await page.close()
    return taken


async def frame_of(page: Page) -> FloatRect:
    """Where the story that is played stands in the machine room: what it tells, and the telephone."""
    box = await page.locator("#scene").bounding_box()
    assert box is not None
    return {"x": box["x"], "y": box["y"], "width": box["width"], "height": 920 - box["y"]}


async def end_of(page: Page) -> bytes:
    """The story's last frame: a PNG."""
    phone = page.frame_locator("#phones iframe")
    # What comes with the order, the question for a number, is drawn a moment after it, and notes fade away.
    await expect(phone.get_by_role("article").last).to_contain_text("Оставите номер")
    await expect(phone.locator("#toasts > *")).to_have_count(0)
    made = phone.get_by_role("article").filter(has_text="создан.").last
    await made.evaluate("message => message.scrollIntoView({ block: 'start' })")
    await page.evaluate("scrollTo(0, 0)")
    return await page.screenshot(clip=await frame_of(page))


def unlikeness(one: Image.Image, other: Image.Image) -> float:
    """From 0, the same, to 1: the mean difference of what is left when one steps back from both."""
    looks = [picture.convert("L").resize(_LOOK, Image.Resampling.BOX) for picture in (one, other)]
    return float(ImageStat.Stat(ImageChops.difference(*looks)).mean[0]) / 255


def opened(content: bytes) -> Image.Image:
    return Image.open(io.BytesIO(content))
