"""Fixtures of the pipeline's tests."""

from __future__ import annotations

import pytest

from shared.pipeline import inbox
from shared.store import unit_of_work
from tests.pipeline.bench import Bench


@pytest.fixture(autouse=True)
def _no_waiting(monkeypatch: pytest.MonkeyPatch) -> None:
    """Decisions are repeated and records looked at again at once: the pauses between are real time."""
    monkeypatch.setattr(unit_of_work, "back_off", lambda _: 0.0)
    monkeypatch.setattr(inbox, "LOOK", 0.0)


@pytest.fixture
def bench() -> Bench:
    return Bench()
