"""The version record: which version of the secret holds the present pair, and what is known about it.

Pure: each change of state returns a new one. It lives in the store's collection `tokens` under the secret's name; the
pair itself never does.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

USED_EVERY = timedelta(minutes=5)
"""How coarse `last_used_at` is: a write at every call would be two a second to one document."""
GRACE = timedelta(hours=1)
"""How long a superseded version stays readable: who read its number just before reads it just after."""
RETRY_REFUSED = timedelta(minutes=10)
"""How long a refusal is taken at its word before the server is asked once more."""


@dataclass(frozen=True)
class RetiredVersion:
    """A version nobody needs any more, to be destroyed from `at` on."""

    version: str
    at: datetime


@dataclass(frozen=True)
class VersionRecord:
    """The present pair's version and times. `generation` grows with each new pair; it is what a publication checks.

    After a refusal: `failed_since`, the server's word in `failure` (may be empty), and `retry_at`, before which nobody
    asks again.
    """

    version: str
    expires_at: datetime
    generation: int
    issued_at: datetime
    last_used_at: datetime | None = None
    failed_since: datetime | None = None
    failure: str = ""
    retry_at: datetime | None = None
    retired: tuple[RetiredVersion, ...] = ()

    def was_used(self) -> bool:
        """Tell whether the present pair was ever used."""
        return self.last_used_at is not None and self.last_used_at >= self.issued_at

    def needs_mark(self, now: datetime) -> bool:
        """Tell whether a use at `now` is worth a write."""
        if self.last_used_at is None or self.last_used_at < self.issued_at:
            return True
        return now - self.last_used_at >= USED_EVERY

    def used(self, now: datetime) -> VersionRecord:
        """Return the version record with a use at `now`."""
        return replace(self, last_used_at=now)

    def is_refused(self, now: datetime) -> bool:
        """Tell whether the server said no so recently that it is not asked."""
        return self.retry_at is not None and now < self.retry_at

    def refused(self, code: str, now: datetime) -> VersionRecord:
        """Return the version record after a refusal at `now`; the first one's time stays."""
        since = self.failed_since or now
        return replace(self, failed_since=since, failure=code, retry_at=now + RETRY_REFUSED)

    def moved(self, version: str, expires_at: datetime, now: datetime) -> VersionRecord:
        """Return the record of a new pair. The one before is retired, and with it the numbers in between: orphans."""
        # A secret that was deleted and made again counts from 1: its numbers may be on the list.
        kept = tuple(one for one in self.retired if one.version != version)
        known = {one.version for one in kept}
        between = map(str, range(int(self.version), int(version)))
        retired = tuple(RetiredVersion(number, now + GRACE) for number in between if number not in known)
        return VersionRecord(
            version,
            expires_at,
            self.generation + 1,
            issued_at=now,
            last_used_at=self.last_used_at,
            retired=kept + retired,
        )

    def without_orphan(self, version: str, now: datetime) -> VersionRecord:
        """Return the record with a version retired that never became the present one."""
        known = {self.version, *(one.version for one in self.retired)}
        if version in known:
            return self
        return replace(self, retired=(*self.retired, RetiredVersion(version, now + GRACE)))

    def overdue(self, now: datetime) -> tuple[str, ...]:
        """Return the versions to destroy."""
        return tuple(one.version for one in self.retired if one.at <= now)

    def without(self, destroyed: frozenset[str]) -> VersionRecord:
        """Return the version record after these versions were destroyed."""
        return replace(self, retired=tuple(one for one in self.retired if one.version not in destroyed))

    def data(self) -> dict[str, Any]:
        """Return the document."""
        return {**vars(self), "retired": [vars(one) for one in self.retired]}


def version_record_of(data: Mapping[str, Any]) -> VersionRecord:
    """Read the document."""
    retired = tuple(RetiredVersion(**one) for one in data["retired"])
    return VersionRecord(**{**data, "retired": retired})


def first(version: str, expires_at: datetime, now: datetime) -> VersionRecord:
    """Return the record of the first pair ever."""
    return VersionRecord(version, expires_at, generation=1, issued_at=now)
