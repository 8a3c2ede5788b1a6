"""The machine room in a real browser: every story and bad weather by clicks, at the desk's size and the phone's."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass
from itertools import cycle

import pytest
import pytest_asyncio
from playwright.async_api import Page, ViewportSize, expect

from infra.local.show import app, theatre
from infra.local.show.stories import STORIES
from tests.browser.accessible import is_accessible
from tests.support.chromium import PATIENCE, launched
from tests.support.sandbox import World, running_world

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="module")]

SIZES: tuple[ViewportSize, ...] = ({"width": 1400, "height": 900}, {"width": 390, "height": 844})
"""A desk's and a telephone's."""

LAST = "portal_dies"
"""The story after which one looks closer."""


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def world() -> AsyncIterator[World]:
    async with running_world() as running:
        running.sandbox.recorder.watch(running.container)
        yield running


@dataclass(frozen=True)
class Window:
    """An open page, and what went wrong on it."""

    page: Page
    problems: list[str]


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def windows() -> AsyncIterator[list[Window]]:
    """One of each size; they stay open, for a browser costs more than what is seen in it."""
    async with launched() as browser:
        yield [opened(await browser.new_page(viewport=size)) for size in SIZES]


def opened(page: Page) -> Window:
    page.set_default_timeout(PATIENCE)
    window = Window(page, [])
    page.on("pageerror", lambda error: window.problems.append(str(error)))
    page.on("console", lambda line: window.problems.append(line.text) if line.type == "error" else None)
    return window


async def plays(windows: list[Window], chooser: Window, name: str) -> None:
    """One clicks, all watch: what a story tells, what it proves, and the telephones of its people."""
    title = STORIES[name].title
    await chooser.page.get_by_role("button", name=title).click()
    for window in windows:
        page = window.page
        await expect(page.get_by_role("heading", name=title)).to_be_visible()
        await expect(page.get_by_text("Конец истории.")).to_be_visible()
        await expect(page.locator("#told .proof").first).to_be_visible()
        await expect(page.locator("#told .bad")).to_have_count(0)
        await expect(page.frame_locator("#phones iframe").first.get_by_role("article").first).to_be_visible()
        assert window.problems == []


async def looks_closer(page: Page) -> None:
    """Why the order was made once: the way of the tap; then bad weather comes and goes."""
    await expect(page.get_by_text("создан один раз.")).to_be_visible()
    await expect(page.get_by_text("ключ каждый раз тот же")).to_be_visible()
    phone = page.frame_locator("#phones iframe")
    await expect(phone.get_by_text("создан.").last).to_be_visible()
    await page.locator("#recent button").filter(has_text="Заказать").first.click()
    await expect(page.locator("#thread")).to_contain_text("telegram_update")
    await expect(page.locator("#thread .log li").first).to_be_visible()
    storm = page.get_by_label("Битрикс24 медлит")
    await storm.check()
    await expect(page.get_by_text("погода действует на всех")).to_be_visible()
    await expect(phone.get_by_role("article").last).to_be_visible()
    await storm.uncheck()


async def test_a_visitor_plays_every_story_and_sees_why_an_order_is_made_once(
    world: World, windows: list[Window], monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(theatre, "BREATH", 0.0)
    monkeypatch.setattr(app, "PAUSE", 1.0)  # at full speed nobody could follow more pictures
    for window in windows:
        await window.page.goto(world.addresses["room"])
    names = [*(name for name in STORIES if name != LAST), LAST]
    for chooser, name in zip(cycle(windows), names, strict=False):
        await plays(windows, chooser, name)
    for window in windows:
        await looks_closer(window.page)
        await is_accessible(window.page)
        assert window.problems == []


async def test_every_page_is_accessible(world: World, windows: list[Window]):
    """The master's telephone, the shop's desk, an order, goods, and the page for the owner."""
    master = await world.master()
    number = await master.orders()
    portal = world.addresses["portal"]
    places = {
        f"{world.addresses['telegram']}/#{master.user_id}": "создан.",
        f"{portal}/": "Стол заказов",
        f"{portal}/orders/{number}": "Что было между ботом и порталом",
        f"{portal}/goods?q=DF333DWYE": "DF333DWYE",
        f"{world.addresses['room']}/owner": "Что он делает для вас",
    }
    for window in windows:
        for address, words in places.items():
            await window.page.goto(address)
            await expect(window.page.get_by_text(words).last).to_be_visible()
            await is_accessible(window.page)
        assert window.problems == []
