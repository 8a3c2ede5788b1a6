"""The names of aiogram that tests use and the product does not: what only a command, a person or another bot would say.

`shared.telegram.api` comes first: aiogram is loaded as the product loads it.
"""

from shared.telegram import api

# isort: split
from aiogram.exceptions import TelegramBadRequest
from aiogram.methods import (
    DeleteWebhook,
    GetUpdates,
    SendDocument,
    SendMediaGroup,
    SetChatMenuButton,
    SetMyCommands,
    SetMyDescription,
    SetWebhook,
)
from aiogram.types import BotCommand, BotCommandScopeChat, InlineQueryResultPhoto, MenuButtonCommands, ReplyParameters

assert api.METHODS

__all__ = [
    "BotCommand",
    "BotCommandScopeChat",
    "DeleteWebhook",
    "GetUpdates",
    "InlineQueryResultPhoto",
    "MenuButtonCommands",
    "ReplyParameters",
    "SendDocument",
    "SendMediaGroup",
    "SetChatMenuButton",
    "SetMyCommands",
    "SetMyDescription",
    "SetWebhook",
    "TelegramBadRequest",
]
