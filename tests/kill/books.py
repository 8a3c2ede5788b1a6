"""The books of a run: what masters wanted and were to be told, against what the portal has and what was said."""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

TWICE = 2


@dataclass(frozen=True)
class Wanted:
    """An order as its master confirmed it. Its address is its own, and by it the order is found again."""

    address: str
    buyer: str
    goods: Mapping[str, int]
    pay_system: str


@dataclass(frozen=True)
class Made:
    """An order that is on the portal and not canceled."""

    id: str
    address: str
    buyer: str
    goods: Mapping[str, int]
    pay_system: str


@dataclass(frozen=True)
class News:
    """What a chat is to be told in a message of its own: one that has all these words."""

    chat: int
    words: tuple[str, ...]


@dataclass(frozen=True)
class Said:
    """A new message of the bot; `at` is told with what was said too often."""

    chat: int
    text: str
    at: str = ""


@dataclass
class Waits:
    """Seconds people waited for an answer, by what they waited for."""

    seconds: defaultdict[str, list[float]] = field(default_factory=lambda: defaultdict(list))

    def add(self, what: str, seconds: float) -> None:
        self.seconds[what].append(seconds)

    def lines(self) -> list[str]:
        """Return one line for each kind: how many, and p50, p95, the longest."""
        return [
            f"{what}: {len(all_of)}, p50 {share(all_of, 0.5):.0f} s, p95 {share(all_of, 0.95):.0f} s, "
            f"longest {max(all_of):.0f} s"
            for what, all_of in sorted(self.seconds.items())
        ]


def share(values: Sequence[float], part: float) -> float:
    """Return the value below or at which this part of all values is (nearest rank)."""
    return sorted(values)[math.ceil(len(values) * part) - 1]


@dataclass(frozen=True)
class OrderBook:
    """How many orders were wanted and made; the addresses that went wrong."""

    wanted: int
    made: int
    lost: Sequence[str]
    double: Sequence[str]
    wrong: Sequence[str]
    unwanted: Sequence[str]

    @property
    def balanced(self) -> bool:
        """Whether each wish is one right order, and nothing else was made."""
        return not (self.lost or self.double or self.wrong or self.unwanted)

    def lines(self) -> list[str]:
        """Return the book as people read it."""
        counts = {"lost": self.lost, "double": self.double, "wrong contents": self.wrong, "unwanted": self.unwanted}
        told = [f"orders wanted {self.wanted}, made {self.made}"]
        told += [f"  {what}: {len(which)} {' | '.join(which[:5])}".rstrip() for what, which in counts.items()]
        return told


def orders(wanted: Iterable[Wanted], made: Iterable[Made]) -> OrderBook:
    """Hold the wishes against the portal."""
    wishes = {wish.address: wish for wish in wanted}
    there: defaultdict[str, list[Made]] = defaultdict(list)
    for order in made:
        there[order.address].append(order)
    return OrderBook(
        wanted=len(wishes),
        made=sum(len(all_of) for all_of in there.values()),
        lost=[address for address in wishes if address not in there],
        double=[address for address, all_of in there.items() if len(all_of) > 1],
        wrong=[
            f"{order.id}: {order.address}"
            for address, wish in wishes.items()
            for order in there.get(address, ())
            if (order.buyer, dict(order.goods), order.pay_system) != (wish.buyer, dict(wish.goods), wish.pay_system)
        ],
        unwanted=[address for address in there if address not in wishes],
    )


@dataclass(frozen=True)
class MessageBook:
    """How often what was to be said once was said; `odd` names what was never or more than once."""

    times: Counter[int]
    odd: Sequence[str]

    @property
    def wanted(self) -> int:
        return sum(self.times.values())

    def lines(self) -> list[str]:
        """Return the book as people read it."""
        more = sum(count for times, count in self.times.items() if times > TWICE)
        once, twice, never = self.times[1], self.times[TWICE], self.times[0]
        head = f"news wanted {self.wanted}: once {once}, twice {twice}, three times or more {more}, never {never}"
        return [head, *(f"  {line}" for line in self.odd[:10])]


def messages(wanted: Iterable[News], said: Iterable[Said]) -> MessageBook:
    """Count how often each piece of news is among the new messages."""
    heard: defaultdict[int, list[Said]] = defaultdict(list)
    for one in said:
        heard[one.chat].append(one)
    times: Counter[int] = Counter()
    odd = []
    for news in wanted:
        found = [one for one in heard[news.chat] if all(word in one.text for word in news.words)]
        times[len(found)] += 1
        if len(found) != 1:
            odd.append(f"{len(found)} times in {news.chat}: {' '.join(news.words)} {[one.at for one in found]}")
    return MessageBook(times, odd)
