"""The combination of several reads of one master into one operation, in which each read has its own answer."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import partial
from typing import Any

from shared.bitrix.encoding import with_keys_after
from shared.bitrix.errors import BitrixError
from shared.bitrix.portal import Answer, Operation


def combine(operations: Sequence[Operation[Any]], needed: int = 1) -> Operation[list[Any]]:
    """Return an operation that reads the values of these reads, in order.

    The first `needed` ones are what matters: an error of theirs is one of the whole. Another's stands in its value's
    place.
    """
    commands = {
        f"w{number}_{name}": replace(command, params=with_keys_after(command.params, f"w{number}_"))
        for number, operation in enumerate(operations)
        for name, command in operation.commands.items()
    }
    weight = sum(operation.weight for operation in operations)
    musts = {
        f"w{number}_{name}"
        for number, operation in enumerate(operations[:needed])
        for name in operation.commands
        if name not in operation.optional
    }
    return Operation(commands, partial(_read, operations, needed), weight, frozenset(commands.keys() - musts))


def _read(operations: Sequence[Operation[Any]], needed: int, answers: Mapping[str, Answer]) -> list[Any]:
    own = [_own(number, operation, answers) for number, operation in enumerate(operations)]
    musts = [operation.read(given) for operation, given in zip(operations[:needed], own, strict=False)]
    return [*musts, *map(_value, operations[needed:], own[needed:])]


def _own(number: int, operation: Operation[Any], answers: Mapping[str, Answer]) -> dict[str, Answer]:
    return {name: answers[f"w{number}_{name}"] for name in operation.commands}


def _value(operation: Operation[Any], answers: Mapping[str, Answer]) -> Any:  # noqa: ANN401 - whatever it reads
    for name, answer in answers.items():
        if answer.error is not None and name not in operation.optional:
            return answer.error
    try:
        return operation.read(answers)
    except BitrixError as error:
        return error
