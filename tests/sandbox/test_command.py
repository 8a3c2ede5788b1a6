"""`assistant sandbox` as people and scripts run it."""

from __future__ import annotations

import asyncio
import os
import re
import signal
from collections.abc import Callable

import httpx
import pytest

from infra.cli import main
from infra.local.sandbox.functions import PATHS
from infra.local.serving import bind
from infra.local.telegram.person import Person
from tests.sandbox.command import PATIENCE, STOPS_WITHIN, Running, environment, free_ports, run, running
from tests.support.logs import same_logging_afterwards
from tests.support.sandbox import eventually

__all__ = ["same_logging_afterwards"]

ADDRESSES = {
    "chat",
    "room",
    "telegram",
    "portal",
    "bitrix_webhook",
    "functions",
    "cloud_tasks",
    "secret_manager",
    "firestore",
    "invite",
}


async def ends_well(command: Running, number: signal.Signals = signal.SIGTERM) -> None:
    """Stop it: soon, quietly, and nothing stays behind."""
    status, seconds = await command.stop(number)
    assert "Traceback" not in command.output + command.errors, command.errors + command.output
    assert status == 0, command.errors
    assert seconds < STOPS_WITHIN
    assert not command.leaves_processes


async def answers(address: str) -> bool:
    """Whether something listens there."""
    host, port = address.removeprefix("http://").split("/")[0].split(":")
    _, writer = await asyncio.open_connection(host, int(port))
    writer.close()
    await writer.wait_closed()
    return True


async def test_the_first_line_has_every_address_and_a_master_can_search():
    chatty = {"LOG_LEVEL": "INFO"}
    async with running("sandbox", "--port", "0", "--json", given=chatty) as command, httpx.AsyncClient() as http:
        addresses = await command.addresses()
        assert set(addresses) == ADDRESSES
        assert addresses["firestore"] is None
        assert set(addresses["functions"]) == set(PATHS)
        plain = [value for value in addresses.values() if isinstance(value, str) and "t.me" not in value]
        for address in [*plain, *addresses["functions"].values()]:
            assert await answers(address)
        assert "Ассистент" in (await http.get(addresses["chat"])).text
        assert (await http.get(addresses["portal"])).is_success
        master = Person(http, addresses["telegram"], 501)
        await master.says("/start " + addresses["invite"].split("start=")[1])
        await master.sees("Доступ открыт", within=PATIENCE)
        await master.says("шуруповёрт")
        await master.sees("Makita DF333DWYE", within=PATIENCE)
        await ends_well(command)
        assert command.output.count("\n") == 1


async def test_for_people_it_says_where_to_go():
    async with running("sandbox", "--port", "0") as command:
        said = ""
        while "Ctrl-C" not in said:
            said += await command.line()
        chat = re.search(r"Chat with the bot:\s+(http://127\.0\.0\.1:\d+/)\n", said)
        assert chat
        assert await answers(chat[1])
        assert "https://t.me/" in said
        await ends_well(command, signal.SIGINT)
        assert "functions" in command.errors


async def test_it_stops_while_people_and_the_portal_are_busy():
    async with running("sandbox", "--port", "0", "--json") as command, httpx.AsyncClient(timeout=90) as http:
        addresses = await command.addresses()
        master = Person(http, addresses["telegram"], 501)
        await master.says("/start " + addresses["invite"].split("start=")[1])
        await master.sees("Доступ открыт", within=PATIENCE)
        fault = {"kind": "slow", "count": 5, "seconds": 60}
        assert (await http.post(f"{addresses['portal']}/_sim/faults", json=fault)).is_success
        await master.says("шуруповёрт")

        async def portal_is_asked() -> bool:
            return bool((await http.get(f"{addresses['portal']}/_sim/calls")).json())

        await eventually(portal_is_asked, "the portal is asked")
        # A chat page that waits for news.
        page = asyncio.create_task(http.get(f"{addresses['telegram']}/_sim/chats/501?since=100000&within=60"))
        await asyncio.sleep(0)
        await ends_well(command)
        page.cancel()
        await asyncio.wait([page])


Says = Callable[..., tuple[int, str, str]]


@pytest.fixture
def says(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Says:
    """Give the command a line that it gets no further with, in this process: (exit status, output, error output).

    That a process ends so is shown by one of them: to start one takes seconds.
    """
    for name in set(os.environ) - set(environment({})):
        monkeypatch.delenv(name)

    def said(*arguments: str) -> tuple[int, str, str]:
        try:
            status = main(arguments)
        except SystemExit as ended:
            status = int(ended.code or 0)
        return status, *capsys.readouterr()

    return said


@pytest.mark.parametrize("offset", [0, 1, 2])
def test_a_port_in_use_is_named(offset: int, says: Says):
    first = free_ports()
    port = first + offset
    with bind(port):
        status, output, errors = says("sandbox", "--port", str(first))
    assert (status, output) == (1, "")
    (line,) = [line for line in errors.splitlines() if not line.startswith("  ")]
    assert line.startswith("assistant: ")
    assert str(port) in line
    assert "in use" in line


@pytest.mark.parametrize("port", ["-1", "65534", "70000", "http"])
def test_a_port_that_cannot_be(port: str, says: Says):
    status, output, errors = says("sandbox", "--port", port)
    assert (status, output) == (2, "")
    assert errors.splitlines()[-1].startswith("assistant sandbox: error: argument --port: ")


async def test_bad_settings_are_named_in_one_line_without_their_values():
    given = {"TELEGRAM_WEBHOOK_SECRET": "not a secret!", "LOG_LEVEL": "shout", "BITRIX_CALLS_PER_SECOND": "many"}
    status, output, errors = await run("sandbox", "--port", "0", given=given)
    assert (status, output) == (1, "")
    (line,) = [line for line in errors.splitlines() if not line.startswith("  ")]
    assert line.startswith("assistant: ")
    assert all(name in line for name in given)
    assert not any(value in errors for value in given.values())


def test_a_real_bot_needs_its_token(says: Says):
    status, _, errors = says("sandbox", "--port", "0", "--telegram")
    assert status == 1
    assert errors.splitlines()[-1] == "assistant: TELEGRAM_BOT_TOKEN: is required here"


@pytest.mark.parametrize(
    "arguments",
    [
        ("sandbox", "--telegram", "--telegram-api", "http://127.0.0.1:1"),
        ("sandbox", "--nosuch"),
        ("invite", "--nosuch"),
        ("nosuch",),
        (),
    ],
)
def test_wrong_usage(arguments: tuple[str, ...], says: Says):
    status, output, errors = says(*arguments)
    assert (status, output) == (2, "")
    assert "Traceback" not in errors
    assert errors.startswith("usage: assistant")


@pytest.mark.parametrize("arguments", [("--help",), ("sandbox", "--help"), ("invite", "--help")])
def test_help(arguments: tuple[str, ...], says: Says):
    status, output, _ = says(*arguments)
    assert status == 0
    assert output.startswith("usage: assistant")


def test_a_bot_api_server_that_is_not_there(says: Says):
    status, output, errors = says("sandbox", "--port", "0", "--telegram-api", "http://127.0.0.1:1")
    assert (status, output) == (1, "")
    assert errors.splitlines()[-1] == "assistant: setWebhook: ConnectError at the Bot API server"


@pytest.mark.parametrize("option", ["--telegram-api", "--portal"])
def test_an_address_that_is_none(option: str, says: Says):
    status, output, errors = says("sandbox", "--port", "0", option, "nonsense")
    assert (status, output) == (1, "")
    assert "Traceback" not in errors
    name = {"--telegram-api": "TELEGRAM_API_BASE", "--portal": "BITRIX_BASE_URL"}[option]
    assert errors.splitlines()[-1].startswith(f"assistant: {name}: must ")
