"""When the portal refuses everything."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.bitrix.auth import OAUTH_METHOD
from shared.bitrix.error_codes import BY_CODE, PortalError, classify
from shared.bitrix.errors import (
    AccessDenied,
    AuthFailed,
    BadAnswer,
    BitrixError,
    MethodMissing,
    NotSent,
    OutcomeUnknown,
    Overloaded,
    PortalFailed,
    PortalGone,
    RateLimited,
    Refused,
    TokenExpired,
    Verdict,
)
from shared.bitrix.limits import CircuitBreaker, PortalStopped
from shared.bitrix.limits.circuit_breaker import (
    OpenCircuit,
    after_failure,
    after_proof,
    proves_health,
    stops_everything,
)
from shared.bitrix.tokens import TokenDead
from shared.store.port import Conflict
from tests.support.clock import START, Clock
from tests.support.logs import Heard
from tests.support.stores import FaultyStore

OVERLOADED = Overloaded("blocked by hand")
MINUTE = timedelta(minutes=1)
ALL = ("portal_stopped", "portal_probe", "portal_resumed")
STOPPING = {
    "overload_limit", "portal_deleted", "payment_required", "no_auth_found", "invalid_token", "authorization_error",
    "error_oauth", "application_not_found", "wrong_client", "invalid_grant", "invalid_client",
    "not_installed",
}  # fmt: skip


@pytest.fixture
def breaker(store: FaultyStore, clock: Clock) -> CircuitBreaker:
    return CircuitBreaker(store, clock, clock.sleep)


async def is_open(breaker: CircuitBreaker) -> bool:
    """Whether a call may be made."""
    try:
        await breaker.admit()
    except PortalStopped:
        return False
    return True


class TestDecisions:
    @pytest.mark.parametrize("code", sorted(BY_CODE))
    def test_which_errors_stop_everything(self, code: str) -> None:
        error = classify(PortalError(code, "x", 400), write=False, methods=("a.b",), default_until=START)
        assert stops_everything(error) is (code in STOPPING)

    def test_trouble_with_the_token_is_the_token_managers(self) -> None:
        assert stops_everything(AuthFailed("x"))
        assert not stops_everything(AuthFailed("x", methods=(OAUTH_METHOD,)))
        assert not stops_everything(TokenDead("x", methods=(OAUTH_METHOD,)))

    @pytest.mark.parametrize(
        ("error", "proof"),
        [
            (None, True),
            (Refused("x"), True),
            (BadAnswer("x"), True),
            (RateLimited("x"), False),
            (PortalFailed("x"), False),
            (NotSent("x"), False),
            (OutcomeUnknown("x"), False),
            (TokenExpired("x"), False),
            (AccessDenied("x"), False),
            (MethodMissing("x"), False),
            (PortalGone("x"), False),
        ],
    )
    def test_which_answers_prove_that_we_are_let_in(self, error: BitrixError | None, proof: bool) -> None:
        assert proves_health(error) is proof

    def test_pauses_grow_to_half_an_hour(self) -> None:
        stop = after_failure(None, "overload_limit", START)
        pauses = [stop.probe_at - START]
        for _ in range(20):
            stop = after_failure(stop.probed(START), "overload_limit", START)
            pauses.append(stop.probe_at - START)
        assert pauses[:7] == [MINUTE * minutes for minutes in (1, 2, 4, 8, 16, 30, 30)]
        assert set(pauses[7:]) == {MINUTE * 30}

    def test_only_a_probe_changes_a_stop(self) -> None:
        stop = after_failure(None, "overload_limit", START)
        assert after_failure(stop, "no_auth_found", START + MINUTE) == stop
        assert after_proof(stop) == stop
        assert after_proof(stop.probed(START)) is None
        assert after_proof(None) is None

    @given(st.lists(st.sampled_from(["failure", "proof", "probe"]), max_size=40))
    def test_a_stop_always_ends_in_a_probe_to_come(self, steps: list[str]) -> None:
        stop: OpenCircuit | None = None
        now = START
        for step in steps:
            now += MINUTE
            if step == "failure":
                stop = after_failure(stop, "overload_limit", now)
            elif step == "proof":
                stop = after_proof(stop)
            elif stop is not None and now >= stop.probe_at:
                stop = stop.probed(now)
            if stop is not None:
                assert stop.probe_at - now <= MINUTE * 30
                assert stop.since <= now


class TestInstances:
    async def test_a_stop_is_for_all_and_alerts_once(self, store: FaultyStore, clock: Clock, events: Heard) -> None:
        breakers = [CircuitBreaker(store, clock, clock.sleep) for _ in range(5)]
        await asyncio.gather(*(breaker.learn(OVERLOADED) for breaker in breakers))
        assert [await is_open(breaker) for breaker in breakers] == [False] * 5
        assert not await is_open(CircuitBreaker(store, clock))
        assert events(*ALL) == [("portal_stopped", "ERROR")]

    async def test_what_is_told(self, breaker: CircuitBreaker, clock: Clock) -> None:
        await breaker.learn(AuthFailed("x", code="NO_AUTH_FOUND"))
        with pytest.raises(PortalStopped, match="since 2026-11-23 09:00:00 UTC because of NO_AUTH_FOUND") as caught:
            await breaker.admit()
        assert caught.value.until == clock() + MINUTE
        assert caught.value.verdict is Verdict.OPERATORS
        assert caught.value.code == "portal_stopped"

    async def test_who_looked_just_before_stops_five_seconds_later(self, store: FaultyStore, clock: Clock) -> None:
        one, two = CircuitBreaker(store, clock), CircuitBreaker(store, clock)
        assert await is_open(two)
        await one.learn(OVERLOADED)
        clock.advance(seconds=4.9)
        assert await is_open(two)
        clock.advance(seconds=0.1)
        assert not await is_open(two)

    async def test_it_costs_a_read_every_five_seconds(
        self, breaker: CircuitBreaker, store: FaultyStore, clock: Clock
    ) -> None:
        for _ in range(20):
            assert await is_open(breaker)
            await breaker.learn(None)
            clock.advance(milliseconds=500)
        assert (store.reads, store.commits) == (2, 0)

    async def test_one_probe_of_all_instances_and_then_it_goes_on(
        self, store: FaultyStore, clock: Clock, events: Heard
    ) -> None:
        breakers = [CircuitBreaker(store, clock, clock.sleep) for _ in range(5)]
        await breakers[0].learn(OVERLOADED)
        clock.advance(seconds=59)
        assert not await is_open(breakers[1])
        clock.advance(seconds=1)
        tried = await asyncio.gather(*(is_open(breaker) for breaker in breakers))
        assert sum(tried) == 1
        probe = breakers[tried.index(True)]
        clock.advance(seconds=30)
        assert not await is_open(breakers[0])
        await probe.learn(None)
        assert await is_open(probe)
        clock.advance(seconds=5)
        assert [await is_open(breaker) for breaker in breakers] == [True] * 5
        assert events(*ALL) == [("portal_stopped", "ERROR"), ("portal_probe", "INFO"), ("portal_resumed", "INFO")]

    async def test_a_probe_that_is_refused(self, breaker: CircuitBreaker, clock: Clock, events: Heard) -> None:
        await breaker.learn(OVERLOADED)
        clock.advance(minutes=1)
        assert await is_open(breaker)
        await breaker.learn(AuthFailed("x", code="no_auth_found"))
        clock.advance(seconds=119)
        assert not await is_open(breaker)
        clock.advance(seconds=1)
        assert await is_open(breaker)
        await breaker.learn(Refused("no such order"))
        assert await is_open(breaker)
        assert [name for name, _ in events(*ALL)] == [
            "portal_stopped",
            "portal_probe",
            "portal_probe",
            "portal_resumed",
        ]

    async def test_a_probe_that_never_comes_back(self, breaker: CircuitBreaker, clock: Clock) -> None:
        await breaker.learn(OVERLOADED)
        clock.advance(minutes=1)
        assert await is_open(breaker)
        await breaker.learn(PortalFailed("no answer in time"))
        clock.advance(seconds=89)
        assert not await is_open(breaker)
        clock.advance(seconds=1)
        assert await is_open(breaker)

    async def test_an_old_call_that_comes_in_well_changes_nothing(self, breaker: CircuitBreaker) -> None:
        await breaker.learn(OVERLOADED)
        await breaker.learn(None)
        assert not await is_open(breaker)

    async def test_a_probe_after_others_have_ended_the_stop(
        self, store: FaultyStore, clock: Clock, events: Heard
    ) -> None:
        one, two = CircuitBreaker(store, clock), CircuitBreaker(store, clock)
        await one.learn(OVERLOADED)
        clock.advance(seconds=59)
        assert not await is_open(two)
        clock.advance(seconds=1)
        assert await is_open(one)
        await one.learn(None)
        assert await is_open(two)
        assert events("portal_probe") == [("portal_probe", "INFO")]

    async def test_who_loses_the_race_for_the_probe(
        self, breaker: CircuitBreaker, store: FaultyStore, clock: Clock
    ) -> None:
        await breaker.learn(OVERLOADED)
        clock.advance(minutes=1)
        store.errors = [Conflict("somebody was faster")]
        assert not await is_open(breaker)
        assert await is_open(breaker)


class TestStoreInTrouble:
    async def test_nothing_known_means_open(self, breaker: CircuitBreaker, store: FaultyStore) -> None:
        store.down = True
        assert await is_open(breaker)

    async def test_the_last_known_state_holds(self, breaker: CircuitBreaker, store: FaultyStore, clock: Clock) -> None:
        await breaker.learn(OVERLOADED)
        store.down = True
        clock.advance(seconds=30)
        assert not await is_open(breaker)
        clock.advance(seconds=30)
        assert not await is_open(breaker)
        store.down = False
        assert await is_open(breaker)

    async def test_a_stop_is_known_here_alone(
        self, breaker: CircuitBreaker, store: FaultyStore, clock: Clock, events: Heard
    ) -> None:
        store.down = True
        await breaker.learn(OVERLOADED)
        assert not await is_open(breaker)
        assert events(*ALL) == [("portal_stopped", "ERROR")]
        store.down = False
        assert await is_open(CircuitBreaker(store, clock))
