"""How the work of an operation grows with what there is: counts, and the exponent that fits them.

Flat, or linear in what was asked, is as it should be; what is worse is a bug.
"""

from __future__ import annotations

import math
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from statistics import fmean, median

from infra.bench import growth_worlds as worlds
from infra.bench.figures import Sheet
from infra.bench.inside import Counts, Inside, inside
from infra.local.portal.catalogue import Catalogue, build_catalogue

FLAT, LINEAR = 0.15, 1.1
"""Exponents up to which growth is called so: counts are small, and a processor has moods."""

MEASURES = ("reads", "writes", "trips", "requests", "cpu")
COLUMNS = ("operation", "with", *MEASURES[:-1], "CPU, ms", "counts", "CPU")
NOTES = (
    "reads and writes are documents; calls of the store that are under way together are one round trip",
    "CPU is ours, the median of the rounds: the simulated portal's work is left out, the store's is not",
    "at the smallest size the first round has in it what is loaded at first use",
    f"«flat» is an exponent up to {FLAT}, «linear» up to {LINEAR} (least squares over the logarithms)",
)


@dataclass(frozen=True)
class Operation:
    """Something that is done where there is so much of something, which `prepare` makes.

    `linear`: the size is what was asked for, so the work may grow with it.
    """

    name: str
    of: str
    sizes: Sequence[int]
    prepare: Callable[[Inside, int], Awaitable[None]]
    act: Callable[[Inside, int], Awaitable[None]]
    linear: bool = False
    goods: Callable[[int], Catalogue] = lambda _: build_catalogue()


@dataclass(frozen=True)
class Grown:
    """What an operation asked at each size, and the exponents that fit: of the counts, the worst one, and of CPU."""

    operation: Operation
    counts: Sequence[Counts]

    @property
    def worst(self) -> float:
        """The largest exponent of what is counted; CPU is apart, for it has moods."""
        return max(self._exponent(name) for name in MEASURES[:-1])

    @property
    def cpu(self) -> float:
        """The exponent of CPU."""
        return self._exponent("cpu")

    def is_well(self) -> bool:
        """Whether the counts grow no faster than they may."""
        return self.worst <= (LINEAR if self.operation.linear else FLAT)

    def row(self) -> list[str]:
        """Return its row of the table."""
        first, *_, last = self.counts
        counted = [f"{getattr(first, name)} → {getattr(last, name)}" for name in MEASURES[:-1]]
        sizes = f"{self.operation.of} {' → '.join(f'{size:,}' for size in self.operation.sizes)}"
        cpu = f"{1000 * first.cpu:.1f} → {1000 * last.cpu:.1f}"
        return [self.operation.name, sizes, *counted, cpu, self._called(self.worst), self._called(self.cpu)]

    def _exponent(self, name: str) -> float:
        return exponent(self.operation.sizes, [getattr(one, name) for one in self.counts])

    def _called(self, power: float) -> str:
        if power <= FLAT:
            return "flat"
        said = "linear" if power <= LINEAR else "worse than linear"
        return f"{said} ({power:.2f})"


def exponent(sizes: Sequence[int], values: Sequence[float]) -> float:
    """Return the power of the size that the values grow with: 0 is flat, 1 linear. What is never there is flat."""
    pairs = [(math.log(size), math.log(max(value, 1e-6))) for size, value in zip(sizes, values, strict=True)]
    if not any(values):
        return 0.0
    across, up = fmean(x for x, _ in pairs), fmean(y for _, y in pairs)
    return sum((x - across) * (y - up) for x, y in pairs) / sum((x - across) ** 2 for x, _ in pairs)


ORDERS, GOODS = (1, 10, 100, 1_000), (300, 3_000, 30_000, 100_000)
WAITING = (300, 1_000, 3_000, 10_000)
"""More than one permit looks at: below that it is the fewer the fewer there are."""

OPERATIONS = (
    Operation("a permit", "searches that wait", WAITING, worlds.searches_wait, worlds.permit),
    Operation("a sweep", "jobs overdue", WAITING, worlds.jobs_overdue, worlds.sweep),
    Operation("a search's update", "masters", (10, 1_000, 100_000), worlds.masters_talk, worlds.search_begins),
    Operation("/myorders", "orders of his", ORDERS, worlds.has_orders, worlds.my_orders),
    Operation("an order by its number", "orders of his", ORDERS, worlds.has_orders, worlds.by_number),
    Operation("an event of an order", "orders of his", ORDERS, worlds.has_orders, worlds.event),
    Operation("a list to its quote", "lines", (5, 20, 100, 500), worlds.one_master, worlds.pasted_list, linear=True),
    Operation("a search to its message", "goods", GOODS, worlds.one_master, worlds.search, goods=worlds.goods),
)


async def run(rounds: int) -> Sheet:
    """Do every operation `rounds` times at each size."""
    grown = [await measure(operation, rounds) for operation in OPERATIONS]
    return Sheet("growth", COLUMNS, [one.row() for one in grown], rounds, NOTES)


async def measure(operation: Operation, rounds: int, sizes: Sequence[int] | None = None) -> Grown:
    """Return what an operation asks at each size."""
    chosen = operation if sizes is None else replace_sizes(operation, sizes)
    return Grown(chosen, [await _at(chosen, size, rounds) for size in chosen.sizes])


def replace_sizes(operation: Operation, sizes: Sequence[int]) -> Operation:
    """Return the operation with other sizes."""
    return Operation(**{**vars(operation), "sizes": tuple(sizes)})


async def _at(operation: Operation, size: int, rounds: int) -> Counts:
    async with inside(lambda: operation.goods(size)) as world:
        await operation.prepare(world, size)

        async def act() -> None:
            await operation.act(world, size)

        taken = [await world.counted(act) for _ in range(rounds)]
    last = max(taken, key=lambda one: one.trips)
    return Counts(**{**vars(last), "cpu": median(one.cpu for one in taken)})
