"""A master's choices about the messages that come by themselves: which of them sound, and when none does."""

from __future__ import annotations

from datetime import time
from enum import StrEnum
from typing import TypeVar

E = TypeVar("E", bound=StrEnum)


class Importance(StrEnum):
    """How much a message that comes by itself matters to its master."""

    IMPORTANT = "important"
    USUAL = "usual"


class Sound(StrEnum):
    """Which messages come with sound, outside the quiet hours."""

    ALL = "all"
    IMPORTANT = "important"
    NONE = "none"


class QuietHours(StrEnum):
    """From which full hour to which one all messages come without sound, in the zone of the settings."""

    OFF = "off"
    FROM_22_TO_8 = "22-8"
    FROM_21_TO_9 = "21-9"
    FROM_23_TO_7 = "23-7"

    @property
    def span(self) -> tuple[int, int] | None:
        """The hours as they are on a clock; None when there are none. Each span passes midnight."""
        if self is QuietHours.OFF:
            return None
        begins, ends = self.value.split("-")
        return int(begins), int(ends)

    def holds(self, moment: time) -> bool:
        """Whether the moment, a clock's time in the zone of the settings, lies within; the end does not."""
        span = self.span
        return span is not None and (moment.hour >= span[0] or moment.hour < span[1])


def known(kind: type[E], value: object, default: E) -> E:
    """Read a stored choice; one that only a newer version knows counts as the default, so that a roll-back works."""
    return next((each for each in kind if each == value), default)
