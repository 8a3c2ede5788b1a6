from datetime import UTC, datetime

import pytest
from aiogram.types import Chat

from shared.assistant.spoken_commands import says
from shared.telegram.api import Message
from tests.assistant.stage import Stage

COMMANDS = ("cart", "catalog", "help", "lists", "myorders", "return", "settings", "support")


async def _said(text: str) -> list[str]:
    message = Message(message_id=1, date=datetime(2026, 11, 23, tzinfo=UTC), chat=Chat(id=1, type="private"), text=text)
    return [command for command in COMMANDS if await says(command)(message)]


@pytest.mark.parametrize(
    ("text", "command"),
    [
        ("Корзина", "cart"),
        ("покажите, пожалуйста, корзину", "cart"),
        ("что у меня в корзине?", "cart"),
        ("каталог", "catalog"),
        ("Помощь!", "help"),
        ("мои списки", "lists"),
        ("как в прошлый раз", "lists"),
        ("Мои заказы", "myorders"),
        ("покажи все заказы", "myorders"),
        ("история заказов", "myorders"),
        ("Оформить заказ", "cart"),
        ("хочу оформить заказ", "cart"),
        ("Возврат", "return"),
        ("хочу вернуть товар", "return"),
        ("как сделать возврат?", "return"),
        ("настройки", "settings"),
        ("оператор", "support"),
        ("Позовите менеджера!!!", "support"),
        ("здравствуйте, соедините с живым человеком пожалуйста", "support"),
        ("можно поговорить с продавцом?", "support"),
        ("Перезвоните мне", "support"),
    ],
)
async def test_a_command_may_be_said_in_words(text: str, command: str):
    assert await _said(text) == [command]


@pytest.mark.parametrize(
    "text",
    [
        "корзина для лебёдки",
        "возвратная пружина",
        "каталог bosch",
        "оператор 12 В",
        "списки цен",
        "",
        "/cart",
    ],
)
async def test_what_is_no_command_is_searched_for(text: str):
    assert await _said(text) == []


@pytest.mark.parametrize(
    ("word", "command"),
    [
        ("Корзина", "cart"),
        ("каталог", "catalog"),
        ("помощь", "help"),
        ("мои списки", "lists"),
        ("мои заказы", "myorders"),
        ("возврат", "return"),
        ("настройки", "settings"),
        ("позовите менеджера", "support"),
    ],
)
async def test_it_does_what_the_command_does(stage: Stage, word: str, command: str):
    said, typed = await stage.write(word), await stage.write(f"/{command}")
    assert [screen.text for screen in said.screens] == [screen.text for screen in typed.screens]
    assert [job.kind for job in said.jobs] == [job.kind for job in typed.jobs]
    assert said.screens or said.jobs
