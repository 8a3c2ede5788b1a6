"""A bot's function as tutorials write it: everything imported at the top, the plain framework, a loop per request.

It answers `/start` and remembers nothing, so it does less than ours. Google's clients are imported and not used, as
they are in a function that meets no work yet.
"""

from __future__ import annotations

import asyncio
import os

import flask
import functions_framework
from aiogram import Bot, Dispatcher
from aiogram.client.session.aiohttp import AiohttpSession
from aiogram.client.telegram import TelegramAPIServer
from aiogram.filters import CommandStart
from aiogram.types import Message, Update
from google.cloud import firestore, secretmanager, tasks_v2

CLIENTS = (firestore.AsyncClient, tasks_v2.CloudTasksAsyncClient, secretmanager.SecretManagerServiceAsyncClient)
"""What such a function would go on to use."""

dispatcher = Dispatcher()


@dispatcher.message(CommandStart())
async def start(message: Message) -> None:
    """Greet."""
    await message.answer("Здравствуйте!")


@functions_framework.http
def by_the_book(request: flask.Request) -> str:
    """Handle one update."""
    asyncio.run(_feed(Update.model_validate(request.get_json())))
    return "ok"


async def _feed(update: Update) -> None:
    session = AiohttpSession(api=TelegramAPIServer.from_base(os.environ["TELEGRAM_API_BASE"]))
    async with Bot(os.environ["TELEGRAM_BOT_TOKEN"], session=session) as bot:
        await dispatcher.feed_update(bot, update)
