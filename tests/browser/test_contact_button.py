"""The contact button on the chat page, pressed in a real browser by a newcomer."""

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio
from playwright.async_api import Page, expect

from shared.domain.invites import ANYBODY
from tests.browser.test_chat_page import browser, page, write
from tests.support.sandbox import World, running_world

__all__ = ["browser", "page"]

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="module")]


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def world() -> AsyncIterator[World]:
    async with running_world({"BITRIX_DIALECT": "native"}) as running:
        yield running


async def test_a_newcomer_presses_the_contact_button(page: Page, world: World):
    await write(page, f"/start {world.stranger(ANYBODY).invite.partition('start=')[2]}")
    send = page.get_by_role("button", name="Отправить мой номер")
    await expect(send).to_be_visible()
    await page.get_by_label("Сообщение", exact=True).fill("+7 912 345-67-89")
    await page.get_by_label("Сообщение", exact=True).press("Enter")
    await expect(page.get_by_text("Набранный номер не подойдёт")).to_be_visible()
    await send.click()
    await expect(page.locator(".message.user").last).to_contain_text("Контакт: ")
    await expect(page.get_by_text("Доступ открыт")).to_be_visible()
    await expect(page.locator("#keyboard")).to_be_hidden()
    assert [one["SOURCE_DESCRIPTION"] for one in await world.shop.contacts()] == ["Telegram"]
