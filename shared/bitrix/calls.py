"""Packs operations into one request and takes its answer apart again. Pure: nothing is sent here.

One command goes as a plain call, more go as one `batch`: reads with `halt: 0` and a prefix per operation, so that
masters do not touch each other; a write with `halt: 1` under its own keys.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from http import HTTPStatus
from typing import Any

from shared.bitrix.encoding import batch_parameters, command_line, json_parameters, query_string
from shared.bitrix.envelope import Redactor, fault_in, operating, read_batch, read_plain
from shared.bitrix.error_codes import PortalError, classify
from shared.bitrix.errors import BadAnswer, BitrixError, NotSent, OutcomeUnknown, PortalFailed, PortalGone, Verdict
from shared.bitrix.portal import Answer, Command, Operation
from shared.bitrix.redact import said_words
from shared.bitrix.transport import ExchangeError, Outgoing, RedirectRefused

_JSON = "application/json"
Outcomes = Mapping[str, Answer | PortalError]
"""What each command came back with; commands that were not run are absent."""


@dataclass(frozen=True)
class PackedCall:
    """One request: `outer` is what is called, `commands` what is asked inside it, by prefixed key.

    `key` is the idempotency key of a write; a read has none.
    """

    outer: Command
    commands: Mapping[str, Command]
    key: str | None = None

    @property
    def methods(self) -> tuple[str, ...]:
        """The methods asked, one per command."""
        return tuple(command.method for command in self.commands.values())

    @property
    def is_write(self) -> bool:
        """Whether the portal is asked to change something."""
        return self.key is not None

    @property
    def is_batch(self) -> bool:
        """Whether the commands travel inside a `batch`."""
        return len(self.commands) > 1

    def operating(self, body: object) -> dict[str, Decimal]:
        """Return the seconds used of methods' time budgets, as far as the answer tells."""
        if self.is_batch:
            return operating(body, {key: command.method for key, command in self.commands.items()})
        return operating(body, {"": self.outer.method})


def pack(operations: Mapping[str, Operation[Any]], key: str | None = None) -> PackedCall:
    """Pack operations, given by the prefix of their commands' keys, into one call."""
    commands = {
        prefix + name: command
        for prefix, operation in operations.items()
        for name, command in operation.commands.items()
    }
    if len(commands) == 1:
        return PackedCall(next(iter(commands.values())), commands, key)
    lines = {
        prefix + name: command_line(command, prefix)
        for prefix, operation in operations.items()
        for name, command in operation.commands.items()
    }
    return PackedCall(Command("batch", batch_parameters(lines, halt=key is not None)), commands, key)


def outgoing(call: PackedCall, root: str, auth: Mapping[str, str]) -> Outgoing:
    """Return the request. `root` is the path before the method's name; `auth` goes with the parameters."""
    headers = {"Accept": _JSON} | ({"Idempotency-Key": call.key} if call.key else {})
    path = root + call.outer.method
    if call.outer.verb == "GET":
        return Outgoing("GET", path, query_string({**call.outer.params, **auth}), headers=headers)
    body = json.dumps({**json_parameters(call.outer.params), **auth}, ensure_ascii=False).encode("utf-8")
    return Outgoing("POST", path, body=body, headers={**headers, "Content-Type": _JSON})


def censor_of(call: PackedCall, secrets: Sequence[str]) -> Redactor:
    """Return what must not be repeated from the answer: the request's words and the secrets."""
    return Redactor(said_words(command.params for command in call.commands.values()), secrets)


def decode(call: PackedCall, status: int, body: object, censor: Redactor, default_until: datetime) -> Outcomes:
    """Return what each command came back with; raise what befell the request as a whole."""
    fault = fault_in(body, status, censor)
    if fault is None and not HTTPStatus.OK <= status < HTTPStatus.MULTIPLE_CHOICES:
        fault = PortalError(status=status)
    if fault is not None:
        raise classify(fault, write=call.is_write, methods=call.methods, default_until=default_until)
    if not isinstance(body, Mapping):
        kind = OutcomeUnknown if call.is_write else PortalFailed
        raise kind("the answer is not a JSON object", methods=call.methods, http_status=status)
    try:
        if call.is_batch:
            return read_batch(body, tuple(call.commands), censor)
        return {key: read_plain(body) for key in call.commands}
    except BadAnswer as error:
        error.methods, error.http_status = call.methods, status
        error.verdict = Verdict.UNKNOWN if call.is_write else error.verdict
        raise


def exchange_failed(error: ExchangeError, methods: Sequence[str], *, write: bool) -> BitrixError:
    """Return the error of a request that got no usable answer."""
    if isinstance(error, RedirectRefused):
        return PortalGone(str(error), methods=methods)
    if not error.sent:
        return NotSent(str(error), methods=methods)
    return (OutcomeUnknown if write else PortalFailed)(str(error), methods=methods)
