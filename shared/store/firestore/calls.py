"""One call to Firestore: a time budget, short retries, and its errors in the port's words.

The client's own retries are off everywhere (`retry=None`): they last up to a minute, and for Commit they hide that an
earlier try may have been applied (shared/store/README.md, «Firestore»).
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import NoReturn, TypeVar

from google.api_core import exceptions

from shared.store.port import StoreError, Unavailable

T = TypeVar("T")

REFUSED = (exceptions.AlreadyExists, exceptions.FailedPrecondition, exceptions.NotFound, exceptions.Aborted)
"""Answers to a Commit that mean: a precondition failed, this try was not applied."""

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

# The third one outlasts gRPC's own wait of a second before it connects anew.
RETRY_PAUSES = (0.05, 0.25, 1.0)


class Budget:
    """The time one operation of the store may take, all its calls and pauses together."""

    def __init__(self, seconds: float) -> None:
        self._ends = asyncio.get_running_loop().time() + seconds

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
    for pause in RETRY_PAUSES:
        try:
            return await call(budget.left())
        except LOST:
            on_lost()
            if budget.left() <= pause:
                raise
            await asyncio.sleep(pause)
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
