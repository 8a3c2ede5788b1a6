"""`assistant dead-letters`: the letters that bugs left, for who has mended the bug.

A letter is shown as it is kept: without secrets, but with what a master wrote. It goes with the commit that handles it
anew, or when it is forgotten; so one that fails again is still there.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import traceback
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from datetime import datetime

from google.auth.exceptions import GoogleAuthError

from infra.instance import out_of_reach, with_parts
from shared.entry.container import Container
from shared.logs import HIDDEN, redact
from shared.pipeline.jobs import Job, JobState, Lane
from shared.pipeline.tasks import QueueUnavailable
from shared.store.collections import DEAD_LETTERS, JOBS
from shared.store.port import Record, Store, StoreError
from shared.store.unit_of_work import UnitOfWork, decide

MOST_LISTED = 500
"""Letters listed at most, the oldest first."""

Say = Callable[[str], None]


@dataclass(frozen=True)
class DeadLetter:
    """A letter as it is kept. `id` is `update:<bot>:<number>` or `job:<job>`; `payload` is JSON, cut off when long."""

    id: str
    at: datetime
    error: str
    payload: str

    @classmethod
    def from_record(cls, record: Record) -> DeadLetter:
        """Read a record of `dead_letters`."""
        return cls(record.key.id, record.data["at"], record.data["error"], record.data["payload"])


def add_dead_letters(parser: argparse.ArgumentParser) -> None:
    """Say what `assistant dead-letters` takes."""
    acts = parser.add_subparsers(required=True, metavar="act")
    listing = acts.add_parser("list", help="name the letters, the oldest first")
    listing.set_defaults(run=_run, act=lambda here, _: list_letters(here, _say))
    showing = acts.add_parser("show", help="print one letter: what came, without secrets, but with a master's words")
    showing.add_argument("id", metavar="ID")
    showing.set_defaults(run=_run, act=lambda here, told: show_letter(here, told.id, _say))
    replaying = acts.add_parser("replay", help="handle again what came, once the bug is mended and deployed")
    replaying.add_argument("ids", nargs="+", metavar="ID")
    writes = "also what changes the portal: look first whether somebody has done it by hand"
    replaying.add_argument("--writes", action="store_true", help=writes)
    replaying.set_defaults(run=_run, act=lambda here, told: replay_letters(here, told.ids, _say, writes=told.writes))
    forgetting = acts.add_parser("forget", help="delete letters that are dealt with")
    forgetting.add_argument("ids", nargs="+", metavar="ID")
    forgetting.set_defaults(run=_run, act=lambda here, told: forget_letters(here, told.ids, _say))


def _run(arguments: argparse.Namespace) -> int:
    """Do one act. RuntimeError when the project is out of reach."""
    try:
        status: int = asyncio.run(with_parts(lambda here: arguments.act(here, arguments)))
    except (StoreError, QueueUnavailable, GoogleAuthError) as error:
        raise out_of_reach(error) from None
    return status


def _say(text: str) -> None:
    print(text, flush=True)  # noqa: T201 - a command talks to its user


async def list_letters(here: Container, say: Say) -> int:
    """Say id, time and error of each letter."""
    records = await here.store.due(DEAD_LETTERS.name, here.now(), MOST_LISTED)
    for letter in map(DeadLetter.from_record, records):
        say(f"{letter.id}  {letter.at:%Y-%m-%d %H:%M} UTC  {letter.error}")
    if not records:
        say("no letters")
    return 0


async def show_letter(here: Container, id_: str, say: Say) -> int:
    """Say all of one letter. RuntimeError when it is not there."""
    letter = await _letter(here.store, id_)
    whole = _parsed(letter)
    text = letter.payload if whole is None else json.dumps(whole, ensure_ascii=False, indent=2)
    say(f"{letter.id}  {letter.at:%Y-%m-%d %H:%M} UTC  {letter.error}")
    say(redact(text, sorted(here.settings.secrets(), key=len, reverse=True)))
    return 0


async def replay_letters(here: Container, ids: list[str], say: Say, *, writes: bool) -> int:
    """Handle each anew, whatever becomes of the others; 1 when one was not."""

    async def replay(letter: DeadLetter) -> str:
        kind, _, rest = letter.id.partition(":")
        if kind == "update":
            return await _replay_update(here, letter, rest.partition(":")[0])
        return await _replay_job(here, letter, rest, writes=writes)

    return await _each(here, ids, say, replay)


async def forget_letters(here: Container, ids: list[str], say: Say) -> int:
    """Delete letters; 1 when one was not there."""

    async def forget(letter: DeadLetter) -> str:
        async def delete(unit: UnitOfWork) -> None:
            await _gone(unit, letter)

        await decide(here.store, here.now, delete)
        return "forgotten"

    return await _each(here, ids, say, forget)


async def _each(here: Container, ids: list[str], say: Say, act: Callable[[DeadLetter], Awaitable[str]]) -> int:
    failed = 0
    for id_ in ids:
        try:
            told = await act(await _letter(here.store, id_))
        except RuntimeError as error:
            failed, told = 1, str(error)
        say(f"{id_}: {told}")
    return failed


async def _replay_update(here: Container, letter: DeadLetter, bot: str) -> str:
    """Serve the update as if it came now. RuntimeError says why not."""
    update = _parsed(letter)
    if update is None:
        raise RuntimeError("it was too long to be kept whole")
    if HIDDEN in letter.payload:
        raise RuntimeError("a secret was cut out of it, so it is not what the master sent; ask him to send it again")
    if bot != str(here.bot.id):
        raise RuntimeError("it came to another bot than TELEGRAM_BOT_TOKEN is of")
    try:
        await here.update_handler.replay(update, DEAD_LETTERS.key(letter.id))
    except (StoreError, QueueUnavailable):
        raise
    except Exception:  # noqa: BLE001 - the bug is still there, whatever it is
        raise RuntimeError(f"it still fails\n{redact(traceback.format_exc(), here.settings.secrets())}") from None
    if await here.store.get(DEAD_LETTERS.key(letter.id)) is not None:
        raise RuntimeError("nobody was served: its author is no master any more, or it was handled already")
    return "handled"


async def _replay_job(here: Container, letter: DeadLetter, id_: str, *, writes: bool) -> str:
    """Have the job done once more, with the key it had. RuntimeError says why not."""

    async def again(unit: UnitOfWork) -> list[datetime]:
        found = await unit.get_many([JOBS.key(id_), DEAD_LETTERS.key(letter.id)])
        data = found.get(JOBS.key(id_))
        if data is None:
            raise RuntimeError(f"its job is gone ({JOBS.kept}); what it wanted has to be done by hand")
        unit.put(JOBS.key(id_), _anew(Job.from_data(data), writes=writes).as_data(), due_at=unit.now)
        await _gone(unit, letter)
        return [unit.now]

    permits, _ = await decide(here.store, here.now, again)
    await here.tasks.permit(permits)
    return "wanted again"


def _anew(job: Job, *, writes: bool) -> Job:
    """Return the finished job as one that waits. A write may have been carried out: who can looks first."""
    if job.state is not JobState.DONE:
        raise RuntimeError("its job is at work just now")
    write = job.lane is Lane.WRITE
    if write and not writes:
        raise RuntimeError("it changes the portal; look whether it was done by hand, then say --writes")
    return replace(job, state=JobState.PENDING, doubt=write)


async def _gone(unit: UnitOfWork, letter: DeadLetter) -> None:
    await unit.get(DEAD_LETTERS.key(letter.id))
    unit.delete(DEAD_LETTERS.key(letter.id))


async def _letter(store: Store, id_: str) -> DeadLetter:
    record = await store.get(DEAD_LETTERS.key(id_))
    if record is None:
        raise RuntimeError("there is no such letter")
    return DeadLetter.from_record(record)


def _parsed(letter: DeadLetter) -> dict[str, object] | None:
    """Return what came; None when it was cut off."""
    try:
        parsed: dict[str, object] = json.loads(letter.payload)
    except ValueError:
        return None
    return parsed
