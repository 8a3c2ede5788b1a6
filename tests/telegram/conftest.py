from collections.abc import AsyncIterator

import httpx
import pytest

from shared.telegram.api import Bot
from shared.telegram.session import make_bot
from tests.support.telegram import BASE, TOKEN, BotApi


@pytest.fixture
def bot_api() -> BotApi:
    return BotApi()


@pytest.fixture
async def bot(bot_api: BotApi) -> AsyncIterator[Bot]:
    async with httpx.AsyncClient(transport=httpx.MockTransport(bot_api)) as http:
        yield make_bot(TOKEN, BASE, http)
