"""One call to Firestore: a time budget, short retries, and its errors in the port's words.

The client's own retries are off everywhere (`retry=None`): they last up to a minute, and for Commit they hide that an
earlier try may have been applied (shared/store/README.md, «Firestore»).
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import NoReturn, TypeVar

from google.api_core import exceptions

from shared.store.port import StoreError, Unavailable

T = TypeVar("T")

REFUSED = (exceptions.AlreadyExists, exceptions.FailedPrecondition, exceptions.NotFound, exceptions.Aborted)
"""Answers to a Commit that mean: a precondition failed, this try was not applied."""

NEWER = "base version"
"""In an InvalidArgument that means the same: the document is older than the version it was to have."""

LOST = (exceptions.ServiceUnavailable, exceptions.InternalServerError)
"""No proper answer: the call may have been carried out or not. A new try is likely to fare better."""

UNAVAILABLE = (
    *LOST,
    exceptions.GatewayTimeout,
    exceptions.RetryError,
    exceptions.TooManyRequests,
    exceptions.Unknown,
    exceptions.Cancelled,
    exceptions.Unauthorized,
    exceptions.Forbidden,
)
"""Nothing the caller did wrong; the last two are a deployment whose permissions are not there yet."""


@dataclass(frozen=True)
class Patience:
    """How long one operation of the store may take: `seconds`, all its calls and the `pauses` between them together.

    The third pause outlasts gRPC's own wait of a second before it connects anew. `sleep` is how a pause is kept.
    """

    seconds: float = 5.0
    pauses: Sequence[float] = (0.05, 0.25, 1.0)
    sleep: Callable[[float], Awaitable[None]] = asyncio.sleep


class Budget:
    """What is left of the patience with one operation."""

    def __init__(self, patience: Patience) -> None:
        self.patience = patience
        self._ends = asyncio.get_running_loop().time() + patience.seconds

    def left(self) -> float:
        """Return the seconds left; raise Unavailable when there are none."""
        left = self._ends - asyncio.get_running_loop().time()
        if left <= 0:
            raise Unavailable("Firestore did not answer in time")
        return left


async def attempted(
    call: Callable[[float], Awaitable[T]], budget: Budget, on_lost: Callable[[], None] = lambda: None
) -> T:
    """Await `call(timeout)`, again after a short pause while its answer gets lost and the budget lasts.

    `on_lost` is told about each lost answer. Errors of the last try leave as they are.
    """
    for pause in budget.patience.pauses:
        try:
            return await call(budget.left())
        except LOST:
            on_lost()
            if budget.left() <= pause:
                raise
            await budget.patience.sleep(pause)
    return await call(budget.left())


async def read(call: Callable[[float], Awaitable[T]], budget: Budget) -> T:
    """Await a call that changes nothing; its errors come as Unavailable or StoreError."""
    try:
        return await attempted(call, budget)
    except exceptions.GoogleAPIError as error:
        raise_as_store_error(error)


def raise_as_store_error(error: exceptions.GoogleAPIError) -> NoReturn:
    """Raise the port's error for one of Google's. Only its class is told: messages may quote document names."""
    name = type(error).__name__
    if isinstance(error, UNAVAILABLE):
        raise Unavailable(f"Firestore is unavailable: {name}") from error
    raise StoreError(f"Firestore refused the request: {name}") from error
