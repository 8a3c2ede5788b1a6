"""What somebody types after the bot's name. Pure: an update in, a question out."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Final

from shared.domain.searches import normalise

SHORTEST: Final = 3
"""Characters of a query that is looked up: people type on, and fewer would find half the shop."""

FRESH: Final = timedelta(seconds=25)
"""How long an answer is of use: Telegram forgets a query after 30 s (telegram reference §3), and it was on its way."""

_OFFSET: Final = re.compile(r"[0-9]{1,4}")


@dataclass(frozen=True)
class InlineQuery:
    """An inline query: `offset` = how many results he has already, `bot` = our own user name, "" while not known."""

    user_id: int
    id: str
    text: str
    offset: int = 0
    bot: str = ""

    @property
    def is_short(self) -> bool:
        """Whether it is not looked up yet."""
        return len(self.text) < SHORTEST


def read(update: Mapping[str, Any]) -> InlineQuery | None:
    """Return the question; None when the update is none. An offset that is not ours is the beginning."""
    match update.get("inline_query"):
        case {"id": str() as id_, "from": {"id": int() as user_id}, "query": str() as text, **rest}:
            offset = str(rest.get("offset") or "")
            return InlineQuery(user_id, id_, normalise(text), int(offset) if _OFFSET.fullmatch(offset) else 0)
    return None
