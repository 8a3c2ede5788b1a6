"""A master's whole way, once in each dialect: what the bot sends on it is right by teremok's rules too.

teremok knows the Bot API's rules from the documentation (HTML, lengths, buttons) and is not ours; our simulator was
written from the official server's source. What both take, Telegram will most likely take.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import AsyncGenerator
from functools import partial
from typing import Any

import pytest
from teremok.validation import ApiRuleViolation, validate_method

from shared.telegram.api import (
    BaseSession,
    Bot,
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    SendMessage,
    TelegramMethod,
    TelegramType,
)
from tests.stateful.people import Do, Street, moved_in
from tests.stateful.reading import spaced
from tests.support.clock import run
from tests.support.photos import snapshot

MASTER = 700_001
STRANGER = 800_001


class Witness(BaseSession):
    """`objections` is what teremok refused, `seen` how many calls of each method it has looked at."""

    def __init__(self, real: BaseSession) -> None:
        super().__init__(api=real.api, timeout=real.timeout)
        self.objections: list[str] = []
        self.seen: Counter[str] = Counter()
        self._real = real

    async def make_request(
        self,
        bot: Bot,
        method: TelegramMethod[TelegramType],
        timeout: int | None = None,  # noqa: ASYNC109 - aiogram's signature
    ) -> TelegramType:
        self.seen[method.__api_method__] += 1
        try:
            validate_method(bot, method)
        except ApiRuleViolation as violation:
            self.objections.append(f"{violation.description}: {method!r}")
        return await self._real.make_request(bot, method, timeout)

    def stream_content(self, url: str, *args: Any, **kwargs: Any) -> AsyncGenerator[bytes, None]:
        return self._real.stream_content(url, *args, **kwargs)

    async def close(self) -> None:
        await self._real.close()


class Walk:
    """One master on his way; each step names what he then sees."""

    def __init__(self, street: Street) -> None:
        self._street = street

    async def says(self, text: str, sees: str) -> None:
        await self._does(partial(self._street.says, MASTER, text), sees)

    async def taps(self, beginning: str, sees: str) -> None:
        button = self._street.button(MASTER, beginning)
        assert button is not None, f"no «{beginning}» among {self._street.buttons(MASTER)}"
        await self._does(partial(self._street.presses, MASTER, button), sees)

    async def shares_contact(self, sees: str) -> None:
        await self._does(partial(self._street.shares_contact, MASTER), sees)

    async def sends_photo(self, sees: str) -> None:
        await self._does(partial(self._street.sends_photo, MASTER, snapshot(1)), sees)

    async def shop_moves(self, status: str, sees: str) -> None:
        await self._street.moves(0, status, lost=False)
        self._sees(sees)

    async def shop_decides(self, status: str, sees: str) -> None:
        await self._street.decides(0, status)
        self._sees(sees)

    async def _does(self, act: Do, sees: str) -> None:
        await self._street.comes_of(act)
        self._sees(sees)

    def _sees(self, text: str) -> None:
        shown = [spaced(message["text"] or message["caption"]) for message in self._street.messages(MASTER)]
        labels = [button.text for button in self._street.buttons(MASTER)]
        assert any(text in words for words in [*shown, *labels]), f"«{text}» is not among {shown}"


async def buys_and_returns(walk: Walk) -> None:
    await walk.says("шуруповёрт", "🔎 «шуруповёрт»")
    await walk.taps("2", "В корзину ·")
    await walk.says("DF333DWYE", "В корзину ·")
    await walk.taps("🖼 Ещё фото", "Фото 2 из")
    await walk.taps("В корзину ·", "🛒 В корзине")
    await walk.taps("🛒 В корзине", "Итого:")
    await walk.taps("+", "2 шт.")
    await walk.taps("Оформить заказ", "Куда доставить?")
    await walk.says("Тверь, ул. <Советская> & 10", "Как оплатите?")
    await walk.taps("💵", "Проверьте заказ")
    await walk.taps("📞 Телефон", "По какому номеру")
    await walk.shares_contact("📞 +7")
    await walk.taps("💬 Комментарий", "Напишите комментарий")
    await walk.says("Звонить <после> 10 & до 18", "💬 Звонить")
    await walk.taps("✅ Заказать", "создан.")
    await walk.says("/track", "Оплата наличными")
    await walk.shop_moves("SHIPPED", "Курьер уже в пути")
    await walk.shop_moves("DELIVERED", "Оплатили курьеру")
    await walk.taps("Да, оплачено", "оплачено")
    await walk.says("/track", "Заказ доставлен")
    await walk.taps("↩️ Вернуть товар", "Что возвращаем?")
    await walk.taps("Шуруповёрт", "✓")
    await walk.taps("Дальше", "Что случилось?")
    await walk.taps("Другое", "Напишите одним сообщением")
    await walk.says("Не <крутит> & греется", "Пришлите фото")
    await walk.sends_photo("Принято: 1")
    await walk.taps("Готово", "Проверьте возврат")
    await walk.taps("✅ Оформить возврат", "зарегистрирован")
    await walk.shop_decides("RETURN_REJECTED", "Возврат отклонён")


async def looks_around(walk: Walk) -> None:
    await walk.says("/start", "что ищем?")
    await walk.says("/help", "/catalog")
    await walk.says("/catalog", "Каталог")
    await walk.says("/myorders", "Ваши заказы")
    await walk.says("/return", "Ваши возвраты")
    await walk.says("/settings", "Тихие часы")
    await walk.says("<b>нет & такого", "ничего нет")
    await walk.says("DF333DWYE x 3\nнет <такого> × 2", "Ваш список")
    await walk.taps("В корзину всё", "🛒 В корзине")
    await walk.says("DF347DWE", "В корзину ·")
    await walk.taps("🔔", "Больше не следить")
    await walk.says("/watches", "Следим за товарами")
    await walk.says("/support", "Закончить — /cancel")
    await walk.says("Есть <вопрос> & ответ?", "Передали менеджеру")
    await walk.says("/cancel", "Разговор с менеджером закончен")


@pytest.mark.parametrize("dialect", ["contract", "native"])
def test_all_that_is_sent_on_a_masters_way_is_right_by_another_hand(dialect: str):
    async def walks() -> Witness:
        async with moved_in(dialect) as street:
            bot = street.system.here.bot
            witness = bot.session = Witness(bot.session)
            await street.comes_in(MASTER, "9001")
            await street.stands_outside(STRANGER)
            await buys_and_returns(Walk(street))
            await looks_around(Walk(street))
            assert witness.seen.total() == len(street.system.telegram.calls.log) - 1, "setWebhook is not the bot's"
        return witness

    witness = run(walks())
    assert witness.objections == []
    assert witness.seen.keys() >= {"sendMessage", "sendPhoto", "editMessageText", "answerCallbackQuery", "copyMessage"}


@pytest.mark.parametrize(
    ("text", "data", "said"),
    [
        ("<b>не закрыт", "x1", "can't parse entities"),
        ("ж" * 4097, "x1", "too long"),
        ("текст", "ж" * 33, "BUTTON_DATA"),
    ],
    ids=["tag", "length", "button"],
)
def test_it_would_object_to_what_is_wrong(text: str, data: str, said: str):
    async def sends() -> Witness:
        async with moved_in("contract") as street:
            bot = street.system.here.bot
            witness = bot.session = Witness(bot.session)
            keyboard = InlineKeyboardMarkup(inline_keyboard=[[InlineKeyboardButton(text="Да", callback_data=data)]])
            await street.system.here.sender.perform(SendMessage(chat_id=MASTER, text=text, reply_markup=keyboard))
        return witness

    witness = run(sends())
    assert any(said in objection for objection in witness.objections)
