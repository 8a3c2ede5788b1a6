"""The weather: faults by switches, each of which lasts until it is switched off, and a crowd."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from infra.local.portal.faults import FaultKind
from infra.local.show.machine import Machine
from infra.local.telegram.faults import MAX_COUNT
from infra.local.telegram.people import Words

CROWD = 200
FIRST_OF_CROWD = 600_001
_WISHES = ("шуруповёрт", "перчатки", "диск отрезной", "кабель", "аккумулятор")
"""What a crowd looks for, by turns."""

GOODS = "catalog.product.list"
"""The method that rests: what a search asks first, in either dialect."""

Off = Callable[[], None]
On = Callable[[Machine], Off]
"""Makes the weather, and returns what ends it."""


@dataclass(frozen=True)
class Kind:
    """One switch. `needs` is the simulator it is made with: `portal` or `telegram`."""

    title: str
    told: str
    needs: str
    on: On


def _portal(kind: FaultKind, rate: float = 1.0, method: str | None = None, seconds: float = 2.0) -> On:
    def on(machine: Machine) -> Off:
        if machine.portal is None:
            raise ValueError("no simulated portal")
        book = machine.portal.rest.faults
        fault = book.add(kind, rate=rate, method=method, seconds=seconds)
        return lambda: book.end(fault)

    return on


def _slow_telegram(machine: Machine) -> Off:
    if machine.telegram is None:
        raise ValueError("no simulated Telegram")
    faults = machine.telegram.faults
    fault = faults.add("slow", MAX_COUNT, retry_after=2)
    return lambda: faults.end(fault)


def _lost_queue(machine: Machine) -> Off:
    """Hand out no permits; at the end all that waited are lost."""
    machine.queue.pause(machine.bitrix_queue)
    return lambda: machine.queue.lose(machine.bitrix_queue)


KINDS: Mapping[str, Kind] = {
    "down": Kind("Битрикс24 лежит", "Шлюз отвечает ошибкой 502 на всё.", "portal", _portal(FaultKind.HTML_502)),
    "slow": Kind("Битрикс24 медлит", "Каждый ответ на две секунды дольше.", "portal", _portal(FaultKind.SLOW)),
    "limited": Kind(
        "Портал говорит «слишком часто»", "Каждый второй запрос отклонён.", "portal", _portal(FaultKind.RATE_LIMIT, 0.5)
    ),
    "resting": Kind(
        "Один метод отдыхает",
        "Поиск товаров исчерпал своё время, остальное работает.",
        "portal",
        _portal(FaultKind.OPERATION_LIMIT, method=GOODS),
    ),
    "token": Kind("Доступ истёк", "Портал не узнаёт бота.", "portal", _portal(FaultKind.EXPIRED_TOKEN)),
    "lost": Kind(
        "Ответы теряются",
        "Портал делает, что просят, но каждый второй ответ пропадает.",
        "portal",
        _portal(FaultKind.DONE_THEN_5XX, 0.5),
    ),
    "telegram": Kind("Telegram медлит", "Каждое сообщение идёт на две секунды дольше.", "telegram", _slow_telegram),
    "queue": Kind(
        "Очередь пропала",
        "Разрешений нет, а выданные потеряются. Забытое подберёт уборка, раз в минуту.",
        "",
        _lost_queue,
    ),
}
"""The switches, in the order of the page."""


class Weather:
    """Which switches are on."""

    def __init__(self, machine: Machine) -> None:
        self._machine = machine
        self._on: dict[str, Off] = {}

    def view(self) -> list[dict[str, object]]:
        """Return the switches that this machine has, and how they stand."""
        return [
            {"name": name, "title": kind.title, "told": kind.told, "on": name in self._on}
            for name, kind in KINDS.items()
            if not kind.needs or getattr(self._machine, kind.needs) is not None
        ]

    def switch(self, name: str, *, on: bool) -> None:
        """Switch one on or off; a second time does nothing. KeyError when there is none of this name."""
        kind = KINDS[name]
        if on and name not in self._on:
            self._on[name] = kind.on(self._machine)
        elif not on and name in self._on:
            self._on.pop(name)()

    def clear(self) -> None:
        """Let the sun shine."""
        for name in list(self._on):
            self.switch(name, on=False)


def crowd(machine: Machine, number: int = CROWD) -> None:
    """Let so many masters come in at once and look for something."""
    if machine.telegram is None:
        raise ValueError("no simulated Telegram")
    for place in range(number):
        user_id = FIRST_OF_CROWD + place
        start = machine.invite(str(user_id)).partition("start=")[2]
        machine.telegram.people.says(user_id, Words(text=f"/start {start}"))
        machine.telegram.people.says(user_id, Words(text=_WISHES[place % len(_WISHES)]))
