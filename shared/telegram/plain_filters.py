"""Filters of handlers that are plain functions, called where they are.

aiogram puts each of them into a thread of its own, thirty times on the way of one message, for the case that it waits
for something. Ours look at a message or a state and wait for nothing.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

from shared.telegram.api import Router


def call_in_place(router: Router) -> None:
    """Change the filters of this router and of those below it. What they are called with stays as it is."""
    for each in router.chain_tail:
        for observer in each.observers.values():
            for handler in observer.handlers:
                for plain in handler.filters or ():
                    if not plain.awaitable:
                        plain.callback, plain.awaitable = _in_place(plain.callback), True


def _in_place(plain: Callable[..., Any]) -> Callable[..., Awaitable[Any]]:
    async def called(*args: Any, **options: Any) -> Any:  # noqa: ANN401 - any filter's
        return plain(*args, **options)

    return called
