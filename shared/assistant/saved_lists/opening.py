"""Quoting what is saved like a pasted list, with price and stock of that moment."""

from __future__ import annotations

from collections.abc import Iterable

from shared.assistant.chat_view import ChatTarget
from shared.assistant.lists import jobs
from shared.domain.pasted_lists.matching import LookUpStage, SoughtLine, within_order
from shared.domain.pasted_lists.quoted import ListNotes, QuotedList
from shared.domain.pasted_lists.reading import MOST_LINES
from shared.domain.saved_lists import SavedItem
from shared.domain.searches import new_id
from shared.pipeline.decision import Decision


async def quote(decision: Decision, where: ChatTarget, items: Iterable[SavedItem]) -> None:
    """Have the goods quoted below: as many of them, and of each, as a pasted list takes."""
    lines, capped = within_order(map(_line, items))
    notes = ListNotes(max(len(lines) - MOST_LINES, 0), capped, saved=True)
    await decision.enqueue(jobs.quote_job(where.below, QuotedList(new_id(), lines=lines[:MOST_LINES], notes=notes)))


def _line(item: SavedItem) -> SoughtLine:
    return SoughtLine(item.product.name, item.quantity, LookUpStage.SETTLED, (item.product,), 1)
