"""A manager changes an order that is already made."""

from decimal import Decimal

from infra.local.portal.orders import OrderChange
from infra.local.show.customer import CASH
from infra.local.show.stage import Stage
from shared.domain.statuses import STATUSES
from shared.status import Status

TITLE = "Менеджер изменил заказ"
ABOUT = "Мастер узнаёт, что именно изменилось и сколько теперь платить."
PIECES = 3
GATHERED = STATUSES[Status.WAITING_FOR_DELIVERY].text


async def play(stage: Stage) -> None:
    """Three pieces become one, and the master is told so."""
    master = await stage.master("Дмитрий")
    number = await master.orders(position=5, quantity=PIECES, payment=CASH)
    await stage.tells("Дмитрий заказал три штуки. Заказ собирают.")
    await stage.shop.moves(number, OrderChange(status=Status.WAITING_FOR_DELIVERY))
    await master.sees(GATHERED)
    await stage.tells("Менеджер звонит Дмитрию: на складе нашлась только одна.")
    (order,) = stage.shop.orders(master.buyer)
    await stage.shop.moves(number, OrderChange(lines={order.lines[0].product_id: Decimal(1)}))
    await stage.tells("Он правит строку заказа в Битрикс24. Портал шлёт событие, бот смотрит заказ заново.")
    await master.sees("Менеджер изменил заказ")
    (order,) = stage.shop.orders(master.buyer)
    stage.proves("В заказе одна штука.", holds=order.lines[0].quantity == 1)
    stage.proves("Об изменении сказано один раз.", holds=len(await master.hears("Менеджер изменил заказ")) == 1)
