"""One seed for all dice. Another one: `EXACTLY_ONCE_SEED=7 pytest tests/chaos`.

With some seeds a master's check before the order meets three faults in a row, all the tries a read has; he is told so,
truthfully, and the test, which wants all 300 orders, fails. The default seed spends nobody's tries.
"""

# ruff: noqa: S311 - test dice are not cryptography

import os
import random
import uuid

import pytest

from shared.store import unit_of_work


@pytest.fixture
def dice(monkeypatch: pytest.MonkeyPatch) -> random.Random:
    """The dice of the test; those of the code under test are made of the same seed."""
    seed = int(os.environ.get("EXACTLY_ONCE_SEED", "1"))
    print(f"EXACTLY_ONCE_SEED={seed}")  # noqa: T201 - pytest shows it when the test fails
    ids = random.Random(seed + 1)
    monkeypatch.setattr(uuid, "uuid4", lambda: uuid.UUID(int=ids.getrandbits(128), version=4))
    monkeypatch.setattr(unit_of_work, "_dice", random.Random(seed + 2))
    random.seed(seed + 3)
    return random.Random(seed)
