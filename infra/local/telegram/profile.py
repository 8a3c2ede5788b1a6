"""Bot API methods about the bot itself, its chats and its files."""

import json
import re

from infra.local.telegram.core import Core, Method
from infra.local.telegram.errors import bad_request
from infra.local.telegram.files import MAX_DOWNLOAD
from infra.local.telegram.objects import file_object
from infra.local.telegram.params import Params
from infra.local.telegram.sending import chat_named
from infra.local.telegram.text import utf16_length

_COMMAND = re.compile(r"[a-z0-9_]{1,32}")
MAX_COMMANDS = 100
MAX_COMMAND_DESCRIPTION = 256
MAX_DESCRIPTION = 512
MAX_SHORT_DESCRIPTION = 120
MAX_TOPIC_NAME = 128
SCOPES = {
    "default",
    "all_private_chats",
    "all_group_chats",
    "all_chat_administrators",
    "chat",
    "chat_administrators",
    "chat_member",
}
MENU_BUTTONS = {"default", "commands", "web_app"}


async def get_me(core: Core, _: Params) -> object:
    """Bot API getMe."""
    abilities = {
        "can_join_groups": True,
        "can_read_all_group_messages": False,
        "supports_inline_queries": True,
        "can_connect_to_business": False,
        "has_main_web_app": False,
    }
    return core.objects.bot | abilities


async def get_file(core: Core, params: Params) -> object:
    """Bot API getFile of what is at most 20 MB."""
    if not params.text("file_id"):
        raise bad_request("file_id not specified")
    stored = core.world.files.by_id(params.text("file_id"))
    if stored is None:
        raise bad_request("wrong file_id or the file is temporarily unavailable")
    if len(stored.content) > MAX_DOWNLOAD:
        raise bad_request("file is too big")
    return file_object(stored)


async def get_chat(core: Core, params: Params) -> object:
    """Bot API getChat."""
    chat = chat_named(core.world, params)
    pinned = [message for message in chat.messages.values() if message.pinned]
    gifts = dict.fromkeys(
        ("unlimited_gifts", "limited_gifts", "unique_gifts", "premium_subscription", "gifts_from_channels"), False
    )
    full = {"accent_color_id": abs(chat.id) % 7, "max_reaction_count": 11, "accepted_gift_types": gifts}
    last = {"pinned_message": core.objects.message(pinned[-1])} if pinned else {}
    return core.objects.chat(chat) | full | last


def _commands_key(params: Params) -> str:
    scope = params.structure("scope", "BotCommandScope") or {"type": "default"}
    if not isinstance(scope, dict) or scope.get("type") not in SCOPES:
        raise bad_request("can't parse BotCommandScope: Unsupported type specified")
    return f"commands {json.dumps(scope, sort_keys=True)} {params.text('language_code')}"


async def set_my_commands(core: Core, params: Params) -> object:
    """Bot API setMyCommands for a scope and a language."""
    commands = params.structure("commands", "commands") or []
    if not isinstance(commands, list):
        raise bad_request("expected an Array of BotCommand")
    if len(commands) > MAX_COMMANDS:
        raise bad_request("BOT_COMMANDS_TOO_MUCH")
    core.world.profile[_commands_key(params)] = [_command(command) for command in commands]
    core.world.touch()
    return True


def _command(raw: object) -> dict[str, str]:
    if not isinstance(raw, dict):
        raise bad_request("can't parse BotCommand: expected an Object")
    name = str(raw.get("command", "")).removeprefix("/")
    description = str(raw.get("description", ""))
    if not _COMMAND.fullmatch(name):
        raise bad_request("BOT_COMMAND_INVALID")
    if not 1 <= utf16_length(description) <= MAX_COMMAND_DESCRIPTION:
        raise bad_request("BOT_COMMAND_DESCRIPTION_INVALID")
    return {"command": name, "description": description}


async def get_my_commands(core: Core, params: Params) -> object:
    """Bot API getMyCommands."""
    return core.world.profile.get(_commands_key(params), [])


async def delete_my_commands(core: Core, params: Params) -> object:
    """Bot API deleteMyCommands."""
    core.world.profile.pop(_commands_key(params), None)
    core.world.touch()
    return True


def _description_setter(name: str, limit: int) -> Method:
    async def set_description(core: Core, params: Params) -> object:
        if utf16_length(params.text(name)) > limit:
            raise bad_request("DESCRIPTION_TOO_LONG")
        core.world.profile[f"{name} {params.text('language_code')}"] = params.text(name)
        core.world.touch()
        return True

    return set_description


def _description_getter(name: str) -> Method:
    async def get_description(core: Core, params: Params) -> object:
        return {name: core.world.profile.get(f"{name} {params.text('language_code')}", "")}

    return get_description


async def set_chat_menu_button(core: Core, params: Params) -> object:
    """Bot API setChatMenuButton."""
    button = params.structure("menu_button", "menu button") or {"type": "default"}
    if not isinstance(button, dict) or button.get("type") not in MENU_BUTTONS:
        raise bad_request("can't parse menu button: MenuButton has unsupported type")
    core.world.profile[f"menu {params.text('chat_id')}"] = button
    return True


async def get_chat_menu_button(core: Core, params: Params) -> object:
    """Bot API getChatMenuButton."""
    return core.world.profile.get(f"menu {params.text('chat_id')}", {"type": "commands"})


async def create_forum_topic(core: Core, params: Params) -> object:
    """Bot API createForumTopic in a group of the sandbox."""
    chat = chat_named(core.world, params)
    if chat.private:
        raise bad_request("the chat is not a forum")
    name = params.text("name")
    if not 1 <= utf16_length(name) <= MAX_TOPIC_NAME:
        raise bad_request("TOPIC_TITLE_EMPTY" if not name else "TOPIC_TITLE_TOO_LONG")
    thread_id = core.world.next_id()
    chat.topics[thread_id] = name
    core.world.touch()
    return {
        "message_thread_id": thread_id,
        "name": name,
        "icon_color": params.integer("icon_color", 7322096, 0, 0xFFFFFF),
    }


METHODS: dict[str, Method] = {
    "getme": get_me,
    "getfile": get_file,
    "getchat": get_chat,
    "setmycommands": set_my_commands,
    "getmycommands": get_my_commands,
    "deletemycommands": delete_my_commands,
    "setmydescription": _description_setter("description", MAX_DESCRIPTION),
    "getmydescription": _description_getter("description"),
    "setmyshortdescription": _description_setter("short_description", MAX_SHORT_DESCRIPTION),
    "getmyshortdescription": _description_getter("short_description"),
    "setchatmenubutton": set_chat_menu_button,
    "getchatmenubutton": get_chat_menu_button,
    "createforumtopic": create_forum_topic,
}
