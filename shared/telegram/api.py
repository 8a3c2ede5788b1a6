"""The names of aiogram that this project uses; the only module that imports from aiogram (a test checks it).

One door has two reasons: `lazy_aiogram` must run before the first import of aiogram, and the list below is what has to
be looked at when aiogram is upgraded. Whoever needs another name adds it here.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

# Must run before anything of aiogram is imported, so it stands apart from the sorted imports.
from shared.telegram.lazy_aiogram import LOADED

# isort: split
from aiogram import BaseMiddleware, Bot, Dispatcher, F, Router, methods
from aiogram.client.default import Default, DefaultBotProperties
from aiogram.client.session.base import BaseSession
from aiogram.client.telegram import TelegramAPIServer
from aiogram.dispatcher.event.bases import UNHANDLED, SkipHandler
from aiogram.enums import ChatAction, ChatType, ContentType, ParseMode
from aiogram.exceptions import (
    AiogramError,
    ClientDecodeError,
    DetailedAiogramError,
    RestartingTelegram,
    TelegramAPIError,
    TelegramBadRequest,
    TelegramConflictError,
    TelegramEntityTooLarge,
    TelegramForbiddenError,
    TelegramMigrateToChat,
    TelegramNetworkError,
    TelegramNotFound,
    TelegramRetryAfter,
    TelegramServerError,
    TelegramUnauthorizedError,
)
from aiogram.filters import Command, CommandObject, CommandStart, ExceptionTypeFilter, Filter, MagicData, StateFilter
from aiogram.filters.callback_data import CallbackData
from aiogram.fsm.context import FSMContext
from aiogram.fsm.state import State, StatesGroup
from aiogram.fsm.storage.base import BaseEventIsolation, BaseStorage, StateType, StorageKey
from aiogram.methods import (
    AnswerCallbackQuery,
    AnswerInlineQuery,
    DeleteMessage,
    DeleteWebhook,
    EditMessageCaption,
    EditMessageMedia,
    EditMessageReplyMarkup,
    EditMessageText,
    GetFile,
    GetMe,
    GetMyCommands,
    GetUpdates,
    GetWebhookInfo,
    SendChatAction,
    SendMediaGroup,
    SendMessage,
    SendPhoto,
    SetMessageReaction,
    SetMyCommands,
    SetMyDescription,
    SetMyShortDescription,
    SetWebhook,
    TelegramMethod,
)
from aiogram.methods.base import Response, TelegramType
from aiogram.types import (
    BotCommand,
    BufferedInputFile,
    CallbackQuery,
    Chat,
    ChatMemberUpdated,
    ChosenInlineResult,
    Contact,
    CopyTextButton,
    Document,
    ErrorEvent,
    File,
    ForceReply,
    InaccessibleMessage,
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    InlineQuery,
    InlineQueryResultArticle,
    InputFile,
    InputMediaPhoto,
    InputTextMessageContent,
    KeyboardButton,
    LinkPreviewOptions,
    Location,
    Message,
    PhotoSize,
    ReplyKeyboardMarkup,
    ReplyKeyboardRemove,
    TelegramObject,
    Update,
    User,
    WebhookInfo,
)
from aiogram.utils.keyboard import InlineKeyboardBuilder, ReplyKeyboardBuilder

METHODS: Final[Mapping[str, type[TelegramMethod[Any]]]] = {
    method.__api_method__: method
    for method in (getattr(methods, name) for name in methods.__all__)
    if issubclass(method, TelegramMethod) and method is not TelegramMethod
}
"""Every method of the Bot API by the name it has in a URL: `sendMessage` → `SendMessage`."""

__all__ = [
    "LOADED",
    "METHODS",
    "UNHANDLED",
    "AiogramError",
    "AnswerCallbackQuery",
    "AnswerInlineQuery",
    "BaseEventIsolation",
    "BaseMiddleware",
    "BaseSession",
    "BaseStorage",
    "Bot",
    "BotCommand",
    "BufferedInputFile",
    "CallbackData",
    "CallbackQuery",
    "Chat",
    "ChatAction",
    "ChatMemberUpdated",
    "ChatType",
    "ChosenInlineResult",
    "ClientDecodeError",
    "Command",
    "CommandObject",
    "CommandStart",
    "Contact",
    "ContentType",
    "CopyTextButton",
    "Default",
    "DefaultBotProperties",
    "DeleteMessage",
    "DeleteWebhook",
    "DetailedAiogramError",
    "Dispatcher",
    "Document",
    "EditMessageCaption",
    "EditMessageMedia",
    "EditMessageReplyMarkup",
    "EditMessageText",
    "ErrorEvent",
    "ExceptionTypeFilter",
    "F",
    "FSMContext",
    "File",
    "Filter",
    "ForceReply",
    "GetFile",
    "GetMe",
    "GetMyCommands",
    "GetUpdates",
    "GetWebhookInfo",
    "InaccessibleMessage",
    "InlineKeyboardBuilder",
    "InlineKeyboardButton",
    "InlineKeyboardMarkup",
    "InlineQuery",
    "InlineQueryResultArticle",
    "InputFile",
    "InputMediaPhoto",
    "InputTextMessageContent",
    "KeyboardButton",
    "LinkPreviewOptions",
    "Location",
    "MagicData",
    "Message",
    "ParseMode",
    "PhotoSize",
    "ReplyKeyboardBuilder",
    "ReplyKeyboardMarkup",
    "ReplyKeyboardRemove",
    "Response",
    "RestartingTelegram",
    "Router",
    "SendChatAction",
    "SendMediaGroup",
    "SendMessage",
    "SendPhoto",
    "SetMessageReaction",
    "SetMyCommands",
    "SetMyDescription",
    "SetMyShortDescription",
    "SetWebhook",
    "SkipHandler",
    "State",
    "StateFilter",
    "StateType",
    "StatesGroup",
    "StorageKey",
    "TelegramAPIError",
    "TelegramAPIServer",
    "TelegramBadRequest",
    "TelegramConflictError",
    "TelegramEntityTooLarge",
    "TelegramForbiddenError",
    "TelegramMethod",
    "TelegramMigrateToChat",
    "TelegramNetworkError",
    "TelegramNotFound",
    "TelegramObject",
    "TelegramRetryAfter",
    "TelegramServerError",
    "TelegramType",
    "TelegramUnauthorizedError",
    "Update",
    "User",
    "WebhookInfo",
]
