"""The screens of a quoted list."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from shared.assistant import texts
from shared.assistant.chat_view import Screen
from shared.assistant.keyboard import Row, button, keyboard, rows_of
from shared.assistant.lists.buttons import AddList, AnswerCount, ChooseProduct, FindLine
from shared.assistant.navigation import (
    TO_CATALOGUE,
    AskManager,
    OrderList,
    SaveQuoted,
    SearchMore,
    ShowCart,
    ShowSimilar,
    StartCheckout,
)
from shared.domain.carts import MOST_LINES as CART_LINES
from shared.domain.carts import Cart
from shared.domain.offers import Offer
from shared.domain.pasted_lists import reading
from shared.domain.pasted_lists.file_trouble import FileTrouble
from shared.domain.pasted_lists.matching import SoughtLine
from shared.domain.pasted_lists.quoted import ListNotes, PricedLine, QuotedList, priced
from shared.domain.quantities import MOST
from shared.domain.text import utf16_length
from shared.telegram.api import InlineKeyboardMarkup
from shared.telegram.formatting import strip_markup

MESSAGE, UNCLEAR_ROOM, MISSING_ROOM = 4000, 700, 600
"""Characters of a message (Telegram takes 4096), and of what is not clear or missing; the goods have the rest."""

ASKED_ROOM = 700
"""The same of lines whose count must be asked."""

MOST_UNCLEAR = 6
"""Lines that can be searched for by a button."""

MOST_INSTEAD = 3
"""Goods that are not in stock and have a way to others."""

MOST_ASKED, MOST_CHOICES = 8, 9
"""Lines whose count can be answered at once, and products that can be chosen; after answers the next have room."""


def quote(quoted: QuotedList, offers: Mapping[str, Offer]) -> Screen:
    """What was found with price and stock, what must be asked, what is not clear, what was not found."""
    lines = quoted.lines
    found = priced(lines, offers)
    asked = [line for line in lines if line.product and line.options]
    head = [texts.lists.head(len(found) + len(asked), len(lines))]
    rest = [
        _total(found),
        _asked(asked, len(found), offers),
        _unclear([line for line in lines if line.is_unclear]),
        _missing([line for line in lines if line.total == 0]),
        [texts.lists.hint()] if any(line.product is None for line in lines) else [],
        _notes(quoted.notes),
    ]
    entries = [_entry(position, item) for position, item in enumerate(found, 1)]
    goods = _within(entries, MESSAGE - utf16_length(strip_markup(_text([head, *rest]))))
    *rows, last = rows_of(buttons(quoted))
    return Screen(_text([head, goods, *rest]), keyboard(*rows, *_instead(found), last))


def _instead(found: Sequence[PricedLine]) -> list[Row]:
    """The ways to what may stand in for goods that no store holds."""
    gone = [item.product for item in found if item.offer is not None and item.offer.available <= 0]
    return [
        [button(texts.labels.instead_of(product.name), ShowSimilar(product=product.id, section=""))]
        for product in gone[:MOST_INSTEAD]
    ]


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
    stock = texts.lists.stock(item.rounded, item.offer.available, on_order=line.on_order)
    return "\n".join([*told, stock])


def _total(found: Sequence[PricedLine]) -> list[str]:
    """Return the sum of what can be ordered here, which is all in the shop's currency."""
    cart = Cart(tuple(line for item in found if (line := item.line) is not None and not line.obstacle))
    return [texts.common.total(cart.total, cart.currency)] if cart.lines else []


def _asked(lines: Sequence[SoughtLine], before: int, offers: Mapping[str, Offer]) -> list[str]:
    """Return the lines whose count must be asked, numbered on behind what was found."""
    told = [_question(position, line, offers) for position, line in enumerate(lines, before + 1)]
    return [texts.lists.asked_head(), *_within(told, ASKED_ROOM)] if told else []


def _question(position: int, line: SoughtLine, offers: Mapping[str, Offer]) -> str:
    """Return how many of a product may be wanted; what they cost, where it is one count that is doubted."""
    product = line.product
    if product is None or (offer := offers.get(product.id)) is None:
        return texts.lists.asked(position, line.text, line.options, line.measure)
    goods = PricedLine(product, line.options[0], offer).line
    cost = (goods.total, goods.currency) if goods and len(line.options) == 1 and goods.total else None
    return texts.lists.asked(position, product.name, line.options, line.measure or offer.unit, cost)


def _unclear(lines: Sequence[SoughtLine]) -> list[str]:
    told = [
        texts.lists.unclear(line.text, line.counts, line.measure, line.total, line.products, guessed=line.guessed)
        for line in lines
    ]
    head = texts.lists.unclear_head(several=any(line.total > 1 for line in lines))
    return [head, *_within(told, UNCLEAR_ROOM)] if told else []


def _missing(lines: Sequence[SoughtLine]) -> list[str]:
    told = [texts.lists.missing(line.text, line.counts, line.measure) for line in lines]
    return [texts.lists.missing_head(), *_within(told, MISSING_ROOM)] if told else []


def _notes(cut: ListNotes) -> list[str]:
    too_long = texts.saved.too_long if cut.saved else texts.lists.too_long
    notes = [too_long(reading.MOST_LINES, cut.left_out)] if cut.left_out else []
    unread = [texts.lists.unread(cut.unread, reading.LONGEST_LINE)] if cut.unread else []
    sheet = [texts.lists.sheet(cut.sheet)] if cut.sheet else []
    return [*sheet, *notes, *unread, *([texts.lists.capped(MOST)] if cut.capped else [])]


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
    """Put it into the cart; answer how many and which; search for what is not clear; go elsewhere."""
    questions = _questions(quoted)
    out = [button(texts.labels.SEARCH_MORE, SearchMore())]
    ask = button(texts.labels.ASK_MANAGER, AskManager())
    if not quoted.goods:
        return keyboard(*questions, [button(texts.labels.CATALOGUE, TO_CATALOGUE), ask], out)
    save = [button(texts.saved.SAVE, SaveQuoted(list=quoted.id))] if quoted.lines else []
    return keyboard(*_adding(quoted), *questions, [ask] if quoted.by_manager else [], save, out)


def _questions(quoted: QuotedList) -> list[Row]:
    """Return the rows for what is not clear: counts, then products of a line, then searches."""
    lines = quoted.shown_lines
    position = sum(1 for line in lines if line.product and not line.options)
    counts: list[Row] = []
    products: list[Row] = []
    finds: list[Row] = []
    # A record of a version before has no lines, but the texts of what is not clear.
    open_lines = [(at, line) for at, line in enumerate(lines) if line.product is None or line.options]
    for number, text in enumerate(quoted.unclear):
        at, line = open_lines[number] if number < len(open_lines) else (number, None)
        find = FindLine(list=quoted.id, line=number)
        if line is not None and line.product:
            position += 1
            counts.append(_counts(quoted.id, at, position, line, find))
            continue
        if line is not None and _can_be_chosen(line):
            # Half of what a line may mean would hide the other half.
            choices = _products(quoted.id, at, line)
            products += choices if len(products) + len(choices) <= MOST_CHOICES else []
        finds.append([button(texts.labels.find(text), find)])
    return [*counts[:MOST_ASKED], *products, *finds[:MOST_UNCLEAR]]


def _counts(list_id: str, at: int, position: int, line: SoughtLine, other: FindLine) -> Row:
    answers = [
        button(texts.labels.line(position, count, line.measure), AnswerCount(list=list_id, line=at, count=count))
        for count in line.options
    ]
    return [*answers, button(texts.labels.other_count(position), other)]


def _can_be_chosen(line: SoughtLine) -> bool:
    several_or_guessed = line.total > 1 or line.guessed
    all_named = line.total == len(line.products)
    return several_or_guessed and all_named and not any(item.has_variations for item in line.products)


def _products(list_id: str, at: int, line: SoughtLine) -> list[Row]:
    count = None if line.options else line.quantity
    labels = texts.labels.choices([product.name for product in line.products], count, line.measure)
    return [
        [button(label, ChooseProduct(list=list_id, line=at, product=product.id))]
        for label, product in zip(labels, line.products, strict=True)
    ]


def _adding(quoted: QuotedList) -> list[Row]:
    waiting, added = len(quoted.waiting), len(quoted.goods) - len(quoted.waiting)
    label = texts.labels.add_rest(waiting) if added else texts.labels.add_list(waiting)
    add = [button(label, AddList(list=quoted.id))] if waiting else []
    cart = texts.labels.list_in_cart(added) if added else texts.labels.CART
    order = [button(texts.labels.CHECKOUT, StartCheckout())] if added and not waiting else []
    at_once = len(quoted.at_once)
    now = [button(texts.labels.order_list(at_once), OrderList(list=quoted.id))] if at_once else []
    return [add, now, order, [button(cart, ShowCart(fresh=True))]]


def no_room(names: Sequence[str]) -> Screen:
    """Say which goods did not fit into the cart."""
    return Screen(texts.lists.no_room(CART_LINES, names), keyboard([button(texts.labels.CART, ShowCart(fresh=True))]))


def added(count: int) -> Screen:
    """Say that so many goods of a list are in the cart after all."""
    ways = ([button(texts.labels.CHECKOUT, StartCheckout())], [button(texts.labels.CART, ShowCart(fresh=True))])
    return Screen(texts.lists.added(count), keyboard(*ways))


def gone(names: Sequence[str]) -> Screen:
    """Say which goods cannot be ordered any more."""
    return Screen(texts.lists.gone(names), keyboard([button(texts.labels.SEARCH_MORE, SearchMore())]))


def unread_file(why: FileTrouble) -> Screen:
    """Say why a file is not read, and what to do."""
    return Screen(texts.lists.unread_file(why), keyboard([button(texts.labels.SEARCH_MORE, SearchMore())]))
