"""The price changes while the master's finger is over the button."""

from decimal import Decimal

from infra.local.show.customer import AGREE, CONFIRM
from infra.local.show.stage import Stage

TITLE = "Цена изменилась в момент нажатия"
ABOUT = "Никто не платит цену, которой не видел."
DRILL = "1001"
NEW_PRICE = "8490"


async def play(stage: Stage) -> None:
    """A price goes up between the confirmation and the tap; the master is asked again."""
    master = await stage.master("Андрей")
    await master.fills_cart()
    await stage.tells("Андрей видит сумму и тянется к кнопке «Заказать».")
    await master.checks_out()
    await stage.tells("В эту секунду менеджер меняет цену.")
    stage.shop.sells(DRILL, price=NEW_PRICE)
    await master.taps(CONFIRM)
    await master.sees("изменилась цена")
    stage.proves("Заказ не создан: сначала спросили.", holds=stage.shop.orders(master.buyer) == [])
    await stage.tells("Бот показывает старую и новую цену. Андрей согласен.")
    await master.confirms(AGREE)
    (order,) = stage.shop.orders(master.buyer)
    stage.proves("Заказ один, по новой цене.", holds=order.lines[0].price == Decimal(NEW_PRICE))
