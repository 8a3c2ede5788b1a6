"""Running sandboxes: one per module."""

from collections.abc import AsyncIterator
from uuid import uuid4

import pytest
import pytest_asyncio

from tests.support.sandbox import World, running_world


@pytest_asyncio.fixture(scope="module", loop_scope="module", params=["contract", "native"])
async def both_worlds(request: pytest.FixtureRequest) -> AsyncIterator[World]:
    """A sandbox of each dialect: what a master sees is the same."""
    async with running_world({"BITRIX_DIALECT": request.param}) as running:
        yield running


TABLE_ALONE = {"spec_only": True}
"""A portal that offers the spec's table and not one method more (spec §2)."""


@pytest_asyncio.fixture(scope="module", loop_scope="module", params=["contract", "native", "table"])
async def every_world(request: pytest.FixtureRequest) -> AsyncIterator[World]:
    """A sandbox of each dialect, and one whose portal offers the spec's table alone."""
    alone = request.param == "table"
    given = {"BITRIX_DIALECT": "contract" if alone else request.param}
    async with running_world(given, portal=TABLE_ALONE if alone else None) as running:
        yield running


@pytest_asyncio.fixture(
    scope="module",
    loop_scope="module",
    params=[
        pytest.param(("contract", "memory"), id="contract-memory"),
        pytest.param(("native", "memory"), id="native-memory"),
        pytest.param(("table", "memory"), id="table-memory"),
        pytest.param(("native", "firestore"), id="native-firestore", marks=pytest.mark.emulator),
    ],
)
async def any_world(request: pytest.FixtureRequest) -> AsyncIterator[World]:
    """A sandbox of each dialect, and one on Firestore, with a project of its own.

    Not of each pair: no dialect reaches the store but through the same records, and Firestore's share of a conversation
    is three times all else.
    """
    dialect, store = request.param
    alone = dialect == "table"
    given = {"BITRIX_DIALECT": "contract" if alone else dialect}
    if store == "firestore":
        given |= {
            "STORE": "firestore",
            "FIRESTORE_EMULATOR_HOST": request.getfixturevalue("firestore_host"),
            "GOOGLE_CLOUD_PROJECT": f"test-{uuid4().hex[:12]}",
        }
    async with running_world(given, portal=TABLE_ALONE if alone else None) as running:
        yield running
