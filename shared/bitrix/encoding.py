"""How commands travel: as a JSON body, as a query string, or as lines of a `batch` (shared/bitrix/README.md, «Batch»).

Rules for values, the same in all three, so that a command means one thing however it travels:

- text, int and bool go as they are (bool is 1 or 0 in a query, as PHP writes it);
- Decimal goes as plain digits in a string, dates as ISO 8601; aware times keep their offset;
- a None inside a mapping is left out; inside a list it is refused, for it would leave a hole;
- an empty mapping or list cannot be said in a query and is absent there;
- float is refused: money is Decimal.

`Reference` stands for what an earlier command of the same batch will return (`$result[order][id]`). Text that merely
looks like a reference is disarmed, because the portal resolves references after decoding: a master could otherwise
write one into a comment.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Any
from urllib.parse import quote

from shared.bitrix.portal import Command

MOST_COMMANDS = 50
"""How many commands one `batch` takes."""

_KEY = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
_LOOKS_LIKE_REFERENCE = re.compile(r"\$(?=result|error|total|next|time)", re.IGNORECASE)


@dataclass(frozen=True)
class Reference:
    """A value from an earlier command of the same batch: its key, then the way into its result.

    `lead` is text before it. A reference that leads nowhere becomes what was reached last, a list perhaps; behind other
    text it stays as it is written, which is 0 to whoever wants a number (shared/bitrix/README.md, «Batch»).
    """

    key: str
    path: tuple[str | int, ...] = ()
    lead: str = ""

    def render(self, prefix: str = "") -> str:
        """Return it as the portal reads it. `prefix` is what the batch puts before every key of the operation."""
        return f"{self.lead}$result" + "".join(f"[{step}]" for step in (prefix + self.key, *self.path))


Plain = Any
"""JSON-able values, plus `Reference`."""


def normal(value: object) -> Plain:
    """Return the value in the few types that travel; raise TypeError or ValueError for what cannot."""
    if isinstance(value, bool | int | Reference):
        return value
    if isinstance(value, str):
        # A lone half of an emoji is not UTF-8; PHP would refuse the whole body.
        return str(value).encode("utf-8", "replace").decode("utf-8")
    if isinstance(value, Decimal):
        return _digits(value)
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Mapping):
        return {_name(key): normal(item) for key, item in value.items() if item is not None}
    if isinstance(value, Sequence) and not isinstance(value, bytes | bytearray):
        return [normal(item) for item in value]
    raise TypeError(f"a parameter cannot be {type(value).__name__}")


def _digits(value: Decimal) -> str:
    if not value.is_finite():
        raise ValueError("a number must be finite")
    return format(value, "f")


def _name(key: object) -> str:
    name = str(key)
    if not name or "[" in name or "]" in name:
        raise ValueError("a parameter's name must not be empty or hold brackets")
    return name


def as_sent(identifier: str) -> int | str:
    """Return a numeric id as a number, which is what portals document; other ids stay text."""
    is_number = identifier.isascii() and identifier.isdigit() and str(int(identifier)) == identifier
    return int(identifier) if is_number else identifier


Scalar = Callable[[str | Reference], str]
"""How text and references are written into a query."""


def json_parameters(params: Mapping[str, Any]) -> dict[str, Any]:
    """Return the parameters for a JSON body. A `Reference` outside a batch makes `json.dumps` raise TypeError."""
    parameters: dict[str, Any] = normal(params)
    return parameters


def query_string(params: Mapping[str, Any]) -> str:
    """Return `name[a][0]=value&…` with percent-encoded names and values."""

    def scalar(value: str | Reference) -> str:
        if isinstance(value, Reference):
            raise TypeError("a reference works only inside a batch")
        return quote(value, safe="")

    return "&".join(f"{name}={value}" for name, value in _pairs(normal(params), scalar))


def command_line(command: Command, prefix: str = "") -> str:
    """Return the command as one line of a batch: `method?query`, references kept, look-alikes disarmed."""

    def scalar(value: str | Reference) -> str:
        return value.render(prefix) if isinstance(value, Reference) else quote(disarmed(value), safe="")

    query = "&".join(f"{name}={value}" for name, value in _pairs(normal(command.params), scalar))
    return f"{command.method}?{query}" if query else command.method


def disarmed(text: str) -> str:
    """Return the text with a space after each «$» that the portal would take for a reference."""
    return _LOOKS_LIKE_REFERENCE.sub("$ ", text)


def _pairs(params: Mapping[str, Any], scalar: Scalar) -> Iterator[tuple[str, str]]:
    for name, value in params.items():
        yield from _nested(quote(name, safe=""), value, scalar)


def _nested(name: str, value: Plain, scalar: Scalar) -> Iterator[tuple[str, str]]:
    if isinstance(value, Mapping):
        for key, item in value.items():
            yield from _nested(f"{name}[{quote(key, safe='')}]", item, scalar)
    elif isinstance(value, list):
        for index, item in enumerate(value):
            yield from _nested(f"{name}[{index}]", item, scalar)
    elif isinstance(value, bool | int):
        yield name, str(int(value))
    else:
        yield name, scalar(value)


def with_keys_after(params: Plain, prefix: str) -> Plain:
    """Return parameters whose references lead to keys with this prefix."""
    if isinstance(params, Reference):
        return replace(params, key=prefix + params.key)
    if isinstance(params, Mapping):
        return {name: with_keys_after(value, prefix) for name, value in params.items()}
    if isinstance(params, list):
        return [with_keys_after(value, prefix) for value in params]
    return params


def batch_parameters(lines: Mapping[str, str], *, halt: bool) -> dict[str, Any]:
    """Return the parameters of `batch` for command lines by key. More than 50, or a strange key, is a ValueError."""
    if len(lines) > MOST_COMMANDS:
        raise ValueError(f"a batch takes {MOST_COMMANDS} commands, not {len(lines)}")
    if any(not _KEY.fullmatch(key) for key in lines):
        raise ValueError("a command's key must be a word that starts with a letter")
    return {"halt": int(halt), "cmd": dict(lines)}
