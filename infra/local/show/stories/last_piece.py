"""One piece is left, and two masters want it."""

from infra.local.show.customer import CONFIRM
from infra.local.show.stage import Stage

TITLE = "Последняя штука и два покупателя"
ABOUT = "Достаётся первому, второму говорят до оплаты."
DRILL = "1001"


async def play(stage: Stage) -> None:
    """Both have it in the cart; the second is told before he is asked for money."""
    await stage.tells("На складе одна дрель, под заказ её не привозят.")
    stage.shop.sells(DRILL, pieces=1)
    first, second = await stage.master("Павел"), await stage.master("Олег")
    await stage.tells("Павел и Олег кладут её в корзину и доходят до последней кнопки.")
    for master in (first, second):
        await master.fills_cart()
        await master.checks_out()
    await stage.tells("Павел нажимает первым.")
    await first.confirms()
    await stage.tells("Олег нажимает следом. Остаток сверяется ещё раз.")
    await second.taps(CONFIRM)
    await second.sees("товар закончился")
    stage.proves("У Павла один заказ.", holds=len(stage.shop.orders(first.buyer)) == 1)
    stage.proves("У Олега заказа нет, и денег с него не просили.", holds=stage.shop.orders(second.buyer) == [])
