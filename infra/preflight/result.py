"""What a check found, and how it is shown."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Sequence
from dataclasses import asdict, dataclass
from functools import partial

from shared.logs import redact

MARKS = {True: "✓", False: "✗", None: "–"}
_SHORTEST_SECRET = 4
"""A shorter one is no secret, and would be found in every word."""


@dataclass(frozen=True)
class Result:
    """One line of the table. `ok` is None for what cannot be told from here; `fix` says what to do about a failure."""

    name: str
    ok: bool | None
    reason: str = ""
    fix: str = ""


def passed(name: str, reason: str = "") -> Result:
    """It is as it should be."""
    return Result(name, ok=True, reason=reason)


def failed(name: str, reason: str, fix: str = "") -> Result:
    """It is not."""
    return Result(name, ok=False, reason=reason, fix=fix)


def unknown(name: str, reason: str, fix: str = "") -> Result:
    """Nobody can tell from here; it does not count as a failure."""
    return Result(name, ok=None, reason=reason, fix=fix)


def any_failed(results: Iterable[Result]) -> bool:
    """Tell whether there is a ✗."""
    return any(result.ok is False for result in results)


def as_table(results: Sequence[Result], secrets: Sequence[str]) -> str:
    """Return the results for a person, without the secrets."""
    width = max((len(result.name) for result in results), default=0)
    lines: list[str] = []
    for result in results:
        lines.append(f"{MARKS[result.ok]} {result.name:<{width}}  {result.reason}".rstrip())
        if result.fix and result.ok is not True:
            lines.append(f"  {'':<{width}}  → {result.fix}")
    return _cleaner(secrets)("\n".join(lines))


def as_comments(results: Sequence[Result]) -> str:
    """Return the results as lines that a shell and Terraform skip."""
    return "\n".join(f"# {it.name}: {it.reason}{f' → {it.fix}' if it.fix and not it.ok else ''}" for it in results)


def as_json(results: Sequence[Result], secrets: Sequence[str]) -> str:
    """Return the results as one JSON list, without the secrets."""
    clean = _cleaner(secrets)
    rows = [{name: clean(it) if isinstance(it, str) else it for name, it in asdict(one).items()} for one in results]
    return json.dumps(rows, ensure_ascii=False, indent=2)


def _cleaner(secrets: Sequence[str]) -> Callable[[str], str]:
    """The last line of defence: no check puts a secret into its words, and none would get through."""
    known = sorted((secret for secret in secrets if len(secret) >= _SHORTEST_SECRET), key=len, reverse=True)
    return partial(redact, secrets=known)
