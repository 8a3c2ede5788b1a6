"""The machine room in a real browser: a story and bad weather by clicks, at the desk's size and the phone's."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest
from playwright.async_api import Browser, Page, ViewportSize, async_playwright, expect

from infra.local.show import theatre
from tests.browser.test_chat_page import chromium
from tests.support.sandbox import World, running_world

pytestmark = pytest.mark.browser

PATIENCE = 240_000
"""Milliseconds until something is given up that never comes."""

SIZES: dict[str, ViewportSize] = {"desk": {"width": 1400, "height": 900}, "phone": {"width": 390, "height": 844}}

FAINT = """() => {
  const channel = (value) => (value /= 255) <= 0.03928 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
  const light = ([red, green, blue]) => 0.2126 * channel(red) + 0.7152 * channel(green) + 0.0722 * channel(blue);
  const parts = (color) => color.match(/[0-9.]+/g).map(Number);
  const over = (top, below) => { const a = top[3] ?? 1; return [0, 1, 2].map((i) => top[i] * a + below[i] * (1 - a)); };
  const ground = (node) => {
    if (!node) return [255, 255, 255];
    const own = parts(getComputedStyle(node).backgroundColor);
    return (own[3] ?? 1) === 1 ? own.slice(0, 3) : over(own, ground(node.parentElement));
  };
  const faint = [];
  const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walk.nextNode()) {
    const node = walk.currentNode.parentElement;
    if (!walk.currentNode.data.trim() || !node.checkVisibility({ visibilityProperty: true })) continue;
    const behind = ground(node);
    const style = getComputedStyle(node);
    const ink = over(parts(node instanceof SVGElement ? style.fill : style.color), behind);
    const [more, less] = [light(ink), light(behind)].sort((a, b) => b - a);
    if ((more + 0.05) / (less + 0.05) < 4.5) faint.push(walk.currentNode.data.trim());
  }
  return [...new Set(faint)];
}"""
"""Texts with a contrast below 4.5, as WCAG counts it."""

NAMELESS = """() => [...document.querySelectorAll('button, a[href], input, select, textarea, iframe, [role=img]')]
  .filter((node) => node.checkVisibility())
  .filter((node) => !(node.ariaLabel || node.title || node.textContent.trim() || node.labels?.length))
  .map((node) => node.outerHTML)"""
"""What a person who cannot see hears no name of."""


@pytest.fixture
async def world() -> AsyncIterator[World]:
    async with running_world() as running:
        running.sandbox.recorder.watch(running.container)
        yield running


async def opened(browser: Browser, size: ViewportSize) -> tuple[Page, list[str]]:
    """A page of this size, and what goes wrong on it."""
    page = await browser.new_page(viewport=size)
    page.set_default_timeout(PATIENCE)
    problems: list[str] = []
    page.on("pageerror", lambda error: problems.append(str(error)))
    page.on("console", lambda line: problems.append(line.text) if line.type == "error" else None)
    return page, problems


async def is_accessible(page: Page) -> None:
    for scheme in ("light", "dark"):
        await page.emulate_media(color_scheme=scheme)
        assert await page.evaluate(FAINT) == [], scheme
    assert await page.evaluate(NAMELESS) == []
    assert await page.evaluate("document.documentElement.scrollWidth <= innerWidth")


async def visits(page: Page, world: World) -> None:
    """Bitrix dies in the middle of an order; then the way of the tap is looked at."""
    await page.goto(world.addresses["room"])
    await page.get_by_role("button", name="Битрикс24 умирает посреди заказа").click()
    await expect(page.get_by_text("создан один раз.")).to_be_visible(timeout=PATIENCE)
    await expect(page.get_by_text("ключ каждый раз тот же")).to_be_visible(timeout=PATIENCE)
    await expect(page.get_by_text("Конец истории.")).to_be_visible(timeout=PATIENCE)
    phone = page.frame_locator("#phones iframe")
    await expect(phone.get_by_text("создан.").last).to_be_visible(timeout=PATIENCE)
    await page.locator("#recent button").filter(has_text="Заказать").first.click()
    await expect(page.locator("#thread")).to_contain_text("telegram_update", timeout=PATIENCE)
    await expect(page.locator("#thread .log li").first).to_be_visible(timeout=PATIENCE)
    storm = page.get_by_label("Битрикс24 медлит")
    await storm.check()
    await expect(storm).to_be_checked()
    await storm.uncheck()
    await is_accessible(page)


async def test_a_visitor_sees_an_order_made_exactly_once_and_why(world: World, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(theatre, "BREATH", 0.0)
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=chromium(), args=["--no-sandbox"])
        try:
            for size in SIZES.values():
                page, problems = await opened(browser, size)
                await visits(page, world)
                assert problems == []
                await page.close()
            page, problems = await opened(browser, SIZES["desk"])
            master = await world.master()
            await master.orders()
            await page.goto(f"{world.addresses['telegram']}/#{master.user_id}")
            await expect(page.get_by_text("создан.").last).to_be_visible(timeout=PATIENCE)
            await is_accessible(page)
            assert problems == []
        finally:
            await browser.close()
