"""A portal that keeps orders, and the client speaks to it."""

import pytest

from tests.support.portal import OrderPortal


@pytest.fixture
def fake() -> OrderPortal:
    return OrderPortal()


@pytest.fixture
def portal(fake: OrderPortal) -> OrderPortal:
    return fake
