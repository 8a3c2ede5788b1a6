"""Several questions of one master as one operation: they share a place in a batch, and each has its own answer."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any

from shared.bitrix.errors import BitrixError
from shared.bitrix.portal import Answer, Operation


def together(operations: Sequence[Operation[Any]]) -> Operation[list[Any]]:
    """Return an operation that reads the values of these reads, in order.

    The first is what matters: its error is the error of the whole. An error of another stands in its value's place.
    Operations with references between their commands can't be put together: the keys change.
    """
    commands = {
        f"w{number}_{name}": command
        for number, operation in enumerate(operations)
        for name, command in operation.commands.items()
    }
    weight = sum(operation.weight for operation in operations)
    needed = {f"w0_{name}" for name in operations[0].commands if name not in operations[0].optional}
    return Operation(commands, partial(_read, operations), weight, frozenset(commands.keys() - needed))


def _read(operations: Sequence[Operation[Any]], answers: Mapping[str, Answer]) -> list[Any]:
    first, *others = (_own(number, operation, answers) for number, operation in enumerate(operations))
    return [operations[0].read(first), *map(_value, operations[1:], others)]


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
