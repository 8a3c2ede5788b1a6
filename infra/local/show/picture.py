"""The machine room's picture: what happened in the last seconds, as data to draw. All times are seconds since 1970."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from itertools import takewhile
from typing import Any

from infra.local.portal.calls import CallRecord
from infra.local.show.lives import JobLife
from infra.local.show.machine import Machine
from infra.local.show.recorder import Commit
from infra.local.telegram.mailbox import Update

Json = dict[str, Any]

WINDOW = timedelta(seconds=40)
"""How far back the picture goes."""

MOST = 400
"""Things of one kind in a picture: a crowd's older ones are left out."""

RECENT = 8
"""Acts of people that can be chosen from a list."""

_METHODS_SHOWN = 50
_SAID = {"sendmessage", "sendphoto", "sendmediagroup", "editmessagetext", "editmessagecaption", "editmessagemedia"}


def picture(machine: Machine) -> Json:
    """Return everything that the lanes show."""
    now = machine.now()
    since = now - WINDOW
    queue = machine.queue.queue(machine.bitrix_queue)
    return {
        "now": now.timestamp(),
        "window": WINDOW.total_seconds(),
        "limit": queue.limits.rate,
        "burst": queue.limits.size,
        "pace": _pace(machine, since),
        "waiting": len(queue.tasks) - queue.running,
        "paused": queue.paused,
        "updates": _updates(machine, since),
        "recent": _recent(machine),
        "events": _events(machine, since),
        "commits": _commits(machine, since),
        "permits": _permits(machine, since),
        "requests": _requests(machine, since),
        "jobs": _jobs(machine, since),
        "said": _said(machine, since),
    }


def _updates(machine: Machine, since: datetime) -> list[Json]:
    if machine.telegram is None:
        return []
    log = takewhile(lambda update: _last_seen(update) >= since, reversed(machine.telegram.mailbox.log))
    return [_update(update) for update in list(log)[:MOST]][::-1]


def _recent(machine: Machine) -> list[Json]:
    """Return the last acts, however long ago they were."""
    if machine.telegram is None:
        return []
    return [_update(update) for update in list(machine.telegram.mailbox.log)[-RECENT:]]


def _last_seen(update: Update) -> datetime:
    return max([update.created_at, *(attempt.at for attempt in update.attempts)])


def _update(update: Update) -> Json:
    last = update.attempts[-1] if update.attempts else None
    done = last is not None and update.state == "delivered"
    return {
        "id": str(update.id),
        "kind": update.kind,
        "who": update.peer_id,
        "at": update.created_at.timestamp(),
        "end": (last.at.timestamp() + last.seconds) if done and last is not None else None,
        "failed": sum(not attempt.outcome.startswith("2") for attempt in update.attempts),
        "words": _words(update),
    }


def _words(update: Update) -> str:
    payload = update.payload
    if update.kind == "callback_query":
        return _button(payload) or "нажал кнопку"
    return str(payload.get("text") or payload.get("query") or payload.get("caption") or update.kind)


def _button(tap: Json) -> str:
    rows = tap.get("message", {}).get("reply_markup", {}).get("inline_keyboard", [])
    return next((str(b["text"]) for row in rows for b in row if b.get("callback_data") == tap.get("data")), "")


def _events(machine: Machine, since: datetime) -> list[Json]:
    if machine.portal is None:
        return []
    recent = takewhile(lambda one: one.created_at >= since, reversed(machine.portal.webhooks.all()))
    return [
        {
            "name": str(one.event),
            "at": one.created_at.timestamp(),
            "state": one.state.value,
            "attempts": len(one.attempts),
            "data": dict(one.data),
        }
        for one in list(recent)[:MOST]
    ][::-1]


def _commits(machine: Machine, since: datetime) -> list[Json]:
    recent = takewhile(lambda commit: commit.at >= since, reversed(machine.recorder.commits))
    return [_commit(commit) for commit in list(recent)[:MOST]][::-1]


def _commit(commit: Commit) -> Json:
    return {
        "number": commit.number,
        "at": commit.at.timestamp(),
        "span": commit.span,
        "refused": commit.refused,
        "records": [{"in": key.collection, "id": key.id, "new": key in commit.created} for key in commit.keys],
    }


def _permits(machine: Machine, since: datetime) -> list[Json]:
    mine = (one for one in machine.queue.journal.dispatches if one.queue == machine.bitrix_queue)
    return [
        {
            "at": one.at.timestamp(),
            "end": None if one.finished_at is None else one.finished_at.timestamp(),
            "status": one.status,
            "attempt": one.attempt,
        }
        for one in mine
        if one.finished_at is None or one.finished_at >= since
    ][-MOST:]


def _pace(machine: Machine, since: datetime) -> list[tuple[float, float]]:
    """Return how full the bucket of the limit was after each permit: the seconds before count, for they filled it."""
    queue = machine.queue.queue(machine.bitrix_queue)
    before = since - timedelta(seconds=queue.limits.size / queue.limits.rate)
    moments = [one.at for one in machine.queue.journal.dispatches if one.queue == machine.bitrix_queue]
    after = levels([moment for moment in moments if moment >= before], queue.limits.rate)
    return [(moment.timestamp(), level) for moment, level in after if moment >= since][-MOST:]


def levels(moments: Iterable[datetime], rate: float) -> list[tuple[datetime, float]]:
    """Return the level after each moment of a bucket that gains one then, and loses `rate` in a second.

    Whoever counts by the seconds of a clock sees three in a second where two are allowed: the limit knows no seconds.
    """
    found: list[tuple[datetime, float]] = []
    for moment in moments:
        seen, level = found[-1] if found else (moment, 0.0)
        found.append((moment, max(0.0, level - (moment - seen).total_seconds() * rate) + 1))
    return found


def _requests(machine: Machine, since: datetime) -> list[Json]:
    if machine.portal is None:
        return []
    longest = timedelta(seconds=75)
    recent = [call for call in machine.portal.rest.calls.since(since - longest) if call.kind == "rest"]
    return [_request(call) for call in recent if _is_recent(call, since)][-MOST:]


def _is_recent(call: CallRecord, since: datetime) -> bool:
    return call.duration is None or call.time + timedelta(seconds=call.duration) >= since


def _request(call: CallRecord) -> Json:
    headers = {name.lower(): value for name, value in call.headers.items()}
    began = call.time.timestamp()
    return {
        "id": f"{began:.3f}{call.method}",
        "at": began,
        "end": None if call.duration is None else began + call.duration,
        "method": call.method,
        "commands": [
            {"method": command["method"], "error": command.get("error")} for command in call.commands[:_METHODS_SHOWN]
        ]
        if call.method == "batch"
        else [],
        "status": call.status,
        "error": call.error,
        "fault": call.fault,
        "replayed": call.replayed,
        "key": headers.get("idempotency-key", ""),
    }


def _jobs(machine: Machine, since: datetime) -> list[Json]:
    lives = [life for life in machine.recorder.jobs.all() if life.ended is None or life.ended >= since]
    return [_job(life) for life in lives[-MOST:]]


def _job(life: JobLife) -> Json:
    return {
        "id": life.id,
        "kind": life.kind,
        "lane": life.lane,
        "key": life.key,
        "chat": life.chat,
        "at": life.born.timestamp(),
        "end": None if life.ended is None else life.ended.timestamp(),
        "due": None if life.due is None or life.ended is not None else life.due.timestamp(),
        "doubt": life.doubt,
        "tries": [
            {"at": one.began.timestamp(), "end": None if one.ended is None else one.ended.timestamp()}
            for one in life.tries
        ],
    }


def _said(machine: Machine, since: datetime) -> list[Json]:
    if machine.telegram is None:
        return []
    recent = takewhile(lambda call: call.at >= since, reversed(machine.telegram.calls.log))
    calls = [call for call in recent if call.method.lower() in _SAID][:MOST]
    return [
        {
            "at": call.at.timestamp(),
            "method": call.method,
            "who": call.params.get("chat_id", ""),
            "error": call.error,
            "words": _first_line(call.params.get("text") or call.params.get("caption") or ""),
        }
        for call in reversed(calls)
    ]


def _first_line(text: str) -> str:
    return text.partition("\n")[0][:120]
