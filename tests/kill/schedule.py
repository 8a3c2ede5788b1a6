"""When what is struck: kills every few seconds, and a long blow now and then, all thrown by one seed."""

# ruff: noqa: S311 - test dice are not cryptography

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum


class Target(StrEnum):
    """What a blow strikes."""

    PROCESS = "a function's process is killed"
    FIRESTORE = "Firestore stands still"
    PORTAL_DEAF = "the portal is silent and takes nothing"
    PORTAL_MUTE = "the portal takes all and is silent"
    TELEGRAM_DEAF = "Telegram is silent and takes nothing"
    TELEGRAM_MUTE = "Telegram takes all and is silent"
    QUEUE = "the queues lose their tasks"


LASTS = {
    Target.FIRESTORE: 20.0,
    Target.PORTAL_DEAF: 60.0,
    Target.PORTAL_MUTE: 60.0,
    Target.TELEGRAM_DEAF: 60.0,
    Target.TELEGRAM_MUTE: 60.0,
}
"""Seconds; what is not here is over at once."""

LONG_BLOWS = (Target.QUEUE, *LASTS)
"""All of them come in turn, in an order of the seed's."""

EVERY = 3.5
"""Seconds between two kills, more or less."""

REST = (40.0, 90.0)
"""Seconds between the end of a long blow and the next one: each is recovered from by itself."""


@dataclass(frozen=True)
class Blow:
    """Strikes `at` seconds after the start. `name` is whose process is killed."""

    at: float
    target: Target
    name: str = ""

    @property
    def seconds(self) -> float:
        """How long it lasts."""
        return LASTS.get(self.target, 0.0)


def blows(seed: int, processes: Sequence[str], every: float = EVERY, rest: float = 1.0) -> Iterator[Blow]:
    """Yield blows by time, without end. Kills, `every` so many seconds, go on while something else is down.

    `rest`: how many times as long as `REST` the long blows are apart.
    """
    kills, long_ones = _kills(random.Random(seed), processes, every), _long_blows(random.Random(seed + 1), rest)
    kill, long_one = next(kills), next(long_ones)
    while True:
        if kill.at <= long_one.at:
            yield kill
            kill = next(kills)
        else:
            yield long_one
            long_one = next(long_ones)


def _kills(dice: random.Random, processes: Sequence[str], every: float) -> Iterator[Blow]:
    at = 0.0
    while True:
        at += every * dice.uniform(0.6, 1.4)
        yield Blow(at, Target.PROCESS, dice.choice(processes))


def _long_blows(dice: random.Random, rest: float) -> Iterator[Blow]:
    at = 0.0
    while True:
        for target in dice.sample(LONG_BLOWS, len(LONG_BLOWS)):
            at += rest * dice.uniform(*REST)
            blow = Blow(at, target)
            yield blow
            at += blow.seconds
