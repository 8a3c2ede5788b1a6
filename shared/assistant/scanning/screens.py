"""The screens of a photo that leads to no good."""

from __future__ import annotations

from shared.assistant import texts
from shared.assistant.chat_view import Screen
from shared.assistant.keyboard import button, column
from shared.assistant.navigation import AskManager, SearchMore, ShowReturns


def no_code() -> Screen:
    """Say that no barcode is seen, with what the photo may have been meant for."""
    return _with_ways_on(texts.scanning.no_code())


def not_given() -> Screen:
    """Say that Telegram did not give the photo."""
    return _with_ways_on(texts.scanning.not_given())


def _with_ways_on(text: str) -> Screen:
    back = button(texts.labels.RETURN_GOODS, ShowReturns())
    ask = button(texts.labels.ASK_MANAGER, AskManager())
    return Screen(text, column(back, ask, button(texts.labels.SEARCH_MORE, SearchMore())))
