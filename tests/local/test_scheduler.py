import asyncio
import base64
import json
from collections.abc import AsyncIterator, Callable
from datetime import UTC, datetime, timedelta

import httpx
import pytest

from infra.local.clock import settle
from infra.local.cloud_tasks import ManualClock
from infra.local.scheduler import ScheduledJob, Scheduler, job_headers, next_due

START = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
URL = "https://functions.example/token_refresh"


class Functions(httpx.AsyncBaseTransport):
    """The scheduled functions: notes each call, answers what `answer` says (the n-th call, from 0)."""

    def __init__(self, clock: ManualClock) -> None:
        self.requests: list[httpx.Request] = []
        self.times: list[float] = []
        self.answer: Callable[[int], int] = lambda _: 200
        self.gate = asyncio.Event()
        self.gate.set()
        self.busy = 0
        self.busiest = 0
        self._clock = clock

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        number = len(self.requests)
        self.requests.append(request)
        self.times.append((self._clock.now() - START).total_seconds())
        self.busy += 1
        self.busiest = max(self.busiest, self.busy)
        try:
            await self.gate.wait()
            return httpx.Response(self.answer(number), stream=httpx.ByteStream(b"ok"))
        finally:
            self.busy -= 1


@pytest.fixture
def clock() -> ManualClock:
    return ManualClock(START)


@pytest.fixture
def functions(clock: ManualClock) -> Functions:
    return Functions(clock)


@pytest.fixture
async def http(functions: Functions) -> AsyncIterator[httpx.AsyncClient]:
    async with httpx.AsyncClient(transport=functions) as client:
        yield client


@pytest.fixture
async def running(http: httpx.AsyncClient, clock: ManualClock) -> AsyncIterator[Callable[..., Scheduler]]:
    """Start schedulers that are stopped at the end."""
    started = []

    def start(*jobs: ScheduledJob) -> Scheduler:
        scheduler = Scheduler(jobs, http, clock)
        scheduler.start()
        started.append(scheduler)
        return scheduler

    yield start
    for scheduler in started:
        await scheduler.stop()


async def test_a_job_runs_at_each_of_its_times(
    running: Callable[..., Scheduler], functions: Functions, clock: ManualClock
):
    scheduler = running(ScheduledJob("refresh", URL, 10 * MINUTE), ScheduledJob("sweep", URL, 25 * MINUTE))
    await clock.advance(3000)
    assert functions.times == [600, 1200, 1500, 1800, 2400, 3000, 3000]
    assert [(call.job, call.status) for call in scheduler.calls[:3]] == [("refresh", 200)] * 2 + [("sweep", 200)]


async def test_what_a_function_receives(running: Callable[..., Scheduler], functions: Functions, clock: ManualClock):
    running(
        ScheduledJob(
            "refresh",
            URL,
            MINUTE,
            body=b"{}",
            headers={"X-Own": "yes", "User-Agent": "forged"},
            service_account="scheduler@p.iam.gserviceaccount.com",
        )
    )
    await clock.advance(60)
    [request] = functions.requests
    assert request.method == "POST"
    assert str(request.url) == URL
    assert request.content == b"{}"
    assert request.headers["content-type"] == "application/octet-stream"
    assert request.headers["x-own"] == "yes"
    assert request.headers["user-agent"] == "Google-Cloud-Scheduler"
    assert request.headers["x-cloudscheduler"] == "true"
    assert request.headers["x-cloudscheduler-jobname"] == "refresh"
    assert request.headers["x-cloudscheduler-scheduletime"] == "2026-03-02T09:01:00Z"
    payload = request.headers["authorization"].removeprefix("Bearer ").split(".")[1]
    claims = json.loads(base64.urlsafe_b64decode(payload + "=" * (-len(payload) % 4)))
    assert (claims["email"], claims["aud"]) == ("scheduler@p.iam.gserviceaccount.com", URL)


def test_headers_without_body_and_account():
    headers = job_headers(ScheduledJob("refresh", URL, MINUTE), START, START)
    assert "Content-Type" not in headers
    assert "Authorization" not in headers


def test_an_own_content_type_stays():
    job = ScheduledJob("refresh", URL, MINUTE, body=b"{}", headers={"Content-Type": "application/json"})
    assert job_headers(job, START, START)["Content-Type"] == "application/json"


async def test_without_retries_a_failure_waits_for_the_next_time(
    running: Callable[..., Scheduler], functions: Functions, clock: ManualClock
):
    functions.answer = lambda number: 500 if number == 0 else 200
    running(ScheduledJob("refresh", URL, 10 * MINUTE))
    await clock.advance(1199)
    assert functions.times == [600]
    await clock.advance(1)
    assert functions.times == [600, 1200]


async def test_retries_follow_the_backoff_and_keep_the_schedule_time(
    running: Callable[..., Scheduler], functions: Functions, clock: ManualClock
):
    functions.answer = lambda _: 503
    scheduler = running(ScheduledJob("refresh", URL, 60 * MINUTE, retry_count=3))
    await clock.advance(3700)
    assert functions.times == [3600, 3605, 3615, 3635]
    assert {request.headers["x-cloudscheduler-scheduletime"] for request in functions.requests} == {
        "2026-03-02T10:00:00Z"
    }
    assert [call.attempt for call in scheduler.calls] == [1, 2, 3, 4]


async def test_with_a_duration_too_both_limits_must_be_met(
    running: Callable[..., Scheduler], functions: Functions, clock: ManualClock
):
    functions.answer = lambda _: 503
    job = ScheduledJob(
        "refresh", URL, 60 * MINUTE, retry_count=1, max_retry_duration=MINUTE, max_backoff=timedelta(seconds=20)
    )
    running(job)
    await clock.advance(3800)
    assert functions.times == [3600, 3605, 3615, 3635, 3655, 3675]


async def test_a_job_never_runs_twice_at_once(
    running: Callable[..., Scheduler], functions: Functions, clock: ManualClock, caplog: pytest.LogCaptureFixture
):
    functions.gate.clear()
    running(ScheduledJob("slow", URL, MINUTE, attempt_deadline=timedelta(minutes=30)))
    await clock.advance(150)
    assert functions.times == [60]
    assert "left out" in caplog.text
    functions.gate.set()
    await clock.advance(30)
    assert functions.times == [60, 180]
    assert functions.busiest == 1


async def test_a_function_that_does_not_answer_is_given_up(
    running: Callable[..., Scheduler], functions: Functions, clock: ManualClock
):
    functions.gate.clear()
    scheduler = running(ScheduledJob("slow", URL, MINUTE, attempt_deadline=timedelta(seconds=15)))
    await clock.advance(74.9)
    assert functions.busy == 1
    await clock.advance(0.1)
    assert functions.busy == 0
    assert [call.status for call in scheduler.calls] == [None]


async def test_no_failure_stops_the_scheduler(
    running: Callable[..., Scheduler], functions: Functions, clock: ManualClock
):
    failures = [httpx.ConnectError("refused"), httpx.InvalidURL("bad"), OSError("broken")]

    def fail(number: int) -> int:
        if number < len(failures):
            raise failures[number]
        return 200

    functions.answer = fail
    scheduler = running(ScheduledJob("refresh", URL, MINUTE))
    await clock.advance(240)
    assert [call.status for call in scheduler.calls] == [None, None, None, 200]


async def test_run_now(http: httpx.AsyncClient, functions: Functions, clock: ManualClock):
    scheduler = Scheduler([ScheduledJob("refresh", URL, MINUTE)], http, clock)
    assert await scheduler.run_now("refresh")
    functions.answer = lambda _: 500
    assert not await scheduler.run_now("refresh")
    assert functions.requests[0].headers["x-cloudscheduler-scheduletime"] == "2026-03-02T09:00:00Z"
    with pytest.raises(KeyError):
        await scheduler.run_now("unknown")


async def test_run_now_waits_for_the_run_under_way(
    running: Callable[..., Scheduler], functions: Functions, clock: ManualClock
):
    functions.gate.clear()
    scheduler = running(ScheduledJob("refresh", URL, MINUTE))
    await clock.advance(60)
    asked = asyncio.create_task(scheduler.run_now("refresh"))
    await settle()
    assert len(functions.requests) == 1
    functions.gate.set()
    assert await asked
    assert len(functions.requests) == 2
    assert functions.busiest == 1


async def test_a_stop_ends_everything(running: Callable[..., Scheduler], functions: Functions, clock: ManualClock):
    functions.gate.clear()
    scheduler = running(ScheduledJob("refresh", URL, MINUTE))
    await clock.advance(60)
    await scheduler.stop()
    assert functions.busy == 0
    await clock.advance(600)
    assert len(functions.requests) == 1


@pytest.mark.parametrize(
    ("now", "expected"),
    [
        (START, START + MINUTE),
        (START + timedelta(seconds=59), START + MINUTE),
        (START + MINUTE, START + MINUTE),
        # A machine that slept for an hour and a bit.
        (START + timedelta(minutes=61, seconds=30), START + timedelta(minutes=62)),
    ],
)
def test_missed_times_stay_missed(now: datetime, expected: datetime):
    assert next_due(START, MINUTE, now) == expected


@pytest.mark.parametrize(
    "setting",
    [
        {"every": timedelta(0)},
        {"retry_count": 6},
        {"retry_count": -1},
        {"attempt_deadline": timedelta(seconds=14)},
        {"attempt_deadline": timedelta(minutes=31)},
    ],
)
def test_what_the_service_would_refuse(setting: dict[str, object]):
    with pytest.raises(ValueError, match="job refresh"):
        ScheduledJob(**{"name": "refresh", "url": URL, "every": MINUTE, **setting})  # type: ignore[arg-type] # on purpose


async def test_two_jobs_of_one_name(http: httpx.AsyncClient):
    job = ScheduledJob("refresh", URL, MINUTE)
    with pytest.raises(ValueError, match="same name"):
        Scheduler([job, job], http)
