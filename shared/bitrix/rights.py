"""What the key or token may do on a portal: scopes and methods. The same in both dialects.

See shared/bitrix/README.md, «Rights and keys».
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from shared.bitrix.encoding import MOST_COMMANDS
from shared.bitrix.errors import AccessDenied, BadAnswer, MethodMissing
from shared.bitrix.fields import find, flag, need_row
from shared.bitrix.portal import Answer, Command, Operation


def scopes() -> Operation[frozenset[str]]:
    """`scope`."""
    return Operation({"scope": Command("scope", {})}, _scopes)


def _scopes(answers: Mapping[str, Answer]) -> frozenset[str]:
    result = answers["scope"].result
    if not isinstance(result, list) or not all(isinstance(name, str) for name in result):
        raise BadAnswer("scope must be a list of words")
    return frozenset(result)


def methods_available(names: Sequence[str]) -> Operation[dict[str, bool]]:
    """`method.get` for each name. Not 1 to 50 names: ValueError."""
    if not 0 < len(names) <= MOST_COMMANDS:
        raise ValueError(f"1 to {MOST_COMMANDS} methods can be asked about at once")
    commands = {f"m{number}": Command("method.get", {"name": name}) for number, name in enumerate(names)}

    def read(answers: Mapping[str, Answer]) -> dict[str, bool]:
        return {name: _is_available(answer) for name, answer in zip(names, answers.values(), strict=True)}

    return Operation(commands, read, weight=len(commands))


def methods_answering(names: Sequence[str]) -> Operation[dict[str, bool]]:
    """Call each method without its parameters, and tell which are there; a missing scope is told by `scopes`.

    A real portal's `method.get` says yes to whatever has its controller, so only a call tells. None of the bot's
    methods changes anything without the parameters it demands. Not 1 to 49 names: ValueError.
    """
    if not 0 < len(names) < MOST_COMMANDS:
        raise ValueError(f"1 to {MOST_COMMANDS - 1} methods can be called at once")
    calls = {f"m{number}": Command(name, {}) for number, name in enumerate(names)}
    # `scope` makes a batch even of one call, so that its error is its own.
    commands = {"scope": Command("scope", {}), **calls}

    def read(answers: Mapping[str, Answer]) -> dict[str, bool]:
        errors = [answers[key].error for key in calls]
        return {
            name: not isinstance(error, (MethodMissing, AccessDenied))
            for name, error in zip(names, errors, strict=True)
        }

    return Operation(commands, read, weight=len(commands), optional=frozenset(calls))


def _is_available(answer: Answer) -> bool:
    row = need_row(answer.result, "method")
    return all(flag(find(row, name), name) for name in ("isExisting", "isAvailable"))
