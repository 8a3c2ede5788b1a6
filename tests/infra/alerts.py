"""The alerts of Terraform as Cloud Monitoring would judge them by a log: which metric counts an entry, when one fires.

Read from the text, as `tests.infra.terraform` does. Windows are left out: what a test gives is of one window.
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from tests.infra.terraform import text

MONITORING = "modules/monitoring/"
EVERY, WHOLE = re.MULTILINE, re.MULTILINE | re.DOTALL
Entry = Mapping[str, Any]


@dataclass(frozen=True)
class LogMetric:
    """Which entries count, and the field whose value is kept; without one they are only counted."""

    events: frozenset[str]
    only: str
    value: str | None

    def of(self, entries: Sequence[Entry]) -> list[Entry]:
        return [one for one in entries if one.get("event") in self.events and holds(self.only, one)]


@dataclass(frozen=True)
class LogAlert:
    """One alert. `label`: a further condition on the metric's labels; `enough`: how many of what there must be."""

    name: str
    kind: str
    limit: float
    metric: LogMetric
    label: str = ""
    enough: tuple[LogMetric, int] | None = None

    def fires(self, entries: Sequence[Entry]) -> bool:
        found = [one for one in self.metric.of(entries) if holds(self.label, one)]
        if self.enough is not None and len(self.enough[0].of(entries)) <= self.enough[1]:
            return False
        if self.kind == "absent":
            return not found
        values = sorted(float(one[self.metric.value]) for one in found) if self.metric.value else []
        if self.kind == "sum":
            return len(found) > self.limit
        # A value that is just the limit lies in the bucket above it.
        return bool(values) and values[-1 if self.kind == "max" else math.ceil(0.95 * len(values)) - 1] >= self.limit


@dataclass(frozen=True)
class Promise:
    """A promise and how fast its budget burns: `rate` times too fast, and more than `few` that broke it."""

    goal: float
    rate: float
    all: LogMetric
    bad: LogMetric
    few: int

    def fires(self, entries: Sequence[Entry]) -> bool:
        total, broken = len(self.all.of(entries)), len(self.bad.of(entries))
        return broken > self.few and broken / total / (1 - self.goal) > self.rate


def holds(condition: str, entry: Entry) -> bool:
    """Whether an entry meets one comparison of the logging or the monitoring query language; "" is met by all."""
    if not condition:
        return True
    found = re.fullmatch(
        r'(?:jsonPayload|metric\.labels)\.(\w+)(!?=|:|>)(?:monitoring\.\S+\()?"?([^")]*)"?\)?', condition
    )
    assert found is not None, condition
    name, how, wanted = found.groups()
    value = entry.get(name)
    match how:
        case ":":
            return wanted in str(value)
        case ">":
            return value is not None and float(value) > float(wanted)
        case "!=":
            return str(value) != wanted
    return re.fullmatch(wanted, str(value)) is not None


def log_alerts() -> dict[str, LogAlert | Promise]:
    """Return every alert on a metric that is counted from the log."""
    metrics = _metrics()
    return _thresholds(metrics) | _burns(metrics)


def _thresholds(metrics: Mapping[str, LogMetric]) -> dict[str, LogAlert | Promise]:
    found: dict[str, LogAlert | Promise] = {}
    for name, block in re.findall(
        r"^ {6}([a-z0-9-]+) = \{\n(.*?)\n +\}$", text(f"{MONITORING}alerts.tf"), re.MULTILINE | re.DOTALL
    ):
        counted = re.search(r'filter = "?(?:\$\{)?local\.counted\["(\w+)"\]\}?(?: (.+)")?,?', block)
        kind, limit = re.search(r'kind = "(\w+)"', block), re.search(r"limit = (.+?),$", block, EVERY)
        if counted is None:
            continue
        assert kind is not None
        assert limit is not None
        more = re.search(r'enough = \{ filter = local\.counted\["(\w+)"\], count = (\d+)', block)
        enough = None if more is None else (metrics[more[1]], int(more[2]))
        label = (counted[2] or "").replace('\\"', '"')
        found[name] = LogAlert(name, kind[1], _number(limit[1]), metrics[counted[1]], label, enough)
    return found


def _burns(metrics: Mapping[str, LogMetric]) -> dict[str, LogAlert | Promise]:
    source = text(f"{MONITORING}slo.tf")
    promises = {
        name: (float(goal), metrics[times], metrics[bad])
        for name, goal, times, bad in re.findall(
            r'^    (\w+) = \{\n.*goal = ([\d.]+), times = local\.counted\["(\w+)"\], bad = local\.counted\["(\w+)"\]',
            source,
            EVERY,
        )
    }
    few = re.search(r"threshold_value = (\d+)$", source, EVERY)
    assert few is not None
    return {
        name: Promise(goal=promises[of][0], rate=float(rate), all=promises[of][1], bad=promises[of][2], few=int(few[1]))
        for name, of, rate in re.findall(
            r'^    ([\w-]+) = \{\n\s+promise = "(\w+)".*?rate = ([\d.]+)', source, re.MULTILINE
        )
        if of in promises
    }


def _metrics() -> dict[str, LogMetric]:
    source = text(f"{MONITORING}metrics.tf")
    named = {name: value.replace('\\"', '"') for name, value in re.findall(r'^  (\w+)\s+= "(json.+)"$', source, EVERY)}
    late = re.search(r"answered_within = (\d+)", text(f"{MONITORING}slo.tf"))
    assert late is not None
    found = {}
    for name, rest in re.findall(r"^    (\w+)\s+= \{ (events = .*) \}$", source, EVERY):
        events, only = re.search(r"events = \[(.*?)\]", rest), re.search(r'only = (?:local\.(\w+)|"(.*)")', rest)
        value = re.search(r'value = "(\w+)"', rest)
        assert events is not None
        condition = "" if only is None else named[only[1]] if only[1] else only[2].replace('\\"', '"')
        condition = condition.replace("${local.answered_within}", late[1])
        counted = frozenset(re.findall(r'"(\w+)"', events[1]))
        found[name] = LogMetric(counted, condition, None if value is None else value[1])
    return found


def _number(limit: str) -> float:
    """Return a limit, of a variable its default."""
    named = re.fullmatch(r"var\.limits\.(\w+)(?: ([*/]) (\d+))?", limit)
    if named is None:
        return float(limit)
    default = re.search(rf"^    {named[1]}\s+= optional\(number, (\d+)\)$", text("variables.tf"), EVERY)
    assert default is not None, named[1]
    times = float(named[3] or 1)
    return float(default[1]) / times if named[2] == "/" else float(default[1]) * times
