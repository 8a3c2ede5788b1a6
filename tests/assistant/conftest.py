import pytest

from tests.assistant.stage import Stage


@pytest.fixture
def empty_stage() -> Stage:
    """A bot nobody was let into yet."""
    return Stage()


@pytest.fixture
async def stage() -> Stage:
    """A bot with one master, Иван."""
    stage = Stage()
    await stage.join()
    return stage
