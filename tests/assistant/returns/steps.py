"""The way of a return as a master goes it, up to each step."""

from typing import Any

from shared.domain import order_records
from shared.domain.orders import Order
from shared.status import Status
from tests.assistant.samples import known_order, portal_order
from tests.assistant.stage import Seen, Shown, Stage

SENT = portal_order(Status.SHIPPED)


def snapshot(number: int = 1) -> dict[str, Any]:
    """A photo as a message has it: small and large."""
    small = {"file_id": f"s{number}", "file_unique_id": f"us{number}", "width": 90, "height": 90}
    large = {"file_id": f"F{number}", "file_unique_id": f"U{number}", "width": 1280, "height": 960}
    return {"photo": [small, large]}


def document(name: str, mime: str = "application/octet-stream", size: int = 1000) -> dict[str, Any]:
    """A file as a message has it."""
    given = {"file_id": "D1", "file_unique_id": "UD1", "file_name": name, "mime_type": mime, "file_size": size}
    return {"document": given}


async def knows(stage: Stage, *shown: Status) -> None:
    """The master has an order, told to be in these statuses."""
    await stage.put(lambda unit: order_records.remember(unit, known_order(*(shown or (Status.NEW, Status.SHIPPED)))))


async def begun(stage: Stage, order: Order = SENT) -> Shown:
    """The choice of goods."""
    await knows(stage)
    wish = await stage.tap("rb1:5121")
    return (await stage.answer(wish.job, [order, ()])).screen


async def asked_why(stage: Stage) -> Shown:
    """The question for the reason; the first of the goods was chosen."""
    goods = await begun(stage)
    chosen = (await stage.tap(goods.data("Шуруповёрт"))).screen
    return (await stage.tap(chosen.data("Дальше"))).screen


async def asked_for_photos(stage: Stage) -> Shown:
    return (await stage.tap((await asked_why(stage)).data("Брак"))).screen


async def reviewed(stage: Stage, photos: int = 1) -> Shown:
    """The confirmation."""
    await asked_for_photos(stage)
    screens = [(await stage.write(**snapshot(number))).screen for number in range(1, photos + 1)]
    return (await stage.tap(screens[-1].data("Готово"))).screen


async def sent(stage: Stage, photos: int = 1) -> Seen:
    """The tap that registers it: a job per photo."""
    return await stage.tap((await reviewed(stage, photos)).data("✅ Оформить возврат"))
