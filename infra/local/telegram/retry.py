"""When a refused update is sent again (shared/telegram/README.md, «Delivery»)."""

from dataclasses import dataclass
from random import Random

MAX_RESEND_SECONDS = 60
MAX_RETRY_AFTER = 3600


@dataclass(frozen=True)
class Backoff:
    """How an update fared so far: its current delay in seconds and its failures."""

    delay: int = 1
    failures: int = 0


@dataclass(frozen=True)
class Resend:
    """What follows a failure: wait so many seconds, then try with this backoff."""

    wait: int
    backoff: Backoff


def after_failure(backoff: Backoff, retry_after: int, dice: Random) -> Resend:
    """At once after the first failure, then a doubling delay up to a random 60–120 s.

    A `Retry-After` of the webhook (cut to 0–3600 s) replaces the delay and does not grow it.
    """
    wait = max(0, min(MAX_RETRY_AFTER, retry_after))
    delay = backoff.delay
    if wait == 0 and backoff.failures > 0:
        delay = min(dice.randint(MAX_RESEND_SECONDS, 2 * MAX_RESEND_SECONDS), 2 * delay)
        wait = delay
    return Resend(wait, Backoff(delay, backoff.failures + 1))


def retry_after_seconds(header: str) -> int:
    """A `Retry-After` header as whole seconds; a date or nonsense counts as 0, as in the real server."""
    return int(header) if header.isascii() and header.isdigit() else 0
