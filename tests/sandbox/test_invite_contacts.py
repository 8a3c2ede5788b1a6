"""`assistant invite` for a contact of the CRM of a native portal: looked up by id or phone, or made."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from infra.cli import main
from infra.contacts import Contacts
from infra.local.sandbox import environment
from tests.sandbox.test_invite import read_link
from tests.support.logs import same_logging_afterwards
from tests.support.sandbox import World, running_world

__all__ = ["same_logging_afterwards"]

pytestmark = pytest.mark.asyncio(loop_scope="module")
BOT = "some_shop_bot"


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def world() -> AsyncIterator[World]:
    async with running_world({"BITRIX_DIALECT": "native"}) as running:
        yield running


@pytest.fixture
def terminal(world: World, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Terminal:
    for name, value in world.sandbox.variables.items():
        monkeypatch.setenv(name, value)
    return Terminal(capsys)


class Terminal:
    """Where somebody invites."""

    def __init__(self, capsys: pytest.CaptureFixture[str]) -> None:
        self._capsys = capsys

    async def invites(self, *arguments: str) -> tuple[str, str]:
        """The buyer whom the printed link is for ("" without a link), and what was said beside it."""
        status = await asyncio.to_thread(main, ["invite", "--bot", BOT, *arguments])
        said = self._capsys.readouterr()
        assert (status == 0) == bool(said.out)
        return read_link(said.out, environment.SECRETS["INVITE_SECRET"])[1] if said.out else "", said.err


async def test_a_contact_that_is_there(world: World, terminal: Terminal) -> None:
    contact = await world.shop.knows("Иван", "+79120000001")
    assert await terminal.invites("--contact", contact) == (
        f"contact-{contact}",
        f"assistant: contact {contact}, Иван\n",
    )


async def test_a_contact_that_is_not(terminal: Terminal) -> None:
    assert await terminal.invites("--contact", "404") == ("", "assistant: --contact: the portal has no contact 404\n")


@pytest.mark.parametrize("kind", ["5xx", "access_denied"])
@pytest.mark.parametrize("asked", [("--contact", "404"), ("--phone", "+79120000002")])
async def test_a_portal_that_does_not_say_gets_no_link(
    world: World, terminal: Terminal, kind: str, asked: tuple[str, str]
) -> None:
    await world.shop.fails(kind, count=1)
    buyer, said = await terminal.invites(*asked)
    await world.shop.works()
    assert buyer == ""
    assert said.startswith("assistant: the portal does not say wh")
    assert "so there is no link" in said
    assert "9120000002" not in said


@pytest.mark.parametrize("phone", ["+7 912 000-00-03", "8 (912) 000-00-03", "9120000003"])
async def test_whoever_has_the_phone_is_taken(world: World, terminal: Terminal, phone: str) -> None:
    contact = (await _with(world, "8(912)0000003")) or await world.shop.knows("Иван", "8(912)0000003")
    assert await terminal.invites("--phone", phone) == (
        f"contact-{contact}",
        f"assistant: contact {contact} has this phone\n",
    )


async def test_of_two_the_first_is_taken_and_that_is_said(world: World, terminal: Terminal) -> None:
    first = await world.shop.knows("Иван", "+79120000004")
    second = await world.shop.knows("Пётр", "912 000-00-04")
    buyer, said = await terminal.invites("--phone", "+79120000004")
    assert buyer == f"contact-{first}"
    assert said == f"assistant: contacts {first}, {second} have this phone; the link is for the first, {first}\n"


async def test_a_contact_is_made_once(world: World, terminal: Terminal) -> None:
    await world.shop.is_set_up(telegram_source=True)
    buyer, said = await terminal.invites("--phone", "8 912 000-00-05", "--name", "Иван Петров")
    assert said == f"assistant: contact {buyer.removeprefix('contact-')} is made\n"
    assert (await terminal.invites("--phone", "+79120000005", "--name", "Иван"))[0] == buyer
    (made,) = [one for one in await world.shop.contacts() if one["phones"] == ["+79120000005"]]
    told = (made["NAME"], made["LAST_NAME"], made["SOURCE_ID"], made["SOURCE_DESCRIPTION"])
    assert told == ("Иван", "Петров", "UC_TG", "Telegram")


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--phone", "+7 912 000-00-06 доб. 12"], "--phone: is no phone; write +7 912 345-67-89, without an extension"),
        (["--phone", ""], "--phone: is no phone; write +7 912 345-67-89, without an extension"),
        (["--contact", "17", "--name", "Иван"], "--name: goes with --phone"),
    ],
)
async def test_what_makes_no_sense(terminal: Terminal, arguments: list[str], said: str) -> None:
    assert await terminal.invites(*arguments) == ("", f"assistant: {said}\n")


@pytest.mark.parametrize(("kind", "made"), [("done_then_5xx", True), ("5xx", False)])
async def test_after_a_doubt_it_looks_before_it_makes(world: World, kind: str, made: bool) -> None:
    phone = f"+791200001{len(kind):02}"
    said: list[str] = []
    waited: list[float] = []

    async def sleep(seconds: float) -> None:
        waited.append(seconds)

    contacts = Contacts(world.container.client, said.append, sleep)
    await world.shop.fails(kind, count=1, method="crm.contact.add")
    try:
        if made:
            buyer = await contacts.with_phone(phone, "")
            assert said[-1] == f"contact {buyer.removeprefix('contact-')} is made"
        else:
            with pytest.raises(RuntimeError, match="was not made; run this again"):
                await contacts.with_phone(phone, "")
    finally:
        await world.shop.works()
    assert waited == [62.0]
    buyer = await contacts.with_phone(phone, "")
    assert len([one for one in await world.shop.contacts() if one["phones"] == [phone]]) == 1
    assert phone.removeprefix("+7") not in "".join(said)


async def _with(world: World, phone: str) -> str:
    """Whoever has a phone written so."""
    return next((one["id"] for one in await world.shop.contacts() if phone in one["phones"]), "")
