"""The texts of a pasted list and its quote."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from shared.assistant.texts import common
from shared.domain.catalogue import Product
from shared.domain.pasted_lists.file_trouble import MOST_BYTES, MOST_ROWS, FileTrouble
from shared.domain.text import shorten
from shared.telegram.formatting import counted, escape, money, quantity

TYPED_LIMIT = 60
"""Longer lines are cut where they are repeated."""

CANDIDATE_LIMIT = 40


def head(found: int, of: int) -> str:
    """Head of a quote."""
    return f"📋 <b>Ваш список</b> — нашли {found} из {of}"


def not_sold(position: int, name: str) -> str:
    """A line whose product has left the shop."""
    return f"{position}. {escape(shorten(name, common.LINE_LIMIT))} — сейчас не продаётся"


def not_there(position: int, name: str) -> str:
    """A line whose product is sold from stock only, and there is none."""
    return f"{position}. {escape(shorten(name, common.LINE_LIMIT))} — нет в наличии"


def sold_in(wanted: Decimal, measure: str, least: Decimal, step: Decimal, unit: str) -> str:
    """«вы писали 2,3 м, продаётся по 0,5 м»: a quantity became another one"""
    typed = common.told(wanted, measure) if measure else quantity(wanted)
    way = f"от {common.told(least, unit)}" if wanted < least and least > step else f"по {common.told(step, unit)}"
    return f"   вы писали {typed}, продаётся {way}"


def stock(wanted: Decimal, available: Decimal, *, on_order: bool) -> str:
    """«в наличии», «есть 4 из 10, остальное под заказ», «есть 4 из 10, больше нет», «под заказ»"""
    if available >= wanted:
        return "   в наличии"
    if available <= 0:
        return "   под заказ"
    rest = "остальное под заказ" if on_order else "больше нет"
    return f"   есть {quantity(available)} из {quantity(wanted)}, {rest}"


def left(count: int) -> str:
    """«…и ещё 30 позиций»"""
    return f"…и ещё {counted(count, 'позиция', 'позиции', 'позиций')}"


def unclear_head(*, several: bool) -> str:
    """Above the lines that mean several products, or one that is to be chosen or confirmed."""
    return "Уточните — подходит несколько товаров:" if several else "Уточните, какой товар нужен:"


def unclear(
    text: str, counts: Sequence[Decimal], measure: str, total: int, products: Sequence[Product], *, guessed: bool
) -> str:
    """A line that means several products, or one that comes in variations or may be meant: which."""
    typed = missing(text, counts, measure)
    known = "; ".join(escape(shorten(product.name, CANDIDATE_LIMIT)) for product in products)
    if total == 1 and guessed and not products[0].has_variations:
        return f"{typed} — это {known}?"
    if total == 1:
        return f"{typed} — есть варианты: {known}"
    return f"{typed} — {common.goods(total)}: {known}{'…' if total > len(products) else ''}"


def missing_head() -> str:
    """Above the lines nothing was found for."""
    return "Не нашли:"


def missing(text: str, counts: Sequence[Decimal], measure: str) -> str:
    """A line as it was typed, with its quantity."""
    return f"· {escape(shorten(text, TYPED_LIMIT))}, {_either(counts, measure)}"


def _either(counts: Sequence[Decimal], unit: str) -> str:
    """«2 шт.», «2 или 45 шт.»"""
    *others, last = counts
    return " или ".join([*(quantity(count) for count in others), common.told(last, unit)])


def asked_head() -> str:
    """Above the lines whose count must be asked."""
    return "Сколько нужно? По списку не понять. Нажмите ответ ниже:"


def asked(
    position: int, name: str, counts: Sequence[Decimal], unit: str, cost: tuple[Decimal, str] | None = None
) -> str:
    """«3. Дрель — 2 или 45 шт.», «3. Дрель — 250 шт., это 1 997 500 ₽»"""
    told = f"{position}. {escape(shorten(name, common.LINE_LIMIT))} — {_either(counts, unit)}"
    return f"{told}, это {money(*cost)}" if cost else told


def noted() -> str:
    """Toast after an answer, while the list is quoted anew."""
    return "Поняли, пересчитываем."


def answered() -> str:
    """Toast when a question is answered already."""
    return "Ответ уже учли."


def unread(count: int, most: int) -> str:
    """Say that some lines are too long to be read."""
    lines = counted(count, "строка", "строки", "строк")
    return f"Не разобрали: {lines} длиннее {counted(most, 'знака', 'знаков', 'знаков')}. Пришлите их короче."


def sheet(name: str) -> str:
    """Say which sheet of a workbook was read."""
    return f"Взяли лист «{escape(shorten(name, CANDIDATE_LIMIT))}», остальные листы не смотрели."


_ROWS = quantity(Decimal(MOST_ROWS))
_OR_TYPE = "или пришлите список сообщением"

_UNREAD_FILE = {
    FileTrouble.TOO_LARGE: f"Файл слишком большой: читаем до {MOST_BYTES // 2**20} МБ. Уберите лишнее {_OR_TYPE}.",
    FileTrouble.TOO_LONG: f"Файл слишком длинный: читаем до {_ROWS} строк. Оставьте нужные {_OR_TYPE}.",
    FileTrouble.ENCRYPTED: f"Файл закрыт паролем. Снимите пароль {_OR_TYPE}.",
    FileTrouble.MACRO: f"В файле есть макросы, такой не открываем. Сохраните его как обычный .xlsx {_OR_TYPE}.",
    FileTrouble.OLD: f"Таблицу старого вида прочитать не получится. Сохраните её как .xlsx {_OR_TYPE}.",
    FileTrouble.OTHER: "Это не таблица и не текст. Списки читаем из файлов .xlsx, .csv и .txt, ещё из сообщений.",
    FileTrouble.BROKEN: f"Файл повреждён, прочитать не получилось. Сохраните его заново {_OR_TYPE}.",
    FileTrouble.NO_LIST: f"Списка в файле не нашли. Нужны артикулы и количество: исправьте файл {_OR_TYPE}.",
    FileTrouble.NOT_GIVEN: "Телеграм не отдал нам файл. Пришлите его ещё раз.",
}


def unread_file(why: FileTrouble) -> str:
    """Say why a file is not read."""
    return _UNREAD_FILE[why]


def hint() -> str:
    """What to do about what is not clear or was not found."""
    return "Нажмите на строку ниже или напишите название — поищем отдельно."


def too_long(taken: int, rest: int) -> str:
    """Say that only the first lines were taken."""
    lines = counted(rest, "строка", "строки", "строк")
    return f"За раз берём {counted(taken, 'строку', 'строки', 'строк')}. Ещё {lines} — пришлите следующим сообщением."


def capped(most: Decimal) -> str:
    """Say that a quantity was lowered."""
    return f"В один заказ помещается до {quantity(most)} каждого товара — столько и поставили."


def adding() -> str:
    """Toast while the goods are put into the cart."""
    return "Кладём в корзину, подождите немного."


def all_added() -> str:
    """Toast when all is in the cart already."""
    return "Всё из списка уже в корзине."


def added(count: int) -> str:
    """Say that the list is in the cart, in the place of what said that it could not be put there."""
    return f"Теперь список в корзине: {counted(count, 'позиция', 'позиции', 'позиций')}."


def no_room(limit: int, names: Sequence[str]) -> str:
    """Say which goods did not fit into the cart."""
    head = f"В один заказ помещается {common.goods(limit)}. Не добавили:"
    hint = "Оформите этот заказ и нажмите «В корзину остальное»."
    return "\n".join([head, *_named(names), hint])


def gone(names: Sequence[str]) -> str:
    """Say which goods cannot be ordered any more."""
    head = "Этого уже нет, в корзину не положили:"
    return "\n".join([head, *_named(names), "Напишите название — поищем замену."])


NAMED = 10
"""Goods that are told one by one."""


def _named(names: Sequence[str]) -> list[str]:
    told = [f"   {escape(shorten(name, common.LINE_LIMIT))}" for name in names[:NAMED]]
    rest = len(names) - NAMED
    return [*told, f"   {left(rest)}"] if rest > 0 else told
