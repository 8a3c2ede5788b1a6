"""The payloads of the jobs that find and quote a pasted list and put it into the cart."""

from __future__ import annotations

from dataclasses import dataclass

from shared.assistant.job_handler import ChatPayload
from shared.assistant.lists.screens import ListNotes
from shared.domain.pasted_lists.matching import SoughtLine


@dataclass(frozen=True)
class ListPayload(ChatPayload):
    """A list on its way to its quote, of the jobs that find and that quote it: its lines as far as they are known."""

    list: str
    lines: tuple[SoughtLine, ...]
    cut: ListNotes


@dataclass(frozen=True)
class AddListPayload(ChatPayload):
    """Whose cart takes which quoted list, and the products of it that are asked for."""

    user_id: int
    list: str
    products: tuple[str, ...]
