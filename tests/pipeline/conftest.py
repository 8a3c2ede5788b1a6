"""Fixtures of the pipeline's tests."""

from __future__ import annotations

import pytest

from tests.pipeline.bench import Bench
from tests.support.stores import no_waiting

__all__ = ["no_waiting"]


@pytest.fixture
def bench() -> Bench:
    return Bench()
