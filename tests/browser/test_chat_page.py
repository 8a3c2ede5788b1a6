"""The chat page in a real browser: write, tap, see the edit."""

import os
import shutil
from collections.abc import AsyncIterator

import pytest
from playwright.async_api import FilePayload, Page, async_playwright, expect

from tests.local.telegram.bench import picture
from tests.local.telegram.town import INVITE, Town, town

pytestmark = pytest.mark.browser


def chromium() -> str:
    """Path of a Chromium; without one the tests are skipped, but in CI they fail."""
    path = os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("chromium-browser")
    if path is None:
        message = "no Chromium: set CHROMIUM to its path"
        if os.environ.get("CI") == "true":
            pytest.fail(message)
        pytest.skip(message)
    return path


@pytest.fixture
async def shop() -> AsyncIterator[Town]:
    async with town() as running:
        yield running


@pytest.fixture
async def page(shop: Town) -> AsyncIterator[Page]:
    path = chromium()
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=path, args=["--no-sandbox"])
        try:
            opened = await browser.new_page(viewport={"width": 390, "height": 844})
            opened.set_default_timeout(15_000)
            problems: list[str] = []
            opened.on("pageerror", lambda error: problems.append(str(error)))
            opened.on("console", lambda line: problems.append(line.text) if line.type == "error" else None)
            await opened.goto(f"{shop.url}/#501")
            yield opened
            assert problems == []
        finally:
            await browser.close()


async def write(page: Page, text: str) -> None:
    await page.get_by_label("Сообщение", exact=True).fill(text)
    await page.get_by_role("button", name="Отправить").click()


async def test_a_dialogue(page: Page):
    await page.get_by_role("button", name="Начать").click()
    await expect(page.get_by_text("Напишите, что ищете")).to_be_visible()
    await write(page, "шуруповёрт <img src=x onerror=alert(1)>")
    await expect(page.get_by_text("«шуруповёрт <img src=x onerror=alert(1)>» — 1 товар")).to_be_visible()
    await page.get_by_role("button", name="В корзину").click()
    await expect(page.get_by_role("button", name="В корзине · 1 шт.")).to_be_visible()
    await expect(page.locator("#toasts").get_by_text("В корзине: 1 шт.")).to_be_visible()
    await page.get_by_role("button", name="+", exact=True).click()
    await expect(page.locator(".message b").filter(has_text="15\u00a0980 ₽")).to_be_visible()
    pay = page.get_by_role("link", name="Оплатить")
    await expect(pay).to_have_attribute("href", "https://pay.example/5121")
    await expect(pay).to_have_attribute("target", "_blank")
    await page.get_by_role("button", name="2 шт.", exact=True).click()
    await page.get_by_role("dialog").get_by_role("button", name="Понятно").click()
    assert await page.evaluate("document.documentElement.scrollWidth <= innerWidth")


async def test_an_invitation_and_the_keyboard(page: Page):
    await page.get_by_role("button", name="Стенд: люди и ссылки").click()
    await expect(page.get_by_text(INVITE)).to_be_visible()
    await page.get_by_role("button", name="Открыть приглашение").click()
    await expect(page.locator(".message.user")).to_contain_text("/start inv_a1b2")
    await page.get_by_role("button", name="Поделиться телефоном").click()
    await expect(page.get_by_text("Записали телефон")).to_be_visible()
    await expect(page.locator("#keyboard")).to_be_hidden()


async def test_photos_and_blocking(page: Page):
    await page.get_by_role("button", name="Начать").click()
    await expect(page.get_by_text("Напишите, что ищете")).to_be_visible()
    files: list[FilePayload] = [
        {"name": f"{color}.png", "mimeType": "image/png", "buffer": picture(color)} for color in ("red", "blue")
    ]
    await page.get_by_label("Прикрепить фото").set_input_files(files)
    await expect(page.locator(".message.user img")).to_have_count(2)
    await expect(page.locator(".reaction")).to_have_count(2)
    await page.get_by_role("button", name="Остановить бота").click()
    await page.get_by_role("button", name="Запустить бота снова").click()
    await expect(page.get_by_label("Сообщение", exact=True)).to_be_visible()


async def test_inline_search(page: Page):
    await page.get_by_role("button", name="Начать").click()
    await page.get_by_label("Сообщение", exact=True).fill("@assistant_mastera_bot makita")
    await page.get_by_role("button", name="Шуруповёрт: makita").click()
    await expect(page.locator(".message.user").last).to_contain_text("/p 101")


async def test_several_people(page: Page, shop: Town):
    await page.get_by_role("button", name="Стенд: люди и ссылки").click()
    await page.get_by_role("button", name="Новый мастер").click()
    await expect(page).to_have_url(f"{shop.url}/#502")
    await page.get_by_role("button", name="Начать", exact=True).click()
    await expect(page.get_by_text("Напишите, что ищете")).to_be_visible()
    assert shop.sim.world.chats[501].messages == {}
