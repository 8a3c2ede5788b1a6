"""The jobs that make a newcomer a master: his contact is found by his phone, else made, once.

```mermaid
flowchart LR
    phone((his phone)) --> find[bind_contact: who has it?]
    find -- somebody: the first by id --> master((master))
    find -- nobody --> make[make_contact:key]
    make -- made --> master
    make -- no answer: look by phone and key --> look{there?}
    look -- yes --> master
    look -- no --> make
    find -. portal silent .-> patient[the same, for eight minutes]
```

One job of a newcomer is under way at a time (`Newcomer.job`), so that two taps make one contact. Before a try to make
one is repeated it is looked up: the portal takes no idempotency key.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from shared.assistant import texts
from shared.assistant.chat_view import ChatTarget, ChatView, Screen
from shared.assistant.checkout.company import company_job
from shared.assistant.common_screens import home
from shared.assistant.job_handler import ChatPayload, JobHandlers, MasterJobHandler
from shared.assistant.keyboard import asking_contact
from shared.assistant.onboarding import screens
from shared.bitrix.portal import PATIENCE, Operation
from shared.domain import buyers, masters, newcomers
from shared.domain.contacts import LONGEST_NAME, FoundContacts, NewContact
from shared.domain.masters import Master
from shared.domain.newcomers import Newcomer
from shared.pipeline.decision import Decision
from shared.pipeline.jobs import Job, Lane
from shared.pipeline.outcomes import Refusal, UnknownOutcome

FIND_CONTACT = "bind_contact"
MAKE_CONTACT = "make_contact"

MOST_TRIES = 5
"""Requests for one contact, each of which turned out not to have arrived."""


@dataclass(frozen=True)
class BindPayload(ChatPayload):
    """Whose contact is wanted. `source`, `key` and `attempt` are for one that is made."""

    telegram_id: int
    phone: str = field(repr=False)
    first_name: str
    last_name: str = ""
    source: str = ""
    key: str = ""
    attempt: int = 1

    @property
    def wanted(self) -> NewContact:
        """The contact to make."""
        return NewContact(self.key, self.phone, self.first_name, self.last_name, self.source)


def find_job(where: ChatTarget, newcomer: Newcomer, phone: str, first_name: str, last_name: str) -> Job:
    """Return the job that looks for who has the phone."""
    names = (first_name[:LONGEST_NAME] or newcomer.name, last_name[:LONGEST_NAME])
    payload = BindPayload(where, newcomer.telegram_id, phone, *names)
    return Job(FIND_CONTACT, Lane.READ, payload.as_data())


def _make_job(payload: BindPayload) -> Job:
    first = Job(MAKE_CONTACT, Lane.WRITE, {}, patience=PATIENCE)
    keyed = replace(payload, key=payload.key or first.idempotency_key)
    return replace(first, payload=keyed.as_data(), id=f"{MAKE_CONTACT}:{keyed.key}:{keyed.attempt}")


class _Binding(MasterJobHandler):
    """What both jobs have in common: how the newcomer becomes a master, or hears that he does not yet."""

    async def _bind(self, payload: BindPayload, ids: tuple[str, ...], decision: Decision) -> None:
        view = ChatView(decision, payload.target)
        newcomer = await newcomers.load(decision.unit, payload.telegram_id)
        known = await masters.load(decision.unit, payload.telegram_id)
        decision.unit.delete(newcomers.key(payload.telegram_id))
        if known is not None:
            # He came in by another invite meanwhile.
            view.say(Screen(texts.onboarding.blocked()) if known.blocked else home(known.name))
            return
        name = payload.first_name if newcomer is None else newcomer.name
        buyer = buyers.of_contact(ids[0])
        master = Master(payload.telegram_id, buyer, name, decision.now, phone=payload.phone, phone_asked=True)
        master.save(decision.unit)
        view.say(screens.welcome(name))
        await decision.enqueue(company_job(payload.telegram_id, buyer), background=True)
        self._tell_of_twins(master, ids, decision)

    def _tell_of_twins(self, master: Master, ids: tuple[str, ...], decision: Decision) -> None:
        if len(ids) > 1 and self._operators_chat_id is not None:
            text = texts.operators.contact_twins(master, ids)
            ChatView(decision, ChatTarget(self._operators_chat_id)).say(Screen(text))

    async def _follow(self, payload: BindPayload, job: Job, decision: Decision) -> None:
        """Go on with another job of his. A newcomer whose record is gone is a master, or was forgotten."""
        newcomer = await newcomers.load(decision.unit, payload.telegram_id)
        if newcomer is not None:
            replace(newcomer, job=job.id).save(decision.unit)
            await decision.enqueue(job)

    def details(self, job: Job) -> str:
        """Return who waits: a manager invites him by hand."""
        payload = BindPayload.from_data(job.payload)
        return texts.operators.newcomer_by_hand(payload.first_name, payload.last_name, payload.phone)

    async def failed(self, job: Job, reason: Refusal, decision: Decision) -> None:
        """Let him try again, at once if he likes, and call people."""
        payload = BindPayload.from_data(job.payload)
        keys = asking_contact(texts.labels.SEND_PHONE)
        ChatView(decision, payload.target).keys(texts.onboarding.not_bound(), keys)
        await self.report(job, replace(reason, operators=True), decision)

    async def unsure(self, job: Job, reason: UnknownOutcome, decision: Decision) -> None:
        """Say that he is not forgotten."""
        self._wait(job, decision)

    async def delayed(self, job: Job, decision: Decision) -> None:
        """Say that he is not forgotten."""
        self._wait(job, decision)

    def _wait(self, job: Job, decision: Decision) -> None:
        ChatView(decision, BindPayload.from_data(job.payload).target).say(Screen(texts.onboarding.bound_later()))


class FindContactHandler(_Binding):
    """Who has the phone. First as a read, which is quick; when the portal is silent, with the patience of a write."""

    def plan(self, job: Job) -> Operation[FoundContacts]:
        """Ask. LookupError where the portal knows no contacts: no newcomer is asked for a phone there."""
        operation = self._portal.find_contacts(BindPayload.from_data(job.payload).phone)
        if operation is None:
            raise LookupError("this portal knows no contacts")
        return operation

    async def done(self, job: Job, value: FoundContacts, decision: Decision) -> None:
        """Bind him to the first, or have a contact made."""
        payload = BindPayload.from_data(job.payload)
        if value.ids:
            await self._bind(payload, value.ids, decision)
        else:
            await self._follow(payload, _make_job(replace(payload, source=value.source)), decision)

    async def failed(self, job: Job, reason: Refusal, decision: Decision) -> None:
        """Ask once more, patiently, unless people must act first."""
        if job.lane is Lane.WRITE or reason.operators:
            await super().failed(job, reason, decision)
            return
        self._wait(job, decision)
        payload = BindPayload.from_data(job.payload)
        await self._follow(payload, Job(FIND_CONTACT, Lane.WRITE, payload.as_data()), decision)


class MakeContactHandler(_Binding):
    """A contact for a phone that nobody has; looked up before a try is repeated."""

    def plan(self, job: Job) -> Operation[str] | Operation[FoundContacts]:
        """Ask for the contact, or look first when it was tried before. LookupError as above."""
        wanted = BindPayload.from_data(job.payload).wanted
        tried = job.doubt or job.attempts > 0
        look = self._portal.find_contacts(wanted.phone, wanted.key) if tried else None
        operation = look or self._portal.add_contact(wanted)
        if operation is None:
            raise LookupError("this portal knows no contacts")
        return operation

    async def done(self, job: Job, value: str | FoundContacts, decision: Decision) -> Refusal | None:
        """Bind him, or try again what is surely not there."""
        payload = BindPayload.from_data(job.payload)
        ids = (value,) if isinstance(value, str) else value.ids
        if ids:
            await self._bind(payload, ids, decision)
        elif payload.attempt >= MOST_TRIES:
            return Refusal("TOO_MANY_STEPS")
        else:
            await self._follow(payload, _make_job(replace(payload, attempt=payload.attempt + 1)), decision)
        return None


JOB_HANDLERS: JobHandlers = {FIND_CONTACT: FindContactHandler, MAKE_CONTACT: MakeContactHandler}
