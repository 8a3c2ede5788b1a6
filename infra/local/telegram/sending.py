"""Bot API methods that put new messages into a chat."""

from datetime import timedelta
from math import ceil
from typing import Any

from infra.local.telegram.content import caption, caption_of, document_of, find_photo, message_text
from infra.local.telegram.core import Core, Method
from infra.local.telegram.errors import ApiError, bad_request, too_many_requests
from infra.local.telegram.files import StoredFile
from infra.local.telegram.markup import read_markup
from infra.local.telegram.params import Params, whole_number
from infra.local.telegram.state import Chat, Message
from infra.local.telegram.text import Formatted
from infra.local.telegram.topics import chat_named, thread_of

ACTIONS = {
    "typing",
    "upload_photo",
    "record_video",
    "upload_video",
    "record_voice",
    "upload_voice",
    "upload_document",
    "choose_sticker",
    "find_location",
    "record_video_note",
    "upload_video_note",
}
MIN_GROUP = 2
MAX_GROUP = 10
ACTIONS_KEPT = 50
MAX_LATITUDE, MAX_LONGITUDE = 90, 180


def message_named(chat: Chat, params: Params, what: str) -> Message:
    """The message a call speaks of; ApiError «<what> not found» or «message identifier is not specified»."""
    message_id = whole_number(params.text("message_id")) or 0
    if message_id <= 0:
        raise bad_request("message identifier is not specified")
    if message_id not in chat.messages:
        raise bad_request(f"{what} not found")
    return chat.messages[message_id]


def chat_to_write(core: Core, params: Params) -> Chat:
    """The chat of a new message; ApiError 403 when its person has not started the bot or has blocked it."""
    chat = chat_named(core.world, params)
    if chat.private:
        user = core.world.user(chat.id)
        if user.blocked:
            raise ApiError(403, "Forbidden: bot was blocked by the user")
        if not user.started:
            raise ApiError(403, "Forbidden: bot can't initiate conversation with a user")
    return chat


def count(core: Core, chat: Chat, messages: int = 1) -> None:
    """Refuse with 429 what is over the limit of the chat, or count it."""
    limit = core.options.chat_limit
    if limit is None:
        return
    now = core.clock.now()
    window = timedelta(seconds=limit.seconds)
    chat.sent_at = [moment for moment in chat.sent_at if moment > now - window]
    if len(chat.sent_at) + messages > limit.messages:
        free_at = (chat.sent_at[0] if chat.sent_at else now) + window
        raise too_many_requests(max(1, ceil((free_at - now).total_seconds())))
    chat.sent_at += [now] * messages


def _reply_to(chat: Chat, params: Params) -> int | None:
    given = params.structure("reply_parameters", "reply parameters") or {}
    if not isinstance(given, dict):
        raise bad_request("object expected as reply parameters")
    message_id = given.get("message_id") or whole_number(params.text("reply_to_message_id"))
    lenient = given.get("allow_sending_without_reply") or params.flag("allow_sending_without_reply")
    if not message_id:
        return None
    if message_id not in chat.messages:
        if lenient:
            return None
        raise bad_request("message to be replied not found")
    return int(message_id)


def new_message(core: Core, chat: Chat, params: Params, content: Formatted) -> Message:
    """A message of the bot that is not yet in its chat."""
    return Message(
        id=core.world.next_id(),
        chat_id=chat.id,
        author="bot",
        sender_id=core.options.bot_id,
        date=core.clock.now(),
        content=content,
        reply_to=_reply_to(chat, params),
        thread_id=thread_of(chat, params),
        silent=params.flag("disable_notification"),
        protected=params.flag("protect_content"),
    )


async def _send(core: Core, params: Params, content: Formatted, media: str = "") -> object:
    """A message with the file that the argument `media` means, a photo or a document, or without one."""
    chat = chat_to_write(core, params)
    markup = read_markup(params, private=chat.private)
    reference, upload = params.text(media), params.upload(media)
    photo = await find_photo(core, params, reference, upload) if media == "photo" else None
    document = document_of(core, reference, upload) if media == "document" else None
    message = new_message(core, chat, params, content)
    count(core, chat)
    message.markup, message.photo, message.document = markup, photo, document
    return core.objects.message(core.world.add(message))


async def send_message(core: Core, params: Params) -> object:
    """Bot API sendMessage."""
    return await _send(core, params, message_text(params))


async def send_photo(core: Core, params: Params) -> object:
    """Bot API sendPhoto."""
    return await _send(core, params, caption_of(params), "photo")


async def send_document(core: Core, params: Params) -> object:
    """Bot API sendDocument."""
    return await _send(core, params, caption_of(params), "document")


async def send_location(core: Core, params: Params) -> object:
    """Bot API sendLocation of a point."""
    try:
        latitude, longitude = float(params.text("latitude")), float(params.text("longitude"))
    except ValueError as error:
        raise bad_request("location is empty or invalid") from error
    if not (-MAX_LATITUDE <= latitude <= MAX_LATITUDE and -MAX_LONGITUDE <= longitude <= MAX_LONGITUDE):
        raise bad_request("location is empty or invalid")
    chat = chat_to_write(core, params)
    message = new_message(core, chat, params, Formatted())
    message.markup = read_markup(params, private=chat.private)
    count(core, chat)
    message.location = {"latitude": latitude, "longitude": longitude}
    return core.objects.message(core.world.add(message))


async def send_media_group(core: Core, params: Params) -> object:
    """Bot API sendMediaGroup of 2–10 photos, or of 2–10 documents."""
    media = params.structure("media", "media")
    if not isinstance(media, list):
        raise bad_request("expected an Array of InputMedia")
    if not MIN_GROUP <= len(media) <= MAX_GROUP:
        raise bad_request("too few or too many messages to send as an album: expected 2-10 items")
    if len({input_media(item).get("type") for item in media}) > 1:
        raise bad_request("document can't be mixed with other media types")
    chat = chat_to_write(core, params)
    group = str(core.world.next_id())
    messages = []
    for item in media:
        message = new_message(core, chat, params, input_caption(item))
        if item.get("type") == "document":
            reference = str(item.get("media") or "")
            message.document = document_of(core, reference, params.attached(reference))
        else:
            message.photo = await input_photo(core, params, item)
        message.media_group_id = group
        messages.append(message)
    count(core, chat, len(messages))
    return [core.objects.message(core.world.add(message)) for message in messages]


def input_media(item: object) -> dict[str, Any]:
    """An `InputMedia`, which must be an object."""
    if not isinstance(item, dict):
        raise bad_request("can't parse InputMedia: expected an Object")
    return item


def input_caption(item: dict[str, Any]) -> Formatted:
    """Caption of an `InputMediaPhoto`."""
    return caption(str(item.get("caption") or ""), str(item.get("parse_mode") or ""), item.get("caption_entities"))


async def input_photo(core: Core, params: Params, item: dict[str, Any]) -> StoredFile:
    """Picture of an `InputMediaPhoto`."""
    if item.get("type") != "photo":
        raise bad_request(f'can\'t parse InputMedia: type "{item.get("type", "")}" is unsupported')
    reference = item.get("media")
    if not isinstance(reference, str) or not reference:
        raise bad_request("can't parse InputMedia: media not found")
    return await find_photo(core, params, reference, None)


async def send_chat_action(core: Core, params: Params) -> object:
    """Bot API sendChatAction."""
    chat = chat_to_write(core, params)
    if params.text("action").lower() not in ACTIONS:
        raise bad_request("wrong parameter action in request")
    chat.actions.append({"action": params.text("action").lower(), "date": core.clock.now()})
    del chat.actions[:-ACTIONS_KEPT]
    core.world.touch()
    return True


METHODS: dict[str, Method] = {
    "sendmessage": send_message,
    "sendphoto": send_photo,
    "senddocument": send_document,
    "sendlocation": send_location,
    "sendmediagroup": send_media_group,
    "sendchataction": send_chat_action,
}
