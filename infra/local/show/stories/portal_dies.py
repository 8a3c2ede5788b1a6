"""Bitrix24 dies in the middle of an order, and the order is made once all the same."""

from infra.local.portal.faults import FaultKind
from infra.local.show.customer import CONFIRM, number_in
from infra.local.show.stage import NEW_ORDER, Stage

TITLE = "Битрикс24 умирает посреди заказа"
ABOUT = "Заказ записан, а ответ потерян. Второго заказа не будет."
UNSURE = "Не удалось проверить, создан ли заказ"


async def play(stage: Stage) -> None:
    """The answer to the order is lost, then the portal is away for a while."""
    master = await stage.master("Ирина")
    await master.fills_cart(position=5, quantity=2)
    await master.checks_out()
    await stage.tells("Ирина нажимает «Заказать». Портал записывает заказ и умирает, не ответив.")
    before = stage.shop.asked()
    stage.shop.fails(FaultKind.DONE_THEN_5XX, NEW_ORDER, 1)
    stage.shop.fails(FaultKind.HTML_502, NEW_ORDER, 1)
    await master.taps(CONFIRM)
    await master.sees(UNSURE)
    stage.proves("Ирине сказали правду: неизвестно, создан ли заказ.", holds=True)
    await stage.tells("Бот повторяет тот же запрос с тем же ключом. Сначала в ответ ошибка 502, потом портал оживает.")
    number = number_in(await master.sees("создан."))
    orders = stage.shop.orders(master.buyer)
    stage.proves(f"Заказ № {number} создан один раз.", holds=len(orders) == 1)
    keys = stage.shop.writes(NEW_ORDER, before)
    if len(keys) > 1:
        same = len(set(keys)) == 1
        stage.proves(f"Портал спрошен {len(keys)} раза, ключ каждый раз тот же: {keys[0][:8]}…", holds=same)
    stage.proves("Сказано об этом тоже один раз.", holds=len(await master.hears("создан.")) == 1)
