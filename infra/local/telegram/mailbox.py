"""Updates that wait for the bot, by queue (source: shared/telegram/README.md, «Delivery», Client::add_update_impl)."""

from collections import deque
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from infra.local.clock import Clock
from infra.local.telegram.changes import Changes
from infra.local.telegram.retry import Backoff

DAY = 24 * 60 * 60
LIVES = {"callback_query": 150, "inline_query": 30, "chosen_inline_result": 600}
"""Seconds an update of a kind is worth sending; a day for all others."""

QUEUE_SHIFT = 1 << 33
QUEUES = {"inline_query": 1, "chosen_inline_result": 2, "callback_query": 3, "my_chat_member": 5}
"""Kinds with queues of their own beside those of chats: the number of shifts added to the id."""

OPTIONAL_KINDS = {"chat_member", "message_reaction", "message_reaction_count"}
KINDS = OPTIONAL_KINDS | {
    "message",
    "edited_message",
    "channel_post",
    "edited_channel_post",
    "inline_query",
    "chosen_inline_result",
    "callback_query",
    "shipping_query",
    "pre_checkout_query",
    "poll",
    "poll_answer",
    "my_chat_member",
    "chat_join_request",
}
FIRST_UPDATE_ID = 730_000_001
LOG_SIZE = 2000


@dataclass
class Attempt:
    """One try to deliver: when, how it ended (HTTP status or the error), how long it took."""

    at: datetime
    outcome: str
    seconds: float


@dataclass
class Update:
    """One update and its fate: pending, delivered (2xx), polled (getUpdates) or dropped."""

    id: int
    kind: str
    peer_id: int
    queue: int
    created_at: datetime
    expires_at: datetime
    payload: dict[str, Any]
    wake_at: datetime
    state: str = "pending"
    in_flight: bool = False
    backoff: Backoff = field(default_factory=Backoff)
    attempts: list[Attempt] = field(default_factory=list)

    @property
    def body(self) -> dict[str, Any]:
        """What the bot receives."""
        return {"update_id": self.id, self.kind: self.payload}

    def restart(self, now: datetime) -> None:
        """Forget earlier failures: a new webhook starts afresh."""
        self.backoff = Backoff()
        self.wake_at = now


class Mailbox:
    """Pending updates in order, and a log of the last ones."""

    def __init__(self, clock: Clock, changes: Changes) -> None:
        self._clock = clock
        self._changes = changes
        self._next_id = FIRST_UPDATE_ID
        self._pending: dict[int, Update] = {}
        self.allowed: frozenset[str] | None = None
        self.log: deque[Update] = deque(maxlen=LOG_SIZE)

    def accepts(self, kind: str) -> bool:
        """True when the bot asked for updates of this kind."""
        return kind in self.allowed if self.allowed else kind not in OPTIONAL_KINDS

    def push(self, kind: str, peer_id: int, payload: dict[str, Any]) -> Update | None:
        """Queue an update of a chat or a user; None when the bot does not want this kind."""
        if not self.accepts(kind):
            return None
        now = self._clock.now()
        expires_at = now + timedelta(seconds=LIVES.get(kind, DAY))
        queue = peer_id + QUEUES.get(kind, 0) * QUEUE_SHIFT
        update = Update(self._next_id, kind, peer_id, queue, now, expires_at, payload, wake_at=now)
        self._next_id += 1
        self._pending[update.id] = update
        self.log.append(update)
        self._changes.touch()
        return update

    def settle(self, update: Update, state: str) -> None:
        """Take an update out: delivered, polled or dropped."""
        update.state = state
        update.in_flight = False
        self._pending.pop(update.id, None)
        self._changes.touch()

    def pending(self, peer_id: int | None = None) -> list[Update]:
        """Updates not yet settled, of one chat or user if asked."""
        return [update for update in self._pending.values() if peer_id in (None, update.peer_id)]

    def head(self, queue: int) -> Update | None:
        """The oldest update of a queue."""
        return next((update for update in self._pending.values() if update.queue == queue), None)

    def queues(self) -> list[int]:
        """Queues that are not empty, the one with the oldest update first."""
        return list(dict.fromkeys(update.queue for update in self._pending.values()))

    def drop(self, updates: Iterable[Update]) -> None:
        """Throw updates away."""
        for update in list(updates):
            self.settle(update, "dropped")

    def drop_expired(self) -> None:
        """Throw away what is too old to be loaded by a webhook or a poll that starts now."""
        now = self._clock.now()
        self.drop(update for update in self.pending() if update.expires_at < now and not update.in_flight)

    def statistics(self, peer_id: int | None = None) -> dict[str, int]:
        """How the updates of the log ended, and how many tries failed."""
        updates = [update for update in self.log if peer_id in (None, update.peer_id)]
        states = ("pending", "delivered", "polled", "dropped")
        counts = {state: sum(update.state == state for update in updates) for state in states}
        tries = [attempt for update in updates for attempt in update.attempts]
        counts["failed_attempts"] = sum(not attempt.outcome.startswith("2") for attempt in tries)
        return counts
