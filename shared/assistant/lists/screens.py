"""The screens of a quoted list."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from shared.assistant import texts
from shared.assistant.chat_view import Screen
from shared.assistant.keyboard import Row, button, keyboard
from shared.assistant.lists.buttons import AddList, FindLine
from shared.assistant.navigation import TO_CATALOGUE, AskManager, SearchMore, ShowCart
from shared.domain.carts import MOST_LINES as CART_LINES
from shared.domain.carts import Cart
from shared.domain.offers import Offer
from shared.domain.pasted_lists import reading
from shared.domain.pasted_lists.matching import SoughtLine
from shared.domain.pasted_lists.quoted import PricedLine, QuotedList, priced
from shared.domain.quantities import MOST
from shared.domain.text import utf16_length
from shared.telegram.api import InlineKeyboardMarkup
from shared.telegram.formatting import strip_markup

MESSAGE, UNCLEAR_ROOM, MISSING_ROOM = 4000, 700, 600
"""Characters of a message (Telegram takes 4096), and of what is not clear or missing; the goods have the rest."""

MOST_UNCLEAR = 6
"""Lines that can be searched for by a button."""


@dataclass(frozen=True)
class ListNotes:
    """What of the message was not taken as it was written."""

    left_out: int = 0
    capped: bool = False


def quote(quoted: QuotedList, lines: Sequence[SoughtLine], offers: Mapping[str, Offer], cut: ListNotes) -> Screen:
    """What was found with price and stock, what is not clear, what was not found."""
    found = priced(lines, offers)
    head = [texts.lists.head(len(found), len(lines))]
    rest = [
        _total(found),
        _unclear([line for line in lines if line.is_unclear]),
        _missing([line for line in lines if line.total == 0]),
        [texts.lists.hint()] if quoted.unclear else [],
        _notes(cut),
    ]
    entries = [_entry(position, item) for position, item in enumerate(found, 1)]
    goods = _within(entries, MESSAGE - utf16_length(strip_markup(_text([head, *rest]))))
    return Screen(_text([head, goods, *rest]), buttons(quoted))


def _text(parts: Iterable[Sequence[str]]) -> str:
    return "\n\n".join("\n".join(part) for part in parts if part)


def _entry(position: int, item: PricedLine) -> str:
    line = item.line
    if item.offer is None:
        return texts.lists.not_sold(position, item.product.name)
    if line is None:
        return texts.lists.not_there(position, item.product.name)
    if line.obstacle:
        return (
            f"{position}. {texts.common.goods_line(line.name, line.quantity, line.unit)}\n{texts.common.obstacle(line)}"
        )
    told = [f"{position}. {texts.common.line(line.name, line.quantity, line.unit, line.price, line.currency)}"]
    if not item.is_as_typed:
        told.append(texts.lists.sold_in(item.wanted, item.measure, item.offer.least or line.step, line.step, line.unit))
    stock = texts.lists.stock(item.rounded, item.offer.available, on_order=item.product.on_order)
    return "\n".join([*told, stock])


def _total(found: Sequence[PricedLine]) -> list[str]:
    """Return the sum of what can be ordered here, which is all in the shop's currency."""
    cart = Cart(tuple(line for item in found if (line := item.line) is not None and not line.obstacle))
    return [texts.common.total(cart.total, cart.currency)] if cart.lines else []


def _unclear(lines: Sequence[SoughtLine]) -> list[str]:
    told = [
        texts.lists.unclear(line.text, line.quantity, line.measure, line.total, [item.name for item in line.products])
        for line in lines
    ]
    return [texts.lists.unclear_head(), *_within(told, UNCLEAR_ROOM)] if told else []


def _missing(lines: Sequence[SoughtLine]) -> list[str]:
    told = [texts.lists.missing(line.text, line.quantity, line.measure) for line in lines]
    return [texts.lists.missing_head(), *_within(told, MISSING_ROOM)] if told else []


def _notes(cut: ListNotes) -> list[str]:
    notes = [texts.lists.too_long(reading.MOST_LINES, cut.left_out)] if cut.left_out else []
    return [*notes, texts.lists.capped(MOST)] if cut.capped else notes


def _within(entries: Sequence[str], room: int) -> list[str]:
    """Return as many entries as there is room for, and how many are left."""
    kept: list[str] = []
    for entry in entries:
        room -= utf16_length(strip_markup(entry)) + 1
        if room < 0:
            return [*kept, texts.lists.left(len(entries) - len(kept))]
        kept.append(entry)
    return kept


def buttons(quoted: QuotedList) -> InlineKeyboardMarkup:
    """Put it into the cart; search for what is not clear; go elsewhere."""
    unclear = [
        [button(texts.labels.find(text), FindLine(list=quoted.id, line=number))]
        for number, text in enumerate(quoted.unclear[:MOST_UNCLEAR])
    ]
    out = [button(texts.labels.SEARCH_MORE, SearchMore())]
    ask = button(texts.labels.ASK_MANAGER, AskManager())
    if not quoted.goods:
        return keyboard(*unclear, [button(texts.labels.CATALOGUE, TO_CATALOGUE), ask], out)
    return keyboard(*_adding(quoted), *unclear, [ask] if quoted.by_manager else [], out)


def _adding(quoted: QuotedList) -> list[Row]:
    waiting, added = len(quoted.waiting), len(quoted.goods) - len(quoted.waiting)
    label = texts.labels.add_rest(waiting) if added else texts.labels.add_list(waiting)
    add = [button(label, AddList(list=quoted.id))] if waiting else []
    cart = texts.labels.list_in_cart(added) if added else texts.labels.CART
    return [add, [button(cart, ShowCart(fresh=True))]]


def no_room(names: Sequence[str]) -> Screen:
    """Say which goods did not fit into the cart."""
    return Screen(texts.lists.no_room(CART_LINES, names), keyboard([button(texts.labels.CART, ShowCart(fresh=True))]))


def gone(names: Sequence[str]) -> Screen:
    """Say which goods cannot be ordered any more."""
    return Screen(texts.lists.gone(names), keyboard([button(texts.labels.SEARCH_MORE, SearchMore())]))
