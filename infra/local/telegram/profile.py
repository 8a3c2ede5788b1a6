"""Bot API methods about the bot itself, its chats and its files."""

import json
import re
from collections.abc import Mapping
from typing import Any

from infra.local.telegram.core import Core, Method
from infra.local.telegram.errors import bad_request
from infra.local.telegram.files import MAX_DOWNLOAD
from infra.local.telegram.objects import file_object, user_object
from infra.local.telegram.params import Params, whole_number
from infra.local.telegram.state import Seat
from infra.local.telegram.text import utf16_length
from infra.local.telegram.topics import chat_named

_COMMAND = re.compile(r"[a-z0-9_]{1,32}")
MAX_COMMANDS = 100
MAX_COMMAND_DESCRIPTION = 256
MAX_DESCRIPTION = 512
MAX_SHORT_DESCRIPTION = 120
CHAT_SCOPES = {"chat", "chat_administrators", "chat_member"}
SCOPES = CHAT_SCOPES | {"default", "all_private_chats", "all_group_chats", "all_chat_administrators"}
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
    return file_object(stored) | {"file_path": stored.path}


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


async def get_chat_member(core: Core, params: Params) -> object:
    """Bot API getChatMember: the bot itself, or a person who has written in the chat."""
    chat = chat_named(core.world, params)
    user_id = whole_number(params.text("user_id")) or 0
    if user_id == core.options.bot_id:
        return core.objects.seat(Seat("member") if chat.private else chat.bot)
    there = user_id == chat.id or any(message.sender_id == user_id for message in chat.messages.values())
    if user_id not in core.world.users or not there:
        raise bad_request("member not found")
    return {"user": user_object(core.world.users[user_id]), "status": "member"}


def _commands_key(core: Core, params: Params) -> str:
    scope = params.structure("scope", "BotCommandScope") or {"type": "default"}
    if not isinstance(scope, dict) or scope.get("type") not in SCOPES:
        raise bad_request("can't parse BotCommandScope: Unsupported type specified")
    if scope["type"] in CHAT_SCOPES:
        chat_named(core.world, Params({"chat_id": str(scope.get("chat_id") or "")}))
    if scope["type"] == "chat_member" and not scope.get("user_id"):
        raise bad_request("can't parse BotCommandScope: Can't find field \"user_id\"")
    return _commands_name(scope, params.text("language_code"))


def _commands_name(scope: Mapping[str, object], language: str = "") -> str:
    return f"commands {json.dumps(scope, sort_keys=True)} {language}"


def commands_in(profile: Mapping[str, Any], chat_id: int) -> list[dict[str, str]]:
    """The commands a Russian reader is offered in a chat: of the narrowest scope that has any (Bot API, scopes)."""
    of_kind = "all_private_chats" if chat_id > 0 else "all_group_chats"
    scopes: list[Mapping[str, object]] = [{"type": "chat", "chat_id": chat_id}, {"type": of_kind}, {"type": "default"}]
    for scope in scopes:
        for language in ("ru", ""):
            if commands := profile.get(_commands_name(scope, language)):
                return list(commands)
    return []


async def set_my_commands(core: Core, params: Params) -> object:
    """Bot API setMyCommands for a scope and a language."""
    commands = params.structure("commands", "commands") or []
    if not isinstance(commands, list):
        raise bad_request("expected an Array of BotCommand")
    if len(commands) > MAX_COMMANDS:
        raise bad_request("BOT_COMMANDS_TOO_MUCH")
    core.world.profile[_commands_key(core, params)] = [_command(command) for command in commands]
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
    return core.world.profile.get(_commands_key(core, params), [])


async def delete_my_commands(core: Core, params: Params) -> object:
    """Bot API deleteMyCommands."""
    core.world.profile.pop(_commands_key(core, params), None)
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
    if button["type"] == "web_app" and not (button.get("text") and button.get("web_app")):
        raise bad_request("can't parse menu button: text and web_app must be specified")
    core.world.profile[_menu_key(core, params)] = button
    core.world.touch()
    return True


def _menu_key(core: Core, params: Params) -> str:
    """Of all private chats, or of one."""
    if not params.text("chat_id"):
        return "menu "
    chat = chat_named(core.world, params)
    if not chat.private:
        raise bad_request("the method can be used only in private chats")
    return f"menu {chat.id}"


async def get_chat_menu_button(core: Core, params: Params) -> object:
    """Bot API getChatMenuButton."""
    return core.world.profile.get(_menu_key(core, params), {"type": "commands"})


METHODS: dict[str, Method] = {
    "getme": get_me,
    "getfile": get_file,
    "getchat": get_chat,
    "getchatmember": get_chat_member,
    "setmycommands": set_my_commands,
    "getmycommands": get_my_commands,
    "deletemycommands": delete_my_commands,
    "setmydescription": _description_setter("description", MAX_DESCRIPTION),
    "getmydescription": _description_getter("description"),
    "setmyshortdescription": _description_setter("short_description", MAX_SHORT_DESCRIPTION),
    "getmyshortdescription": _description_getter("short_description"),
    "setchatmenubutton": set_chat_menu_button,
    "getchatmenubutton": get_chat_menu_button,
}
