"""A screen in the gallery."""

import inspect
import sys
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from shared.assistant.chat_view import Screen


@dataclass(frozen=True)
class Case:
    """A screen: what makes it and of what. A text without buttons of its own is a screen too.

    An argument that is a function is called first: it makes the words of the screen.
    """

    title: str
    make: Callable[..., Any]
    args: tuple[Any, ...] = ()
    more: tuple[tuple[str, Any], ...] = ()

    def screen(self) -> Screen:
        args = [as_it_is_now(arg)() if inspect.isfunction(arg) else arg for arg in self.args]
        made = as_it_is_now(self.make)(*args, **dict(self.more))
        if isinstance(made, Screen):
            return made
        return Screen(made) if isinstance(made, str) else Screen("", made)


def as_it_is_now(function: Callable[..., Any]) -> Callable[..., Any]:
    """Return what the function's module has under its name: a test may have put a counter there."""
    found: Callable[..., Any] = getattr(sys.modules[function.__module__], function.__name__, function)
    return found


def case(title: str, make: Callable[..., Any], *args: Any, **more: Any) -> Case:
    return Case(title, make, args, tuple(more.items()))
