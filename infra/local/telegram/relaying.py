"""Bot API methods that carry messages from one chat to another."""

import json
from collections.abc import Callable

from infra.local.telegram.content import caption_of
from infra.local.telegram.core import Core, Method
from infra.local.telegram.errors import bad_request
from infra.local.telegram.markup import read_markup
from infra.local.telegram.params import Params
from infra.local.telegram.sending import chat_to_write, count, message_named, new_message
from infra.local.telegram.state import Chat, Message
from infra.local.telegram.topics import chat_named

MAX_BATCH = 100


def _source(core: Core, params: Params, verb: str) -> Message:
    """The message to carry; ApiError when it is gone, a service message, or protected from it."""
    original = message_named(chat_named(core.world, params, "from_chat_id"), params, f"message to {verb}")
    if not _movable(original):
        raise bad_request(f"the message can't be {'copied' if verb == 'copy' else 'forwarded'}")
    return original


def _movable(original: Message) -> bool:
    return original.service is None and not original.protected


async def copy_message(core: Core, params: Params) -> object:
    """copyMessage: a message of the bot with the same content, optionally another caption."""
    chat = chat_to_write(core, params)
    original = _source(core, params, "copy")
    message = _copy(core, chat, params, original)
    if "caption" in params.values and original.has_media:
        message.content = caption_of(params)
    message.markup = read_markup(params, private=chat.private)
    count(core, chat)
    return {"message_id": core.world.add(message).id}


async def forward_message(core: Core, params: Params) -> object:
    """forwardMessage: the same content with its origin."""
    chat = chat_to_write(core, params)
    message = _forward(core, chat, params, _source(core, params, "forward"))
    count(core, chat)
    return core.objects.message(core.world.add(message))


def _batch(make: Callable[[Core, Chat, Params, Message], Message], verb: str) -> Method:
    """copyMessages, forwardMessages: what can't be carried is left out, an album stays one."""

    async def carry(core: Core, params: Params) -> object:
        chat = chat_to_write(core, params)
        source = chat_named(core.world, params, "from_chat_id")
        ids = message_ids(params)
        originals = [source.messages[number] for number in ids if number in source.messages]
        usable = [original for original in originals if _movable(original)]
        if not usable:
            raise bad_request(f"there are no messages to {verb}")
        count(core, chat, len(usable))
        groups: dict[str, str] = {}
        added = []
        for original in usable:
            message = make(core, chat, params, original)
            if original.media_group_id:
                message.media_group_id = groups.setdefault(original.media_group_id, str(core.world.next_id()))
            added.append({"message_id": core.world.add(message).id})
        return added

    return carry


def message_ids(params: Params) -> list[int]:
    """The `message_ids` of a call: 1–100 numbers."""
    try:
        ids = json.loads(params.text("message_ids") or "null")
    except ValueError as error:
        raise bad_request("can't parse message identifiers JSON object") from error
    if not isinstance(ids, list) or not all(isinstance(number, int) for number in ids):
        raise bad_request("expected an Array of message identifiers")
    if not 1 <= len(ids) <= MAX_BATCH:
        raise bad_request("message identifiers are not specified" if not ids else "too many message identifiers")
    return ids


def _copy(core: Core, chat: Chat, params: Params, original: Message) -> Message:
    message = new_message(core, chat, params, original.content)
    message.photo, message.document = original.photo, original.document
    message.contact, message.location, message.venue = original.contact, original.location, original.venue
    return message


def _forward(core: Core, chat: Chat, params: Params, original: Message) -> Message:
    message = _copy(core, chat, params, original)
    message.forward_from = original.forward_from or original.sender_id
    message.forward_date = original.forward_date or original.date
    return message


METHODS: dict[str, Method] = {
    "copymessage": copy_message,
    "copymessages": _batch(_copy, "copy"),
    "forwardmessage": forward_message,
    "forwardmessages": _batch(_forward, "forward"),
}
