"""What the key or token may do on a portal: scopes and methods. The same in both dialects.

See shared/bitrix/README.md, «Rights and keys».
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from enum import StrEnum

from shared.bitrix.encoding import MOST_COMMANDS
from shared.bitrix.errors import AccessDenied, BadAnswer, BitrixError, MethodMissing
from shared.bitrix.fields import find, flag, need_row
from shared.bitrix.portal import Answer, Command, Operation


class MethodAccess(StrEnum):
    """Whether a method may be called: it may, it is there for others than us, or it is not there."""

    OPEN = "open"
    DENIED = "denied"
    MISSING = "missing"


def scopes() -> Operation[frozenset[str]]:
    """`scope`."""
    return Operation({"scope": Command("scope", {})}, _scopes)


def _scopes(answers: Mapping[str, Answer]) -> frozenset[str]:
    result = answers["scope"].result
    if not isinstance(result, list) or not all(isinstance(name, str) for name in result):
        raise BadAnswer("scope must be a list of words")
    return frozenset(result)


def methods_available(names: Sequence[str]) -> Operation[dict[str, MethodAccess]]:
    """`method.get` for each name. Not 1 to 50 names: ValueError."""
    if not 0 < len(names) <= MOST_COMMANDS:
        raise ValueError(f"1 to {MOST_COMMANDS} methods can be asked about at once")
    commands = {f"m{number}": Command("method.get", {"name": name}) for number, name in enumerate(names)}

    def read(answers: Mapping[str, Answer]) -> dict[str, MethodAccess]:
        return {name: _availability(answer) for name, answer in zip(names, answers.values(), strict=True)}

    return Operation(commands, read, weight=len(commands))


def methods_answering(names: Sequence[str]) -> Operation[dict[str, MethodAccess]]:
    """Call each method without its parameters, and tell which are there; a missing scope is told by `scopes`.

    A real portal's `method.get` says yes to whatever has its controller, so only a call tells. What the bot changes, it
    changes by methods that demand parameters, and the portal runs none of these without them
    (shared/bitrix/CORE.md, «10. A call without its parameters»). Not 1 to 49 names: ValueError.
    """
    if not 0 < len(names) < MOST_COMMANDS:
        raise ValueError(f"1 to {MOST_COMMANDS - 1} methods can be called at once")
    calls = {f"m{number}": Command(name, {}) for number, name in enumerate(names)}
    # `scope` makes a batch even of one call, so that its error is its own.
    commands = {"scope": Command("scope", {}), **calls}

    def read(answers: Mapping[str, Answer]) -> dict[str, MethodAccess]:
        return {name: _access(answers[key].error) for name, key in zip(names, calls, strict=True)}

    return Operation(commands, read, weight=len(commands), optional=frozenset(calls))


def _access(error: BitrixError | None) -> MethodAccess:
    if isinstance(error, MethodMissing):
        return MethodAccess.MISSING
    return MethodAccess.DENIED if isinstance(error, AccessDenied) else MethodAccess.OPEN


def _availability(answer: Answer) -> MethodAccess:
    row = need_row(answer.result, "method")
    exists, is_available = (flag(find(row, name), name) for name in ("isExisting", "isAvailable"))
    if not exists:
        return MethodAccess.MISSING
    return MethodAccess.OPEN if is_available else MethodAccess.DENIED
