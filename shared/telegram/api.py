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
from aiogram import Bot, Dispatcher, F, Router, methods
from aiogram.client.default import Default, DefaultBotProperties
from aiogram.client.session.base import BaseSession
from aiogram.client.telegram import TelegramAPIServer
from aiogram.enums import ChatAction, ParseMode
from aiogram.exceptions import (
    AiogramError,
    ClientDecodeError,
    DetailedAiogramError,
    TelegramAPIError,
    TelegramEntityTooLarge,
    TelegramForbiddenError,
    TelegramMigrateToChat,
    TelegramNetworkError,
    TelegramRetryAfter,
    TelegramServerError,
    TelegramUnauthorizedError,
)
from aiogram.filters import Command, CommandObject, CommandStart
from aiogram.filters.callback_data import CallbackData
from aiogram.fsm.context import FSMContext
from aiogram.fsm.state import State, StatesGroup
from aiogram.fsm.storage.base import BaseStorage, StateType, StorageKey
from aiogram.methods import (
    AnswerCallbackQuery,
    AnswerInlineQuery,
    CloseForumTopic,
    CopyMessage,
    CreateForumTopic,
    DeleteMessage,
    EditForumTopic,
    EditMessageCaption,
    EditMessageMedia,
    EditMessageReplyMarkup,
    EditMessageText,
    GetChat,
    GetChatMember,
    GetFile,
    GetMe,
    GetWebhookInfo,
    ReopenForumTopic,
    SendChatAction,
    SendMessage,
    SendPhoto,
    TelegramMethod,
)
from aiogram.methods.base import TelegramType
from aiogram.types import (
    BufferedInputFile,
    CallbackQuery,
    CopyTextButton,
    Document,
    ForumTopic,
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    InlineQueryResultArticle,
    InlineQueryResultsButton,
    InputFile,
    InputMediaPhoto,
    InputTextMessageContent,
    KeyboardButton,
    LinkPreviewOptions,
    Location,
    Message,
    MessageId,
    ReplyKeyboardMarkup,
    ReplyKeyboardRemove,
    Update,
    User,
    Venue,
    WebhookInfo,
)

METHODS: Final[Mapping[str, type[TelegramMethod[Any]]]] = {
    method.__api_method__: method
    for method in (getattr(methods, name) for name in methods.__all__)
    if issubclass(method, TelegramMethod) and method is not TelegramMethod
}
"""Every method of the Bot API by the name it has in a URL: `sendMessage` → `SendMessage`."""
