"""The stories that play themselves, in the order of the page."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass

from infra.local.show.stage import Stage
from infra.local.show.stories import (
    edited_order,
    excel_list,
    first_order,
    last_piece,
    portal_dies,
    price_changed,
    returned_goods,
)


@dataclass(frozen=True)
class Story:
    """One story: what it is called, what it is about, and how it goes. It ends with StoryError when it is not true."""

    title: str
    about: str
    play: Callable[[Stage], Awaitable[None]]


_MODULES = (first_order, price_changed, portal_dies, last_piece, edited_order, returned_goods, excel_list)

STORIES: Mapping[str, Story] = {
    module.__name__.rpartition(".")[2]: Story(module.TITLE, module.ABOUT, module.play) for module in _MODULES
}
"""Every story, by the name of its module."""
