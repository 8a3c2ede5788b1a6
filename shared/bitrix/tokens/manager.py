"""The token manager: the one thing the rest of the system knows about tokens."""

from __future__ import annotations

import asyncio
import contextlib
import logging
from dataclasses import dataclass, field
from datetime import timedelta
from enum import StrEnum

from shared.bitrix.errors import BitrixError
from shared.bitrix.secrets import SecretVault, VaultUnavailable
from shared.bitrix.tokens.errors import METHODS, TokenUnavailable
from shared.bitrix.tokens.lease import Lease
from shared.bitrix.tokens.pair import TokenPair
from shared.bitrix.tokens.renewal import LEASE_TTL, Renewal, TokenServer
from shared.bitrix.tokens.repository import Sleep, StoredPair, TokenRepository
from shared.bitrix.tokens.version_record import VersionRecord
from shared.clock import Now
from shared.log_events import LogEvent, log_event
from shared.store.port import Store, StoreError

log = logging.getLogger(__name__)

LAZY_MARGIN = timedelta(seconds=60)
"""A call renews a token with less than this left: a write may take as long to reach the portal."""
AHEAD_MARGIN = timedelta(minutes=5)
"""The scheduled renewal's buffer (spec §1)."""
RECORD_TRUSTED = timedelta(seconds=5)
"""How long a version record that was read is believed.

Two calls a second need not cost two reads a second. It is safe, because a token that was superseded meanwhile is at
worst answered `expired_token`: then nothing was run on the portal, and the version record is read anew.
"""
MOST_FLIGHTS = 3
LEASE = "bitrix_token"


class RefreshPolicy(StrEnum):
    """When `refresh_ahead` may renew. Bitrix discourages renewing the token of an idle application on a schedule."""

    AUTO = "auto"
    """Only a token that was used since it was issued."""
    ALWAYS = "always"
    NEVER = "never"


class RefreshOutcome(StrEnum):
    """What `refresh_ahead` did."""

    RENEWED = "renewed"
    FRESH = "fresh"
    """Nothing: the token is good for longer than the buffer."""
    IDLE = "idle"
    """Nothing: nobody used the token; the next call will renew it."""
    NEVER = "never"
    REFUSED = "refused"
    """Nothing: the server has refused lately, and people know."""
    MISSING = "missing"
    FAILED = "failed"


@dataclass(frozen=True)
class RefreshReport:
    """The scheduled run's result for the log: `code` of the error when it failed, old versions `destroyed`.

    `age`: seconds since the token that the run found was issued; None when there was none.
    """

    did: RefreshOutcome
    code: str = ""
    destroyed: int = 0
    age: float | None = field(default=None, compare=False)


class TokenManager:
    """Hands out the access token and sees to it that there is one. `name` is the secret's short name.

    One per instance of a function. The renewal runs as a task of its own, so that a caller who gives up does not leave
    it half-way; all callers of the instance share it.
    """

    def __init__(
        self,
        store: Store,
        vault: SecretVault,
        server: TokenServer,
        name: str,
        *,
        now: Now,
        sleep: Sleep = asyncio.sleep,
        policy: RefreshPolicy = RefreshPolicy.AUTO,
    ) -> None:
        self._repository = TokenRepository(store, vault, name, now, sleep)
        self._renewal = Renewal(self._repository, server, Lease(store, LEASE, now, LEASE_TTL), now, sleep)
        self._now = now
        self._policy = policy
        self._seen: VersionRecord | None = None
        self._seen_at = now()
        self._flight: asyncio.Task[TokenPair] | None = None

    async def current(self) -> str:
        """Return an access token for a call, renewed first when it is about to end.

        Raises TokenDead, TokenMissing or another NeedsOperators, TokenUnavailable, StoreError.
        """
        pair = self._renewal.in_hand() or await self._repository.pair((await self._version_record()).version)
        if self._renewal.must_save() or not pair.is_usable(self._now() + LAZY_MARGIN):
            pair = await self._fly("", LAZY_MARGIN)
        # Only a hint for renewing ahead: a call does not fail for it.
        with contextlib.suppress(StoreError):
            await self._mark_used()
        return pair.access

    async def expired(self, token: str) -> str:
        """Return another token than the one the portal calls expired. Raises what `current` raises."""
        return (await self._fly(token, LAZY_MARGIN)).access

    async def refresh_ahead(self) -> RefreshReport:
        """Renew the token before anybody has to wait for it, and destroy old versions. May run as often as one likes.

        Raises StoreError only.
        """
        found = await self._repository.find()
        age = None if found is None else (self._now() - found.issued_at).total_seconds()
        did, code = self._wanted(found), ""
        if did is RefreshOutcome.RENEWED:
            try:
                await self._fly("", AHEAD_MARGIN)
            except BitrixError as error:
                did, code = RefreshOutcome.FAILED, error.code
        return RefreshReport(did, code, destroyed=await self._repository.sweep(), age=age)

    async def install(self, pair: TokenPair) -> None:
        """Keep a pair that a person or the installation callback brought, in place of whatever there was.

        Raises TokenUnavailable, StoreError.
        """
        try:
            version = await self._repository.keep(pair)
        except VaultUnavailable as error:
            raise TokenUnavailable(f"the vault: {error}", methods=METHODS) from None
        await self._repository.publish(StoredPair(version, pair))
        self._seen = None
        log_event(log, logging.INFO, LogEvent.TOKEN_INSTALLED, "token installed", version=version)

    async def close(self) -> None:
        """Wait for the renewal under way. The vault and the store are closed by whoever made them."""
        if self._flight is not None:
            with contextlib.suppress(Exception):
                await asyncio.shield(self._flight)

    def _wanted(self, record: VersionRecord | None) -> RefreshOutcome:
        """Decide what the scheduled run does; RENEWED means «renew»."""
        if record is None:
            return RefreshOutcome.MISSING
        if self._policy is RefreshPolicy.NEVER:
            return RefreshOutcome.NEVER
        if record.expires_at - self._now() > AHEAD_MARGIN:
            return RefreshOutcome.FRESH
        if record.is_refused(self._now()):
            return RefreshOutcome.REFUSED
        return (
            RefreshOutcome.RENEWED if self._policy is RefreshPolicy.ALWAYS or record.was_used() else RefreshOutcome.IDLE
        )

    async def _version_record(self) -> VersionRecord:
        """Return the version record, read at most `RECORD_TRUSTED` ago."""
        if self._seen is None or self._now() - self._seen_at >= RECORD_TRUSTED:
            at = self._now()
            self._seen, self._seen_at = await self._repository.version_record(), at
        return self._seen

    async def _mark_used(self) -> None:
        record = await self._version_record()
        now = self._now()
        if record.needs_mark(now):
            self._seen = record.used(now)
            await self._repository.mark_used()

    async def _fly(self, stale: str, margin: timedelta) -> TokenPair:
        """Renew, together with every other caller of this instance."""
        for _ in range(MOST_FLIGHTS):
            if self._flight is None:
                self._flight = asyncio.create_task(self._renewal.run(stale, margin))
                self._flight.add_done_callback(self._landed)
            pair = await asyncio.shield(self._flight)
            # A flight that set out before the portal called this token expired may come back with it.
            if pair.is_usable(self._now(), stale):
                return pair
        raise TokenUnavailable("each renewal brought a token that is of no use", methods=METHODS)

    def _landed(self, flight: asyncio.Task[TokenPair]) -> None:
        self._flight = self._seen = None
        if not flight.cancelled():
            flight.exception()  # callers have it, or have given up: then it is in the log already
