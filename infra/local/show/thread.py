"""The way of one event through all functions: what its commit wanted, who did it, and what they logged."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from infra.local.show.lives import JobLife
from infra.local.show.recorder import Commit, LogLine, Recorder, Span
from shared import tracing
from shared.store.collections import INBOX_BITRIX, INBOX_TELEGRAM, JOBS, ORDERS

Json = dict[str, Any]
_INBOXES = {INBOX_TELEGRAM.name, INBOX_BITRIX.name}


@dataclass
class _Thread:
    """What belongs to the event, as far as it is found."""

    jobs: dict[str, JobLife] = field(default_factory=dict)
    spans: set[int] = field(default_factory=set)
    inbox: set[str] = field(default_factory=set)


def thread(recorder: Recorder, *, update: str = "", job: str = "", span: int = 0) -> Json:
    """Return the spans, jobs and log lines of the event that `update`, a `job` or a `span` is of.

    What one permit did for others is left out: a span shared with them is shown, their jobs and commits are not.
    """
    found = _Thread()
    if update:
        found.inbox.update(_inbox_records(recorder, update))
    for life in recorder.jobs.all():
        if life.id == job or (span and any(one.span == span for one in life.tries)):
            found.jobs[life.id] = life
    if span:
        found.spans.add(span)
    while _grow(recorder, found):
        pass
    return _view(recorder, found)


def _inbox_records(recorder: Recorder, update: str) -> set[str]:
    """Return the ids of the records that say an update was handled: the bot's id stands before the update's."""
    keys = {key for commit in recorder.commits for key in commit.created if key.collection in _INBOXES}
    return {key.id for key in keys if update in key.id.split(":")}


def _grow(recorder: Recorder, found: _Thread) -> bool:
    """Add whatever hangs on what is found; say whether there was anything."""
    before = (len(found.jobs), len(found.spans), len(found.inbox))
    for commit in recorder.commits:
        if _belongs(commit, found):
            _take(recorder, commit, found)
    for life in found.jobs.values():
        found.spans.update(one.span for one in life.tries if one.span is not None)
    return before != (len(found.jobs), len(found.spans), len(found.inbox))


def _belongs(commit: Commit, found: _Thread) -> bool:
    """A commit belongs if it decides about the event or one of its jobs; the lease of many is nobody's own."""
    for key in commit.keys:
        if key.collection in _INBOXES and key.id in found.inbox:
            return True
        if key.collection == JOBS.name and key.id in found.jobs and not _is_shared(commit):
            return True
    return False


def _is_shared(commit: Commit) -> bool:
    """Whether it is the lease of several jobs: nothing but jobs, none of them new."""
    return len(commit.keys) > 1 and not commit.created and all(key.collection == JOBS.name for key in commit.keys)


def _take(recorder: Recorder, commit: Commit, found: _Thread) -> None:
    if commit.span is not None:
        found.spans.add(commit.span)
    for key in commit.keys:
        life = recorder.jobs.get(key.id) if key.collection == JOBS.name else None
        if life is not None and (key in commit.created or life.id in found.jobs or life.born_in == commit.number):
            found.jobs[life.id] = life
        if key.collection in _INBOXES and key in commit.created:
            found.inbox.add(key.id)


def _view(recorder: Recorder, found: _Thread) -> Json:
    spans = [span for span in recorder.spans if span.number in found.spans]
    lines = [line for line in recorder.lines if line.span in found.spans and _is_ours(line, found)]
    commits = [commit for commit in recorder.commits if commit.span in found.spans and _belongs(commit, found)]
    return {
        "spans": [_span(span) for span in spans],
        "commits": [
            {
                "span": commit.span,
                "at": commit.at.timestamp(),
                "refused": commit.refused,
                "records": [key.collection for key in commit.keys],
                "orders": [key.id for key in commit.keys if key.collection == ORDERS.name],
            }
            for commit in commits
        ],
        "jobs": [
            {"id": life.id, "kind": life.kind, "lane": life.lane, "tries": len(life.tries), "done": bool(life.ended)}
            for life in found.jobs.values()
        ],
        "lines": [{"span": line.span, "at": line.at.timestamp(), **_told(line)} for line in lines],
    }


def _is_ours(line: LogLine, found: _Thread) -> bool:
    """A line that names a job is that job's; one that names none is the whole span's."""
    return "job" not in line.entry or line.entry["job"] in found.jobs


def _span(span: Span) -> Json:
    return {
        "number": span.number,
        "function": span.function,
        "at": span.began.timestamp(),
        "end": None if span.ended is None else span.ended.timestamp(),
        "status": span.status,
        "parts": [_part(part) for part in span.parts],
    }


def _part(part: tracing.Span) -> Json:
    return {
        "name": part.name,
        "at": part.began.timestamp(),
        "end": (part.ended or part.began).timestamp(),
        "failed": part.failed,
        **part.attributes,
    }


_BESIDE = {"time", "logger", "function", "severity", "message"}


def _told(line: LogLine) -> Json:
    rest = {name: value for name, value in line.entry.items() if name not in _BESIDE and "/" not in name}
    return {"severity": line.entry["severity"], "message": line.entry["message"], "fields": rest}
