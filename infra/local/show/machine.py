"""The running sandbox as the machine room, the weather and the stories see it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from infra.local.cloud_tasks.emulator import CloudTasksEmulator
from infra.local.portal.app import Portal
from infra.local.show.recorder import Recorder
from infra.local.telegram.sim import TelegramSim
from shared.store.port import Store


@dataclass(frozen=True)
class Machine:
    """The parts of one sandbox. `portal` and `telegram` are None where others than the simulators are used.

    `bitrix_queue` is the full name of the queue of permits; `invite` makes a link by which one more buyer comes in;
    `secrets` are what never leaves the process; `telegram_url` is where people's acts are taken;
    `store` is the functions' own. `swap` begins the whole sandbox anew in the other `dialect`, where that can be.
    """

    recorder: Recorder
    queue: CloudTasksEmulator
    bitrix_queue: str
    portal: Portal | None
    telegram: TelegramSim | None
    telegram_url: str
    invite: Callable[[str], str]
    secrets: tuple[str, ...]
    store: Callable[[], Store]
    dialect: str
    swap: Callable[[], None] | None

    def now(self) -> datetime:
        """Return the sandbox's present moment."""
        return self.recorder.now()
