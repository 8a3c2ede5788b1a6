"""Commits whose answer got lost, and other trouble between us and Firestore.

A proxy before the emulator carries a Commit out and then answers UNAVAILABLE, as a broken connection would
(shared/store/README.md, «Firestore»). The memory store has no such seam: nothing stands between its caller and its
state, so its commits are never in doubt.
"""

import asyncio

import grpc
import pytest

from shared.store.firestore import FirestoreStore
from shared.store.firestore import store as store_module
from shared.store.firestore.calls import Patience
from shared.store.port import Conflict, Create, Delete, Key, Put, Record, StoreError, Unavailable
from tests.support.clock import Clock
from tests.support.door import LONGEST

from .conftest import MakeStore, read
from .proxy import COMMIT, QUERY, READ, Faults, Proxy

pytestmark = pytest.mark.emulator

KEY, OTHER, THIRD = Key("jobs", "1"), Key("jobs", "2"), Key("jobs", "3")


@pytest.fixture
def faults(proxy: Proxy) -> Faults:
    return proxy.faults


@pytest.fixture
async def direct(firestore: MakeStore, clock: Clock) -> FirestoreStore:
    """Somebody else, whose connection is good."""
    return firestore(clock)


@pytest.fixture
async def ours(firestore: MakeStore, clock: Clock, proxy: Proxy) -> FirestoreStore:
    """The store under test: behind the proxy, with pauses that do not slow the tests down."""
    return firestore(clock, proxy.host, Patience(LONGEST, sleep=at_once))


async def at_once(_seconds: float) -> None:
    """Keep a pause by going on."""
    await asyncio.sleep(0)


async def change(somebody: FirestoreStore, *keys: Key) -> None:
    found = await somebody.get_many(keys)
    await somebody.commit([Put(key, {"by": "somebody"}, found[key].version) for key in keys])


async def remove(somebody: FirestoreStore, key: Key) -> None:
    await somebody.commit([Delete(key, (await read(somebody, key)).version)])


class TestAppliedButLost:
    async def test_a_create_is_recognised(self, ours, direct, faults):
        faults.lost[COMMIT] = 1
        versions = await ours.commit([Create(KEY, {"by": "us"})])
        assert await direct.get(KEY) == Record(KEY, {"by": "us"}, versions[KEY])
        assert faults.calls == {COMMIT: 2, READ: 1}

    async def test_all_kinds_of_writes_are_recognised_by_one(self, ours, direct, faults):
        before = await direct.commit([Create(OTHER, {}), Create(THIRD, {})])
        faults.lost[COMMIT] = 1
        versions = await ours.commit(
            [Delete(THIRD, before[THIRD]), Put(OTHER, {"by": "us"}, before[OTHER]), Create(KEY, {"by": "us"})]
        )
        found = await direct.get_many([KEY, OTHER, THIRD])
        assert {key: (record.data, record.version) for key, record in found.items()} == {
            key: ({"by": "us"}, versions[key]) for key in (KEY, OTHER)
        }
        assert faults.calls == {COMMIT: 2, READ: 1}

    async def test_a_put_is_recognised(self, ours, direct, faults):
        before = await direct.commit([Create(KEY, {})])
        faults.lost[COMMIT] = 1
        versions = await ours.commit([Put(KEY, {"by": "us"}, before[KEY])])
        assert await direct.get(KEY) == Record(KEY, {"by": "us"}, versions[KEY])

    async def test_a_take_over_is_recognised(self, ours, direct, faults, clock):
        await direct.commit([Create(KEY, {}, expires_at=clock.time)])
        faults.lost[COMMIT] = 1
        versions = await ours.commit([Create(KEY, {"by": "us"})])
        assert await direct.get(KEY) == Record(KEY, {"by": "us"}, versions[KEY])
        assert faults.calls == {COMMIT: 3, READ: 2}


class TestAppliedLostAndOverwritten:
    async def test_a_create_is_still_recognised_and_its_version_is_stale(self, ours, direct, faults):
        faults.lost[COMMIT] = 1
        faults.meanwhile = lambda: change(direct, KEY)
        versions = await ours.commit([Create(KEY, {"by": "us"})])
        assert (await read(direct, KEY)).data == {"by": "somebody"}
        with pytest.raises(Conflict):
            await ours.commit([Put(KEY, {}, versions[KEY])])

    async def test_one_document_left_alone_is_enough(self, ours, direct, faults):
        before = await direct.commit([Create(KEY, {}), Create(OTHER, {})])
        faults.lost[COMMIT] = 1
        faults.meanwhile = lambda: change(direct, KEY)
        versions = await ours.commit([Put(key, {"by": "us"}, before[key]) for key in (KEY, OTHER)])
        assert versions[OTHER] == (await read(direct, OTHER)).version
        with pytest.raises(Conflict):
            await ours.commit([Put(KEY, {}, versions[KEY])])

    async def test_a_take_over_is_still_recognised(self, ours, direct, faults, clock):
        await direct.commit([Create(KEY, {}, expires_at=clock.time)])
        faults.lost[COMMIT] = 1
        faults.meanwhile = lambda: change(direct, KEY)
        versions = await ours.commit([Create(KEY, {"by": "us"})])
        assert (await read(direct, KEY)).data == {"by": "somebody"}
        with pytest.raises(Conflict):
            await ours.commit([Put(KEY, {}, versions[KEY])])

    async def test_nobody_can_know_about_a_put(self, ours, direct, faults):
        before = await direct.commit([Create(KEY, {})])
        faults.lost[COMMIT] = 1
        faults.meanwhile = lambda: change(direct, KEY)
        with pytest.raises(Unavailable, match="got lost"):
            await ours.commit([Put(KEY, {"by": "us"}, before[KEY])])

    async def test_nor_about_a_delete(self, ours, direct, faults):
        before = await direct.commit([Create(KEY, {})])
        faults.lost[COMMIT] = 1
        with pytest.raises(Unavailable, match="got lost"):
            await ours.commit([Delete(KEY, before[KEY])])
        assert await direct.get(KEY) is None


class TestLostBeforeItArrived:
    """The first try never arrived, and meanwhile somebody else was faster: that is a conflict, surely."""

    async def test_to_create(self, ours, direct, faults):
        faults.refused[COMMIT] = 1
        faults.meanwhile = lambda: direct.commit([Create(KEY, {"by": "somebody"})])
        with pytest.raises(Conflict):
            await ours.commit([Create(KEY, {"by": "us"}), Create(OTHER, {"by": "us"})])
        assert await direct.get(OTHER) is None

    async def test_to_create_nothing_else(self, ours, direct, faults):
        faults.refused[COMMIT] = 1
        faults.meanwhile = lambda: direct.commit([Create(KEY, {"by": "somebody"})])
        with pytest.raises(Conflict):
            await ours.commit([Create(KEY, {"by": "us"})])

    async def test_to_put_one_of_two(self, ours, direct, faults):
        before = await direct.commit([Create(KEY, {}), Create(OTHER, {})])
        faults.refused[COMMIT] = 1
        faults.meanwhile = lambda: change(direct, KEY)
        with pytest.raises(Conflict):
            await ours.commit([Put(KEY, {}, before[KEY]), Delete(OTHER, before[OTHER])])
        assert (await read(direct, OTHER)).version == before[OTHER]

    async def test_to_delete_one_of_two(self, ours, direct, faults):
        before = await direct.commit([Create(KEY, {}), Create(OTHER, {})])
        faults.refused[COMMIT] = 1
        faults.meanwhile = lambda: remove(direct, KEY)
        with pytest.raises(Conflict):
            await ours.commit([Put(KEY, {}, before[KEY]), Put(OTHER, {}, before[OTHER])])

    async def test_nobody_was_faster(self, ours, direct, faults):
        faults.refused[COMMIT] = 3
        versions = await ours.commit([Create(KEY, {"by": "us"})])
        assert (await read(direct, KEY)).version == versions[KEY]
        assert faults.calls == {COMMIT: 4}


class TestRoundTrips:
    async def test_a_plain_conflict_costs_one(self, ours, direct, faults):
        before = await direct.commit([Create(KEY, {})])
        await change(direct, KEY)
        with pytest.raises(Conflict):
            await ours.commit([Put(KEY, {}, before[KEY])])
        assert faults.calls == {COMMIT: 1}

    async def test_a_duplicate_costs_a_look(self, ours, direct, faults):
        await direct.commit([Create(KEY, {})])
        with pytest.raises(Conflict):
            await ours.commit([Create(KEY, {})])
        assert faults.calls == {COMMIT: 1, READ: 1}

    async def test_reading_many_costs_one(self, ours, direct, faults):
        keys = [Key("jobs", str(i)) for i in range(50)]
        await direct.commit([Create(key, {}) for key in keys])
        assert len(await ours.get_many(keys)) == 50
        assert faults.calls == {READ: 1}

    async def test_reading_none_and_committing_nothing_cost_none(self, ours, faults):
        assert await ours.get_many([]) == {}
        assert await ours.commit([]) == {}
        assert faults.calls == {}

    async def test_contention_is_tried_again_a_few_times(self, ours, faults):
        faults.code = grpc.StatusCode.ABORTED
        faults.refused[COMMIT] = 3
        await ours.commit([Create(KEY, {})])
        assert faults.calls[COMMIT] == 4
        faults.refused[COMMIT] = 4
        with pytest.raises(Conflict, match="kept changing"):
            await ours.commit([Create(OTHER, {})])


class TestUnavailable:
    async def test_reads_are_tried_again(self, ours, direct, faults):
        await direct.commit([Create(KEY, {}, due_at=direct._now())])
        faults.refused[READ] = faults.refused[QUERY] = 3
        assert await ours.get(KEY) is not None
        assert len(await ours.due("jobs", direct._now(), 1)) == 1
        assert faults.calls == {READ: 4, QUERY: 4}

    async def test_until_it_is_enough(self, ours, faults):
        faults.refused[READ] = faults.refused[QUERY] = faults.refused[COMMIT] = 4
        with pytest.raises(Unavailable, match="ServiceUnavailable"):
            await ours.get(KEY)
        with pytest.raises(Unavailable):
            await ours.due("jobs", ours._now(), 1)
        with pytest.raises(Unavailable):
            await ours.commit([Create(KEY, {})])
        assert faults.calls == {READ: 4, QUERY: 4, COMMIT: 4}

    async def test_a_lost_answer_and_no_way_to_look(self, ours, faults):
        faults.lost[COMMIT] = 1
        faults.refused[READ] = 4
        with pytest.raises(Unavailable):
            await ours.commit([Create(KEY, {})])

    @pytest.mark.parametrize(
        "code",
        ["DEADLINE_EXCEEDED", "RESOURCE_EXHAUSTED", "UNKNOWN", "CANCELLED", "UNAUTHENTICATED", "PERMISSION_DENIED"],
    )
    async def test_not_tried_again(self, ours, faults, code):
        faults.code = grpc.StatusCode[code]
        faults.refused[READ] = faults.refused[COMMIT] = 1
        with pytest.raises(Unavailable):
            await ours.get(KEY)
        with pytest.raises(Unavailable):
            await ours.commit([Create(KEY, {})])
        assert faults.calls == {READ: 1, COMMIT: 1}

    async def test_our_own_mistakes_are_not_called_that(self, ours, faults):
        faults.code = grpc.StatusCode.INVALID_ARGUMENT
        faults.refused[READ] = faults.refused[COMMIT] = 1
        with pytest.raises(StoreError, match="refused the request: InvalidArgument") as asked:
            await ours.get(KEY)
        with pytest.raises(StoreError) as written:
            await ours.commit([Create(KEY, {})])
        assert {asked.type, written.type} == {StoreError}

    async def test_a_stuck_server_is_left_in_time(self, firestore, proxy, clock, faults):
        impatient = firestore(clock, proxy.host, Patience(seconds=0.3))
        faults.stuck[READ] = faults.stuck[QUERY] = faults.stuck[COMMIT] = 1
        results = await asyncio.gather(
            impatient.get(KEY),
            impatient.due("jobs", clock.time, 1),
            impatient.commit([Create(KEY, {})]),
            return_exceptions=True,
        )
        assert [type(result) for result in results] == [Unavailable] * 3

    async def test_pauses_do_not_outlast_the_budget(self, firestore, proxy, clock, faults):
        kept: list[float] = []

        async def keep(seconds: float) -> None:
            kept.append(seconds)

        impatient = firestore(clock, proxy.host, Patience(60.0, (0.001, 90.0), keep))
        faults.refused[READ] = 9
        with pytest.raises(Unavailable):
            await impatient.get(KEY)
        assert faults.calls == {READ: 2}
        assert kept == [0.001]

    async def test_no_time_at_all(self, firestore, clock):
        hopeless = firestore(clock, patience=Patience(seconds=0.0))
        with pytest.raises(Unavailable, match="in time"):
            await hopeless.get(KEY)

    async def test_nobody_there(self, firestore, clock):
        alone = firestore(clock, "127.0.0.1:9", Patience(pauses=(0.001,), sleep=at_once))
        with pytest.raises(Unavailable):
            await alone.get(KEY)
        with pytest.raises(Unavailable):
            await alone.commit([Create(KEY, {})])


async def test_due_gives_up_after_many_pages_of_expired_ones(direct, clock, monkeypatch, caplog):
    monkeypatch.setattr(store_module, "DUE_PAGE", 2)
    monkeypatch.setattr(store_module, "DUE_PAGES", 2)
    for name, expires in (("1", clock.time), ("2", None), ("3", clock.time), ("4", clock.time), ("5", None)):
        await direct.commit([Create(Key("jobs", name), {}, due_at=clock.time, expires_at=expires)])
    assert [record.key.id for record in await direct.due("jobs", clock.time, 2)] == ["2"]
    assert caplog.messages == ["due query on jobs stopped after 2 pages of expired documents"]
