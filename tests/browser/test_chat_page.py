"""The chat page in a real browser, with the bot behind it: write, tap, see the edit."""

import re
from collections.abc import AsyncIterator
from typing import Any

import pytest
import pytest_asyncio
from playwright.async_api import Browser, FilePayload, Locator, Page, expect

from infra.local.sandbox import environment
from infra.local.telegram.state import Message
from infra.local.telegram.text import Formatted
from tests.local.telegram.bench import picture
from tests.support.chromium import PATIENCE, launched
from tests.support.master import Master
from tests.support.sandbox import World, running_world

GROUP = environment.OPERATORS

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="module")]


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def world() -> AsyncIterator[World]:
    """One for all tests: each has a master of its own."""
    async with running_world() as running:
        yield running


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def browser() -> AsyncIterator[Browser]:
    async with launched() as opened:
        yield opened


@pytest_asyncio.fixture(loop_scope="module")
async def master(world: World) -> Master:
    return await world.master()


@pytest_asyncio.fixture(loop_scope="module")
async def page(world: World, browser: Browser) -> AsyncIterator[Page]:
    """The page of somebody nobody has seen yet; a test about a master turns to his."""
    opened = await browser.new_page(viewport={"width": 390, "height": 844})
    opened.set_default_timeout(PATIENCE)
    problems: list[str] = []
    opened.on("pageerror", lambda error: problems.append(str(error)))
    opened.on("console", lambda line: problems.append(line.text) if line.type == "error" else None)
    await opened.goto(f"{world.addresses['telegram']}/#501")
    yield opened
    assert problems == []
    await opened.context.close()


async def turns_to(page: Page, master: Master) -> None:
    await page.evaluate(f"location.hash = '#{master.user_id}'")
    await expect(page.get_by_text("Доступ открыт")).to_be_visible()


async def write(page: Page, text: str) -> None:
    await page.get_by_label("Сообщение", exact=True).fill(text)
    await page.get_by_role("button", name="Отправить").click()


async def acts(message: Locator, what: str) -> None:
    """Take what one may do with a message from behind its button."""
    await message.get_by_role("button", name="Действия с сообщением").click()
    await message.get_by_role("button", name=what).click()


async def bot(world: World, method: str, **params: Any) -> Any:
    """What else the bot may do, besides what it does by itself."""
    url = f"{world.addresses['telegram']}/bot{environment.BOT_TOKEN}/{method}"
    return (await world.http.post(url, json=params)).json()["result"]


async def test_a_dialogue(page: Page, master: Master):
    await turns_to(page, master)
    await write(page, "нет-такого <img src=x onerror=alert(1)>")
    await expect(page.get_by_text("«нет-такого <img src=x onerror=alert(1)>» ничего нет")).to_be_visible()
    await write(page, "DF333DWYE")
    await page.get_by_role("button", name="В корзину").click()
    await expect(page.get_by_role("button", name="В корзине · 1 шт.")).to_be_visible()
    await expect(page.locator("#toasts").get_by_text("В корзине: 1 шт.")).to_be_visible()
    await page.get_by_role("button", name="В корзине · 1 шт.").click()
    # The card has a «+» too, and is there before the cart.
    cart = page.get_by_role("article").filter(has_text="Оформить заказ")
    await cart.get_by_role("button", name="+", exact=True).click()
    await expect(page.locator(".message b").filter(has_text="15\u00a0980\u00a0₽")).to_be_visible()
    await master.checks_out()
    number = await master.confirms()
    pay = page.get_by_role("link", name="Оплатить")
    await expect(pay).to_have_attribute("href", re.compile("/pay/"))
    await expect(pay).to_have_attribute("target", "_blank")
    assert number in await page.locator(".message.bot").filter(has_text="создан.").inner_text()
    assert await page.evaluate("document.documentElement.scrollWidth <= innerWidth")


async def test_an_invitation_and_the_keyboard(page: Page, world: World):
    await page.get_by_role("button", name="Стенд: люди и ссылки").click()
    await expect(page.locator("#invites code")).to_contain_text(f"https://t.me/{environment.BOT_USERNAME}?start=")
    await page.get_by_role("button", name="Открыть приглашение").click()
    await expect(page.locator(".message.user")).to_contain_text("/start ")
    await expect(page.get_by_text("Доступ открыт")).to_be_visible()
    keyboard = {"keyboard": [[{"text": "Поделиться телефоном", "request_contact": True}]], "one_time_keyboard": True}
    await bot(world, "sendMessage", chat_id=501, text="Ваш телефон?", reply_markup=keyboard)
    await page.get_by_role("button", name="Поделиться телефоном").click()
    await expect(page.locator(".message.user").last).to_contain_text("Контакт: ")
    await bot(world, "sendMessage", chat_id=501, text="Записали.", reply_markup={"remove_keyboard": True})
    await expect(page.locator("#keyboard")).to_be_hidden()


async def test_photos_and_blocking(page: Page, world: World, master: Master):
    await turns_to(page, master)
    files: list[FilePayload] = [
        {"name": f"{color}.png", "mimeType": "image/png", "buffer": picture(color)} for color in ("red", "blue")
    ]
    await page.get_by_role("button", name="Прикрепить", exact=True).click()
    await page.get_by_label("Прикрепить фото").set_input_files(files)
    await expect(page.locator(".message.user img")).to_have_count(2)
    liked = {"chat_id": master.user_id, "reaction": [{"type": "emoji", "emoji": "👍"}]}
    for message in (await master.settles())["messages"]:
        if message["photo"] and message["from"] == "user":
            await bot(world, "setMessageReaction", message_id=message["id"], **liked)
    await expect(page.locator(".reaction")).to_have_count(2)
    await page.get_by_role("button", name="Остановить бота").click()
    await page.get_by_role("button", name="Запустить бота снова").click()
    await expect(page.get_by_label("Сообщение", exact=True)).to_be_visible()


async def test_files_contacts_and_places(page: Page, world: World, master: Master):
    await turns_to(page, master)
    attach = page.get_by_role("button", name="Прикрепить", exact=True)
    await attach.click()
    heic: FilePayload = {"name": "IMG_1.HEIC", "mimeType": "image/heic", "buffer": b"x" * 3_000_000}
    await page.get_by_label("Прикрепить фото").set_input_files([heic])
    await expect(page.get_by_text("Файл: IMG_1.HEIC · 2,9\u00a0МБ")).to_be_visible()
    await attach.click()
    await page.get_by_role("button", name="Голосовое").click()
    await expect(page.get_by_text("Голосовое сообщение · 0:04")).to_be_visible()
    await attach.click()
    await page.get_by_role("button", name="Чужой телефон").click()
    await expect(page.locator(".message.user").last).to_contain_text("Контакт: Коллега")
    await attach.click()
    await page.get_by_role("button", name="Место на карте").click()
    await expect(page.locator(".message.user").last).to_contain_text("Место: 56.8587")
    messages = world.telegram.world.chats[master.user_id].messages.values()
    assert [message.document.mime for message in messages if message.document] == ["image/heic"]


async def test_words_are_answered_edited_and_forwarded(page: Page, world: World, master: Master):
    await turns_to(page, master)
    greeting = page.locator(".message.bot").filter(has_text="Доступ открыт")
    await acts(greeting, "Ответить")
    await write(page, "DF333DWYE")
    mine = page.locator(".message.user").last
    await expect(mine.locator(".quote")).to_contain_text("Доступ открыт")
    await acts(mine, "Изменить")
    await expect(page.get_by_label("Сообщение", exact=True)).to_have_value("DF333DWYE")
    await write(page, "HR2470")
    await expect(mine).to_contain_text("HR2470")
    await mine.get_by_role("button", name="изменено").click()
    await expect(mine.locator(".history")).to_contain_text("DF333DWYE")
    await acts(greeting, "Переслать боту")
    await expect(page.locator(".message.user").last).to_contain_text("Переслано")
    kinds = [update.kind for update in world.telegram.mailbox.log if update.peer_id == master.user_id]
    assert kinds[-3:] == ["message", "edited_message", "message"]


async def test_who_reads_the_end_keeps_it_when_a_message_or_the_keyboard_grows(page: Page, world: World):
    """Sixty lines in place of one, or four rows of keys, push the end away further than it is looked for."""
    await write(page, "/start")
    sent = await bot(world, "sendMessage", chat_id=501, text="Оформляем…")
    await expect(page.get_by_text("Оформляем…")).to_be_in_viewport()
    text = "\n".join(f"Строка {number}" for number in range(60))
    await bot(world, "editMessageText", chat_id=501, message_id=sent["message_id"], text=text)
    await expect(page.get_by_text("Строка 59")).to_be_in_viewport()
    keyboard = [[{"text": f"Ответ {number}"}] for number in range(4)]
    await bot(world, "sendMessage", chat_id=501, text="Какой ответ?", reply_markup={"keyboard": keyboard})
    await expect(page.get_by_text("Какой ответ?")).to_be_in_viewport()
    await bot(world, "sendMessage", chat_id=501, text="Любой.")
    await expect(page.get_by_text("Любой.")).to_be_in_viewport()


async def test_a_long_dialogue_is_drawn_by_its_end_and_by_what_one_scrolls_to(page: Page, world: World, master: Master):
    chats = world.telegram.world
    for number in range(1_000):
        chats.add(Message(chats.next_id(), master.user_id, "bot", 1, chats.clock.now(), Formatted(f"Строка {number}")))
    await page.evaluate(f"location.hash = '#{master.user_id}'")
    await expect(page.get_by_text("Строка 999")).to_be_in_viewport()
    await expect(page.get_by_role("article")).to_have_count(120)
    await page.locator("#feed").evaluate("feed => { feed.scrollTop = 0; }")
    await expect(page.get_by_role("article")).to_have_count(240)
    await expect(page.get_by_text("Строка 880", exact=True)).to_be_in_viewport()
    await bot(world, "sendMessage", chat_id=master.user_id, text="Новое слово")
    await expect(page.get_by_text("Новое слово")).to_be_attached()
    await expect(page.get_by_text("Новое слово")).not_to_be_in_viewport()


async def test_commands_copying_and_silence(page: Page, world: World, master: Master):
    await turns_to(page, master)
    await page.get_by_role("button", name="Команды бота").click()
    await page.get_by_role("button", name="/help Что умеет бот").click()
    await expect(page.locator(".message.user").last).to_contain_text("/help")
    await page.get_by_label("Сообщение", exact=True).fill("/car")
    await expect(page.get_by_role("button", name="/cart Корзина")).to_be_visible()
    await expect(page.locator("#found button")).to_have_count(1)
    rows = [
        [{"text": "Трек-номер", "copy_text": {"text": "RR1"}}],
        [{"text": "Открыть", "url": f"https://t.me/{environment.BOT_USERNAME}?start=p_1"}],
    ]
    quiet = {"disable_notification": True, "reply_markup": {"inline_keyboard": rows}}
    await bot(world, "sendMessage", chat_id=master.user_id, text="В пути", **quiet)
    await expect(page.locator(".silent")).to_have_text("без звука")
    await page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    await page.get_by_role("button", name="Трек-номер").click()
    await expect(page.locator("#toasts").get_by_text("Скопировано")).to_be_visible()
    assert await page.evaluate("navigator.clipboard.readText()") == "RR1"
    await page.get_by_role("link", name="Открыть").click()
    await expect(page.locator(".message.user").last).to_contain_text("/start p_1")


async def test_the_operators_read_and_answer_in_topics(page: Page, world: World):
    topic = (await bot(world, "createForumTopic", chat_id=GROUP, name="Сергей · 501"))["message_thread_id"]
    await bot(world, "sendMessage", chat_id=GROUP, text="Новый заказ")
    await bot(world, "sendMessage", chat_id=GROUP, message_thread_id=topic, text="Где мой заказ?")
    await page.get_by_role("button", name="Стенд: люди и ссылки").click()
    await page.get_by_role("button", name="Операторы").click()
    await expect(page.get_by_text("Новый заказ")).to_be_visible()
    await expect(page.get_by_text("Где мой заказ?")).to_be_hidden()
    await page.get_by_role("tab", name="Сергей · 501").click()
    await expect(page.get_by_text("Тема «Сергей · 501» открыта")).to_be_visible()
    await acts(page.get_by_role("article").last, "Ответить")
    await write(page, "Завтра привезут")
    await expect(page.locator(".message.user .quote")).to_have_text("Где мой заказ?")
    await bot(world, "sendMessage", chat_id=GROUP, text="Ещё заказ")
    await expect(page.get_by_role("tab", name="Общая").locator(".badge")).to_have_text("1")
    answers = [message for message in world.telegram.world.chats[GROUP].messages.values() if message.author == "user"]
    assert [(message.thread_id, message.sender_id) for message in answers] == [(topic, 900001)]


async def test_inline_search(page: Page, master: Master):
    await turns_to(page, master)
    await page.get_by_label("Сообщение", exact=True).fill(f"@{environment.BOT_USERNAME} DF333DWYE")
    await page.get_by_role("button", name="Шуруповёрт Makita DF333DWYE").click()
    await expect(page.locator(".message").last).to_contain_text("Шуруповёрт Makita DF333DWYE")


async def test_several_people_and_an_alert(page: Page, world: World, master: Master):
    await turns_to(page, master)
    before = len(world.telegram.world.chats[master.user_id].messages)
    await page.get_by_role("button", name="Стенд: люди и ссылки").click()
    await page.get_by_role("button", name="Новый мастер").click()
    newcomer = master.user_id + 1
    await expect(page).to_have_url(f"{world.addresses['telegram']}/#{newcomer}")
    await page.get_by_role("button", name="Начать", exact=True).click()
    await expect(page.locator(".message.bot")).to_contain_text("Бот работает по приглашению")
    assert len(world.telegram.world.chats[master.user_id].messages) == before
    markup = {"inline_keyboard": [[{"text": "Подробнее", "callback_data": "x1"}]]}
    await bot(world, "sendMessage", chat_id=newcomer, text="Скидки", reply_markup=markup)
    await page.get_by_role("button", name="Подробнее").click()
    await expect(page.get_by_role("dialog")).to_contain_text("Бот работает по приглашению")
    await page.get_by_role("dialog").get_by_role("button", name="Понятно").click()
    await page.set_viewport_size({"width": 1600, "height": 900})
    name = world.telegram.world.users[master.user_id].first_name
    await page.get_by_role("button", name=f"Открыть рядом: {name}").first.click()
    await expect(page.frame_locator("#beside iframe").get_by_text("Доступ открыт")).to_be_visible()
    await page.get_by_role("button", name="Убрать второй телефон").click()
    await expect(page.locator("#beside")).to_be_hidden()
