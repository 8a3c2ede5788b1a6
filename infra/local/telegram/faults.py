"""Trouble on demand: what the next Bot API requests will suffer."""

from dataclasses import dataclass
from typing import Literal, get_args

from infra.local.telegram.errors import ControlError

FaultKind = Literal["429", "500", "timeout", "drop_answer", "slow"]
MAX_COUNT = 10_000


@dataclass
class Fault:
    """`count` more requests (of `method`, lower case, or of any if "") suffer `kind`.

    `retry_after`: seconds that a 429 asks to wait, or that a slow answer takes longer.
    """

    kind: FaultKind
    count: int
    method: str = ""
    retry_after: int = 1


class Faults:
    """Faults in the order they were asked for."""

    def __init__(self) -> None:
        self._faults: list[Fault] = []

    def add(self, kind: str, count: int = 1, method: str = "", retry_after: int = 1) -> Fault:
        """Ask for trouble; ControlError when there is no such kind."""
        for known in get_args(FaultKind):
            if kind == known and 1 <= count <= MAX_COUNT:
                fault = Fault(known, count, method.lower(), retry_after)
                self._faults.append(fault)
                return fault
        raise ControlError(400, "unknown fault or bad count", kinds=list(get_args(FaultKind)))

    def take(self, method: str) -> Fault | None:
        """The fault this request suffers, counted as spent."""
        for fault in self._faults:
            if fault.method in {"", method}:
                fault.count -= 1
                if not fault.count:
                    self._faults.remove(fault)
                return fault
        return None

    def active(self) -> list[Fault]:
        """What is still to come."""
        return list(self._faults)

    def end(self, fault: Fault) -> None:
        """No more of this trouble."""
        self._faults = [one for one in self._faults if one is not fault]

    def clear(self) -> None:
        """No more trouble."""
        self._faults.clear()
