"""The contact of the CRM an invite binds to: looked up by id or phone before a link is made, or made itself.

A contact is never made twice: whoever has the phone is taken, and after a try that nobody knows the outcome of it is
looked up by its own key before anything else is done.
"""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any, TypeVar
from uuid import uuid4

from infra.preflight.asking import Client, ask, fix_of
from shared.bitrix.errors import BitrixError, Verdict
from shared.bitrix.native import contacts
from shared.bitrix.portal import PATIENCE, Operation
from shared.domain import buyers
from shared.domain.contacts import FoundContacts, NewContact
from shared.telegram.phones import parse_phone

T = TypeVar("T")

NAMELESS = "Мастер"
"""What a contact is called whose name nobody told: a contact needs one."""


def _tell(text: str) -> None:
    # stdout is the link alone, for scripts.
    print(f"assistant: {text}", file=sys.stderr)  # noqa: T201 - a command talks to its user


@dataclass(frozen=True)
class Contacts:
    """The people of a portal's CRM. Whatever cannot be found out is a RuntimeError: then there must be no link."""

    client: Client
    tell: Callable[[str], None] = _tell
    sleep: Callable[[float], Awaitable[None]] = asyncio.sleep

    async def known(self, contact_id: str) -> str:
        """Return the buyer's id of a contact that is there. ValueError when it is not, or is no id."""
        buyer = buyers.of_contact(contact_id)
        if buyers.contact_of(buyer) is None:
            raise ValueError("--contact: the id of a contact is a positive number")
        found = await self._ask(contacts.contact(contact_id), f"whether contact {contact_id} is there")
        if found is None:
            raise ValueError(f"--contact: the portal has no contact {contact_id}")
        self.tell(", ".join(filter(None, (f"contact {contact_id}", found.name, found.company))))
        return buyer

    async def with_phone(self, phone: str, name: str) -> str:
        """Return the buyer's id of the contact who has a phone; it is made when nobody has it."""
        number = parse_phone(phone)
        if number is None:
            raise ValueError("--phone: is no phone; write +7 912 345-67-89, without an extension")
        found = await self._ask(contacts.find_contacts(number), "who has this phone")
        return buyers.of_contact(self._first(found) or await self._made(number, name, found.source))

    def _first(self, found: FoundContacts) -> str | None:
        if not found.ids:
            return None
        first, *others = found.ids
        if others:
            self.tell(f"contacts {', '.join(found.ids)} have this phone; the link is for the first, {first}")
        else:
            self.tell(f"contact {first} has this phone")
        return first

    async def _made(self, number: str, name: str, source: str) -> str:
        first_name, _, last_name = (name or NAMELESS).strip().partition(" ")
        wanted = NewContact(str(uuid4()), number, first_name, last_name.strip(), source)
        try:
            made = await self.client.write(contacts.add_contact(wanted), wanted.key)
        except BitrixError as error:
            if error.verdict is not Verdict.UNKNOWN:
                raise _unanswered("the contact was not made", error) from None
            made = await self._looked_up(wanted)
        self.tell(f"contact {made} is made")
        return made

    async def _looked_up(self, wanted: NewContact) -> str:
        self.tell("the portal did not say whether the contact is made; looking for it in a minute")
        await self.sleep(PATIENCE)
        found = await self._ask(contacts.find_contacts(wanted.phone, wanted.key), "whether the contact was made")
        if not found.ids:
            raise RuntimeError("the contact was not made; run this again")
        return found.ids[0]

    async def _ask(self, question: Operation[T], what: str) -> T:
        answer: Any = await ask(self.client, question)
        if isinstance(answer, BitrixError):
            raise _unanswered(f"the portal does not say {what}, so there is no link", answer)
        found: T = answer
        return found


def _unanswered(what: str, error: BitrixError) -> RuntimeError:
    fix = fix_of(error)
    return RuntimeError(f"{what}: {error}{f'; {fix}' if fix else ''}")
