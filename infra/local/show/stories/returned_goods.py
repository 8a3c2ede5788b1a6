"""Goods come back, with an album of photos."""

from infra.local.portal.catalogue import build_catalogue
from infra.local.portal.orders import OrderChange
from infra.local.portal.pictures import draw_picture
from infra.local.show.stage import Stage
from shared.status import Status

TITLE = "Возврат с альбомом фото"
ABOUT = "Фото уходят на Диск портала, решение приходит мастеру."
PHOTOS = 2


async def play(stage: Stage) -> None:
    """A return with an album, registered once and accepted."""
    master = await stage.master("Николай")
    number = await master.orders()
    await stage.shop.moves(number, OrderChange(status=Status.SHIPPED))
    await master.sees("Курьер уже в пути")
    await stage.tells("Шуруповёрт приехал с браком. Николай открывает заказ и выбирает возврат.")
    await master.says(f"/track {number}")
    await master.sees("↩️ Вернуть товар")
    await master.taps("↩️ Вернуть товар")
    await master.sees("Что возвращаем?")
    await master.taps("Дальше")
    await master.sees("Что случилось?")
    await master.taps("Брак")
    await master.sees("Пришлите фото товара")
    await stage.tells("Он шлёт альбом. Каждое фото скачивается из Telegram и кладётся на Диск портала.")
    goods = build_catalogue().all()[0]
    await master.sends_photos([draw_picture(goods, shade) for shade in range(PHOTOS)])
    await master.sees(f"Принято: {PHOTOS}.")
    await master.taps("Готово")
    await master.sees("Проверьте возврат")
    await master.taps("✅ Оформить возврат")
    await master.sees("зарегистрирован.")
    (made,) = stage.shop.returns(number)
    stage.proves(f"Возврат один, фото при нём: {PHOTOS}.", holds=len(made.photos) == PHOTOS)
    await stage.tells("Менеджер смотрит фото и принимает возврат.")
    await stage.shop.decides(made, Status.RETURN_COMPLETED)
    await master.sees("Возврат принят")
