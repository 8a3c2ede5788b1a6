"""One order on the shop's desk, and beside it what the bot asked about it and what the portal told of it, in time."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from html import escape

from infra.local.portal.calls import CallRecord
from infra.local.portal.layout import page
from infra.local.portal.orders import Order
from infra.local.portal.timing import PORTAL_ZONE
from infra.local.portal.webhooks import Delivery, DeliveryState

_OK = 300
_MAKING = "sale.order.add"


@dataclass(frozen=True)
class Happening:
    """One line of the order's story: a request of the bot's or an event of the portal's."""

    at: datetime
    what: str
    outcome: str
    from_bot: bool
    well: bool
    notes: tuple[str, ...] = ()


def story_of(order: Order, calls: Sequence[CallRecord], events: Iterable[Delivery]) -> list[Happening]:
    """Return the requests and events in which the order is named, and every try to make it; oldest first."""
    keys = {_key(call) for call in calls if _made(order, call)} - {""}
    ours = [call for call in calls if _made(order, call) or _key(call) in keys or _names(order.id, call)]
    told = [_event(event) for event in events if order.id in event.data.values()]
    return sorted([*map(_request, ours), *told], key=lambda one: one.at)


def _made(order: Order, call: CallRecord) -> bool:
    """Whether the order was made by this request."""
    if call.method != _MAKING or call.duration is None:
        return False
    return call.time <= order.created_at <= call.time + timedelta(seconds=call.duration)


def _key(call: CallRecord) -> str:
    return {name.lower(): value for name, value in call.headers.items()}.get("idempotency-key", "")


def _names(order_id: str, call: CallRecord) -> bool:
    return _holds(call.params, order_id) or any(_holds(command["params"], order_id) for command in call.commands)


def _holds(value: object, wanted: str) -> bool:
    if isinstance(value, Mapping):
        return any(_holds(item, wanted) for item in value.values())
    if isinstance(value, list | tuple):
        return any(_holds(item, wanted) for item in value)
    return str(value) == wanted


def _request(call: CallRecord) -> Happening:
    key = _key(call)
    notes = [f"ключ {key[:8]}…"] if key else []
    notes += ["портал узнал ключ и повторил ответ"] if call.replayed else []
    notes += [f"сбой стенда: {call.fault}"] if call.fault else []
    names = ", ".join(dict.fromkeys(str(command["method"]) for command in call.commands))
    what = f"{call.method}: {names}" if names and call.method == "batch" else call.method
    outcome = "без ответа" if call.status is None else f"{call.status} {call.error or ''}".strip()
    well = call.status is not None and call.status < _OK
    return Happening(call.time, what, outcome, from_bot=True, well=well, notes=tuple(notes))


def _event(event: Delivery) -> Happening:
    tries = len(event.attempts)
    notes = (f"попыток: {tries}",) if tries > 1 else ()
    state, well = event.state.value, event.state is DeliveryState.DELIVERED
    return Happening(event.created_at, str(event.event), state, from_bot=False, well=well, notes=notes)


def order_page(number: str, card: str, story: Iterable[Happening], remembered: str = "") -> str:
    """Return the page of one order; `card` is the order as the desk shows it, in HTML, and what else is done to it.

    `remembered` is where the bot's own records of the order are shown, "" where they are not.
    """
    lines = "".join(_line(one) for one in story) or "<li><span>Пока тихо.</span></li>"
    records = f' · <a href="{escape(remembered)}">Что об этом заказе помнит бот</a>' if remembered else ""
    body = f"""<h1>Заказ № {escape(number)}</h1>
<p><a href="/">Все заказы</a>{records}</p>
<div class="beside"><div>{card}</div>
<section class="card"><h2>Что было между ботом и порталом</h2>
<p class="soft">→ бот спрашивает портал, ← портал сообщает боту.</p>
<ol class="story">{lines}</ol></section></div>"""
    return page(f"Заказ № {number}", body, width="76rem")


def _line(one: Happening) -> str:
    moment = one.at.astimezone(PORTAL_ZONE).strftime("%H:%M:%S")
    notes = "".join(f" · {escape(note)}" for note in one.notes)
    return (
        f'<li class="{"" if one.well else "bad"}"><span>{"→" if one.from_bot else "←"} <b>{escape(one.what)}</b>'
        f'<span class="soft"> {moment}{notes}</span></span><span>{escape(one.outcome)}</span></li>'
    )
