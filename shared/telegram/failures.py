"""The failures of the Bot API: what each means, and what to send instead. Pure.

See shared/telegram/README.md, «Sending».
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from enum import Enum
from typing import Any, Final

from shared.telegram.api import (
    AiogramError,
    AnswerInlineQuery,
    CloseForumTopic,
    EditForumTopic,
    EditMessageCaption,
    EditMessageMedia,
    EditMessageText,
    InlineQueryResultArticle,
    InputMediaPhoto,
    ReopenForumTopic,
    SendMessage,
    SendPhoto,
    TelegramAPIError,
    TelegramEntityTooLarge,
    TelegramForbiddenError,
    TelegramMethod,
    TelegramMigrateToChat,
    TelegramNetworkError,
    TelegramRetryAfter,
    TelegramServerError,
    TelegramUnauthorizedError,
)
from shared.telegram.formatting import strip_markup

NETWORK_WAIT: Final = 2.0
SERVER_WAIT: Final = 5.0
UNAUTHORIZED_WAIT: Final = 60.0
"""Nothing is lost while an operator puts the right token in."""


class SendVerdict(Enum):
    """What a failure means, and after `Sender.send` what became of the call."""

    SENT = "sent"
    IGNORED = "ignored"
    """There is nothing left to do: the screen already looks so, the button's time is over, the message is gone."""

    SEND_ANEW = "send_anew"
    """The message to edit is not there any more: the same content goes out as a new one."""

    WITHOUT_PHOTO = "without_photo"
    """The picture was refused: its caption goes out as a text, results of inline mode without theirs."""

    PLAIN = "plain"
    """Our HTML is wrong: once more without markup, and an ERROR in the log because it is our bug."""

    WITHOUT_TOPIC = "without_topic"
    """The operators deleted or closed the topic: the same goes out in the group itself."""

    WITHOUT_REPLY = "without_reply"
    """The message to answer is gone: the answer goes out by itself."""

    MOVED = "moved"
    """The group has become a supergroup: the same goes out to its new id."""

    UNREACHABLE = "unreachable"
    """The person blocked the bot or is gone: no more messages until he writes."""

    LATER = "later"
    """Not now: too many requests, no network, a server in trouble."""

    BROKEN = "broken"
    """It will never go out as it is: an ERROR in the log, and for the dead letters."""


_BY_TEXT: Final[Mapping[str, SendVerdict]] = {
    "message is not modified": SendVerdict.IGNORED,
    "query is too old": SendVerdict.IGNORED,
    "message to delete not found": SendVerdict.IGNORED,
    "message can't be deleted": SendVerdict.IGNORED,
    # Taken back by its author before it was relayed.
    "message to copy not found": SendVerdict.IGNORED,
    "message to forward not found": SendVerdict.IGNORED,
    "message to pin not found": SendVerdict.IGNORED,
    "message to react not found": SendVerdict.IGNORED,
    "topic_not_modified": SendVerdict.IGNORED,
    "message to edit not found": SendVerdict.SEND_ANEW,
    "message can't be edited": SendVerdict.SEND_ANEW,
    "message_id_invalid": SendVerdict.SEND_ANEW,
    # A text screen in the place of a photo card, or the other way round.
    "there is no text in the message to edit": SendVerdict.SEND_ANEW,
    "there is no caption in the message to edit": SendVerdict.SEND_ANEW,
    "message thread not found": SendVerdict.WITHOUT_TOPIC,
    "topic_closed": SendVerdict.WITHOUT_TOPIC,
    "topic_deleted": SendVerdict.WITHOUT_TOPIC,
    "topic_id_invalid": SendVerdict.WITHOUT_TOPIC,
    "message to be replied not found": SendVerdict.WITHOUT_REPLY,
    "wrong file identifier": SendVerdict.WITHOUT_PHOTO,
    "wrong remote file identifier": SendVerdict.WITHOUT_PHOTO,
    "failed to get http url content": SendVerdict.WITHOUT_PHOTO,
    "wrong type of the web page content": SendVerdict.WITHOUT_PHOTO,
    "photo_invalid_dimensions": SendVerdict.WITHOUT_PHOTO,
    "image_process_failed": SendVerdict.WITHOUT_PHOTO,
    # Of the small picture beside a result of inline mode.
    "webdocument_": SendVerdict.WITHOUT_PHOTO,
    "wc_convert_url_invalid": SendVerdict.WITHOUT_PHOTO,
    "can't parse entities": SendVerdict.PLAIN,
    "chat not found": SendVerdict.UNREACHABLE,
    "peer_id_invalid": SendVerdict.UNREACHABLE,
    "user is deactivated": SendVerdict.UNREACHABLE,
    # A 429 whose body does not say how long.
    "too many requests": SendVerdict.LATER,
}
"""Beginnings of the Bot API's descriptions without «Bad Request: », in lower case."""

_NOTHING_LOST: Final = frozenset({SendVerdict.SEND_ANEW, SendVerdict.WITHOUT_TOPIC})
"""Without a substitute there was no content: new buttons of a message, or a name for a topic, that is gone."""

_WAITS: Final[tuple[tuple[type[AiogramError], float], ...]] = (
    (TelegramServerError, SERVER_WAIT),
    (TelegramNetworkError, NETWORK_WAIT),
    (TelegramUnauthorizedError, UNAUTHORIZED_WAIT),
)


def verdict(method: TelegramMethod[Any], error: AiogramError) -> SendVerdict:
    """Return what `error`, raised by `method`, means.

    An answer that can't be read (ClientDecodeError) may be a success in a shape that is new to aiogram; repeated, the
    same message would arrive again and again. So it is BROKEN, as is every refusal that has no line of its own.
    """
    if isinstance(error, TelegramForbiddenError):
        return SendVerdict.UNREACHABLE
    if isinstance(error, TelegramMigrateToChat):
        return SendVerdict.MOVED if moved_to(method, error.migrate_to_chat_id) else SendVerdict.BROKEN
    if isinstance(error, TelegramEntityTooLarge):
        # aiogram counts it among the network errors, but no waiting makes a file smaller.
        return SendVerdict.BROKEN
    if isinstance(error, (TelegramRetryAfter, *(kind for kind, _ in _WAITS))):
        return SendVerdict.LATER
    meant = _by_text(error)
    if meant in SUBSTITUTES and SUBSTITUTES[meant](method) is None:
        return SendVerdict.IGNORED if meant in _NOTHING_LOST else SendVerdict.BROKEN
    return meant


def _by_text(error: AiogramError) -> SendVerdict:
    """Return what the description says; BROKEN if it is not in the table."""
    if not isinstance(error, TelegramAPIError):
        return SendVerdict.BROKEN
    text = (error.message or "").casefold().removeprefix("bad request: ")
    return next((meaning for start, meaning in _BY_TEXT.items() if text.startswith(start)), SendVerdict.BROKEN)


def wait_of(error: AiogramError) -> float:
    """Return after how many seconds a call that failed with `error` (a LATER) should be tried again."""
    if isinstance(error, TelegramRetryAfter):
        return float(error.retry_after)
    return next((seconds for kind, seconds in _WAITS if isinstance(error, kind)), SERVER_WAIT)


def anew(method: TelegramMethod[Any]) -> TelegramMethod[Any] | None:
    """Return what an edit would have shown as a new message, or None if it has no content or no chat of its own.

    An edited caption does not know its picture, so its words go out as a text.
    """
    match method:
        case EditMessageText(chat_id=int() | str() as chat, text=str() as text):
            return SendMessage(
                chat_id=chat,
                text=text,
                parse_mode=method.parse_mode,
                entities=method.entities,
                link_preview_options=method.link_preview_options,
                reply_markup=method.reply_markup,
            )
        case EditMessageCaption(chat_id=int() | str() as chat, caption=str() as caption):
            return SendMessage(
                chat_id=chat,
                text=caption,
                parse_mode=method.parse_mode,
                entities=method.caption_entities,
                reply_markup=method.reply_markup,
            )
        case EditMessageMedia(chat_id=int() | str() as chat, media=InputMediaPhoto() as photo):
            return _photo_anew(chat, photo, method)
    return None


def _photo_anew(chat: int | str, photo: InputMediaPhoto, edit: EditMessageMedia) -> SendPhoto:
    return SendPhoto(
        chat_id=chat,
        photo=photo.media,
        caption=photo.caption,
        parse_mode=photo.parse_mode,
        caption_entities=photo.caption_entities,
        reply_markup=edit.reply_markup,
    )


def without_photo(method: TelegramMethod[Any]) -> TelegramMethod[Any] | None:
    """Return the caption of a photo as a text message, results as bare ones, or None if there is nothing of either."""
    photo = anew(method) if isinstance(method, EditMessageMedia) else method
    match photo:
        case AnswerInlineQuery(results=results) if any(map(_has_thumbnail, results)):
            bare = [
                item.model_copy(update={"thumbnail_url": None}) if _has_thumbnail(item) else item for item in results
            ]
            return photo.model_copy(update={"results": bare})
        case SendPhoto(caption=str() as caption):
            return SendMessage(
                chat_id=photo.chat_id,
                text=caption,
                parse_mode=photo.parse_mode,
                entities=photo.caption_entities,
                reply_markup=photo.reply_markup,
            )
    return None


def _has_thumbnail(result: object) -> bool:
    return isinstance(result, InlineQueryResultArticle) and result.thumbnail_url is not None


def without_topic(method: TelegramMethod[Any]) -> TelegramMethod[Any] | None:
    """Return the same message for the group itself, or None if the call is about the topic and no message."""
    match method:
        case CloseForumTopic() | EditForumTopic() | ReopenForumTopic():
            return None
    return _without(method, "message_thread_id")


def moved_to(method: TelegramMethod[Any], chat_id: int) -> TelegramMethod[Any] | None:
    """Return the same call for another chat, or None if it names none."""
    known = getattr(method, "chat_id", None)
    return method.model_copy(update={"chat_id": chat_id}) if isinstance(known, int) else None


def without_reply(method: TelegramMethod[Any]) -> TelegramMethod[Any] | None:
    """Return the same message as no answer to another, or None if it was none."""
    return _without(method, "reply_parameters")


def _without(method: TelegramMethod[Any], field: str) -> TelegramMethod[Any] | None:
    """Return the call without an optional field, or None if it was not said."""
    return None if getattr(method, field, None) is None else method.model_copy(update={field: None})


def plain(method: TelegramMethod[Any]) -> TelegramMethod[Any] | None:
    """Return the same call with its words free of markup, or None if it has no words."""
    match method:
        case SendMessage(text=str() as text) | EditMessageText(text=str() as text):
            return method.model_copy(update={"text": strip_markup(text), "parse_mode": None})
        case SendPhoto(caption=str() as caption) | EditMessageCaption(caption=str() as caption):
            return method.model_copy(update={"caption": strip_markup(caption), "parse_mode": None})
        case EditMessageMedia(media=InputMediaPhoto(caption=str() as caption) as photo):
            bare = photo.model_copy(update={"caption": strip_markup(caption), "parse_mode": None})
            return method.model_copy(update={"media": bare})
    return None


SUBSTITUTES: Final[Mapping[SendVerdict, Callable[[TelegramMethod[Any]], TelegramMethod[Any] | None]]] = {
    SendVerdict.SEND_ANEW: anew,
    SendVerdict.WITHOUT_PHOTO: without_photo,
    SendVerdict.WITHOUT_TOPIC: without_topic,
    SendVerdict.WITHOUT_REPLY: without_reply,
    SendVerdict.PLAIN: plain,
}
"""What to send instead, for the verdicts that mean «not so, but otherwise»."""
