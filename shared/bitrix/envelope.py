"""What a portal sends back: the plain envelope, the batch envelope, and errors.

Both decoders return, for each command, an `Answer` or a `Fault`. PHP writes an empty map as `[]`; a key that is in no
map of a batch belongs to a command that was not run.

See shared/bitrix/README.md, «Answers», «Errors», «Batch».
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal, InvalidOperation
from typing import Any

from shared.bitrix.error_codes import PortalError
from shared.bitrix.errors import BadAnswer
from shared.bitrix.portal import Answer
from shared.bitrix.redact import safe_code, safe_text

_MOST_COUNTED = 10**11
"""Above any count, and a moment in the year 5138."""
_ENVELOPE = frozenset({"result", "total", "next", "time"})


@dataclass(frozen=True)
class Redactor:
    """What must not be repeated from a portal's words: what the request said, and the secrets that went with it."""

    words: frozenset[str] = frozenset()
    secrets: Sequence[str] = ()


def parse_json(body: bytes) -> object:
    """Return the body's JSON with Decimal for fractions; None when it is not JSON (an HTML page of a 502)."""
    try:
        parsed: object = json.loads(body, parse_float=Decimal, parse_constant=_refuse_constant)
    except (ValueError, RecursionError, ArithmeticError):
        return None
    return parsed


def _refuse_constant(name: str) -> None:
    raise ValueError(name)


def fault_in(body: object, status: int | None, censor: Redactor) -> PortalError | None:
    """Return what went wrong according to this error envelope; None when it is not one.

    `error` counts on HTTP 200 too, and may be a number: 0 is an error («anything else»).
    """
    if not isinstance(body, Mapping):
        return None
    error = body.get("error")
    if error is None or error is False or error in ("", [], {}):
        return None
    text = body.get("error_description", "")
    if isinstance(error, Mapping):  # REST 3.0: {"code": …, "message": …}
        error, text = error.get("code", ""), error.get("message", text)
    code = safe_code(str(error).strip(), censor.secrets)
    return PortalError(code, safe_text(str(text), censor.words, censor.secrets), status, _reset_at(body.get("time")))


def _reset_at(time: object) -> datetime | None:
    """Return when the method's time budget comes back, from `time.operating_reset_at` (unix seconds)."""
    moment = count(time.get("operating_reset_at")) if isinstance(time, Mapping) else None
    return datetime.fromtimestamp(moment, UTC) if moment else None


def read_plain(body: Mapping[str, Any]) -> Answer:
    """Return the answer of one command called by itself; `BadAnswer` when there is no `result`."""
    if "result" not in body:
        raise BadAnswer("no `result` in the answer")
    extra = {name: value for name, value in body.items() if name not in _ENVELOPE}
    return Answer(body["result"], count(body.get("total")), count(body.get("next")), extra)


def read_batch(body: Mapping[str, Any], keys: Sequence[str], censor: Redactor) -> dict[str, Answer | PortalError]:
    """Return what each command of a batch came back with; keys of commands that were not run are absent."""
    envelope = body.get("result")
    if not isinstance(envelope, Mapping):
        raise BadAnswer("no `result` in the batch's answer")
    maps = {name: as_map(envelope.get(name)) for name in ("result", "result_error", "result_total", "result_next")}
    times = as_map(envelope.get("result_time"))
    outcomes: dict[str, Answer | PortalError] = {}
    for key in keys:
        error = maps["result_error"].get(key)
        if error is not None:
            outcomes[key] = _inner_fault(error, times.get(key), censor)
        elif key in maps["result"]:
            total, following = count(maps["result_total"].get(key)), count(maps["result_next"].get(key))
            outcomes[key] = Answer(maps["result"][key], total, following)
    return outcomes


def _inner_fault(error: object, time: object, censor: Redactor) -> PortalError:
    """Return the fault of one command; some portals give a bare string instead of the error envelope."""
    said = error if isinstance(error, Mapping) else {"error": error}
    fault = fault_in({"time": time, **said}, None, censor)
    return fault or PortalError("unreadable_code", "an error without a code")


def as_map(value: object) -> Mapping[str, Any]:
    """Return a map of the envelope; PHP's empty `[]` and an absent one are empty."""
    if isinstance(value, Mapping):
        return value
    if value in (None, [], ""):
        return {}
    raise BadAnswer("a list where the batch's answer must have a map")


def count(value: object) -> int | None:
    """Return a whole number that may have come as text; None when it is absent, absurd or no number."""
    if isinstance(value, bool) or not isinstance(value, int | str | Decimal):
        return None
    try:
        found = Decimal(value)
    except InvalidOperation:
        return None
    # The bound comes first: to write out 1E999999999 as an int would take all memory.
    return int(found) if found.is_finite() and 0 <= found <= _MOST_COUNTED else None


def operating(body: object, methods: Mapping[str, str]) -> dict[str, Decimal]:
    """Return the seconds of their ten-minute budgets that methods have used, as far as the portal tells.

    `methods` says which method each key of a batch called; of a plain call its one method is under "".
    """
    used: dict[str, Decimal] = {}
    for key, time in _times(body).items():
        seconds = time.get("operating") if isinstance(time, Mapping) else None
        if key in methods and isinstance(seconds, int | Decimal) and not isinstance(seconds, bool):
            used[methods[key]] = max(used.get(methods[key], Decimal(0)), Decimal(seconds))
    return used


def _times(body: object) -> Mapping[str, Any]:
    if not isinstance(body, Mapping):
        return {}
    result = body.get("result")
    inner = result.get("result_time") if isinstance(result, Mapping) else None
    return {"": body.get("time"), **(inner if isinstance(inner, Mapping) else {})}
