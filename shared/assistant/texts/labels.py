"""The labels of buttons."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Final

from shared.assistant.texts import common, deliveries
from shared.domain.apart import apart
from shared.domain.deliveries import DeliveryService
from shared.domain.order_list import OrderFilter
from shared.domain.preferences import QuietHours, Sound
from shared.domain.text import NBSP, shorten
from shared.telegram.formatting import money, number_sign, quantity

BACK = "‹"
FORTH = "›"
MINUS = "−"
PLUS = "+"
REMOVE = "✕"
NAME_ADDRESS = "✏️ Назвать адрес"
SEARCH_MORE = "🔎 Искать ещё"
CATALOGUE = "📂 Каталог"
CART = "🛒 Корзина"
CHECKOUT = "Оформить заказ"
CLEAR = "Очистить"
PREPAID = "💳 Оплата по ссылке"
CASH = "💵 Наличными при получении"
ORDER_NOW = "⚡ Заказать сразу"
ADDRESS = "📍 Адрес"
TO_PREPAID = "💳 Платить по ссылке"
TO_CASH = "💵 Платить наличными"
CONFIRM = "✅ Заказать"
AGREE = "✅ Согласен, заказать"
DELIVERY = "🚚 Доставка"
FETCH_MYSELF = "🏬 Заберу сам"
CHOOSE_STORE = "🏬 Выбрать пункт"
SET_ADDRESS = "📍 Указать адрес"
OTHER_STORE = "🏬 Другой пункт"
ON_MAP = "🗺 На карте"
HOURS = "🕒 Время"
ANY_TIME = "Любое время"
PHONE = "📞 Телефон"
NAME = "👤 Имя"
COMMENT = "💬 Комментарий"
DROP_COMMENT = "✕ Убрать комментарий"
POINT_ALONE = "Хватит точки на карте"
SKIP = "Пропустить"
SEND_PHONE = "📞 Отправить мой номер"
CHANGE = "Изменить"
CANCEL = "Отмена"
BUSY = "⏳ Оформляем…"
PAY = "💳 Оплатить"
FOR_CLIENT = "🔗 Ссылка для клиента"
COPY = "📋 Скопировать"
CALL_OFF = "Отменить заказ"
CALL_OFF_YES = "Да, отменить"
CALL_OFF_NO = "Нет, оставить"
CALLING_OFF = "⏳ Отменяем…"
REPEAT = "🔁 Повторить"
MY_ORDERS = "📦 Мои заказы"
REFRESH = "🔄 Обновить"
ASK_MANAGER = "💬 Спросить менеджера"
END_TALK = "Закончить разговор"
ANSWER_MANAGER = "💬 Ответить менеджеру"
RETURN_GOODS = "↩️ Вернуть товар"
MY_RETURNS = "↩️ Мои возвраты"
NEXT = "Дальше"
BACK_TO_GOODS = "‹ К товарам"
BACK_TO_QUANTITY = "‹ Назад"
TRY_AGAIN = "🔄 Попробовать ещё раз"
BACK_TO_CARD = "‹ К товару"
VARIATIONS = "Другие варианты"
OPEN_CARD = "Открыть карточку"
WATCH_STOCK = "🔔 Сообщить о поступлении"
WATCH_PRICE = "🔔 Сообщить, если подешевеет"
UNWATCH = "🔕 Больше не следить"
WATCHES = "🔔 Мой список"
OTHER_REASON = "Другое"
PHOTOS_DONE = "Готово"
CONFIRM_RETURN = "✅ Оформить возврат"
CASH_PAID = "Да, оплачено"
CASH_QUESTION = "Нет, есть вопрос"
OPEN_IN_BOT = "Открыть в боте"
INLINE_SHORT = "Введите название или откройте бота"
INLINE_NOTHING = "Ничего не нашлось. Откройте бота"
INLINE_TROUBLE = "Магазин не отвечает. Откройте бота"
INLINE_MISREAD = "Ошибка у нас. Откройте бота"
INLINE_STRANGER = "Бот работает по приглашению"
INLINE_BLOCKED = "Доступ закрыт. Откройте бота"
INLINE_TOO_OFTEN = "Слишком часто. Подождите минуту"


def page_of(page: int, pages: int) -> str:
    """«1 из 5»"""
    return f"{page} из {pages}"


def add(total: Decimal, currency: str) -> str:
    """«В корзину · 7 990 ₽»"""
    return f"В корзину · {money(total, currency)}"


def in_cart(amount: Decimal, unit: str) -> str:
    """«🛒 В корзине · 2 шт.»"""
    return f"🛒 В корзине · {common.amount(amount, unit)}"


def add_list(count: int) -> str:
    """«В корзину всё · 12 поз.»"""
    return f"В корзину всё · {count}{NBSP}поз."


def order_list(count: int) -> str:
    """«⚡ Заказать сразу · 12 поз.»"""
    return f"{ORDER_NOW} · {count}{NBSP}поз."


def add_rest(count: int) -> str:
    """«В корзину остальное · 2 поз.»"""
    return f"В корзину остальное · {count}{NBSP}поз."


def list_in_cart(count: int) -> str:
    """«🛒 В корзине · 12 поз.»"""
    return f"🛒 В корзине · {count}{NBSP}поз."


def find(text: str) -> str:
    """«🔎 бита ph2»: search for a line of a list"""
    return f"🔎 {shorten(text, 37)}"


def line(position: int, amount: Decimal, unit: str) -> str:
    """«1 · 2 шт.»"""
    return f"{position} · {common.amount(amount, unit)}"


def other_count(position: int) -> str:
    """«3 · другое»: another count than those of the list's line"""
    return f"{position} · другое"


def choices(names: Sequence[str], count: Decimal | None, unit: str) -> list[str]:
    """«10 шт. · Бита PH2 50 мм»: what a line of a list may mean; without a count where it must be asked"""
    counted = f"{common.amount(count, unit)} · " if count is not None else ""
    return [f"{counted}{name}" for name in apart(names, 40 - len(counted))]


def address(address: str, name: str = "") -> str:
    """A saved address, by its name where it has one: «📍 Гараж · Тверь, ул. Мира, 5»"""
    return f"📍 {shorten(f'{name} · {address}' if name else address, 37)}"


def delivery(service: DeliveryService, currency: str) -> str:
    """«🚚 Курьер · 350 ₽»: a delivery service to choose"""
    name = f"{deliveries.icon(service)} {shorten(service.name, 30)}"
    return name if service.price is None else f"{name} · {deliveries.price(service.price, currency)}"


def hours(name: str) -> str:
    """«🕒 Завтра, 18–21»: hours of delivery to choose"""
    return f"🕒 {shorten(name, 37)}"


def store(number: int, name: str) -> str:
    """«1. Склад на Советской»: a store to fetch an order at"""
    return f"{number}. {shorten(name, 30)}"


def agree_to(total: Decimal, currency: str) -> str:
    """«✅ Согласен · 8 940 ₽»"""
    return f"✅ Согласен · {money(total, currency)}"


def order(number: str) -> str:
    """«📦 Заказ № 5121»"""
    return f"📦 Заказ {number_sign(shorten(number, 40))}"


def made_return(number: str) -> str:
    """«↩️ Возврат № 77»"""
    return f"↩️ Возврат {number_sign(shorten(number, 40))}"


def goods(names: Sequence[str]) -> list[str]:
    """Return the names as `good` takes them."""
    return apart(names, 30)


def good(name: str, chosen: Decimal, most: Decimal, unit: str) -> str:
    """«Шуруповёрт Makita · 1 шт. ✓», «Бита PH2 · 3 из 10 шт. ✓», without the tick when none is chosen."""
    of_all = common.amount(most, unit)
    count = of_all if chosen in (0, most) else f"{quantity(chosen)} из {of_all}"
    return f"{name} · {count}{' ✓' if chosen else ''}"


def section(name: str) -> str:
    """A section of the catalogue."""
    return shorten(name, 40)


def section_goods(count: int) -> str:
    """«Товары раздела · 48»"""
    return f"Товары раздела · {count}"


def up(name: str) -> str:
    """«‹ Оснастка»: back to the section around"""
    return f"{BACK} {shorten(name, 38)}"


_SOUNDS: Final[Mapping[Sound, str]] = {
    Sound.ALL: "Все со звуком",
    Sound.IMPORTANT: "Со звуком только важные",
    Sound.NONE: "Все без звука",
}


def sound(choice: Sound) -> str:
    """«Все со звуком»"""
    return _SOUNDS[choice]


def quiet_hours(choice: QuietHours) -> str:
    """«Тихо с 22 до 8»"""
    span = choice.span
    return "Без тихих часов" if span is None else f"Тихо с {span[0]} до {span[1]}"


def chosen(label: str, is_chosen: bool) -> str:  # noqa: FBT001 - reads as a sentence where it is called
    """«Все со звуком ✓»: the present choice among several"""
    return f"{label} ✓" if is_chosen else label


_FILTERS: Final[Mapping[OrderFilter, str]] = {
    OrderFilter.ALL: "Все",
    OrderFilter.UNPAID: "Ждут оплаты",
    OrderFilter.ACTIVE: "В работе",
    OrderFilter.OVER: "Завершённые",
}


def filtered(which: OrderFilter) -> str:
    """«Ждут оплаты»: some of the orders"""
    return _FILTERS[which]


def copy_number(number: str) -> str:
    """«📋 Скопировать RU123456»"""
    return f"{COPY} {shorten(number, 24)}"


SIMILAR = "🔁 Похожее в наличии"
ACCESSORIES = "🧰 Принадлежности"


def says_what(words: str) -> str:
    """«📋 Что такое «лепестковик»?»"""
    return f"📋 Что такое «{shorten(words, 24)}»?"


def word_guess(line: str) -> str:
    """«➕ лепестковик — это лепестковый»: adds a word to the search"""
    said, _, meant = line.partition(" > ")
    return f"➕ {shorten(said, 15)} — это {shorten(meant, 15)}"


def word_known(line: str) -> str:
    """«✅ лепестковик = лепестковый · убрать»: takes it away again"""
    said, _, meant = line.partition(" > ")
    return f"✅ {shorten(said, 13)} = {shorten(meant, 13)} · убрать"


def more_pictures(count: int) -> str:
    """«🖼 Ещё фото · 2»"""
    return f"🖼 Ещё фото · {count}"


def unwatch(number: int) -> str:
    """«🔕 3»: the third of the list is watched no more"""
    return f"🔕 {number}"


def instead_of(name: str) -> str:
    """Button of a list: goods in stock in place of one that is not."""
    return f"🔁 Вместо: {shorten(name, 40)}"
