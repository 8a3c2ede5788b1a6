"""The buttons of notifications alone; those that lead elsewhere are in `shared.assistant.navigation`."""

from __future__ import annotations

from shared.telegram.api import CallbackData


class AnswerCash(CallbackData, prefix="nc1"):
    """Whether the courier was paid; not paid = there is a question."""

    order: str
    paid: bool
