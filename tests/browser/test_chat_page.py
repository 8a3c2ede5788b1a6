"""The chat page in a real browser: write, tap, see the edit."""

import os
import shutil
from collections.abc import AsyncIterator

import pytest
from playwright.async_api import FilePayload, Page, async_playwright, expect

from tests.local.telegram.bench import picture
from tests.local.telegram.town import INVITE, Town, town

GROUP = -100500

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
    await page.get_by_role("button", name="Прикрепить", exact=True).click()
    await page.get_by_label("Прикрепить фото").set_input_files(files)
    await expect(page.locator(".message.user img")).to_have_count(2)
    await expect(page.locator(".reaction")).to_have_count(2)
    await page.get_by_role("button", name="Остановить бота").click()
    await page.get_by_role("button", name="Запустить бота снова").click()
    await expect(page.get_by_label("Сообщение", exact=True)).to_be_visible()


async def test_files_contacts_and_places(page: Page, shop: Town):
    await page.get_by_role("button", name="Начать").click()
    await expect(page.get_by_text("Напишите, что ищете")).to_be_visible()
    attach = page.get_by_role("button", name="Прикрепить", exact=True)
    await attach.click()
    heic: FilePayload = {"name": "IMG_1.HEIC", "mimeType": "image/heic", "buffer": b"x" * 3_000_000}
    await page.get_by_label("Прикрепить фото").set_input_files([heic])
    await expect(page.get_by_text("Файл: IMG_1.HEIC · 2,9\u00a0МБ")).to_be_visible()
    await attach.click()
    await page.get_by_role("button", name="Чужой телефон").click()
    await expect(page.locator(".message.user").last).to_contain_text("Контакт: Коллега")
    await attach.click()
    await page.get_by_role("button", name="Место на карте").click()
    await expect(page.locator(".message.user").last).to_contain_text("Место: 56.8587")
    stored = [message.document for message in shop.sim.world.chats[501].messages.values() if message.document]
    assert [file.mime for file in stored] == ["image/heic"]


async def test_commands_copying_and_silence(page: Page, shop: Town):
    await page.get_by_role("button", name="Команды бота").click()
    await page.get_by_role("button", name="/start Начать сначала").click()
    await expect(page.get_by_text("Напишите, что ищете")).to_be_visible()
    await page.get_by_label("Сообщение", exact=True).fill("/ca")
    await expect(page.get_by_role("button", name="/cart Корзина")).to_be_visible()
    await expect(page.locator("#found button")).to_have_count(1)
    rows = [
        [{"text": "Трек-номер", "copy_text": {"text": "RR1"}}],
        [{"text": "Открыть", "url": "https://t.me/assistant_mastera_bot?start=p_1"}],
    ]
    markup = {"inline_keyboard": rows}
    await shop.bot.call("sendMessage", chat_id=501, text="В пути", disable_notification=True, reply_markup=markup)
    await expect(page.locator(".silent")).to_have_text("без звука")
    await page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    await page.get_by_role("button", name="Трек-номер").click()
    await expect(page.locator("#toasts").get_by_text("Скопировано")).to_be_visible()
    assert await page.evaluate("navigator.clipboard.readText()") == "RR1"
    await page.get_by_role("link", name="Открыть").click()
    await expect(page.locator(".message.user").last).to_contain_text("/start p_1")


async def test_the_operators_read_and_answer_in_topics(page: Page, shop: Town):
    topic = (await shop.bot.call("createForumTopic", chat_id=GROUP, name="Сергей · 501"))["message_thread_id"]
    await shop.bot.call("sendMessage", chat_id=GROUP, text="Новый заказ")
    await shop.bot.call("sendMessage", chat_id=GROUP, message_thread_id=topic, text="Где мой заказ?")
    await page.get_by_role("button", name="Стенд: люди и ссылки").click()
    await page.get_by_role("button", name="Операторы").click()
    await expect(page.get_by_text("Новый заказ")).to_be_visible()
    await expect(page.get_by_text("Где мой заказ?")).to_be_hidden()
    await page.get_by_role("tab", name="Сергей · 501").click()
    await expect(page.get_by_text("Тема «Сергей · 501» открыта")).to_be_visible()
    await page.get_by_role("button", name="ответить").click()
    await write(page, "Завтра привезут")
    await expect(page.locator(".message.user .quote")).to_have_text("Где мой заказ?")
    await shop.bot.call("sendMessage", chat_id=GROUP, text="Ещё заказ")
    await expect(page.get_by_role("tab", name="Общая").locator(".badge")).to_have_text("1")
    answers = [message for message in shop.sim.world.chats[GROUP].messages.values() if message.author == "user"]
    assert [(message.thread_id, message.sender_id) for message in answers] == [(topic, 900001)]


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
