"""The `assistant` command."""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import signal
import sys
from collections.abc import Sequence
from datetime import timedelta

from pydantic import SecretStr

from infra.contacts import Contacts
from infra.dead_letters import add_dead_letters
from infra.forgetting import add_forget
from infra.instance import with_parts
from infra.invites import VALID, invite_link
from infra.local.firestore_emulator import EmulatorFailedError, EmulatorMissingError
from infra.local.sandbox import environment
from infra.local.sandbox.options import SandboxOptions, add_arguments, from_arguments, number
from infra.local.sandbox.running import run
from infra.local.sandbox.sandbox import Sandbox
from infra.preflight import command as preflight
from infra.tokens import Given, install, read_secret
from infra.webhooks import BotApi, remove, set_up, show, tell_events
from shared.domain import buyers, invites
from shared.entry.container import Container
from shared.settings import Dialect, SettingsError, SettingsView, read_settings

MOST_DAYS = 3650
"""Longest life of an invite."""


class _InviteSettings(SettingsView):
    invite_secret: SecretStr


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command; return the exit status (0 done, 1 failed, 2 wrong usage)."""
    given = sys.argv[1:] if arguments is None else arguments
    parsed = _parser(next(iter(given), "")).parse_args(given)
    try:
        return int(parsed.run(parsed))
    except (SettingsError, EmulatorMissingError, EmulatorFailedError, RuntimeError, ValueError, OSError) as error:
        print(f"assistant: {error}", file=sys.stderr)  # noqa: T201 - a command talks to its user
        return 1
    except KeyboardInterrupt:
        return 130


def _parser(command: str) -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="assistant", description="Runs and looks after «Ассистент мастера».")
    commands = parser.add_subparsers(required=True, metavar="command")
    sandbox = commands.add_parser("sandbox", help="run the whole system on this machine (= make run)")
    add_arguments(sandbox)
    sandbox.set_defaults(run=run_sandbox)
    invite = commands.add_parser("invite", help="print a link that lets one master in")
    buyer = invite.add_mutually_exclusive_group()
    buyer.add_argument("--contact", metavar="ID", help="the contact of the CRM whom his orders are for (native)")
    buyer.add_argument("--phone", help="the same, found by this phone; made where nobody has it (native)")
    buyer.add_argument("--bitrix-user", metavar="ID", help="the portal's user he buys as")
    invite.add_argument("--name", default="", help="with --phone: what a contact that is made is called")
    invite.add_argument("--bot", metavar="NAME", help="the bot's user name; asked of the Bot API when not given")
    how_long = f"how long it is good for (default {VALID.days})"
    invite.add_argument("--days", type=number(1, MOST_DAYS), default=VALID.days, help=how_long)
    invite.add_argument("--sandbox", action="store_true", help="for the bot of a running sandbox")
    invite.set_defaults(run=run_invite)
    _add_webhooks(commands.add_parser("webhooks", help="tell Telegram where updates go and what people see of the bot"))
    _add_tokens(commands.add_parser("tokens", help="keep the OAuth application's token pair"))
    add_dead_letters(commands.add_parser("dead-letters", help="look after what a bug could not handle"))
    add_forget(commands.add_parser("forget", help="remove what is kept of one master"))
    measuring = commands.add_parser("bench", help="measure on a corpus what the bot is good at")
    if command == "bench":
        from infra.bench.command import add_bench  # noqa: PLC0415 - half a second that no other command needs

        add_bench(measuring)
    preflight.add_preflight(commands.add_parser("preflight", help="look whether portal, bot and settings fit together"))
    preflight.add_config(commands.add_parser("config", help="propose settings that fit the portal"))
    return parser


def _add_webhooks(parser: argparse.ArgumentParser) -> None:
    acts = parser.add_subparsers(required=True, metavar="act")
    setting = acts.add_parser("set", help="send updates to the function; commands, descriptions, menu")
    setting.add_argument("--url", required=True, help="the https:// address of the telegram_update function")
    setting.set_defaults(run=run_webhooks, act=lambda arguments, settings: set_up(settings, arguments.url, _say))
    getting = acts.add_parser("get", help="say how the webhook stands")
    getting.set_defaults(run=run_webhooks, act=lambda _, settings: show(settings, _say))
    telling = acts.add_parser("events", help="say which events the portal must send, and where to")
    telling.add_argument("--url", required=True, help="the https:// address of the portal's events")
    telling.set_defaults(run=run_webhooks, act=lambda arguments, settings: tell_events(settings, arguments.url, _say))
    removing = acts.add_parser("remove", help="stop the updates; Telegram keeps them for a day")
    removing.set_defaults(run=run_webhooks, act=lambda _, settings: remove(settings, _say))


def _add_tokens(parser: argparse.ArgumentParser) -> None:
    acts = parser.add_subparsers(required=True, metavar="act")
    installing = acts.add_parser("install", help="trade what is on stdin for the first pair")
    given = installing.add_mutually_exclusive_group(required=True)
    for kind, what in ((Given.CODE, "a consent's code"), (Given.REFRESH_TOKEN, "a refresh token")):
        option = f"--{kind.replace('_', '-')}"
        given.add_argument(option, dest="given", action="store_const", const=kind, help=f"stdin is {what}")
    installing.set_defaults(run=run_tokens_install)


def run_sandbox(arguments: argparse.Namespace) -> int:
    """Run the sandbox until Ctrl-C."""
    options = from_arguments(arguments)
    asyncio.run(_sandbox(options))
    return 0


def _progress(text: str) -> None:
    print(f"  {text}", file=sys.stderr, flush=True)  # noqa: T201 - a command talks to its user


async def _sandbox(options: SandboxOptions) -> None:
    stopping = asyncio.Event()
    loop = asyncio.get_running_loop()
    for stopper in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(stopper, stopping.set)
    await run(options, os.environ, stopping, _tell if options.as_json else _greet, _progress)


def _tell(sandbox: Sandbox) -> None:
    _say(json.dumps(sandbox.addresses, ensure_ascii=False))


def _greet(sandbox: Sandbox) -> None:
    addresses = sandbox.addresses
    lines = [
        ("Chat with the bot", addresses["chat"]),
        ("The shop's side", addresses["portal"]),
        ("The machine room", addresses["room"]),
        ("Invite link", addresses["invite"]),
        ("Portal events go to", addresses["bitrix_webhook"]),
    ]
    _say("")
    for name, value in lines:
        if value:
            _say(f"  {name + ':':<21} {value}")
    _say("\n  Ctrl-C stops it\n")


def _say(text: str) -> None:
    print(text, flush=True)  # noqa: T201 - a command talks to its user


def run_webhooks(arguments: argparse.Namespace) -> int:
    """Set, show or remove the Telegram webhook."""
    arguments.act(arguments, read_settings())
    return 0


def run_tokens_install(arguments: argparse.Namespace) -> int:
    """Keep the first token pair."""
    secret = read_secret(arguments.given)
    pair = asyncio.run(with_parts(lambda here: install(here, arguments.given, secret)))
    portal, scopes = pair.client_endpoint or "a portal", pair.scope or "?"
    _say(f"installed: {portal}, scopes {scopes}, good until {pair.expires_at:%H:%M} UTC")
    return 0


def run_invite(arguments: argparse.Namespace) -> int:
    """Print an invite link."""
    if arguments.sandbox:
        for name, value in environment.for_commands().items():
            os.environ.setdefault(name, value)
    if arguments.name and arguments.phone is None:
        raise ValueError("--name: goes with --phone")
    secret = read_settings().require(_InviteSettings).invite_secret.get_secret_value()
    bot = arguments.bot or (environment.BOT_USERNAME if arguments.sandbox else _bot_name())
    _say(invite_link(bot, _buyer(arguments), secret, timedelta(days=arguments.days)))
    return 0


def _buyer(arguments: argparse.Namespace) -> str:
    """Return whom the link binds to. ValueError where that must be said and is not."""
    if arguments.bitrix_user is not None:
        if not buyers.is_user(arguments.bitrix_user):
            raise ValueError("--bitrix-user: the id of a user is a positive number")
        return str(arguments.bitrix_user)
    if arguments.contact is not None or arguments.phone is not None:
        return asyncio.run(with_parts(lambda here: _contact(here, arguments)))
    settings = read_settings()
    if settings.bitrix_dialect is not Dialect.NATIVE or settings.bitrix_buyer_user_id:
        raise ValueError("--bitrix-user: is required with the spec's contract and with BITRIX_BUYER_USER_ID")
    return invites.ANYBODY


async def _contact(here: Container, arguments: argparse.Namespace) -> str:
    """Return the buyer's id of a contact. ValueError where the portal's orders cannot be for one."""
    option = "--phone" if arguments.contact is None else "--contact"
    if here.settings.bitrix_dialect is not Dialect.NATIVE:
        raise ValueError(f"{option}: the spec's contract knows no contacts; give --bitrix-user")
    contacts = Contacts(here.client)
    if arguments.contact is None:
        return await contacts.with_phone(arguments.phone, arguments.name)
    return await contacts.known(arguments.contact)


def _bot_name() -> str:
    try:
        me = BotApi(read_settings()).call("getMe")
    except RuntimeError as error:
        raise RuntimeError(f"{error}; give the bot's name with --bot") from None
    match me:
        case {"username": str() as name}:
            return name
    raise RuntimeError("getMe: the bot has no name; give it with --bot")


if __name__ == "__main__":
    sys.exit(main())
