"""Parts that are made when something is first asked of them, for functions that often have nothing to do."""

from __future__ import annotations

from collections.abc import Callable
from functools import cached_property
from typing import Any, TypeVar, cast

T = TypeVar("T")


class _LatePart:
    """Passes whatever is asked on to what `make` returns, which is made once."""

    def __init__(self, make: Callable[[], Any]) -> None:
        self._make = make

    @cached_property
    def _made(self) -> Any:  # noqa: ANN401 - any part
        return self._make()

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401 - any part's
        return getattr(self._made, name)


def late(make: Callable[[], T]) -> T:
    """Return what does as `make()` does, by its methods; they alone make it."""
    return cast("T", _LatePart(make))
