"""The store's contract (shared.store.port), the same for every adapter."""

import asyncio
from datetime import UTC, datetime, timedelta, timezone
from decimal import Decimal
from enum import StrEnum
from typing import Any

import pytest

from shared.store.port import Conflict, Create, Delete, Key, Put, Record, Store, Version, Write
from tests.support.clock import Clock

from .conftest import read

KEY = Key("carts", "42")
RUNNERS = 20


async def make(store: Store, key: Key = KEY, **fields) -> Version:
    return (await store.commit([Create(key, {"n": 1}, **fields)]))[key]


async def outcomes(*commits) -> list[object]:
    return list(await asyncio.gather(*commits, return_exceptions=True))


def winners(results: list[object]) -> int:
    assert all(isinstance(result, dict | Conflict) for result in results), results
    return sum(isinstance(result, dict) for result in results)


class TestReading:
    async def test_an_absent_document_is_none(self, store: Store):
        assert await store.get(KEY) is None

    async def test_a_document_comes_back_as_it_was_written(self, store: Store, clock: Clock):
        expires, due = clock.time + timedelta(hours=1), clock.time + timedelta(seconds=2)
        version = await make(store, expires_at=expires, due_at=due)
        assert await store.get(KEY) == Record(KEY, {"n": 1}, version, expires, due)

    async def test_many_come_at_once_and_absent_ones_are_left_out(self, store: Store):
        other = Key("masters", "42")
        version = await make(store)
        await make(store, other)
        found = await store.get_many([KEY, other, Key("carts", "absent"), KEY])
        assert found.keys() == {KEY, other}
        assert found[KEY] == Record(KEY, {"n": 1}, version)

    async def test_none_of_none(self, store: Store):
        assert await store.get_many([]) == {}

    async def test_what_a_reader_does_with_its_copy_stays_with_it(self, store: Store):
        await store.commit([Create(KEY, {"lines": [{"id": "1"}]})])
        (await read(store, KEY)).data["lines"].append("mine")
        assert (await read(store, KEY)).data == {"lines": [{"id": "1"}]}

    async def test_what_a_writer_does_with_its_data_later_stays_with_it(self, store: Store):
        data = {"lines": [{"id": "1"}]}
        await store.commit([Create(KEY, data)])
        data["lines"][0]["id"] = "2"
        assert (await read(store, KEY)).data == {"lines": [{"id": "1"}]}


class TestValues:
    async def test_nested_data_comes_back_with_its_types(self, store: Store):
        data = {
            "nothing": None,
            "yes": True,
            "one": 1,
            "big": 2**63 - 1,
            "small": -(2**63),
            "float": 1.0,
            "tiny": 5e-324,
            "text": "Дрель «Зубр» 💥\n\t\0",
            "empty": "",
            "bytes": b"\x00\xff",
            "when": datetime(2026, 11, 23, 9, 30, 15, 123456, tzinfo=UTC),
            "list": [1, "два", {"три": [3.0, None, {}]}, True],
            "map": {"a.b": {"`c`": "x"}, "ключ с пробелом": [], "0": {}},
            "no": {},
        }
        await store.commit([Create(KEY, data)])
        found = (await read(store, KEY)).data
        assert found == data
        assert {name: type(value) for name, value in found.items()} == {
            name: type(value) for name, value in data.items()
        }
        await store.commit([Put(KEY, {"map": data["map"], "list": []}, (await read(store, KEY)).version)])
        assert (await read(store, KEY)).data == {"map": data["map"], "list": []}

    async def test_times_come_back_as_plain_datetimes_in_utc(self, store: Store):
        moscow = datetime(2126, 11, 23, 12, 30, 15, 999999, tzinfo=timezone(timedelta(hours=3)))
        await store.commit([Create(KEY, {"at": moscow, "list": [moscow]}, expires_at=moscow, due_at=moscow)])
        record = await read(store, KEY)
        for time in (record.data["at"], record.data["list"][0], record.expires_at, record.due_at):
            assert time == moscow
            assert type(time) is datetime
            assert time.tzinfo is UTC

    async def test_an_enum_member_comes_back_as_its_text(self, store: Store):
        class State(StrEnum):
            NEW = "new"

        await store.commit([Create(KEY, {"state": State.NEW})])
        assert type((await read(store, KEY)).data["state"]) is str

    async def test_documents_may_be_empty(self, store: Store):
        await store.commit([Create(KEY, {})])
        assert (await read(store, KEY)).data == {}

    @pytest.mark.parametrize(
        ("data", "error", "field"),
        [
            ({"price": Decimal("1.10")}, TypeError, r"data\.price: Decimal"),
            ({"a": [{"price": Decimal(1)}]}, TypeError, r"data\.a\[0\]\.price"),
            ({"at": datetime(2026, 1, 1)}, ValueError, r"data\.at: a naive datetime"),  # noqa: DTZ001
            ({"ids": {1, 2}}, TypeError, r"data\.ids: set"),
            ({"pair": (1, 2)}, TypeError, r"data\.pair: tuple"),
            ({"rows": [[1]]}, TypeError, r"data\.rows\[0\]: a list directly inside a list"),
            ({1: "x"}, TypeError, "data: a field name must be a str"),
            ({"m": {"": 1}}, ValueError, r"data\.m: '' is not a field name"),
            ({"__x__": 1}, ValueError, "data: '__x__' is not a field name"),
            ({"я" * 751: 1}, ValueError, "data: a field name is longer"),
            ({"n": 2**63}, ValueError, r"data\.n: an integer beyond 64 bits"),
            ({"t": "\ud800"}, ValueError, r"data\.t: not valid Unicode"),
            ({"t": "x" * 1_000_000}, ValueError, "data: 1000003 bytes are more"),
            ([("a", 1)], TypeError, "data: a map is wanted, not list"),
        ],
    )
    async def test_what_cannot_be_stored_is_refused_by_name(self, store: Store, data, error, field):
        version = await make(store)
        for write in (Create(Key("carts", "new"), data), Put(KEY, data, version)):
            with pytest.raises(error, match=field):
                await store.commit([write])
        assert (await read(store, KEY)).data == {"n": 1}

    async def test_depth_is_bounded(self, store: Store):
        def nested(levels: int) -> dict[str, Any]:
            return {} if levels == 1 else {"m": nested(levels - 1)}

        await store.commit([Create(KEY, nested(18))])
        assert (await read(store, KEY)).data == nested(18)
        with pytest.raises(ValueError, match="more than 18 maps and lists"):
            await store.commit([Create(Key("carts", "deep"), nested(19))])
        with pytest.raises(ValueError, match="more than 18 maps and lists"):
            await store.commit([Create(Key("carts", "deep"), {"m": {"list": [nested(16)]}})])

    async def test_size_up_to_the_limit_is_stored(self, store: Store):
        data = {"t": "ы" * 499_998}
        await store.commit([Create(KEY, data)])
        assert (await read(store, KEY)).data == data

    @pytest.mark.parametrize("field", ["expires_at", "due_at"])
    async def test_times_are_checked_too(self, store: Store, field):
        naive = datetime(2026, 1, 1)  # noqa: DTZ001
        with pytest.raises(ValueError, match=f"{field}: a naive datetime"):
            await store.commit([Create(KEY, {}, **{field: naive})])
        wrong: dict[str, Any] = {field: 1.5}
        with pytest.raises(TypeError, match=f"{field}: a datetime is wanted, not float"):
            await store.commit([Create(KEY, {}, **wrong)])


class TestKeys:
    @pytest.mark.parametrize(
        "name", ["дрель 18в", "a b", "1:2", "..x", "__x", "#?%&", "💥", "x" * 1500, "\n", "'\"`\\"]
    )
    async def test_ids_may_be_nearly_anything(self, store: Store, clock: Clock, name):
        key = Key("search_cache", name)
        version = await make(store, key, due_at=clock.time)
        assert (await store.get_many([key]))[key].version == version
        assert [record.key for record in await store.due("search_cache", clock.time, 5)] == [key]
        await store.commit([Delete(key, version)])
        assert await store.get(key) is None

    @pytest.mark.parametrize("name", ["", "a/b", ".", "..", "__x__", "я" * 751, "\ud800"])
    async def test_other_names_are_refused(self, store: Store, clock: Clock, name):
        for key in (Key("carts", name), Key(name, "1")):
            with pytest.raises(ValueError, match=r"^(id|collection): "):
                await store.commit([Create(key, {})])
            with pytest.raises(ValueError, match=r"^(id|collection): "):
                await store.get(key)
        with pytest.raises(ValueError, match=r"^collection: "):
            await store.due(name, clock.time, 1)

    async def test_numbers_are_no_ids(self, store: Store):
        with pytest.raises(TypeError, match="id: a str is wanted, not int"):
            await store.get(Key("carts", 42))  # type: ignore[arg-type]  # what is refused


class TestPages:
    async def test_a_collection_is_looked_through_by_id(self, store: Store):
        await store.commit([Create(Key("carts", id_), {"n": 1}) for id_ in ("a", "c", "b", "ж", "d")])
        await make(store, Key("masters", "b"))
        first = await store.page("carts", "", 3)
        rest = await store.page("carts", first[-1].key.id, 3)
        assert [[record.key.id for record in page] for page in (first, rest)] == [["a", "b", "c"], ["d", "ж"]]
        assert await store.page("carts", "ж", 3) == []

    async def test_what_has_expired_is_found_and_deleted_as_long_as_it_is_there(self, store: Store, clock: Clock):
        await make(store, expires_at=clock.time)
        (found,) = await store.page("carts", "", 3)
        await store.commit([Delete(KEY, found.version)])
        assert await store.page("carts", "", 3) == []

    async def test_there_is_no_page_of_nothing(self, store: Store):
        with pytest.raises(ValueError, match="limit"):
            await store.page("carts", "", 0)


class TestCreate:
    async def test_twice(self, store: Store):
        await make(store)
        with pytest.raises(Conflict):
            await make(store)

    async def test_race_has_one_winner(self, store: Store):
        results = await outcomes(*(store.commit([Create(KEY, {"runner": i})]) for i in range(RUNNERS)))
        assert winners(results) == 1
        winner = next(i for i, result in enumerate(results) if isinstance(result, dict))
        record = await read(store, KEY)
        assert record.data == {"runner": winner}
        assert results[winner] == {KEY: record.version}

    async def test_a_deleted_document_can_be_created_again(self, store: Store):
        version = await make(store)
        await store.commit([Delete(KEY, version)])
        assert await make(store) != version


class TestPut:
    async def test_replaces_the_whole_document(self, store: Store, clock: Clock):
        later = clock.time + timedelta(hours=1)
        version = await make(store, expires_at=later, due_at=later)
        new = (await store.commit([Put(KEY, {"other": {"x": 1}}, version)]))[KEY]
        assert new != version
        assert await store.get(KEY) == Record(KEY, {"other": {"x": 1}}, new)

    async def test_sets_times(self, store: Store, clock: Clock):
        version = await make(store)
        soon, later = clock.time, clock.time + timedelta(hours=1)
        await store.commit([Put(KEY, {}, version, expires_at=later, due_at=soon)])
        record = await read(store, KEY)
        assert (record.expires_at, record.due_at) == (later, soon)

    async def test_an_equal_document_gets_a_new_version(self, store: Store):
        version = await make(store)
        assert (await store.commit([Put(KEY, {"n": 1}, version)]))[KEY] != version

    async def test_on_a_stale_version(self, store: Store):
        first = await make(store)
        await store.commit([Put(KEY, {"n": 2}, first)])
        with pytest.raises(Conflict):
            await store.commit([Put(KEY, {"n": 3}, first)])
        assert (await read(store, KEY)).data == {"n": 2}

    async def test_on_an_absent_document(self, store: Store):
        version = await make(store)
        await store.commit([Delete(KEY, version)])
        with pytest.raises(Conflict):
            await store.commit([Put(KEY, {}, version)])

    async def test_on_the_version_of_an_earlier_life(self, store: Store):
        first = await make(store)
        await store.commit([Delete(KEY, first)])
        await make(store)
        with pytest.raises(Conflict):
            await store.commit([Put(KEY, {}, first)])

    async def test_on_the_version_of_a_later_commit(self, store: Store):
        await make(store)
        other = Key(KEY.collection, "later")
        later = (await store.commit([Create(other, {})]))[other]
        with pytest.raises(Conflict):
            await store.commit([Put(KEY, {}, later)])

    async def test_race_on_one_version_has_one_winner(self, store: Store):
        version = await make(store)
        results = await outcomes(*(store.commit([Put(KEY, {"runner": i}, version)]) for i in range(RUNNERS)))
        assert winners(results) == 1

    async def test_compare_and_set_loses_no_increment(self, store: Store):
        await store.commit([Create(KEY, {"n": 0})])
        conflicts = 0

        async def increment() -> None:
            nonlocal conflicts
            while True:
                record = await read(store, KEY)
                try:
                    await store.commit([Put(KEY, {"n": record.data["n"] + 1}, record.version)])
                except Conflict:
                    conflicts += 1
                else:
                    return

        await asyncio.gather(*(increment() for _ in range(RUNNERS)))
        assert (await read(store, KEY)).data == {"n": RUNNERS}
        assert conflicts > 0


class TestDelete:
    async def test_removes(self, store: Store):
        version = await make(store)
        assert await store.commit([Delete(KEY, version)]) == {}
        assert await store.get(KEY) is None

    async def test_on_a_stale_version(self, store: Store):
        first = await make(store)
        await store.commit([Put(KEY, {"n": 2}, first)])
        with pytest.raises(Conflict):
            await store.commit([Delete(KEY, first)])
        assert (await read(store, KEY)).data == {"n": 2}

    async def test_twice(self, store: Store):
        version = await make(store)
        await store.commit([Delete(KEY, version)])
        with pytest.raises(Conflict):
            await store.commit([Delete(KEY, version)])


class TestCommit:
    async def test_nothing(self, store: Store):
        assert await store.commit([]) == {}

    async def test_returns_the_versions_of_what_it_wrote(self, store: Store):
        put, gone, new = Key("carts", "put"), Key("carts", "gone"), Key("jobs", "new")
        versions = {key: await make(store, key) for key in (put, gone)}
        written = await store.commit([Create(new, {}), Put(put, {"n": 2}, versions[put]), Delete(gone, versions[gone])])
        found = await store.get_many([put, gone, new])
        assert written == {key: record.version for key, record in found.items()}
        assert written.keys() == {put, new}

    @pytest.mark.parametrize("bad", ["create", "put", "delete"])
    async def test_one_bad_write_spoils_all(self, store: Store, bad):
        stale = await make(store)
        current = (await store.commit([Put(KEY, {"n": 2}, stale)]))[KEY]
        good_put, good_delete = Key("carts", "put"), Key("carts", "delete")
        versions = {key: await make(store, key) for key in (good_put, good_delete)}
        good: list[Write] = [
            Create(Key("carts", "new"), {}),
            Put(good_put, {"n": 5}, versions[good_put]),
            Delete(good_delete, versions[good_delete]),
        ]
        spoilers: dict[str, Write] = {
            "create": Create(KEY, {}),
            "put": Put(KEY, {}, stale),
            "delete": Delete(KEY, stale),
        }
        for writes in ([*good, spoilers[bad]], [spoilers[bad], *good]):
            with pytest.raises(Conflict):
                await store.commit(writes)
        found = await store.get_many([KEY, good_put, good_delete, Key("carts", "new")])
        assert {key: record.version for key, record in found.items()} == {KEY: current} | versions

    async def test_each_document_once(self, store: Store):
        with pytest.raises(ValueError, match="each document once"):
            await store.commit([Create(KEY, {}), Create(KEY, {})])

    async def test_at_most_500_writes(self, store: Store):
        writes = [Create(Key("many", str(i)), {}) for i in range(501)]
        with pytest.raises(ValueError, match="501 writes are more than one commit takes"):
            await store.commit(writes)
        assert len(await store.commit(writes[:500])) == 500

    async def test_a_refused_value_names_the_document(self, store: Store):
        with pytest.raises(TypeError) as refused:
            await store.commit([Create(KEY, {"x": object()})])
        assert refused.value.__notes__ == ["document carts/42"]


class TestExpiry:
    """Documents that have expired but are still there: Firestore deletes late, and the emulator never."""

    async def test_they_are_absent(self, store: Store, clock: Clock):
        await make(store, expires_at=clock.time + timedelta(seconds=60), due_at=clock.time)
        clock.advance(seconds=59.999999)
        assert await store.get(KEY) is not None
        clock.advance(seconds=0.000001)
        assert await store.get(KEY) is None
        assert await store.get_many([KEY]) == {}
        assert await store.due("carts", clock.time, 10) == []

    async def test_create_takes_their_place(self, store: Store, clock: Clock):
        old = await make(store, expires_at=clock.time + timedelta(seconds=1), due_at=clock.time)
        clock.advance(seconds=1)
        new = (await store.commit([Create(KEY, {"new": True})]))[KEY]
        assert new != old
        assert await store.get(KEY) == Record(KEY, {"new": True}, new)
        with pytest.raises(Conflict):
            await make(store)

    async def test_race_for_their_place_has_one_winner(self, store: Store, clock: Clock):
        await make(store, expires_at=clock.time)
        results = await outcomes(
            *(
                store.commit([Create(KEY, {"runner": i}, expires_at=clock.time + timedelta(hours=1))])
                for i in range(RUNNERS)
            )
        )
        assert winners(results) == 1
        winner = next(i for i, result in enumerate(results) if isinstance(result, dict))
        assert (await read(store, KEY)).data == {"runner": winner}

    async def test_several_are_taken_over_together_with_other_writes(self, store: Store, clock: Clock):
        expired = [Key("inbox", str(i)) for i in range(3)]
        for key in expired:
            await make(store, key, expires_at=clock.time)
        version = await make(store)
        writes = [Create(key, {"new": True}) for key in [*expired, Key("inbox", "absent")]]
        versions = await store.commit([*writes, Put(KEY, {"n": 2}, version)])
        found = await store.get_many(list(versions))
        assert {key: record.version for key, record in found.items()} == versions
        assert len(found) == 5

    async def test_a_conflict_beside_them_leaves_them_alone(self, store: Store, clock: Clock):
        expired = Key("inbox", "1")
        await make(store, expired, expires_at=clock.time)
        stale = await make(store)
        await store.commit([Put(KEY, {"n": 2}, stale)])
        with pytest.raises(Conflict):
            await store.commit([Create(expired, {}), Put(KEY, {"n": 3}, stale)])
        assert await store.get(expired) is None

    async def test_a_put_at_their_version_still_counts(self, store: Store, clock: Clock):
        """What expires between a read and its commit has not changed: the version is the only condition."""
        version = await make(store, expires_at=clock.time + timedelta(seconds=1))
        clock.advance(seconds=2)
        await store.commit([Put(KEY, {"n": 2}, version)])
        assert (await read(store, KEY)).data == {"n": 2}


class TestDue:
    async def add(self, store: Store, name: str, due_at: datetime | None, **fields) -> None:
        await make(store, Key("jobs", name), due_at=due_at, **fields)

    async def ids(self, store: Store, before: datetime, limit: int = 10) -> list[str]:
        return [record.key.id for record in await store.due("jobs", before, limit)]

    async def test_earliest_first_up_to_the_moment(self, store: Store, clock: Clock):
        now = clock.time
        for name, seconds in (("c", 0), ("a", -1), ("later", 0.000001), ("b", -0.5)):
            await self.add(store, name, now + timedelta(seconds=seconds))
        await self.add(store, "never", None)
        await make(store, Key("other", "x"), due_at=now)
        assert await self.ids(store, now) == ["a", "b", "c"]
        moscow = now.astimezone(timezone(timedelta(hours=3)))
        assert await self.ids(store, moscow) == ["a", "b", "c"]

    async def test_later_than_a_moment_only(self, store: Store, clock: Clock):
        now = clock.time
        for name, seconds in (("before", -1), ("at", 0), ("soon", 1), ("late", 9)):
            await self.add(store, name, now + timedelta(seconds=seconds))
        soon = await store.due("jobs", now + timedelta(seconds=5), 10, now)
        assert [record.key.id for record in soon] == ["soon"]

    async def test_same_moment_by_id(self, store: Store, clock: Clock):
        for name in ("б", "b", "a", "B", "10", "9", "💥"):
            await self.add(store, name, clock.time)
        assert await self.ids(store, clock.time) == sorted(["б", "b", "a", "B", "10", "9", "💥"])

    async def test_at_most_the_limit(self, store: Store, clock: Clock):
        for i in range(5):
            await self.add(store, str(i), clock.time)
        assert await self.ids(store, clock.time, 3) == ["0", "1", "2"]
        assert await self.ids(store, clock.time, 5) == ["0", "1", "2", "3", "4"]

    async def test_records_are_whole(self, store: Store, clock: Clock):
        version = await make(store, due_at=clock.time, expires_at=clock.time + timedelta(hours=1))
        expected = Record(KEY, {"n": 1}, version, clock.time + timedelta(hours=1), clock.time)
        assert await store.due("carts", clock.time, 1) == [expected]

    async def test_a_put_moves_or_removes_them(self, store: Store, clock: Clock):
        for name in ("stays", "moved", "done", "gone"):
            await self.add(store, name, clock.time)
        version = {record.key.id: record.version for record in await store.due("jobs", clock.time, 10)}
        leased = clock.time + timedelta(seconds=60)
        await store.commit(
            [
                Put(Key("jobs", "moved"), {}, version["moved"], due_at=leased),
                Put(Key("jobs", "done"), {}, version["done"]),
                Delete(Key("jobs", "gone"), version["gone"]),
            ]
        )
        assert await self.ids(store, clock.time) == ["stays"]
        assert await self.ids(store, leased) == ["stays", "moved"]

    async def test_expired_ones_do_not_hide_live_ones(self, store: Store, clock: Clock):
        soon, later = clock.time - timedelta(seconds=2), clock.time - timedelta(seconds=1)
        await store.commit(
            [Create(Key("jobs", f"x{i:03}"), {}, expires_at=clock.time, due_at=soon) for i in range(250)]
        )
        for name in ("live 1", "live 2", "live 3"):
            await self.add(store, name, later)
        assert await self.ids(store, clock.time, 1) == ["live 1"]
        assert await self.ids(store, clock.time, 2) == ["live 1", "live 2"]
        assert await self.ids(store, clock.time, 10) == ["live 1", "live 2", "live 3"]

    async def test_a_page_may_end_between_equal_moments(self, store: Store, clock: Clock):
        for i in range(6):
            expires = clock.time if i % 2 == 0 else None
            await self.add(store, str(i), clock.time, expires_at=expires)
        assert await self.ids(store, clock.time, 2) == ["1", "3"]

    async def test_arguments_are_checked(self, store: Store, clock: Clock):
        with pytest.raises(ValueError, match="limit must be at least 1"):
            await store.due("jobs", clock.time, 0)
        with pytest.raises(ValueError, match="before: a naive datetime"):
            await store.due("jobs", datetime(2026, 1, 1), 1)  # noqa: DTZ001
