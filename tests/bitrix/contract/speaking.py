"""What the tests of the dialect share: a portal's settings, and ways to ask and to answer."""

from collections.abc import Mapping
from typing import Any, TypeVar

from shared.bitrix.contract import ContractPortal, ContractSettings
from shared.bitrix.encoding import json_parameters
from shared.bitrix.portal import Answer, Operation, Portal
from shared.domain.orders import PaymentKind

T = TypeVar("T")

SYSTEMS = {PaymentKind.PREPAID: "118", PaymentKind.CASH: "cash"}


def make(**settings: Any) -> Portal:
    return ContractPortal(ContractSettings(pay_systems=SYSTEMS, delivery_id="198", **settings))


def sent(operation: Operation[Any]) -> list[tuple[str, str, Any]]:
    """Return verb, method and parameters of each command."""
    return [(c.verb, c.method, json_parameters(c.params)) for c in operation.commands.values()]


def asked(operation: Operation[Any]) -> list[tuple[str, Any]]:
    """Return method and parameters of each command."""
    return [(method, params) for _, method, params in sent(operation)]


def heard(operation: Operation[T], *results: Any, extra: Mapping[str, Any] | None = None, **counts: Any) -> T:
    """Answer the operation's commands in order."""
    answers = [Answer(result, extra=extra or {}, **counts) for result in results]
    return operation.read(dict(zip(operation.commands, answers, strict=True)))
