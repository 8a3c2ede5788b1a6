"""The first order: from the invite to the door."""

from infra.local.portal.orders import OrderChange
from infra.local.show.stage import Stage
from shared.status import Status

TITLE = "Первый заказ"
ABOUT = "От приглашения до доставки: поиск, карточка, корзина, оплата по ссылке, статусы."
SEARCH = "шуруповёрт"


async def play(stage: Stage) -> None:
    """A master orders for the first time, pays, and is told of each status."""
    await stage.tells("Сергей открывает приглашение: без него бот никому ничего не продаёт.")
    master = await stage.master("Сергей")
    await stage.tells("Он пишет, что ищет. Названия, цены и остатки бот спрашивает у магазина прямо сейчас.")
    await master.finds(SEARCH)
    await master.opens_card(4)
    await master.puts_into_cart()
    await stage.tells("Корзина, адрес, оплата по ссылке. До последнего нажатия в магазине ничего не создано.")
    await master.opens_cart()
    await master.checks_out()
    await stage.tells("«Заказать»: цены и остатки сверяются ещё раз, и только потом создаётся заказ.")
    number = await master.confirms()
    await stage.tells("Сергей платит по ссылке. Магазин сообщает об этом подписанным событием.")
    await stage.shop.is_paid(number)
    await master.sees("Оплата получена")
    await stage.tells("Менеджер отдаёт заказ курьеру и вписывает трек-номер.")
    await stage.shop.moves(number, OrderChange(status=Status.SHIPPED, tracking="RU123456789"))
    await master.sees("Курьер уже в пути")
    (order,) = stage.shop.orders(master.buyer)
    stage.proves("Заказ один, оплачен и едет.", holds=order.paid and order.status is Status.SHIPPED)
    told = await master.hears("Курьер уже в пути")
    stage.proves("О каждом статусе сказано ровно один раз.", holds=len(told) == 1)
