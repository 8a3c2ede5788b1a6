"""One HTTP request of the portal, a «hit»: some events are announced only once in each."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

_ANNOUNCED: ContextVar[set[str] | None] = ContextVar("announced", default=None)


@contextmanager
def one_hit() -> Iterator[None]:
    """Let everything inside be one request."""
    before = _ANNOUNCED.set(set())
    try:
        yield
    finally:
        _ANNOUNCED.reset(before)


def first_in_hit(event: str) -> bool:
    """Say whether the event is the first of its kind in this request, and remember it; always outside of requests."""
    announced = _ANNOUNCED.get()
    if announced is None:
        return True
    first = event not in announced
    announced.add(event)
    return first
