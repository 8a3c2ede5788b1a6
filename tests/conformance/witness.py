"""teremok looks over our bot's shoulder: each call goes by its rules first, then on to the simulated Telegram.

teremok knows the Bot API's rules from the documentation (HTML, lengths, buttons) and is not ours; our simulator was
written from the official server's source. What both take, Telegram will most likely take.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import AsyncGenerator
from typing import Any

from teremok.validation import ApiRuleViolation, validate_method

from shared.telegram.api import BaseSession, Bot, TelegramMethod, TelegramType


class Witness(BaseSession):
    """`objections` is what teremok refused, `seen` how many calls of each method it has looked at."""

    def __init__(self, real: BaseSession) -> None:
        super().__init__(api=real.api, timeout=real.timeout)
        self.objections: list[str] = []
        self.seen: Counter[str] = Counter()
        self._real = real

    async def make_request(
        self,
        bot: Bot,
        method: TelegramMethod[TelegramType],
        timeout: int | None = None,  # noqa: ASYNC109 - aiogram's signature
    ) -> TelegramType:
        self.seen[method.__api_method__] += 1
        try:
            validate_method(bot, method)
        except ApiRuleViolation as violation:
            self.objections.append(f"{violation.description}: {method!r}")
        return await self._real.make_request(bot, method, timeout)

    def stream_content(self, url: str, *args: Any, **kwargs: Any) -> AsyncGenerator[bytes, None]:
        return self._real.stream_content(url, *args, **kwargs)

    async def close(self) -> None:
        await self._real.close()
