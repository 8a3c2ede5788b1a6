"""Bot API methods that change messages which are there."""

from dataclasses import dataclass
from datetime import timedelta

from infra.local.telegram.content import caption_of, message_text
from infra.local.telegram.core import Core, Method
from infra.local.telegram.errors import bad_request
from infra.local.telegram.files import StoredFile
from infra.local.telegram.markup import Markup, read_inline_markup
from infra.local.telegram.params import Params
from infra.local.telegram.relaying import message_ids
from infra.local.telegram.sending import input_caption, input_media, input_photo, message_named
from infra.local.telegram.state import Chat, Message
from infra.local.telegram.text import Formatted
from infra.local.telegram.topics import chat_named
from infra.local.telegram.views import snapshot

DELETE_WITHIN = timedelta(hours=48)
NOT_MODIFIED = (
    "message is not modified: specified new message content and reply markup are exactly the same as a current "
    "content and reply markup of the message"
)


@dataclass(frozen=True)
class _Look:
    """All that an edit can change."""

    content: Formatted
    photo: StoredFile | None
    markup: Markup | None


def _editable(core: Core, params: Params) -> Message:
    """The message of an edit; ApiError when it is gone, not the bot's, or under a reply keyboard."""
    message = message_named(chat_named(core.world, params), params, "message to edit")
    other_markup = message.markup is not None and "inline_keyboard" not in message.markup
    if message.author != "bot" or message.forward_date or other_markup or message.service:
        raise bad_request("message can't be edited")
    return message


def _edit(core: Core, message: Message, look: _Look) -> object:
    if look == _Look(message.content, message.photo, message.markup):
        raise bad_request(NOT_MODIFIED)
    message.edits.append(snapshot(message))
    message.content, message.photo = look.content, look.photo
    message.set_markup(look.markup)
    message.edit_date = core.clock.now()
    message.changed = core.world.touch()
    return core.objects.message(message)


async def edit_message_text(core: Core, params: Params) -> object:
    """Bot API editMessageText; a keyboard that is not given is removed."""
    content = message_text(params)
    message = _editable(core, params)
    if message.has_media or not message.content.text:
        raise bad_request("there is no text in the message to edit")
    return _edit(core, message, _Look(content, None, read_inline_markup(params)))


async def edit_message_caption(core: Core, params: Params) -> object:
    """Bot API editMessageCaption."""
    content = caption_of(params)
    message = _editable(core, params)
    if not message.has_media:
        raise bad_request("there is no caption in the message to edit")
    return _edit(core, message, _Look(content, message.photo, read_inline_markup(params)))


async def edit_message_media(core: Core, params: Params) -> object:
    """Bot API editMessageMedia with a photo; a text message becomes a photo message."""
    item = params.structure("media", "input media")
    if item is None:
        raise bad_request("can't parse InputMedia: media not found")
    media = input_media(item)
    content = input_caption(media)
    message = _editable(core, params)
    photo = await input_photo(core, params, media)
    return _edit(core, message, _Look(content, photo, read_inline_markup(params)))


async def edit_message_reply_markup(core: Core, params: Params) -> object:
    """Bot API editMessageReplyMarkup."""
    message = _editable(core, params)
    return _edit(core, message, _Look(message.content, message.photo, read_inline_markup(params)))


async def delete_message(core: Core, params: Params) -> object:
    """deleteMessage: what is less than 48 hours old; in a group another's message only with the right to."""
    chat = chat_named(core.world, params)
    message = message_named(chat, params, "message to delete")
    if not _deletable(core, chat, message):
        raise bad_request("message can't be deleted for everyone")
    _delete(core, chat, message)
    return True


async def delete_messages(core: Core, params: Params) -> object:
    """Bot API deleteMessages: what is not there is skipped."""
    chat = chat_named(core.world, params)
    found = [chat.messages[number] for number in message_ids(params) if number in chat.messages]
    if not all(_deletable(core, chat, message) for message in found):
        raise bad_request("message can't be deleted for everyone")
    for message in found:
        _delete(core, chat, message)
    return True


def _deletable(core: Core, chat: Chat, message: Message) -> bool:
    if message.id in chat.topics:  # The message that opened a topic goes with the topic only.
        return False
    if not chat.private and chat.bot.may("can_delete_messages"):
        return True
    own = chat.private or message.author == "bot"
    return own and core.clock.now() - message.date <= DELETE_WITHIN


def _delete(core: Core, chat: Chat, message: Message) -> None:
    chat.deleted[message.id] = chat.messages.pop(message.id)
    message.changed = core.world.touch()


async def pin_chat_message(core: Core, params: Params) -> object:
    """Bot API pinChatMessage; in a group it needs the right to."""
    return _pin(core, params, pinned=True)


async def unpin_chat_message(core: Core, params: Params) -> object:
    """Bot API unpinChatMessage of a message that is named."""
    return _pin(core, params, pinned=False)


def _pin(core: Core, params: Params, *, pinned: bool) -> object:
    chat = chat_named(core.world, params)
    message = message_named(chat, params, "message to pin" if pinned else "message to unpin")
    if not chat.private and not chat.bot.may("can_pin_messages"):
        raise bad_request("not enough rights to manage pinned messages in the chat")
    message.pinned = pinned
    message.marked = core.world.touch()
    return True


async def set_message_reaction(core: Core, params: Params) -> object:
    """Bot API setMessageReaction with at most one emoji; an empty list takes it back."""
    message = message_named(chat_named(core.world, params), params, "message to react")
    reactions = params.structure("reaction", "reaction types") or []
    if not isinstance(reactions, list) or not all(isinstance(item, dict) for item in reactions):
        raise bad_request("expected an Array of ReactionType")
    if len(reactions) > 1:
        raise bad_request("REACTIONS_TOO_MANY")
    message.reaction = str(reactions[0].get("emoji", "")) if reactions else None
    message.marked = core.world.touch()
    return True


METHODS: dict[str, Method] = {
    "editmessagetext": edit_message_text,
    "editmessagecaption": edit_message_caption,
    "editmessagemedia": edit_message_media,
    "editmessagereplymarkup": edit_message_reply_markup,
    "deletemessage": delete_message,
    "deletemessages": delete_messages,
    "pinchatmessage": pin_chat_message,
    "unpinchatmessage": unpin_chat_message,
    "setmessagereaction": set_message_reaction,
}
