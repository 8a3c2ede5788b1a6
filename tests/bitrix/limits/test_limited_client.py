"""The client that keeps to the limits."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import httpx
import pytest

from shared.bitrix.auth import WebhookAuth
from shared.bitrix.client import BitrixClient
from shared.bitrix.errors import (
    AuthFailed,
    BitrixError,
    NotSent,
    OperationPaused,
    OutcomeUnknown,
    Overloaded,
    PartlyDone,
    PictureRefused,
    PortalFailed,
    RateLimited,
    Refused,
)
from shared.bitrix.limits import BatchSize, CircuitBreaker, LimitedClient, MethodPauses, PortalStopped, RateLimiter
from shared.bitrix.portal import Command, Operation
from tests.support.clock import START, Clock
from tests.support.logs import Heard
from tests.support.stores import FaultyStore

FIVE = START + timedelta(minutes=5)
OVERLOADED = Overloaded("blocked by hand")


def ask(*methods: str) -> Operation[Any]:
    return Operation({method: Command(method, {}) for method in methods}, len, weight=len(methods))


@dataclass
class Inner:
    """Answers from a list; an error that is queued for a read is that of the whole request."""

    clock: Clock
    replies: list[Any] = field(default_factory=list)
    asked: list[Any] = field(default_factory=list)
    seconds: float = 0.1
    time: float = 0.0

    async def read(self, operations: Any) -> list[Any]:
        self.asked.append([list(operation.commands) for operation in operations])
        self.time += self.seconds
        reply = self.replies.pop(0) if self.replies else list(range(len(operations)))
        return [reply] * len(operations) if isinstance(reply, BitrixError) else reply

    async def write(self, operation: Operation[Any], key: str) -> Any:
        self.asked.append((list(operation.commands), key))
        return self._reply("done")

    async def picture(self, url: str) -> bytes:
        self.asked.append(url)
        found: bytes = self._reply(b"picture")
        return found

    def _reply(self, usual: Any) -> Any:
        reply = self.replies.pop(0) if self.replies else usual
        if isinstance(reply, BitrixError):
            raise reply
        return reply


@pytest.fixture
def inner(clock: Clock) -> Inner:
    return Inner(clock)


@dataclass
class Guards:
    bucket: RateLimiter
    pauses: MethodPauses
    breaker: CircuitBreaker
    batch_size: BatchSize


@pytest.fixture
def guards(store: FaultyStore, clock: Clock) -> Guards:
    breaker = CircuitBreaker(store, clock, clock.sleep)
    return Guards(RateLimiter(rate=2, burst=3), MethodPauses(store, clock), breaker, BatchSize(first=4))


@pytest.fixture
def client(inner: Inner, guards: Guards, clock: Clock) -> LimitedClient:
    return LimitedClient(inner, **vars(guards), now=clock, timer=lambda: inner.time)


class TestRead:
    async def test_it_just_works(self, client: LimitedClient, inner: Inner) -> None:
        assert await client.read([ask("a"), ask("b", "c")]) == [0, 1]
        assert inner.asked == [[["a"], ["b", "c"]]]
        assert await client.read([]) == []
        assert len(inner.asked) == 1

    async def test_only_what_rests_stays_behind(self, client: LimitedClient, inner: Inner, guards: Guards) -> None:
        await guards.pauses.rest("b", FIVE)
        await guards.pauses.rest("c", FIVE + timedelta(minutes=1))
        first, second, third = await client.read([ask("a"), ask("b", "c"), ask("d")])
        assert (first, third) == (0, 1)
        assert isinstance(second, OperationPaused)
        assert (second.until, second.methods) == (FIVE + timedelta(minutes=1), ("b", "c"))
        assert inner.asked == [[["a"], ["d"]]]

    async def test_when_all_rest_nothing_is_sent_and_no_token_spent(
        self, client: LimitedClient, inner: Inner, guards: Guards, clock: Clock
    ) -> None:
        await guards.pauses.rest("a", FIVE)
        for _ in range(9):
            [paused] = await client.read([ask("a")])
            assert isinstance(paused, OperationPaused)
        assert inner.asked == []
        assert all(guards.bucket.take(clock()) for _ in range(3))

    async def test_a_refusal_of_one_method_is_learned(self, client: LimitedClient, inner: Inner, events: Heard) -> None:
        paused = OperationPaused("used up", until=FIVE, methods=("b",))
        inner.replies.append([0, paused, paused])
        assert await client.read([ask("a"), ask("b"), ask("b")]) == [0, paused, paused]
        assert events("method_paused") == [("method_paused", "WARNING")]
        await client.read([ask("a"), ask("b")])
        assert inner.asked[-1] == [["a"]]

    async def test_too_many_are_put_back_without_sleeping(
        self, client: LimitedClient, inner: Inner, clock: Clock, events: Heard
    ) -> None:
        for _ in range(3):
            await client.read([ask("a")])
        results = await client.read([ask("a"), ask("b")])
        assert [type(result) for result in results] == [RateLimited] * 2
        assert len(inner.asked) == 3
        assert events("pace_guard") == [("pace_guard", "WARNING")]
        clock.advance(milliseconds=500)
        assert await client.read([ask("a")]) == [0]

    async def test_what_stops_everything_stops_everything(self, client: LimitedClient, inner: Inner) -> None:
        inner.replies.append(OVERLOADED)
        assert await client.read([ask("a"), ask("b")]) == [OVERLOADED] * 2
        [stopped] = await client.read([ask("c")])
        assert isinstance(stopped, PortalStopped)
        assert len(inner.asked) == 1

    async def test_one_command_that_is_not_let_in_stops_nothing(self, client: LimitedClient, inner: Inner) -> None:
        inner.replies.append([0, AuthFailed("x")])
        await client.read([ask("a"), ask("b")])
        assert await client.read([ask("c")]) == [0]

    async def test_a_probe_is_not_spent_without_a_token(
        self, client: LimitedClient, inner: Inner, guards: Guards, clock: Clock, events: Heard
    ) -> None:
        inner.replies.append(OVERLOADED)
        await client.read([ask("a")])
        clock.advance(minutes=1)
        while guards.bucket.take(clock()):
            pass
        [limited] = await client.read([ask("a")])
        assert isinstance(limited, RateLimited)
        assert events("portal_probe") == []
        clock.advance(seconds=1)
        assert await client.read([ask("a")]) == [0]
        assert [name for name, _ in events("portal_probe", "portal_resumed")] == ["portal_probe", "portal_resumed"]

    @pytest.mark.parametrize(
        ("reply", "seconds", "size"),
        [
            (None, 0.1, 10),
            (None, 2.5, 3),
            (PortalFailed("no answer in time"), 3.0, 1),
            (PortalFailed("HTTP 502", http_status=502), 3.0, 4),
            (NotSent("no way"), 3.0, 4),
            (RateLimited("slower"), 0.1, 4),
        ],
    )
    async def test_the_size_of_batches_follows(
        self, client: LimitedClient, inner: Inner, guards: Guards, reply: Any, seconds: float, size: int
    ) -> None:
        inner.seconds = seconds
        inner.replies += [reply] if reply else []
        await client.read([ask("a"), ask("b", "c", "d")])
        assert guards.batch_size.size == size


class TestWrite:
    async def test_it_just_works(self, client: LimitedClient, inner: Inner) -> None:
        assert await client.write(ask("a", "b"), "key") == "done"
        assert inner.asked == [(["a", "b"], "key")]

    async def test_a_resting_method_keeps_it_back(self, client: LimitedClient, inner: Inner, guards: Guards) -> None:
        await guards.pauses.rest("b", FIVE)
        with pytest.raises(OperationPaused):
            await client.write(ask("a", "b"), "key")
        assert inner.asked == []

    @pytest.mark.parametrize("partly", [False, True])
    async def test_a_refusal_for_the_budget_is_learned(self, client: LimitedClient, inner: Inner, partly: bool) -> None:
        paused = OperationPaused("used up", until=FIVE, methods=("b",))
        inner.replies.append(PartlyDone(paused, ["a"]) if partly else paused)
        with pytest.raises(PartlyDone if partly else OperationPaused):
            await client.write(ask("a", "b"), "key")
        with pytest.raises(OperationPaused):
            await client.write(ask("b"), "key")
        assert len(inner.asked) == 1

    async def test_what_stops_everything(self, client: LimitedClient, inner: Inner) -> None:
        inner.replies.append(OVERLOADED)
        with pytest.raises(Overloaded):
            await client.write(ask("a"), "key")
        with pytest.raises(PortalStopped):
            await client.write(ask("a"), "key")
        assert len(inner.asked) == 1

    async def test_one_that_works_ends_a_stop(self, client: LimitedClient, inner: Inner, clock: Clock) -> None:
        inner.replies += [OVERLOADED, OutcomeUnknown("no answer in time")]
        with pytest.raises(Overloaded):
            await client.write(ask("a"), "key")
        clock.advance(minutes=1)
        with pytest.raises(OutcomeUnknown):
            await client.write(ask("a"), "key")
        clock.advance(minutes=2)
        assert await client.write(ask("a"), "key") == "done"
        assert await client.write(ask("a"), "key") == "done"

    async def test_too_many(self, client: LimitedClient) -> None:
        for _ in range(3):
            await client.write(ask("a"), "key")
        with pytest.raises(RateLimited):
            await client.write(ask("a"), "key")


class TestPicture:
    async def test_it_goes_through_the_guards(self, client: LimitedClient, inner: Inner) -> None:
        assert [await client.picture("/x") for _ in range(3)] == [b"picture"] * 3
        with pytest.raises(RateLimited):
            await client.picture("/x")
        assert inner.asked == ["/x"] * 3

    @pytest.mark.parametrize(("error", "stops"), [(OVERLOADED, True), (PictureRefused("none"), False)])
    async def test_what_it_teaches(self, client: LimitedClient, inner: Inner, error: BitrixError, stops: bool) -> None:
        inner.replies.append(error)
        with pytest.raises(type(error)):
            await client.picture("/x")
        [result] = await client.read([ask("a")])
        assert isinstance(result, PortalStopped) is stops

    async def test_that_it_is_refused_does_not_end_a_stop(
        self, client: LimitedClient, inner: Inner, clock: Clock
    ) -> None:
        inner.replies += [OVERLOADED, PictureRefused("none")]
        await client.read([ask("a")])
        clock.advance(minutes=1)
        with pytest.raises(PictureRefused):
            await client.picture("/x")
        [result] = await client.read([ask("a")])
        assert isinstance(result, PortalStopped)


class TestOnTheRealClient:
    """What the real client answers is understood."""

    @pytest.fixture
    def bodies(self) -> list[tuple[int, Any]]:
        return []

    @pytest.fixture
    async def client(self, bodies: list[tuple[int, Any]], guards: Guards, clock: Clock) -> AsyncIterator[LimitedClient]:
        replies: Iterator[tuple[int, Any]] = iter(bodies)

        def answer(_: httpx.Request) -> httpx.Response:
            status, body = next(replies)
            return httpx.Response(status, json=body)

        async with httpx.AsyncClient(transport=httpx.MockTransport(answer)) as http:
            real = BitrixClient(http, "https://masters.example/rest/1/key/", auth=WebhookAuth(), now=clock)
            yield LimitedClient(real, **vars(guards), now=clock)

    async def test_a_method_paused_inside_a_batch(self, client: LimitedClient, bodies: list[tuple[int, Any]]) -> None:
        used_up = {"error": "OPERATION_TIME_LIMIT", "error_description": "x"}
        resets = {"operating_reset_at": int(FIVE.timestamp())}
        maps = {"result": {"o0_a": 1}, "result_error": {"o1_b": used_up}, "result_time": {"o1_b": resets}}
        bodies += [(200, {"result": maps}), (200, {"result": 7})]
        first, second = await client.read([ask("a"), ask("b")])
        assert first == 1
        assert isinstance(second, OperationPaused)
        again, paused = await client.read([ask("a"), ask("b")])
        assert again == 1
        assert isinstance(paused, OperationPaused)
        assert paused.until == FIVE

    async def test_a_batch_that_is_refused_as_a_whole(
        self, client: LimitedClient, bodies: list[tuple[int, Any]]
    ) -> None:
        bodies.append((503, {"error": "OVERLOAD_LIMIT", "error_description": "x"}))
        assert [type(result) for result in await client.read([ask("a"), ask("b")])] == [Overloaded] * 2
        assert [type(result) for result in await client.read([ask("a")])] == [PortalStopped]

    async def test_a_batch_whose_every_command_is_refused_alike(
        self, client: LimitedClient, bodies: list[tuple[int, Any]]
    ) -> None:
        refused = {"error": "0", "error_description": "x"}
        bodies += [(200, {"result": {"result": [], "result_error": {"o0_a": refused, "o1_b": refused}}})] * 2
        for _ in range(2):
            results = await client.read([ask("a"), ask("b")])
            assert [type(result) for result in results] == [Refused] * 2
