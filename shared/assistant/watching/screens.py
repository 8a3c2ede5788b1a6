"""The screens of news about watched products and of their list."""

from __future__ import annotations

from collections.abc import Sequence
from zoneinfo import ZoneInfo

from shared.assistant import texts
from shared.assistant.chat_view import Screen
from shared.assistant.keyboard import Row, button, column, keyboard
from shared.assistant.navigation import Idle, SearchMore, ShowCard, ShowWatches
from shared.assistant.watching.buttons import DropWatch, EndWatch
from shared.domain.watch_changes import BackInStock, Cheaper, WatchNews
from shared.domain.watches import Watch

PAGE = 5
"""Watches per page of the list."""


def news(news: WatchNews) -> Screen:
    """Say one thing about one product."""
    watch = news.watch
    card = button(texts.labels.OPEN_CARD, ShowCard(search="", product=watch.product))
    if isinstance(news, BackInStock):
        return Screen(texts.watching.back_in_stock(watch.name, news.offer), column(card))
    if isinstance(news, Cheaper):
        ending = button(texts.labels.UNWATCH, EndWatch(product=watch.product))
        text = texts.watching.cheaper(watch.name, watch.price, news.offer)
        return Screen(text, column(card, ending))
    return Screen(texts.watching.gone(watch.name), column(button(texts.labels.SEARCH_MORE, SearchMore())))


def nothing_watched() -> Screen:
    """Say how to begin."""
    return Screen(texts.watching.nothing_watched(), column(button(texts.labels.SEARCH_MORE, SearchMore())))


def watch_list(shown: Sequence[Watch], page: int, count: int, zone: ZoneInfo) -> Screen:
    """One page of what a master watches: each number opens a card, or ends the watch."""
    numbered = list(enumerate(shown, page * PAGE + 1))
    lines = [
        texts.watching.watch_line(number, watch, watch.until.astimezone(zone).date()) for number, watch in numbered
    ]
    cards = [button(str(number), ShowCard(search="", product=watch.product)) for number, watch in numbered]
    ends = [
        button(texts.labels.unwatch(number), DropWatch(product=watch.product, page=page)) for number, watch in numbered
    ]
    out = [button(texts.labels.SEARCH_MORE, SearchMore())]
    text = "\n".join([texts.watching.list_head(count), "", *lines, "", texts.watching.list_foot()])
    return Screen(text, keyboard(cards, ends, _turning(page, -(-count // PAGE)), out))


def _turning(page: int, pages: int) -> Row:
    if pages <= 1:
        return []
    return [
        button(texts.labels.BACK, ShowWatches(page=(page - 1) % pages, fresh=False)),
        button(texts.labels.page_of(page + 1, pages), Idle()),
        button(texts.labels.FORTH, ShowWatches(page=(page + 1) % pages, fresh=False)),
    ]
