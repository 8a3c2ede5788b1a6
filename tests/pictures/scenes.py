"""What the pictures in README show: one short conversation each, held with the sandbox.

A scene returns the master whose dialogue is pictured; its last screen is what the picture ends with.
"""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from infra.local.portal.catalogue import build_catalogue
from infra.local.portal.pictures import draw_picture
from tests.conversations.test_returns import begins, gives_reason, registers
from tests.conversations.test_support import operator, topic_of
from tests.support.master import Master
from tests.support.sandbox import World


@dataclass(frozen=True)
class Scene:
    """One picture: its file's name without the ending, the conversation, and the words its last screen begins with."""

    name: str
    plays: Callable[[World], Awaitable[Master]]
    ends_with: str


async def finds(world: World) -> Master:
    """A search by a word with a slip of the keyboard's layout."""
    master = await world.master()
    await master.says("iehegjd`hn")
    await master.sees("Искали также «шуруповёрт»")
    return master


async def looks(world: World) -> Master:
    master = await world.master()
    await master.finds()
    await master.opens_card(4)
    return master


async def orders(world: World) -> Master:
    """From the confirmation to the order."""
    master = await world.master()
    await master.fills_cart(position=4)
    await master.checks_out()
    await master.confirms()
    return master


async def follows(world: World) -> Master:
    master = await world.master()
    number = await master.orders(position=4)
    await world.shop.moves(number, status="PAYED")
    await master.sees("Оплата получена")
    await world.shop.moves(number, status="SHIPPED", tracking="RU123456789", eta="2026-12-04")
    await master.sees("Курьер уже в пути")
    return master


async def returns(world: World) -> Master:
    """A return with photos, up to its number."""
    master = await world.master()
    number = await master.orders()
    await world.shop.moves(number, status="SHIPPED")
    await master.sees("Курьер уже в пути")
    await begins(master, number)
    await gives_reason(master)
    damaged = build_catalogue().all()[0]
    await master.sends_photos([draw_picture(damaged, number) for number in range(2)])
    await master.sees("Принято: 2.")
    await registers(master)
    return master


async def asks(world: World) -> Master:
    master = await world.master()
    await master.says("/support")
    await master.sees("Напишите вопрос менеджеру")
    await master.says("Подойдёт ли к DF333DWYE аккумулятор от DF347?")
    await master.sees("Передали менеджеру")
    await world.rests()
    topic = await topic_of(world, master.user_id)
    await operator(world).says("Нет, у него другой слот. Возьмите BL1021B.", topic=topic["id"])
    await master.sees("Возьмите BL1021B")
    return master


SCENES = (
    Scene("finding", finds, "По запросу"),
    Scene("card", looks, "Шуруповёрт Makita DDF485RF3J"),
    Scene("order", orders, "создан."),
    Scene("statuses", follows, "Курьер уже в пути"),
    Scene("return", returns, "зарегистрирован."),
    Scene("manager", asks, "Возьмите BL1021B"),
)

ROOM = "room"
"""The picture of the machine room, after this story."""
FILM = "story"
"""The film of the same story: what it tells, and the telephone of its master."""
STORY = "portal_dies"
