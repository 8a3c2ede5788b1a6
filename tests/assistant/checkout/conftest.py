import pytest

from shared.domain import carts
from tests.assistant.samples import CART, USER
from tests.assistant.stage import Stage as Theatre


@pytest.fixture
async def shop(stage: Theatre) -> Theatre:
    """A master with a full cart."""
    await stage.save(carts.key(USER), lambda unit: carts.save(unit, USER, CART))
    return stage
