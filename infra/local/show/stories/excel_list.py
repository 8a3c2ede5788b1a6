"""A list from Excel becomes a quote and a cart."""

import io
from collections.abc import Sequence

from infra.local.show.customer import NB
from infra.local.show.stage import Stage
from infra.local.telegram.person import Paper

TITLE = "Список из Excel"
ABOUT = "Счёт, присланный файлом, становится корзиной за одно нажатие."
ROWS = (
    ("№", "Артикул", "Товар", "Кол-во", "Ед.", "Цена"),
    (1, "DF333DWYE", "Дрель", 2, "шт", 7990),
    (2, "HR2470", "Перфоратор", 1, "шт", 12990),
)


async def play(stage: Stage) -> None:
    """An invoice comes as a workbook; goods and counts are read, and all goes into the cart."""
    master = await stage.master("Михаил")
    await stage.tells("Михаил шлёт боту счёт из Excel, как есть.")
    await master.sends_files([Paper("Счёт.xlsx", _workbook(ROWS))])
    quote = await master.sees("📋 Ваш список")
    stage.proves("Найдены обе позиции.", holds="нашли 2 из 2" in quote["text"])
    stage.proves("Количество взято из таблицы.", holds=f"28{NB}970{NB}₽" in quote["text"])
    await stage.tells("Одно нажатие, и всё в корзине.")
    await master.taps(await master.button("В корзину всё"))
    await master.sees(f"🛒 В корзине · 2{NB}поз.")


def _workbook(rows: Sequence[Sequence[object]]) -> bytes:
    from openpyxl import Workbook  # noqa: PLC0415 - loaded by whoever sees the story

    book, target = Workbook(), io.BytesIO()
    for row in rows:
        book.active.append(list(row))
    book.save(target)
    return target.getvalue()
