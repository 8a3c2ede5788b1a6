"""What the machine room remembers of the functions: spans, commits, jobs, log lines."""

from __future__ import annotations

import logging
from datetime import timedelta

import pytest

from infra.local.show.recorder import Recorder, WatchedStore
from infra.local.show.thread import thread
from shared.pipeline.jobs import Job, JobState, Lane
from shared.store.collections import INBOX_TELEGRAM, JOBS
from shared.store.memory import MemoryStore
from shared.store.port import Conflict, Create, Put, Version
from tests.support.clock import Clock
from tests.support.logs import same_logging_afterwards

__all__ = ["same_logging_afterwards"]

SECRET = "sandbox-secret"


class Bench:
    """A recorder with a watched store, and a job on its way through it."""

    def __init__(self) -> None:
        self.clock = Clock()
        self.recorder = Recorder(self.clock.now)
        self.store = WatchedStore(MemoryStore(self.clock.now), self.recorder)
        self.job = Job("find", Lane.READ, {"chat_id": 501}, id="j1")
        self.version = Version("")

    async def is_wanted(self) -> None:
        """An update whose commit wants the job."""
        with self.recorder.span("telegram_update"):
            writes = [Create(INBOX_TELEGRAM.key("1000001:7"), {}), Create(JOBS.key("j1"), self.job.as_data())]
            self.version = (await self.store.commit(writes))[JOBS.key("j1")]

    async def becomes(self, **changes: object) -> None:
        """A permit that writes the job anew, a second later."""
        self.clock.advance(1)
        with self.recorder.span("bitrix_call") as span:
            data = {**self.job.as_data(), **changes}
            self.version = (await self.store.commit([Put(JOBS.key("j1"), data, self.version)]))[JOBS.key("j1")]
            logging.getLogger("test").info("permit", extra={"fields": {"jobs": 1}})
            span.status = 200


@pytest.fixture
async def bench() -> Bench:
    made = Bench()
    await made.is_wanted()
    return made


async def test_a_job_lives_from_its_commit_through_its_tries_to_its_answer(bench: Bench):
    await bench.becomes(lease="worker")
    await bench.becomes(lease="", attempts=1)
    await bench.becomes(lease="another")
    await bench.becomes(lease="another", state=str(JobState.ANSWERED))
    (life,) = bench.recorder.jobs.all()
    assert (life.kind, life.lane, life.chat) == ("find", "read", 501)
    tries = [((one.ended or life.born) - one.began, one.span) for one in life.tries]
    assert [took for took, _ in tries] == [timedelta(seconds=1)] * 2
    assert len({span for _, span in tries}) == 2
    assert life.ended == life.born + timedelta(seconds=4)


async def test_a_job_that_is_wanted_anew_has_a_new_life(bench: Bench):
    await bench.becomes(state=str(JobState.DONE))
    bench.clock.advance(60)
    await bench.becomes()
    (life,) = bench.recorder.jobs.all()
    assert (life.ended, life.tries) == (None, [])


async def test_a_commit_that_met_a_faster_one_is_remembered_as_refused(bench: Bench):
    with pytest.raises(Conflict):
        await bench.store.commit([Create(JOBS.key("j1"), bench.job.as_data())])
    first, refused = bench.recorder.commits
    assert (first.refused, refused.refused) == (False, True)
    assert [key.collection for key in first.keys] == ["inbox_telegram", "jobs"]
    assert refused.span is None, "it was made outside of all functions"


async def test_the_way_of_an_update_leads_through_the_functions_that_worked_on_it(bench: Bench):
    with bench.recorder.listening([SECRET]):
        await bench.becomes(lease="worker")
        logging.getLogger("test").info("nobody's")
        with bench.recorder.span("housekeeping"):
            logging.getLogger("test").warning("another's %s", SECRET)
    found = thread(bench.recorder, update="7")
    assert [span["function"] for span in found["spans"]] == ["telegram_update", "bitrix_call"]
    assert [job["id"] for job in found["jobs"]] == ["j1"]
    assert [line["message"] for line in found["lines"]] == ["permit"]
    assert thread(bench.recorder, job="j1") == found
    (secret,) = [line.entry["message"] for line in bench.recorder.lines if line.entry["severity"] == "WARNING"]
    assert SECRET not in secret


async def test_listening_leaves_the_log_as_it_was(bench: Bench):
    root = logging.getLogger()
    before = (root.level, list(root.handlers), [handler.level for handler in root.handlers])
    with bench.recorder.listening([]):
        assert root.isEnabledFor(logging.INFO)
    assert (root.level, list(root.handlers), [handler.level for handler in root.handlers]) == before
