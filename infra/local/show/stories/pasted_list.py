"""A list from a spreadsheet becomes a quote and a cart."""

from infra.local.show.customer import NB
from infra.local.show.stage import Stage

TITLE = "Список из таблицы"
ABOUT = "Строки счёта, вставленные как есть, становятся корзиной за два запроса к порталу."
INVOICE = (
    "№\tАртикул\tТовар\tКол-во\tЕд.\tЦена\tСумма\n"
    "1\tDF333DWYE\tДрель\t2\tшт\t7 990,00\t15 980,00\n"
    "2\tHR2470\tПерфоратор\t1\tшт\t12 990,00\t12 990,00\n"
    "Итого\t\t\t3\t\t\t28 970,00"
)


async def play(stage: Stage) -> None:
    """An invoice is pasted; names, prices and counts are read, and all goes into the cart."""
    master = await stage.master("Михаил")
    await stage.tells("Михаил копирует строки из счёта и вставляет их в чат.")
    await master.says(INVOICE)
    quote = await master.sees("📋 Ваш список")
    stage.proves("Найдены обе позиции.", holds="нашли 2 из 2" in quote["text"])
    stage.proves("Количество взято из таблицы.", holds=f"28{NB}970{NB}₽" in quote["text"])
    await stage.tells("Одно нажатие, и всё в корзине.")
    await master.taps(await master.button("В корзину всё"))
    await master.sees(f"🛒 В корзине · 2{NB}поз.")
