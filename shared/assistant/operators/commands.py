"""The commands of the operators' chat. Inside a master's topic his id need not be said."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Final
from zoneinfo import ZoneInfo

from shared.assistant import texts
from shared.assistant.checkout.turns import clear_basket
from shared.assistant.support import topics
from shared.domain import masters, order_records, own_words
from shared.domain.ids import clean_id
from shared.domain.masters import Master
from shared.domain.spelling.trade_words import is_line
from shared.pipeline.decision import Decision
from shared.store.collections import JOBS
from shared.store.port import Store

LAST_ORDERS: Final = 5
MOST_JOBS: Final = 500
"""Waiting jobs that are counted at most: the store gives records, not numbers."""

LATE: Final = timedelta(minutes=1)
AHEAD: Final = timedelta(days=1)

_COMMAND = re.compile(r"/([a-z]{1,20})(?:@\w+)?(?:\s+(\S.*))?", re.DOTALL)

_TELEGRAM_ID = re.compile(r"[1-9][0-9]{0,18}")

_PRICE_TYPE = re.compile(r"[1-9][0-9]{0,3}|-")
"""A kind of price, or the usual one. Portals have a handful: a longer number is a master's, its kind forgotten."""


@dataclass(frozen=True)
class OperatorCommand:
    """A command: its name, what follows it, and the topic it was written in."""

    name: str
    argument: str
    thread_id: int | None


@dataclass(frozen=True)
class CommandContext:
    """What commands need beside the decision; `chooses_prices`: whether the portal may be asked for a kind of price."""

    store: Store
    zone: ZoneInfo
    chooses_prices: bool


def read(text: str, thread_id: int | None) -> OperatorCommand | None:
    """Return the command; None for what is none. A bot's name after it is not looked at."""
    found = _COMMAND.fullmatch(text.strip())
    return None if found is None else OperatorCommand(found[1], (found[2] or "").strip(), thread_id)


async def answer(asked: OperatorCommand, decision: Decision, counter: CommandContext) -> str:
    """Do what is asked; return what the operators are told, as HTML."""
    if asked.name in _OF_MASTERS:
        master = await _master(asked, decision)
        return (
            texts.operators.no_such_master()
            if master is None
            else await _OF_MASTERS[asked.name](master, decision, counter)
        )
    if asked.name in _OTHERS:
        return await _OTHERS[asked.name](asked, decision, counter)
    return texts.operators.commands()


async def _master(asked: OperatorCommand, decision: Decision) -> Master | None:
    """Return the master of the id, or of the topic when no id is given."""
    if asked.argument:
        return (
            await masters.load(decision.unit, int(asked.argument)) if _TELEGRAM_ID.fullmatch(asked.argument) else None
        )
    topic = None if asked.thread_id is None else await decision.unit.get(topics.of_thread(asked.thread_id))
    return None if topic is None else await masters.load(decision.unit, topic["telegram_id"])


async def _who(master: Master, decision: Decision, counter: CommandContext) -> str:
    ids = await order_records.list_ids(decision.unit, master.telegram_id)
    last = await order_records.load_many(decision.unit, ids[:LAST_ORDERS])
    today = decision.now.astimezone(counter.zone).date()
    lines = [texts.orders.order_line(order, order.made_at.astimezone(counter.zone).date(), today) for order in last]
    return texts.operators.card(master, master.joined_at.astimezone(counter.zone).date(), today, lines, len(ids))


async def _block(master: Master, decision: Decision, counter: CommandContext) -> str:
    replace(master, blocked=True).save(decision.unit)
    return texts.operators.blocked(master.name)


async def _unblock(master: Master, decision: Decision, counter: CommandContext) -> str:
    replace(master, blocked=False).save(decision.unit)
    return texts.operators.unblocked(master.name)


async def _stats(asked: OperatorCommand, decision: Decision, counter: CommandContext) -> str:
    waiting = await counter.store.due(JOBS.name, decision.now + AHEAD, MOST_JOBS)
    late = sum(record.due_at is not None and record.due_at < decision.now - LATE for record in waiting)
    return texts.operators.stats(len(waiting), late, MOST_JOBS)


async def _price(asked: OperatorCommand, decision: Decision, counter: CommandContext) -> str:
    if not counter.chooses_prices:
        return texts.operators.prices_not_chosen()
    *named, wanted = asked.argument.split() or [""]
    if len(named) > 1 or not _PRICE_TYPE.fullmatch(wanted):
        return texts.operators.which_price()
    master = await _master(replace(asked, argument="".join(named)), decision)
    if master is None:
        return texts.operators.no_such_master() if named else texts.operators.which_price()
    priced = replace(master, price_type="" if wanted == "-" else wanted)
    priced.save(decision.unit)
    return texts.operators.priced(priced)


async def _basket(asked: OperatorCommand, decision: Decision, counter: CommandContext) -> str:
    buyer = clean_id(asked.argument)
    if not buyer:
        return texts.operators.whose_basket()
    return texts.operators.basket(buyer, was_unclear=await clear_basket(buyer, decision))


async def _word(asked: OperatorCommand, decision: Decision, counter: CommandContext) -> str:
    lines = await own_words.load(decision.unit)
    wanted = asked.argument.removeprefix("-").strip()
    if not wanted:
        return texts.operators.own_words(lines)
    others = [line for line in lines if line.casefold() != wanted.casefold()]
    if asked.argument.startswith("-"):
        own_words.save(decision.unit, others)
        return texts.operators.word_removed(wanted, was_there=len(others) < len(lines))
    if not is_line(wanted) or len(wanted) > own_words.LONGEST or "\n" in wanted or len(others) >= own_words.MOST:
        return texts.operators.which_word()
    own_words.save(decision.unit, [wanted, *others])
    return texts.operators.word_added(wanted)


_OF_MASTERS: Final[dict[str, Callable[[Master, Decision, CommandContext], Awaitable[str]]]] = {
    "who": _who,
    "block": _block,
    "unblock": _unblock,
}
_OTHERS: Final[dict[str, Callable[[OperatorCommand, Decision, CommandContext], Awaitable[str]]]] = {
    "stats": _stats,
    "basket": _basket,
    "price": _price,
    "word": _word,
}

KNOWN: Final = frozenset({*_OF_MASTERS, *_OTHERS})
"""The commands that are answered outside a topic too; others there may be another bot's."""
