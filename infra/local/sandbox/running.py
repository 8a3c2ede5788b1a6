"""The sandbox until it is told to stop; anew with the other dialect whenever somebody wants that."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping

from infra.local.sandbox.options import SandboxOptions
from infra.local.sandbox.sandbox import Progress, Sandbox

OTHER = {"contract": "native", "native": "contract"}


async def run(
    options: SandboxOptions,
    given: Mapping[str, str],
    stopping: asyncio.Event,
    greet: Callable[[Sandbox], None],
    progress: Progress,
) -> None:
    """Run sandboxes at the same ports, one after the other, until `stopping`. What the last one knew is forgotten."""
    settings = dict(given)
    while not stopping.is_set():
        sandbox = Sandbox(options, settings, progress)
        await sandbox.start()
        try:
            greet(sandbox)
            await _first_of(stopping, sandbox.swapping)
        finally:
            progress("stopping")
            await sandbox.stop()
        settings["BITRIX_DIALECT"] = OTHER[sandbox.variables["BITRIX_DIALECT"]]


async def _first_of(*events: asyncio.Event) -> None:
    waits = [asyncio.create_task(event.wait()) for event in events]
    try:
        await asyncio.wait(waits, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for wait in waits:
            wait.cancel()
