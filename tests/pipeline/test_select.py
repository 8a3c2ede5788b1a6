"""Which of the due jobs a permit serves."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from shared.pipeline.jobs import Job, JobState, Lane
from shared.pipeline.select import BATCH, Load, Selection, select
from shared.store.port import Record, Version
from tests.pipeline.bench import NOW


def record(
    name: str,
    lane: Lane = Lane.READ,
    *,
    due: float = -1,
    state: JobState = JobState.PENDING,
    lease: str = "",
    weight: int = 1,
    share: str = "",
    asked: str = "",
) -> Record:
    job = Job("k", lane, {"weight": weight, "asked": asked}, id=name, state=state, lease=lease, share=share)
    return Record(job.key, job.as_data(), Version("1"), due_at=NOW + timedelta(seconds=due))


def chosen(*records: Record, writes_in_flight: int = 6, batch: int = BATCH) -> Selection:
    window = sorted(records, key=lambda one: (one.due_at, one.key.id))
    return select(window, NOW, load=_load, writes_in_flight=writes_in_flight, batch=batch)


def _load(job: Job) -> Load:
    return Load(job.payload["weight"], job.payload["asked"])


def names(records: Sequence[Record]) -> list[str]:
    return [one.key.id for one in records]


def in_flight(count: int) -> list[Record]:
    return [record(f"busy{number}", Lane.WRITE, due=30, lease="w") for number in range(count)]


def test_nothing_due_is_nothing_to_do():
    assert chosen() == Selection()
    assert chosen(record("later", due=0.001)) == Selection()


def test_what_is_due_this_very_moment_is_due():
    assert names(chosen(record("now", due=0)).taken) == ["now"]


def test_the_oldest_goes_first_and_a_write_goes_alone():
    choice = chosen(record("read", due=-1), record("write", Lane.WRITE, due=-3), record("other", Lane.WRITE, due=-2))
    assert names(choice.taken) == ["write"]


def test_a_file_goes_alone():
    choice = chosen(record("file", Lane.FILE, due=-3), record("read", due=-2), record("next", Lane.FILE, due=-1))
    assert names(choice.taken) == ["file"]


def test_one_download_serves_all_who_want_the_same_file():
    choice = chosen(
        record("one", Lane.FILE, due=-4, share="drill"),
        record("other", Lane.FILE, due=-3, share="bit"),
        record("two", Lane.FILE, due=-2, share="drill"),
        record("lone", Lane.FILE, due=-1),
        record("read", due=-1),
    )
    assert names(choice.taken) == ["one", "two"]


def test_reads_share_a_request_past_writes_and_files_in_between():
    choice = chosen(
        record("r1", due=-5),
        record("w", Lane.WRITE, due=-4),
        record("r2", due=-3),
        record("f", Lane.FILE, due=-2),
        record("r3", due=-1),
    )
    assert names(choice.taken) == ["r1", "r2", "r3"]


def test_a_request_holds_fifty_commands_and_skips_what_does_not_fit():
    choice = chosen(
        record("r1", due=-5, weight=30),
        record("r2", due=-4, weight=21),
        record("r3", due=-3, weight=19),
        record("r4", due=-2, weight=2),
        record("r5", due=-1, weight=1),
    )
    assert names(choice.taken) == ["r1", "r3", "r5"]


def test_fifty_single_reads_and_no_more():
    choice = chosen(*(record(f"r{number:02}", due=-1) for number in range(60)))
    assert names(choice.taken) == [f"r{number:02}" for number in range(50)]


def test_reads_that_ask_the_same_take_room_once():
    """A hundred masters with sixteen words are one request; whoever asks what has no room waits as before."""
    alike = [record(f"r{number:03}", due=number - 200, weight=3, asked=f"word{number % 16}") for number in range(100)]
    other = record("other", due=-50, weight=3, asked="word16")
    small = record("small", due=-40, weight=2)
    assert names(chosen(*alike, other, small).taken) == [*(one.key.id for one in alike), "small"]
    assert len(chosen(*(record(f"r{number}", asked="a") for number in range(4)), batch=1).taken) == 4


def test_a_small_batch_holds_fewer_reads():
    choice = chosen(*(record(f"r{number}", due=-1) for number in range(9)), batch=4)
    assert names(choice.taken) == ["r0", "r1", "r2", "r3"]


def test_a_small_batch_is_no_reason_to_let_a_heavy_read_wait_for_ever():
    heavy = record("heavy", due=-5, weight=30)
    assert names(chosen(heavy, record("light"), batch=4).taken) == ["heavy"]
    assert names(chosen(heavy, batch=1).taken) == ["heavy"]


def test_a_heavy_read_waits_until_it_is_the_oldest():
    choice = chosen(record("light", due=-5), record("heavy", due=-4, weight=30), record("next", due=-3), batch=4)
    assert names(choice.taken) == ["light", "next"]


def test_no_read_is_so_old_that_it_gets_more_than_a_request_holds():
    huge = record("huge", due=-5, weight=BATCH + 1)
    full = record("full", due=-4, weight=BATCH)
    assert names(chosen(huge, full, batch=4).taken) == ["full"]
    assert names(chosen(full, record("light"), batch=4).taken) == ["full"]


def test_a_small_batch_is_about_reads_only():
    """A file is downloaded once, however many want it: fewer of them at a time would be more downloads."""
    assert names(chosen(record("write", Lane.WRITE, weight=9), batch=1).taken) == ["write"]
    files = [record(f"f{number:02}", Lane.FILE, due=-2, share="drill") for number in range(60)]
    assert names(chosen(*files, batch=2).taken) == [f"f{number:02}" for number in range(50)]


def test_one_write_fewer_than_allowed_lets_a_write_go():
    choice = chosen(record("write", Lane.WRITE), *in_flight(5))
    assert names(choice.taken) == ["write"]


def test_too_many_slow_writes_let_reads_and_files_go_first():
    write = record("write", Lane.WRITE, due=-3)
    assert names(chosen(write, record("read"), *in_flight(6)).taken) == ["read"]
    assert names(chosen(write, record("file", Lane.FILE), *in_flight(6)).taken) == ["file"]


def test_a_write_that_must_wait_for_slow_ones_blocks():
    choice = chosen(record("write", Lane.WRITE), *in_flight(6))
    assert (choice.taken, choice.blocked) == ((), True)
    assert replace(chosen(*in_flight(6)), held=()) == Selection()
    assert not chosen(record("write", Lane.WRITE), record("read"), *in_flight(6)).blocked


def test_only_leased_writes_are_under_way():
    others = [
        record("leased read", due=30, lease="w"),
        record("leased file", Lane.FILE, due=30, lease="w"),
        record("waits for its retry", Lane.WRITE, due=30),
        record("answered", Lane.WRITE, due=30, state=JobState.ANSWERED),
        record("its lease is over", Lane.WRITE, due=-1, lease="w"),
    ]
    choice = chosen(*others, writes_in_flight=1)
    assert names(choice.taken) == ["its lease is over"]


def test_an_answered_job_is_settled_once_its_moment_has_come():
    choice = chosen(
        record("forgotten", state=JobState.ANSWERED, due=-2),
        record("on its way", state=JobState.ANSWERED, due=2),
        record("read", due=-1),
    )
    assert names(choice.unsettled) == ["forgotten"]
    assert names(choice.taken) == ["read"]


records = st.builds(
    record,
    name=st.uuids().map(str),
    lane=st.sampled_from(Lane),
    due=st.integers(-30, 30),
    state=st.sampled_from([JobState.PENDING, JobState.PENDING, JobState.PENDING, JobState.ANSWERED]),
    lease=st.sampled_from(["", "w"]),
    weight=st.integers(1, BATCH),
    share=st.sampled_from(["", "a", "b"]),
)


def eligible(records: Sequence[Record], *, writes: bool) -> list[Record]:
    """What may be served, oldest first."""
    due = [one for one in records if one.due_at is not None and one.due_at <= NOW and one.data["state"] == "pending"]
    may = [one for one in due if writes or one.data["lane"] != "write"]
    return sorted(may, key=lambda one: (one.due_at, one.key.id))


def leased_writes(records: Sequence[Record]) -> int:
    pending = [one for one in records if one.data["state"] == "pending" and one.data["lease"]]
    return sum(1 for one in pending if one.data["lane"] == "write" and one.due_at is not None and one.due_at > NOW)


@given(st.lists(records, max_size=80), st.integers(1, 8), st.integers(1, BATCH))
def test_the_rules_hold_for_any_window(window: list[Record], writes_in_flight: int, batch: int):
    choice = chosen(*window, writes_in_flight=writes_in_flight, batch=batch)
    may = eligible(window, writes=leased_writes(window) < writes_in_flight)
    reads = [one for one in choice.taken if one.data["lane"] == "read"]
    shared_files = {one.data["share"] for one in choice.taken if one.data["lane"] == "file"}
    weights = [one.data["payload"]["weight"] for one in reads]
    assert sum(weights) <= max([batch, *weights[:1]])
    if len(choice.taken) > 1 and len(reads) < len(choice.taken):
        assert {one.data["lane"] for one in choice.taken} == {"file"}
        assert shared_files in ({"a"}, {"b"})
    assert set(names(choice.taken)) <= set(names(may))
    assert names(choice.taken)[:1] == names(may)[:1]
    assert choice.blocked == (not may and bool(eligible(window, writes=True)))
