"""The events of the logs: logged in one way, each by somebody."""

from __future__ import annotations

import logging
import re

import pytest

from shared.log_events import LogEvent, log_event
from tests.architecture.sources import modules

log = logging.getLogger(__name__)
SHARED = {name: path.read_text(encoding="utf-8") for name, path in modules().items() if name.startswith("shared.")}


def test_an_event_is_a_field_beside_the_others(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.INFO):
        log_event(log, logging.INFO, LogEvent.RETRY, "100 % again", kind="find", attempts=2)
    (record,) = caplog.records
    assert (record.levelno, record.getMessage(), record.name) == (logging.INFO, "100 % again", __name__)
    assert vars(record)["fields"] == {"event": "retry", "kind": "find", "attempts": 2}
    assert type(vars(record)["fields"]["event"]) is str
    assert (record.funcName, record.exc_info) == ("test_an_event_is_a_field_beside_the_others", None)


def test_an_event_may_have_a_traceback(caplog: pytest.LogCaptureFixture) -> None:
    error = ValueError("odd")
    log_event(log, logging.ERROR, LogEvent.BUG, "bug", exc_info=error)
    try:
        raise error
    except ValueError:
        log_event(log, logging.ERROR, LogEvent.BUG, "bug", exc_info=True)
    assert [record.exc_info[1] for record in caplog.records if record.exc_info] == [error, error]


def test_every_event_is_logged_by_somebody_and_in_this_way() -> None:
    used = {name for source in SHARED.values() for name in re.findall(r"LogEvent\.(\w+)", source)}
    assert used == set(LogEvent.__members__)
    assert [name for name, source in SHARED.items() if re.search(r'"event": "', source)] == []
