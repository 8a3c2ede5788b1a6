"""What masters see: the fake Telegram that the outbox delivers to."""

import asyncio
import random
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from typing import Any

from shared.pipeline.decision import CallData
from shared.pipeline.sending import Attachments, DeliveryResult
from shared.telegram.calls import StoredCall

NETWORK = 0.02
"""Seconds a call takes on its way there, and as many on the way back."""


@dataclass
class Phones:
    """Each chat's screens in the order they appeared. `busy` is the share of calls that Telegram puts off.

    An edit that changes nothing is «message is not modified», so nobody sees it. `answers` counts all deliveries.
    """

    dice: random.Random
    busy: float = 0.0
    screens: dict[int, list[str]] = field(default_factory=lambda: defaultdict(list))
    answers: Counter[str] = field(default_factory=Counter)
    _shown: dict[tuple[int, int], dict[str, Any]] = field(default_factory=dict)

    async def __call__(self, call: CallData, attachments: Attachments, seconds: float) -> DeliveryResult:  # noqa: ARG002 - the protocol's
        await asyncio.sleep(NETWORK)
        if self.dice.random() < self.busy:
            return DeliveryResult(later=1.0)
        self._show(StoredCall.from_data(call))
        await asyncio.sleep(NETWORK)
        return DeliveryResult()

    async def reaches(self, seconds: float) -> bool:  # noqa: ARG002 - the protocol's
        await asyncio.sleep(2 * NETWORK)
        return True

    def _show(self, call: StoredCall) -> None:
        self.answers[call.method] += 1
        chat, message = call.params["chat_id"], call.params.get("message_id")
        if message is not None:
            if self._shown.get((chat, message)) == call.params:
                self.answers["not modified"] += 1
                return
            self._shown[chat, message] = dict(call.params)
        self.screens[chat].append(call.params.get("text") or call.params.get("caption") or "")
