"""What there is, and what is done, where growth is measured: so many jobs, masters, orders, lines, goods."""

# ruff: noqa: ARG001 - all operations share their signatures

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

from infra.bench.inside import Inside
from infra.local.portal.catalogue import Catalogue, build_catalogue
from infra.local.portal.catalogue.model import STORES, Category, Product
from infra.local.portal.webhooks import SIGNATURE_HEADER, sign
from infra.local.sandbox.environment import SECRETS
from shared.assistant import sessions
from shared.assistant.chat_view import ChatTarget
from shared.assistant.search import finding
from shared.domain import masters, order_records, searches
from shared.domain.masters import Master
from shared.domain.order_record import OrderRecord
from shared.domain.orders import PaymentKind
from shared.entry import bitrix_webhook, housekeeping
from shared.entry.http import Incoming
from shared.pipeline.decision import Decision
from shared.store.port import Create
from shared.store.unit_of_work import UnitOfWork, decide

HIM, FIRST = 42, 1_000_001
AT_ONCE = 400
"""Documents of one commit, of which Firestore takes five hundred."""

WORDS = 4
"""Different queries of those who wait: one request has room for all, so a permit does the most it ever does."""

FOUND = "шуруповёрт"
OVERDUE = timedelta(minutes=2)


async def one_master(world: Inside, size: int) -> None:
    """Let one master in."""

    async def make_decision(unit: UnitOfWork) -> None:
        await masters.load(unit, HIM)
        Master(HIM, "17", "Иван", unit.now).save(unit)

    await decide(world.store, world.clock.now, make_decision)


async def searches_wait(world: Inside, size: int) -> None:
    """Have so many masters wait for what they search."""
    names = list(dict.fromkeys(" ".join(one.name.split()[:3]) for one in world.portal.shop.catalogue.all()))[:WORDS]
    for begin in range(0, size, AT_ONCE):

        async def make_decision(unit: UnitOfWork, begin: int = begin) -> None:
            decision = Decision(unit)
            for number in range(begin, min(begin + AT_ONCE, size)):
                where = ChatTarget(FIRST + number)
                await finding.look_for(decision, where, searches.new_search(names[number % len(names)]), 0)

        await decide(world.store, world.clock.now, make_decision)


async def permit(world: Inside, size: int) -> None:
    """Serve one permit."""
    await world.permit()


async def jobs_overdue(world: Inside, size: int) -> None:
    """Have so many jobs lose their permits."""
    await searches_wait(world, size)
    world.clock.moved += OVERDUE


async def sweep(world: Inside, size: int) -> None:
    """Sweep once."""
    await housekeeping.sweep(world.here)


async def masters_talk(world: Inside, size: int) -> None:
    """Have so many masters, each in a talk, and him among them."""
    await one_master(world, size)
    him = await world.store.get(masters.key(HIM))
    assert him is not None  # noqa: S101 - he has just been let in
    for some in _parts(range(FIRST, FIRST + size), AT_ONCE // 2):
        people = [Create(masters.key(who), him.data) for who in some]
        talks = [Create(sessions.key(who, who), {"state": None, "data": {}}) for who in some]
        await world.store.commit([*people, *talks])


def _parts(numbers: Sequence[int], length: int) -> Iterable[Sequence[int]]:
    return (numbers[begin : begin + length] for begin in range(0, len(numbers), length))


async def search_begins(world: Inside, size: int) -> None:
    """Have him ask for something."""
    await world.says(HIM, FOUND)


async def search(world: Inside, size: int) -> None:
    """Have him ask for something, until he sees it."""
    # Names are remembered for a minute.
    world.clock.moved += OVERDUE
    await world.says(HIM, FOUND)
    await world.rests()


async def has_orders(world: Inside, size: int) -> None:
    """Have him with so many orders."""
    await one_master(world, size)
    made = OrderRecord("1", HIM, HIM, PaymentKind.CASH, Decimal(100), "RUB", world.clock.now())
    for numbers in _parts(range(1, size + 1), AT_ONCE):

        async def make_decision(unit: UnitOfWork, numbers: Sequence[int] = numbers) -> None:
            for number in numbers:
                await order_records.remember(unit, replace(made, id=str(number)))

        await decide(world.store, world.clock.now, make_decision)


async def my_orders(world: Inside, size: int) -> None:
    """Have him look at his orders."""
    await world.says(HIM, "/myorders")
    world.queue.tasks.clear()


async def by_number(world: Inside, size: int) -> None:
    """Have him ask for the newest by its number."""
    await world.says(HIM, f"/track {size}")
    world.queue.tasks.clear()


async def event(world: Inside, size: int) -> None:
    """Have the portal tell of the newest, until the look at it is done."""
    world.updates += 1
    said = {"event": "ONSALEORDER_ENTITY_SAVED", "event_id": f"e-{world.updates}", "data": {"ORDER_ID": str(size)}}
    body = json.dumps(said).encode()
    await bitrix_webhook.receive(
        world.here, Incoming({SIGNATURE_HEADER.lower(): sign(body, SECRETS["WEBHOOK_SECRET"])}, body)
    )


async def pasted_list(world: Inside, size: int) -> None:
    """Have him paste so many lines, until he sees the quote."""
    lines = [f"{one.article} 2" for one in world.portal.shop.catalogue.all()]
    await world.says(HIM, "\n".join((lines * (size // len(lines) + 1))[:size]))
    await world.rests()


def goods(size: int) -> Catalogue:
    """Return a shop of so many goods: the usual ones, and as many others as it takes."""
    known = build_catalogue().all()
    first = 1 + max(int(one.id) for one in known)
    others = (_other(str(first + number), number) for number in range(size - len(known)))
    return Catalogue([*known, *others])


def _other(product_id: str, number: int) -> Product:
    stock = dict.fromkeys(STORES, number % 7)
    name, article = f"Деталь {number:06} для насоса", f"PN{number:06}"
    return Product(
        product_id, name, article, Category.PARTS, Decimal(100 + number % 900), dict(stock), has_picture=False
    )
