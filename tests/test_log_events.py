"""The events of the logs: logged in one way, each by somebody."""

from __future__ import annotations

import logging

import pytest

from shared.log_events import LogEvent, log_event

log = logging.getLogger(__name__)


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
