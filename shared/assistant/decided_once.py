"""Each update decided upon once; a bug on the way ends in an apology and a dead letter."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from shared.log_events import LogEvent, log_event
from shared.pipeline.dead_letters import keep
from shared.pipeline.decision import Decision
from shared.pipeline.inbox import Inbox, MakeDecision
from shared.pipeline.tasks import QueueUnavailable
from shared.store.collections import SCREENS, screen_name
from shared.store.port import Key, StoreError
from shared.telegram.webhook import UpdateSummary

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class UpdateInbox:
    """The updates of one bot. `letter`: what is handled was buried here before, and goes with the commit."""

    inbox: Inbox
    bot_id: int
    letter: Key | None

    async def decide(
        self,
        update: Mapping[str, Any],
        seen: UpdateSummary,
        make_decision: MakeDecision,
        apology: Callable[[Decision], None],
        *,
        passing: type[Exception] = StoreError,
        beside: Sequence[Key] = (),
    ) -> None:
        """Decide once; a bug ends in an apology and a dead letter, for a 5xx would block the chat for a day.

        `passing` is no bug: it is raised to the caller, as StoreError, QueueUnavailable and TimeoutError are.
        `beside`: records that the decision needs, read with the update's own.
        """
        beside = [*_tapped(seen), *beside]
        event_id = f"{self.bot_id}:{seen.update_id}"
        if self.letter is not None:
            # Of its own record: the one of the first time says that the apology went out.
            await self.inbox.handle(f"{event_id}:replayed", _unburied(make_decision, self.letter), beside)
            return

        async def bury_it(decision: Decision) -> None:
            apology(decision)
            await keep(decision.unit, f"update:{event_id}", update, bug)

        try:
            handled = await self.inbox.handle(event_id, make_decision, beside)
        except (passing, StoreError, QueueUnavailable, TimeoutError):
            raise
        except Exception as error:  # noqa: BLE001 - whatever it is, the letter names it
            bug = error
            handled = await self.inbox.handle(event_id, bury_it)
        log_event(log, logging.INFO, LogEvent.UPDATE, "update", kind=seen.kind, handled=str(handled))


def _unburied(make_decision: MakeDecision, letter: Key) -> MakeDecision:
    """Return the decision that also takes the letter away."""

    async def decided(decision: Decision) -> None:
        await make_decision(decision)
        await decision.unit.get(letter)
        decision.unit.delete(letter)

    return decided


def _tapped(seen: UpdateSummary) -> list[Key]:
    """Return the record of the message whose button was tapped: the answer changes it as a rule."""
    if seen.chat_id is None or seen.message_id is None:
        return []
    return [SCREENS.key(screen_name(seen.chat_id, seen.message_id))]
