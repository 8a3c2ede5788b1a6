"""Bot API methods about the topics of a forum, in the words of tdlib's ForumTopicManager."""

from typing import Any

from infra.local.telegram.core import Core, Method
from infra.local.telegram.errors import ApiError, bad_request
from infra.local.telegram.params import Params, whole_number
from infra.local.telegram.state import Chat, Message, Topic, User, World
from infra.local.telegram.text import utf16_length

MAX_NAME = 128
COLORS = (7322096, 16766590, 13338331, 9367192, 16749490, 16478047)
FORUM_RIGHT = "can_manage_topics"


def chat_named(world: World, params: Params, name: str = "chat_id") -> Chat:
    """The chat a call speaks of; ApiError when it says none or there is none, or when the bot is not in it."""
    if not params.text(name):
        raise bad_request(f"{name} is empty")
    chat = world.chats.get(whole_number(params.text(name)) or 0)
    if chat is None:
        raise bad_request("chat not found")
    if chat.bot.status == "kicked":
        raise ApiError(403, "Forbidden: bot was kicked from the supergroup chat")
    if not chat.bot.present:
        raise ApiError(403, "Forbidden: bot is not a member of the supergroup chat")
    return chat


def thread_of(chat: Chat, params: Params) -> int | None:
    """The topic of a new message of the bot; ApiError when there is none, or it is closed to the bot."""
    thread_id = whole_number(params.text("message_thread_id")) or None
    if thread_id is None:
        return None
    topic = chat.topics.get(thread_id)
    if topic is None or not chat.forum:
        raise bad_request("message thread not found")
    if topic.closed and not chat.bot.may(FORUM_RIGHT):
        raise bad_request("TOPIC_CLOSED")
    return thread_id


def added_topic(core: Core, chat: Chat, name: str, by: User | None, color: int = COLORS[0]) -> Message:
    """A new topic: the service message that opens it and gives it its number. Without a person the bot made it."""
    topic = Topic(core.world.next_id(), name, color)
    chat.topics[topic.id] = topic
    return topic_event(core, chat, topic, {"forum_topic_created": {"name": name, "icon_color": color}}, by, topic.id)


def topic_event(
    core: Core, chat: Chat, topic: Topic, event: dict[str, Any], by: User | None, message_id: int | None = None
) -> Message:
    """A service message in a topic."""
    message = Message(
        id=message_id or core.world.next_id(),
        chat_id=chat.id,
        author="user" if by else "bot",
        sender_id=by.id if by else core.options.bot_id,
        date=core.clock.now(),
        thread_id=topic.id,
        service=event,
    )
    return core.world.add(message)


def _forum(core: Core, params: Params, refusal: str) -> Chat:
    chat = chat_named(core.world, params)
    if chat.private or not chat.forum:
        raise bad_request("the chat is not a forum")
    if not chat.bot.may(FORUM_RIGHT):
        raise bad_request(refusal)
    return chat


def _name(params: Params) -> str:
    name = params.text("name").strip()
    if not name:
        raise bad_request("TOPIC_TITLE_EMPTY")
    if utf16_length(name) > MAX_NAME:
        raise bad_request("TOPIC_TITLE_TOO_LONG")
    return name


async def create_forum_topic(core: Core, params: Params) -> object:
    """Bot API createForumTopic; needs the right to manage topics."""
    chat = _forum(core, params, "not enough rights to create a topic")
    name = _name(params)
    color = params.integer("icon_color", COLORS[0], 0, 0xFFFFFF)
    if color not in COLORS:
        raise bad_request("invalid icon color specified")
    message = added_topic(core, chat, name, None, color)
    return {"message_thread_id": message.id, "name": name, "icon_color": color}


def _topic(core: Core, params: Params, refusal: str) -> tuple[Chat, Topic]:
    chat = _forum(core, params, refusal)
    topic = chat.topics.get(whole_number(params.text("message_thread_id")) or 0)
    if topic is None:
        raise bad_request("TOPIC_ID_INVALID")
    return chat, topic


async def edit_forum_topic(core: Core, params: Params) -> object:
    """Bot API editForumTopic: another name."""
    chat, topic = _topic(core, params, "not enough rights to edit the topic")
    name = _name(params) if params.text("name") else topic.name
    if name == topic.name:
        raise bad_request("TOPIC_NOT_MODIFIED")
    topic.name = name
    topic_event(core, chat, topic, {"forum_topic_edited": {"name": name}}, None)
    return True


def _closer(*, closed: bool) -> Method:
    async def close_or_reopen(core: Core, params: Params) -> object:
        chat, topic = _topic(core, params, "not enough rights to close or open the topic")
        if topic.closed == closed:
            raise bad_request("TOPIC_NOT_MODIFIED")
        topic.closed = closed
        topic_event(core, chat, topic, {"forum_topic_closed" if closed else "forum_topic_reopened": {}}, None)
        return True

    return close_or_reopen


async def delete_forum_topic(core: Core, params: Params) -> object:
    """Bot API deleteForumTopic with all its messages; needs the right to delete messages too."""
    chat, topic = _topic(core, params, "not enough rights to delete the topic")
    if not chat.bot.may("can_delete_messages"):
        raise bad_request("not enough rights to delete the topic")
    remove_topic(core, chat, topic.id)
    return True


def remove_topic(core: Core, chat: Chat, thread_id: int) -> int:
    """Take a topic and all its messages away; the new version."""
    del chat.topics[thread_id]
    for message in [message for message in chat.messages.values() if message.thread_id == thread_id]:
        chat.deleted[message.id] = chat.messages.pop(message.id)
    return core.world.touch()


METHODS: dict[str, Method] = {
    "createforumtopic": create_forum_topic,
    "editforumtopic": edit_forum_topic,
    "closeforumtopic": _closer(closed=True),
    "reopenforumtopic": _closer(closed=False),
    "deleteforumtopic": delete_forum_topic,
}
