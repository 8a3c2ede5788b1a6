"""A stage: one bot on a memory store, its masters' updates and the portal's answers, one commit each.

What is decided comes back as `Seen`: the Telegram calls and the jobs of that one turn. Nothing is sent anywhere.
"""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cache
from itertools import count
from typing import Any, NoReturn
from zoneinfo import ZoneInfo

import httpx

from shared.assistant.dispatcher import chat_view_of, handle
from shared.assistant.job_handler import JobContext
from shared.assistant.job_registry import job_handlers
from shared.assistant.routers import build
from shared.bitrix.contract import ContractPortal, ContractSettings
from shared.bitrix.portal import Portal
from shared.domain import masters
from shared.domain.masters import Master
from shared.domain.orders import PaymentKind
from shared.pipeline.commit_result import commit_result
from shared.pipeline.decision import CallData, Decision
from shared.pipeline.jobs import Job
from shared.pipeline.outbox import settled
from shared.pipeline.outcomes import Answered, Outcome, Refusal, TransientFailure, UnknownOutcome
from shared.pipeline.sending import Progress
from shared.store.collections import DEAD_LETTERS, JOBS
from shared.store.memory import MemoryStore
from shared.store.port import Key, Record
from shared.store.unit_of_work import UnitOfWork, decide
from shared.telegram.api import CallbackData, Dispatcher
from shared.telegram.calls import StoredCall
from shared.telegram.reading import read_update
from shared.telegram.session import make_bot
from tests.assistant.samples import MASTER, NOW, USER
from tests.support.clock import Clock
from tests.support.telegram import BASE, TOKEN
from tests.support.updates import callback, message, person

ZONE = ZoneInfo("Europe/Moscow")
OPERATORS = -100500
SCREEN = 77
"""The message whose buttons are tapped."""


def no_network(request: httpx.Request) -> NoReturn:
    """Deciding must not call Telegram: whoever tries fails."""
    raise AssertionError(f"a decision called {request.url.path}")


@dataclass(frozen=True)
class Shown:
    """One call with a text or buttons."""

    method: str
    text: str
    buttons: list[dict[str, str]]
    params: dict[str, Any] = field(repr=False)

    @property
    def labels(self) -> list[str]:
        return [button["text"] for button in self.buttons]

    def data(self, label: str) -> str:
        """Return the data of the button that starts with `label`."""
        return next(button["callback_data"] for button in self.buttons if button["text"].startswith(label))


@dataclass(frozen=True)
class Seen:
    """What one turn decided."""

    calls: list[StoredCall]
    jobs: list[Job]
    due: dict[str, datetime | None]

    def of(self, method: str) -> list[StoredCall]:
        return [call for call in self.calls if call.method == method]

    @property
    def toasts(self) -> list[str | None]:
        """The texts of the taps' answers; None = answered without a text."""
        return [call.params.get("text") for call in self.of("answerCallbackQuery")]

    @property
    def screens(self) -> list[Shown]:
        """Whatever has a text or buttons, in order."""
        wanted = ("sendMessage", "sendPhoto", "editMessageText", "editMessageReplyMarkup")
        return [_shown(call) for call in self.calls if call.method in wanted]

    @property
    def screen(self) -> Shown:
        """The only screen."""
        (screen,) = self.screens
        return screen

    @property
    def job(self) -> Job:
        """The only job."""
        (job,) = self.jobs
        return job

    @property
    def typing(self) -> bool:
        return bool(self.of("sendChatAction"))


def _shown(call: StoredCall) -> Shown:
    rows = call.params.get("reply_markup", {}).get("inline_keyboard", [])
    text = call.params.get("text") or call.params.get("caption") or ""
    return Shown(call.method, text, [button for row in rows for button in row], dict(call.params))


def calls_of(data: list[CallData]) -> list[StoredCall]:
    return [StoredCall.from_data(item) for item in data]


@cache
def dispatcher(*, offers_pickup: bool = False) -> Dispatcher:
    """One for all stages, as an instance has one for all updates: it is most of the work of building a stage."""
    return build(ZONE, OPERATORS, offers_pickup=offers_pickup)


class Stage:
    """Everything a turn needs."""

    def __init__(self, portal: Portal | None = None) -> None:
        self.clock = Clock(NOW)
        self.store = MemoryStore(self.clock)
        self.bot = make_bot(TOKEN, BASE, httpx.AsyncClient(transport=httpx.MockTransport(no_network)))
        systems = {PaymentKind.PREPAID: "2", PaymentKind.CASH: "3"}
        self.portal = portal or ContractPortal(ContractSettings(pay_systems=systems, delivery_id="4"))
        self.dispatcher = dispatcher(offers_pickup=any(service.pickup for service in self.portal.services))
        self.kinds = job_handlers(self.portal, OPERATORS, ZONE)
        self.job_context = JobContext(self.portal, OPERATORS, ZONE)
        self._numbers = count(1)
        self._told: list[Key] = []

    async def decision(self, make_decision: Callable[[Decision], Awaitable[None]]) -> Seen:
        """Run one decision and commit it."""
        before = await self._jobs()

        async def one_turn(unit: UnitOfWork) -> Decision:
            decision = Decision(unit)
            await make_decision(decision)
            return decision

        decision, _unit = await decide(self.store, self.clock, one_turn)
        await self._note()
        return await self._seen(decision.calls, before)

    async def put(self, change: Callable[[UnitOfWork], object]) -> None:
        """Save something that `change` puts into a unit; what it returns is awaited if it can be."""

        async def make_decision(unit: UnitOfWork) -> None:
            result = change(unit)
            if isinstance(result, Awaitable):
                await result

        await decide(self.store, self.clock, make_decision)

    async def save(self, key: Key, save: Callable[[UnitOfWork], object]) -> None:
        """Save a record that wants to be read first."""

        async def change(unit: UnitOfWork) -> None:
            await unit.get(key)
            save(unit)

        await self.put(change)

    async def read(self, key: Key) -> dict[str, Any] | None:
        record = await self.store.get(key)
        return None if record is None else dict(record.data)

    def unit(self) -> UnitOfWork:
        return UnitOfWork(self.store, self.clock)

    async def join(self, master: Master = MASTER) -> None:
        await self.save(masters.key(master.telegram_id), master.save)

    # What a master does.

    async def write(self, text: str | None = None, *, user: int = USER, **content: Any) -> Seen:
        if text is not None:
            content["text"] = text
        return await self._update(user, message=self._message(user, content))

    async def mend(self, text: str | None = None, *, user: int = USER, **content: Any) -> Seen:
        """Change what was written."""
        content |= {} if text is None else {"text": text}
        return await self._update(user, edited_message=self._message(user, content))

    async def tap(
        self,
        data: CallbackData | str | None,
        *,
        user: int = USER,
        message_id: int = SCREEN,
        reply_markup: dict[str, Any] | None = None,
        **changes: Any,
    ) -> Seen:
        """A tap on a button of the bot's message; checks that it is answered exactly once."""
        content = {"text": "Экран", **({"reply_markup": reply_markup} if reply_markup else {})}
        shown = {**self._message(user, content), "message_id": message_id}
        packed = data.pack() if isinstance(data, CallbackData) else data
        event = callback(packed, person(user), shown, f"tap{next(self._numbers)}") | changes
        seen = await self._update(user, callback_query={key: value for key, value in event.items() if value})
        (answer,) = seen.of("answerCallbackQuery")
        assert answer.params["callback_query_id"] == event["id"]
        return seen

    def _message(self, user: int, content: dict[str, Any]) -> dict[str, Any]:
        date = int(self.clock().timestamp())
        return message(next(self._numbers) + 1000, person(user), date=date) | content

    async def _update(self, user: int, **event: Any) -> Seen:
        data = {"update_id": next(self._numbers), **event}

        async def make_decision(decision: Decision) -> None:
            master = await masters.load(decision.unit, user)
            assert master is not None, "a stranger is stopped before the routers"
            update = read_update(data, self.bot)
            view = chat_view_of(update, decision, user, master)
            await handle(self.dispatcher, self.bot, update, decision, view, master)

        return await self.decision(make_decision)

    # What the portal does.

    async def answer(self, job: Job, value: object) -> Seen:
        return await self._conclude(job, Answered(value))

    async def refuse(self, job: Job, reason: Refusal | None = None) -> Seen:
        return await self._conclude(job, reason or Refusal("ERROR", "nope"))

    async def doubt(self, job: Job) -> Seen:
        """A write's outcome becomes unknown."""
        return await self._conclude(job, UnknownOutcome("timeout"))

    async def delay(self, job: Job) -> Seen:
        """A write does not get out to the portal."""
        return await self._conclude(job, TransientFailure("not_sent"))

    async def _conclude(self, job: Job, outcome: Outcome) -> Seen:
        await self._note()
        before = await self._jobs()
        record = await commit_result(self.store, self.clock, self.kinds[job.kind], job, outcome, 0.0)
        assert record is not None, "the job was not there to be answered"
        assert await self.read(DEAD_LETTERS.key(f"job:{job.id}")) is None, "a bug was buried"
        before.pop(job.id, None)
        seen = await self._seen(list(record.data["outbox"]), before)
        self._told.append(record.key)
        if not record.data["refused"]:
            await self._note()
        return Seen(seen.calls, [item for item in seen.jobs if item.id != job.id], seen.due)

    async def _note(self) -> None:
        """Write down that the messages of what was answered went out.

        After a refusal this comes late: a master has read «Попробовать ещё раз», and taps, before it is written down.
        """
        while self._told:
            record = await self.store.get(self._told.pop())
            assert record is not None
            await self.store.commit([settled(record, Progress(len(record.data["outbox"])), self.clock())])

    async def pending(self) -> list[Job]:
        """Return the jobs the portal has not been asked yet."""
        return [Job.from_data(record.data) for record in (await self._jobs()).values()]

    async def pending_of(self, kind: str) -> Job:
        (job,) = [job for job in await self.pending() if job.kind == kind]
        return job

    async def again(self, job: Job) -> Job:
        """Return the job as the store has it."""
        data = await self.read(job.key)
        assert data is not None
        return Job.from_data(data)

    async def _jobs(self) -> dict[str, Record]:
        records = await self.store.due(JOBS.name, self.clock() + timedelta(days=1), 1000)
        return {record.key.id: record for record in records}

    async def _seen(self, calls: list[CallData], before: dict[str, Record]) -> Seen:
        now = await self._jobs()
        fresh = [record for id_, record in now.items() if id_ not in before or before[id_].version != record.version]
        jobs = [Job.from_data(record.data) for record in fresh]
        return Seen(calls_of(calls), jobs, {record.key.id: record.due_at for record in fresh})
