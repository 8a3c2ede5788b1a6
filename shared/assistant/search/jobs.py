"""What a search and a card ask of Bitrix, step by step.

A text becomes names (`finding`, skipped when the hints are at hand), then price and stock of the five products of the
page (`listing`). The catalogue's sections lead to such lists too (`sections`). A card is one request, and one more for
its picture the first time it is shown (`cards`).
"""

from __future__ import annotations

from collections.abc import Sequence

from shared.assistant.search import cards, finding, listing, sections
from shared.bitrix.portal import Portal
from shared.pipeline.registry import JobHandler


def job_handlers(portal: Portal, operators_chat_id: int | None) -> Sequence[tuple[str, JobHandler]]:
    """Return this capability's part of the registry."""
    return [
        entry for part in (finding, listing, cards, sections) for entry in part.job_handlers(portal, operators_chat_id)
    ]
