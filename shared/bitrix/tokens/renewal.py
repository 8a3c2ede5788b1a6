"""One instance's way to a new pair: wait for somebody else's, or trade the refresh token under the lease.

See the sequence in `shared.bitrix.tokens`.
"""

from __future__ import annotations

import contextlib
import logging
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Protocol

from shared.bitrix.error_codes import BY_CODE
from shared.bitrix.errors import AuthFailed, BitrixError, NeedsOperators
from shared.bitrix.secrets import VaultUnavailable
from shared.bitrix.tokens.errors import METHODS, GrantRefused, TokenDead, TokenUnavailable
from shared.bitrix.tokens.lease import Lease
from shared.bitrix.tokens.pair import TokenPair
from shared.bitrix.tokens.repository import Sleep, StoredPair, TokenRepository
from shared.bitrix.tokens.version_record import VersionRecord
from shared.clock import Now
from shared.log_events import LogEvent, log_event
from shared.store.port import StoreError

log = logging.getLogger(__name__)

LEASE_TTL = timedelta(seconds=45)
"""Longer than what lies between two prolongations: 10 s of HTTP, 5 s of vault, 10 s of store."""
POLLS = 40
POLL_SECONDS = 0.3
"""Who does not get the lease waits 12 s at most: a little more than the renewal's HTTP timeout."""
SAVE_PAUSES = (0.0, 0.2, 0.5, 1.0)
"""Seconds before each try to keep a new pair."""
SAVE_AGAIN = timedelta(seconds=10)
UNSAVED_HOLD = timedelta(minutes=2)
"""How long the others are kept from burning the old refresh token while the new pair is in our memory only."""
MOST_GRANTS = 3
"""Refresh tokens tried in one renewal: each must be a newer one than the one before."""


class TokenServer(Protocol):
    """What is needed of `shared.bitrix.tokens.server.OAuthServer`."""

    async def refresh(self, pair: TokenPair) -> TokenPair:
        """Trade the refresh token for a new pair."""
        ...


@dataclass(frozen=True)
class UnsavedPair:
    """A new pair that is in no vault yet: what the version record said, and when keeping it is tried again."""

    base: VersionRecord
    pair: TokenPair = field(repr=False)
    again_at: datetime


class Renewal:
    """Renews the pair of a repository. One run at a time: the token manager sees to it."""

    def __init__(self, repository: TokenRepository, server: TokenServer, lease: Lease, now: Now, sleep: Sleep) -> None:
        self._repository = repository
        self._server = server
        self._lease = lease
        self._now = now
        self._sleep = sleep
        self._unsaved: UnsavedPair | None = None

    def in_hand(self) -> TokenPair | None:
        """Return a new pair that could not be kept yet."""
        return None if self._unsaved is None else self._unsaved.pair

    def must_save(self) -> bool:
        """Tell whether it is time to try again to keep the pair in hand."""
        return self._unsaved is not None and self._now() >= self._unsaved.again_at

    async def run(self, stale: str, margin: timedelta) -> TokenPair:
        """Return a pair good for at least `margin` whose access token is not `stale`, by whoever renewed it.

        Raises TokenDead, TokenMissing or another NeedsOperators, TokenUnavailable, StoreError.
        """
        for _ in range(POLLS):
            record = await self._repository.version_record()
            self._forget_superseded(record)
            if self._unsaved is None:
                pair = await self._repository.pair(record.version)
                if pair.is_usable(self._now() + margin, stale):
                    return pair
                self._check_refused(record)
            if await self._lease.take():
                return await self._leased(stale, margin)
            if self._unsaved is not None:
                return self._unsaved.pair
            await self._sleep(POLL_SECONDS)
        raise TokenUnavailable("somebody else has been renewing the token for too long", methods=METHODS)

    def _forget_superseded(self, record: VersionRecord) -> None:
        """Drop our unsaved pair when the version record has moved on without us."""
        if self._unsaved is not None and self._unsaved.base.generation != record.generation:
            self._unsaved = None

    def _check_refused(self, record: VersionRecord) -> None:
        """Raise the refusal that is on record while it is taken at its word."""
        if not record.is_refused(self._now()):
            return
        text = f"refused since {record.failed_since:%Y-%m-%d %H:%M:%S} UTC"
        if record.failure == GrantRefused.usual_code:
            raise TokenDead(text, methods=METHODS)
        raise BY_CODE.get(record.failure.lower(), AuthFailed)(text, code=record.failure, methods=METHODS)

    async def _leased(self, stale: str, margin: timedelta) -> TokenPair:
        """Renew, and give the lease back unless the pair is not kept yet."""
        try:
            if self._unsaved is not None:
                return await self._save(self._unsaved, pauses=(0.0,))
            return await self._renewed(stale, margin)
        finally:
            if self._unsaved is None:
                await self._lease.release()

    async def _renewed(self, stale: str, margin: timedelta) -> TokenPair:
        tried: set[str] = set()
        refusal: GrantRefused | None = None
        for _ in range(MOST_GRANTS):
            # Read again under the lease: somebody may have been faster, or have died half-way.
            record = await self._repository.version_record()
            held = await self._repository.newest(record)
            if held.pair.is_usable(self._now() + margin, stale):
                return await self._published(record, held)
            if held.version in tried:
                break
            tried.add(held.version)
            try:
                return await self._traded(record, held)
            except GrantRefused as error:
                refusal = error
        raise await self._dead(record, refusal)

    async def _traded(self, record: VersionRecord, held: StoredPair) -> TokenPair:
        """Trade the refresh token and keep what comes."""
        if not await self._lease.take():
            raise TokenUnavailable("the lease was lost before the renewal", methods=METHODS)
        try:
            pair = await self._server.refresh(held.pair)
        except GrantRefused:
            raise
        except BitrixError as error:
            await self._note(record, error)
            raise
        # From here on the old refresh token is gone: until the new pair is kept, this memory is all there is.
        unsaved = self._unsaved = UnsavedPair(record, pair, self._now())
        return await self._save(unsaved, SAVE_PAUSES)

    async def _save(self, unsaved: UnsavedPair, pauses: tuple[float, ...]) -> TokenPair:
        """Keep the pair, then publish it, then give it out; when the vault fails give it out and go on trying later."""
        version = await self._kept(unsaved.pair, pauses)
        if version is None:
            self._unsaved = UnsavedPair(unsaved.base, unsaved.pair, self._now() + SAVE_AGAIN)
            with contextlib.suppress(StoreError):
                await self._lease.take(UNSAVED_HOLD)
            return unsaved.pair
        self._unsaved = None
        log_event(log, logging.INFO, LogEvent.TOKEN_RENEWED, "token renewed", version=version)
        return await self._published(unsaved.base, StoredPair(version, unsaved.pair))

    async def _kept(self, pair: TokenPair, pauses: tuple[float, ...]) -> str | None:
        """Return the version the pair was kept as; None when the vault would not take it."""
        for pause in pauses:
            if pause:
                await self._sleep(pause)
            try:
                return await self._repository.keep(pair)
            except VaultUnavailable as error:
                log_event(log, logging.ERROR, LogEvent.TOKEN_UNSAVED, f"the new token pair is in memory only: {error}")
            with contextlib.suppress(StoreError):
                await self._lease.take()
        return None

    async def _published(self, record: VersionRecord, held: StoredPair) -> TokenPair:
        """Point to a pair that is not pointed to yet; return the one that is pointed to then."""
        if held.version == record.version:
            return held.pair
        published = await self._repository.publish(held, record)
        return await self._repository.pair(published.version)

    async def _note(self, record: VersionRecord, error: BitrixError) -> None:
        """Log a failure that is not about the refresh token; one that needs people is put on record."""
        if not isinstance(error, NeedsOperators):
            log_event(
                log, logging.WARNING, LogEvent.TOKEN_RENEWAL_FAILED, f"token not renewed: {error}", code=error.code
            )
        elif await self._repository.mark_refused(record.version, error.code):
            log_event(
                log, logging.ERROR, LogEvent.TOKEN_REFUSED, f"the OAuth server refuses us: {error}", code=error.code
            )

    async def _dead(self, record: VersionRecord, refusal: GrantRefused | None) -> TokenDead:
        """Put the end of the pair on record and alert once; return the error to raise."""
        text = f"the refresh token is not accepted any more: {refusal}"
        if await self._repository.mark_refused(record.version, GrantRefused.usual_code):
            log_event(log, logging.ERROR, LogEvent.TOKEN_DEAD, f"install the application again: {text}")
        return TokenDead(text, methods=METHODS)
