"""The theatre: plays one story at a time, at a speed one can follow."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from typing import Any

import httpx

from infra.local.show.machine import Machine
from infra.local.show.stage import Stage, StoryError
from infra.local.show.stories import STORIES
from infra.local.telegram.person import NotSeenError

log = logging.getLogger(__name__)

BREATH = 1.6
"""Real seconds before each act."""

PATIENCE = 240.0
"""Real seconds people of a story wait for a screen: it may be bad weather, and a busy machine."""


class Theatre:
    """What is played now, and how it stands: `playing`, `ended` or `failed`."""

    def __init__(self, machine: Machine) -> None:
        self._machine = machine
        self._task: asyncio.Task[None] | None = None
        self._stage: Stage | None = None
        self._name = ""
        self._state = ""
        self._trouble = ""
        self.changes = 0

    @property
    def open(self) -> bool:
        """Whether stories can be played here: only with both simulators."""
        return self._machine.portal is not None and self._machine.telegram is not None

    def bill(self) -> list[dict[str, str]]:
        """Return what can be played."""
        return [{"name": name, "title": one.title, "about": one.about} for name, one in STORIES.items() if self.open]

    def view(self) -> dict[str, Any]:
        """Return the story that is on, or was last."""
        stage = self._stage
        return {
            "name": self._name,
            "state": self._state,
            "trouble": self._trouble,
            "told": stage.told if stage else [],
            "proved": stage.proved if stage else [],
            "people": [{"id": user_id, "name": name} for user_id, name in stage.people] if stage else [],
        }

    async def play(self, name: str) -> None:
        """Begin a story; the one that is on ends at once. KeyError when there is none of this name."""
        story = STORIES[name]
        await self.stop()
        self._name, self._state, self._trouble = name, "playing", ""
        self._touch()
        self._task = asyncio.create_task(self._run(story.play, BREATH))

    async def stop(self) -> None:
        """End the story that is on."""
        task, self._task = self._task, None
        if task is not None and not task.done():
            task.cancel()
            await asyncio.wait([task])
            self._state = "stopped"
            self._touch()

    async def _run(self, play: Callable[[Stage], Awaitable[None]], breath: float) -> None:
        async with httpx.AsyncClient() as http:
            self._stage = Stage(self._machine, http, breath=breath, patience=PATIENCE, changed=self._touch)
            try:
                await play(self._stage)
                self._state = "ended"
            except StoryError as error:
                self._state, self._trouble = "failed", str(error)
            except NotSeenError as error:
                log.warning("a story did not go on: %s", error)
                self._state, self._trouble = "failed", "Бот не ответил так, как ждали."
            finally:
                self._stage.shop.leaves()
                self._touch()

    def _touch(self) -> None:
        self.changes += 1
