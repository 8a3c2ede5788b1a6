"""Fixtures of the pipeline's tests."""

import pytest

from tests.pipeline.bench import Bench
from tests.support.stores import no_waiting

__all__ = ["no_waiting"]


@pytest.fixture
def bench() -> Bench:
    return Bench()
