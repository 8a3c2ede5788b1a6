"""The unit of work, on both adapters where the store matters."""

import asyncio
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest

from shared.store.memory import MemoryStore
from shared.store.port import Conflict, Create, Delete, Key, Put, Record, Store, Unavailable
from shared.store.unit_of_work import UnitOfWork, back_off, decide
from tests.support.clock import Clock
from tests.support.stores import FaultyStore

from .conftest import read

KEY, OTHER = Key("sessions", "1:1"), Key("carts", "1")
HOUR = timedelta(hours=1)


@pytest.fixture
def recorder(clock: Clock) -> FaultyStore:
    return FaultyStore(MemoryStore(clock))


async def stored(store: Store, data: dict[str, Any], **fields) -> Record:
    versions = await store.commit([Create(KEY, data, **fields)])
    if isinstance(store, FaultyStore):
        store.written.clear()
    return Record(KEY, data, versions[KEY], **fields)


async def present(unit: UnitOfWork, key: Key = KEY) -> dict[str, Any]:
    data = await unit.get(key)
    assert data is not None
    return data


class TestReading:
    async def test_absent(self, recorder, clock):
        assert await UnitOfWork(recorder, clock).get(KEY) is None

    async def test_every_copy_is_the_callers_own(self, recorder, clock):
        await stored(recorder, {"lines": []})
        unit = UnitOfWork(recorder, clock)
        (await present(unit))["lines"].append("x")
        assert await unit.get(KEY) == {"lines": []}
        assert await unit.commit() == {}

    async def test_each_document_is_read_once(self, recorder, clock):
        await stored(recorder, {"n": 1})
        unit = UnitOfWork(recorder, clock)
        await unit.get(KEY)
        assert await unit.get_many([KEY, OTHER, KEY, OTHER]) == {KEY: {"n": 1}}
        assert await unit.get(OTHER) is None
        assert recorder.read == [[KEY], [OTHER]]

    async def test_what_was_put_is_what_is_got(self, recorder, clock):
        await stored(recorder, {"n": 1})
        unit = UnitOfWork(recorder, clock)
        await unit.get(KEY)
        data: dict[str, Any] = {"n": 2, "list": [1]}
        unit.put(KEY, data)
        data["list"].append(2)
        unit.create(OTHER, {"new": True})
        assert await unit.get_many([KEY, OTHER]) == {KEY: {"n": 2, "list": [1]}, OTHER: {"new": True}}
        unit.delete(KEY)
        assert await unit.get(KEY) is None
        assert recorder.read == [[KEY]]

    async def test_due_at_is_as_read(self, recorder, clock):
        await stored(recorder, {}, due_at=clock.time)
        unit = UnitOfWork(recorder, clock)
        with pytest.raises(LookupError, match="sessions document has not been read"):
            unit.due_at(KEY)
        await unit.get_many([KEY, OTHER])
        unit.put(KEY, {}, due_at=clock.time + HOUR)
        assert unit.due_at(KEY) == clock.time
        assert unit.due_at(OTHER) is None

    async def test_one_decision_sees_one_moment(self, recorder, clock):
        unit = UnitOfWork(recorder, clock)
        started = clock.time
        clock.advance(hours=1)
        unit.create(KEY, {}, ttl=HOUR)
        await unit.commit()
        assert unit.now == started
        assert recorder.written == [[Create(KEY, {}, expires_at=started + HOUR)]]


class TestWriting:
    async def test_put_of_an_absent_document_creates_it(self, recorder, clock):
        unit = UnitOfWork(recorder, clock)
        await unit.get(KEY)
        unit.put(KEY, {"n": 1}, ttl=HOUR, due_at=clock.time)
        versions = await unit.commit()
        assert recorder.written == [[Create(KEY, {"n": 1}, clock.time + HOUR, clock.time)]]
        assert versions == unit.versions == {KEY: (await read(recorder, KEY)).version}

    async def test_put_of_a_present_document_is_at_its_version(self, recorder, clock):
        record = await stored(recorder, {"n": 1}, expires_at=clock.time + HOUR, due_at=clock.time)
        unit = UnitOfWork(recorder, clock)
        await unit.get(KEY)
        unit.put(KEY, {"n": 2})
        unit.put(KEY, {"n": 3})
        await unit.commit()
        assert recorder.written == [[Put(KEY, {"n": 3}, record.version)]]

    async def test_put_of_an_expired_document_creates_it(self, store, clock):
        await stored(store, {"n": 1}, expires_at=clock.time)
        unit = UnitOfWork(store, clock)
        assert await unit.get(KEY) is None
        unit.put(KEY, {"n": 2})
        await unit.commit()
        assert (await read(store, KEY)).data == {"n": 2}

    async def test_put_without_a_read(self, recorder, clock):
        with pytest.raises(LookupError, match="put without having been read"):
            UnitOfWork(recorder, clock).put(KEY, {})

    async def test_put_after_create_changes_what_is_created(self, recorder, clock):
        unit = UnitOfWork(recorder, clock)
        unit.create(KEY, {"n": 1})
        unit.put(KEY, {"n": 2}, ttl=HOUR)
        await unit.commit()
        assert recorder.written == [[Create(KEY, {"n": 2}, clock.time + HOUR)]]

    async def test_create_needs_no_read(self, recorder, clock):
        await stored(recorder, {})
        unit = UnitOfWork(recorder, clock)
        unit.create(KEY, {})
        with pytest.raises(Conflict):
            await unit.commit()
        assert recorder.read == []

    async def test_create_of_what_is_there_or_created_already(self, recorder, clock):
        await stored(recorder, {})
        unit = UnitOfWork(recorder, clock)
        await unit.get(KEY)
        unit.create(OTHER, {})
        for key in (KEY, OTHER):
            with pytest.raises(ValueError, match="is there already"):
                unit.create(key, {})

    async def test_delete(self, recorder, clock):
        record = await stored(recorder, {})
        unit = UnitOfWork(recorder, clock)
        await unit.get_many([KEY, OTHER])
        unit.delete(KEY)
        unit.delete(OTHER)
        assert await unit.commit() == {}
        assert recorder.written == [[Delete(KEY, record.version)]]

    async def test_delete_without_a_read(self, recorder, clock):
        with pytest.raises(LookupError, match="deleted without having been read"):
            UnitOfWork(recorder, clock).delete(KEY)

    async def test_delete_takes_a_create_back_and_knows_nothing(self, recorder, clock):
        await stored(recorder, {"n": 1})
        unit = UnitOfWork(recorder, clock)
        unit.create(KEY, {"n": 2})
        unit.delete(KEY)
        with pytest.raises(LookupError):
            unit.put(KEY, {"n": 3})
        assert await unit.get(KEY) == {"n": 1}
        assert await unit.commit() == {}

    async def test_delete_takes_a_put_of_an_absent_document_back(self, recorder, clock):
        unit = UnitOfWork(recorder, clock)
        await unit.get(KEY)
        unit.put(KEY, {"n": 1})
        unit.delete(KEY)
        unit.put(KEY, {"n": 2})
        await unit.commit()
        assert recorder.written == [[Create(KEY, {"n": 2})]]
        assert recorder.read == [[KEY]]

    async def test_put_after_delete_replaces(self, recorder, clock):
        record = await stored(recorder, {"n": 1})
        unit = UnitOfWork(recorder, clock)
        await unit.get(KEY)
        unit.delete(KEY)
        unit.put(KEY, {"n": 2})
        await unit.commit()
        assert recorder.written == [[Put(KEY, {"n": 2}, record.version)]]

    async def test_values_and_keys_are_checked_where_they_are_put(self, recorder, clock):
        unit = UnitOfWork(recorder, clock)
        with pytest.raises(TypeError, match=r"data\.price: Decimal"):
            unit.create(KEY, {"price": Decimal(1)})
        with pytest.raises(ValueError, match="id: 'a/b'"):
            unit.create(Key("carts", "a/b"), {})
        with pytest.raises(ValueError, match="due_at: a naive"):
            unit.create(KEY, {}, due_at=datetime(2026, 1, 1))  # noqa: DTZ001


class TestUnchanged:
    async def test_an_equal_put_is_not_written(self, store, clock):
        data = {"z": 1, "a": [{"t": datetime(2026, 1, 1, tzinfo=UTC)}, None], "m": {}}
        record = await stored(store, data, expires_at=clock.time + HOUR, due_at=clock.time)
        unit = UnitOfWork(store, clock)
        as_read = await present(unit)
        unit.put(KEY, {"other": 1})
        unit.put(KEY, as_read, ttl=HOUR, due_at=clock.time)
        assert await unit.commit() == {}
        assert (await read(store, KEY)).version == record.version

    async def test_nothing_to_write_does_not_ask_the_store(self, recorder, clock):
        await UnitOfWork(recorder, clock).commit()
        assert recorder.written == []

    async def test_a_sliding_lifetime_slides(self, store, clock):
        await stored(store, {"n": 1}, expires_at=clock.time + HOUR)
        clock.advance(seconds=1)
        unit = UnitOfWork(store, clock)
        unit.put(KEY, await present(unit), ttl=HOUR)
        await unit.commit()
        assert (await read(store, KEY)).expires_at == clock.time + HOUR

    @pytest.mark.parametrize(
        "data",
        [
            {"n": True, "list": [1], "m": {"x": 1.0}},
            {"n": 1, "list": [1.0], "m": {"x": 1.0}},
            {"n": 1, "list": [1, 1], "m": {"x": 1.0}},
            {"n": 1, "list": [1], "m": {"x": 1}},
            {"n": 1, "list": [1], "m": {"x": 1.0, "y": None}},
            {"n": 1, "list": [1], "m": []},
            {"n": 1, "list": [1]},
        ],
    )
    async def test_what_python_finds_equal_may_still_be_a_change(self, recorder, clock, data):
        await stored(recorder, {"n": 1, "list": [1], "m": {"x": 1.0}})
        unit = UnitOfWork(recorder, clock)
        await unit.get(KEY)
        unit.put(KEY, data)
        assert (await unit.commit()).keys() == {KEY}

    @pytest.mark.parametrize(("due_in", "ttl"), [(None, None), (HOUR, None), (timedelta(0), HOUR)])
    async def test_times_are_a_change(self, recorder, clock, due_in, ttl):
        await stored(recorder, {}, due_at=clock.time)
        unit = UnitOfWork(recorder, clock)
        await unit.get(KEY)
        unit.put(KEY, {}, due_at=None if due_in is None else clock.time + due_in, ttl=ttl)
        assert (await unit.commit()).keys() == {KEY}


class TestAfterTheCommit:
    async def test_the_unit_is_closed(self, recorder, clock):
        unit = UnitOfWork(recorder, clock)
        await unit.get(OTHER)
        unit.create(KEY, {})
        await unit.commit()
        for action in (
            lambda: unit.put(KEY, {}),
            lambda: unit.create(OTHER, {}),
            lambda: unit.delete(OTHER),
        ):
            with pytest.raises(RuntimeError, match="has been committed"):
                action()
        with pytest.raises(RuntimeError, match="has been committed"):
            await unit.commit()

    async def test_committed_is_the_record_as_the_store_has_it(self, store, clock):
        await stored(store, {"n": 1})
        unit = UnitOfWork(store, clock)
        await unit.get(KEY)
        unit.put(KEY, {"n": 2}, ttl=HOUR, due_at=clock.time)
        unit.create(OTHER, {"sent": False})
        await unit.commit()
        for key in (KEY, OTHER):
            assert unit.committed(key) == await read(store, key)

    async def test_committed_wants_a_commit_that_wrote_the_document(self, recorder, clock):
        await stored(recorder, {"n": 1})
        unit = UnitOfWork(recorder, clock)
        await unit.get_many([KEY, OTHER])
        unit.delete(KEY)
        for key in (KEY, OTHER):
            with pytest.raises(LookupError, match="was not committed here"):
                unit.committed(key)
        await unit.commit()
        for key in (KEY, OTHER):
            with pytest.raises(LookupError, match="was not committed here"):
                unit.committed(key)


class Pauses:
    """Instead of sleeping: notes how long it would have been."""

    def __init__(self) -> None:
        self.seconds: list[float] = []

    async def __call__(self, seconds: float) -> None:
        self.seconds.append(seconds)


class TestDecide:
    async def test_returns_the_result_and_the_committed_unit(self, store, clock):
        async def make_decision(unit: UnitOfWork) -> str:
            assert await unit.get(KEY) is None
            unit.put(KEY, {"n": 1})
            return "decided"

        result, unit = await decide(store, clock, make_decision)
        assert result == "decided"
        assert unit.versions == {KEY: (await read(store, KEY)).version}

    async def test_a_conflict_makes_it_decide_again_on_fresh_reads(self, store, clock):
        await stored(store, {"n": 1})
        pauses, seen = Pauses(), []

        async def make_decision(unit: UnitOfWork) -> int:
            n: int = (await present(unit))["n"]
            seen.append((n, unit.now))
            if len(seen) <= 2:
                record = await read(store, KEY)
                await store.commit([Put(KEY, {"n": n * 10}, record.version)])
                clock.advance(seconds=1)
            unit.put(KEY, {"n": n + 1})
            return n

        started = clock.time
        result, _unit = await decide(store, clock, make_decision, sleep=pauses)
        assert result == 100
        assert seen == [(n, started + timedelta(seconds=i)) for i, n in enumerate((1, 10, 100))]
        assert (await read(store, KEY)).data == {"n": 101}
        assert len(pauses.seconds) == 2

    async def test_after_the_last_attempt_the_conflict_is_told(self, recorder, clock):
        await stored(recorder, {})
        pauses = Pauses()

        async def make_decision(unit: UnitOfWork) -> None:
            unit.create(KEY, {})

        with pytest.raises(Conflict):
            await decide(recorder, clock, make_decision, attempts=3, sleep=pauses)
        assert len(recorder.written) == 3
        assert len(pauses.seconds) == 2

    async def test_other_errors_are_told_at_once(self, clock):
        gone = FaultyStore(MemoryStore(clock))
        gone.fail_at(1, applied=False)
        decisions = 0

        async def make_decision(unit: UnitOfWork) -> None:
            nonlocal decisions
            decisions += 1
            unit.create(KEY, {})

        with pytest.raises(Unavailable):
            await decide(gone, clock, make_decision)
        assert decisions == 1

    async def test_twenty_at_once_lose_nothing(self, store, clock):
        async def increment(unit: UnitOfWork) -> None:
            data = await unit.get(KEY) or {"n": 0}
            unit.put(KEY, {"n": data["n"] + 1})

        await asyncio.gather(*(decide(store, clock, increment, attempts=60, sleep=self.blink) for _ in range(20)))
        assert (await read(store, KEY)).data == {"n": 20}

    async def blink(self, seconds: float) -> None:
        await asyncio.sleep(seconds / 20)

    def test_back_off_grows_with_jitter_up_to_a_bound(self):
        for attempt, middle in ((1, 0.02), (2, 0.04), (3, 0.08), (4, 0.16), (5, 0.2), (50, 0.2)):
            pauses = {back_off(attempt) for _ in range(50)}
            assert len(pauses) > 1
            assert all(middle * 0.5 <= pause <= middle * 1.5 for pause in pauses)
