"""The secrets themselves: versions, their states, and an alias that lags.

See shared/bitrix/README.md, «Where the pair is kept».
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import Enum

from infra.local.rpc import exists, invalid, missing, precondition

LATEST = "latest"
MOST_BYTES = 64 * 1024
_CASTAGNOLI = 0x82F63B78


class State(Enum):
    """Whether a version may be read. DESTROYED is final."""

    ENABLED = 1
    DISABLED = 2
    DESTROYED = 3


@dataclass
class Version:
    """One payload of a secret. `etag` grows with each change; the payload is in no text of this object."""

    number: int
    created_at: datetime
    data: bytes = field(repr=False)
    checksum: int
    checked_by_client: bool
    state: State = State.ENABLED
    destroyed_at: datetime | None = None
    etag: int = 1


@dataclass
class Secret:
    """A named row of versions, oldest first. Numbers start at 1 and are never used again."""

    name: str
    created_at: datetime
    labels: Mapping[str, str] = field(default_factory=dict)
    aliases: Mapping[str, int] = field(default_factory=dict)
    versions: list[Version] = field(default_factory=list)

    def add(self, data: bytes, checksum: int | None, now: datetime) -> Version:
        """Keep a payload as the next version. Refused: an empty or too long one, or one its checksum does not fit."""
        if not 0 < len(data) <= MOST_BYTES:
            raise invalid(f"The secret payload must be 1 to {MOST_BYTES} bytes long, not {len(data)}")
        actual = crc32c(data)
        if checksum is not None and checksum != actual:
            raise invalid("The checksum in data_crc32c does not match the secret payload")
        version = Version(len(self.versions) + 1, now, data, actual, checked_by_client=checksum is not None)
        self.versions.append(version)
        return version

    def version(self, number: str) -> Version:
        """Return a version by its number; NOT_FOUND when there is none."""
        index = int(number[:9]) - 1 if number.isascii() and number.isdigit() else -1
        if not 0 <= index < len(self.versions):
            raise missing(f"Secret Version [{self.name}/versions/{number}] not found.")
        return self.versions[index]

    def resolve(self, number: str, now: datetime, latest_lag: timedelta) -> Version:
        """Return a version by number or alias. `latest` does not know versions younger than `latest_lag`."""
        if number == LATEST:
            known = [one for one in self.versions if now - one.created_at >= latest_lag]
            if not known:
                raise missing(f"Secret [{self.name}] not found or has no versions.")
            return known[-1]
        return self.version(str(self.aliases.get(number, number)))

    def read(self, version: Version) -> bytes:
        """Return a payload; FAILED_PRECONDITION when the version is not enabled."""
        if version.state is not State.ENABLED:
            raise precondition(f"{self.title(version)} is in {version.state.name} state.")
        return version.data

    def turn(self, version: Version, state: State, etag: str, now: datetime) -> None:
        """Enable, disable or destroy a version. A destroyed one stays so; an outdated etag is refused."""
        if etag and etag != str(version.etag):
            raise precondition(f"The etag of {self.title(version)} is outdated")
        if version.state is State.DESTROYED:
            raise precondition(f"{self.title(version)} is in DESTROYED state.")
        version.state = state
        version.etag += 1
        if state is State.DESTROYED:
            version.data, version.destroyed_at = b"", now

    def title(self, version: Version) -> str:
        """Return how errors call a version."""
        return f"Secret Version [{self.name}/versions/{version.number}]"


def crc32c(data: bytes) -> int:
    """Return the CRC-32C checksum that the service keeps beside each payload, 0 to 2^32 - 1."""
    value = 0xFFFFFFFF
    for byte in data:
        value ^= byte
        for _ in range(8):
            value = value >> 1 ^ (_CASTAGNOLI if value & 1 else 0)
    return value ^ 0xFFFFFFFF


class Vault:
    """All secrets by full name."""

    def __init__(self) -> None:
        self._secrets: dict[str, Secret] = {}

    def all(self) -> list[Secret]:
        """Return every secret."""
        return list(self._secrets.values())

    def get(self, name: str) -> Secret:
        """Return a secret; NOT_FOUND when there is none."""
        secret = self._secrets.get(name)
        if secret is None:
            raise missing(f"Secret [{name}] not found.")
        return secret

    def create(self, secret: Secret) -> None:
        """Take a new secret in; ALREADY_EXISTS when the name is taken."""
        if secret.name in self._secrets:
            raise exists(f"Secret [{secret.name}] already exists.")
        self._secrets[secret.name] = secret

    def delete(self, name: str) -> None:
        """Forget a secret with all its versions."""
        del self._secrets[self.get(name).name]
