"""Log entries: one line of JSON each, with the ids of what they belong to, and never a secret."""

from __future__ import annotations

import asyncio
import io
import json
import logging
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from shared.logs import JsonFormatter, bind, bound, configure, redact, trace_context, trace_fields, traceparent
from tests.support.logs import same_logging_afterwards

__all__ = ["same_logging_afterwards"]

BOT_TOKEN = "123456789:AAHfiqksKZ8WmR2zSjiQ7_v4TMAKdiHm9T0"
HOOK_KEY = "x9wg3k2m8q1z7v5b"
TRACE = "4bf92f3577b34da6a3ce929d0e0e4736"

log = logging.getLogger("tests.logs")


class Written:
    """What was logged."""

    def __init__(self, level: str = "INFO", *secrets: str) -> None:
        self.stream = io.StringIO()
        configure(level, secrets, self.stream)

    @property
    def entries(self) -> list[dict[str, Any]]:
        return [json.loads(line) for line in self.stream.getvalue().splitlines()]

    @property
    def entry(self) -> dict[str, Any]:
        [entry] = self.entries
        return entry


def test_an_entry_is_one_line_of_json():
    written = Written()
    log.info(
        "заказ %s\nпринят", 7, extra={"fields": {"event": "order", "count": 2, "share": 0.5, "ok": True, "x": None}}
    )
    entry = written.entry
    assert abs((datetime.fromisoformat(entry.pop("time")) - datetime.now(UTC)).total_seconds()) < 60
    assert entry == {
        "severity": "INFO",
        "message": "заказ 7\nпринят",
        "logger": "tests.logs",
        "event": "order",
        "count": 2,
        "share": 0.5,
        "ok": True,
        "x": None,
    }


@pytest.mark.parametrize("severity", ["DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL"])
def test_the_severity_is_clouds_own_word(severity: str):
    written = Written("DEBUG")
    log.log(getattr(logging, severity), "x")
    assert written.entry["severity"] == severity


def test_what_is_below_the_level_is_not_written():
    written = Written("WARNING")
    log.info("x")
    assert written.entries == []


def test_any_value_can_be_logged():
    written = Written()
    log.info("x", extra={"fields": {"when": datetime(2026, 1, 2, tzinfo=UTC), "some": {1: (b"y", {3})}}})
    assert written.entry["when"] == "2026-01-02 00:00:00+00:00"
    assert written.entry["some"] == {"1": ["b'y'", "{3}"]}


def test_a_traceback_is_part_of_the_line():
    written = Written()
    try:
        int(f"bad token {BOT_TOKEN}")
    except ValueError:
        log.exception("failed")
    entry = written.entry
    assert entry["stack_trace"].startswith("Traceback (most recent call last):\n")
    assert entry["stack_trace"].endswith("'bad token [hidden]'")
    assert BOT_TOKEN not in written.stream.getvalue()


def test_configuring_again_replaces():
    first, second = Written("INFO"), Written("DEBUG", "s3cret-value")
    log.debug("s3cret-value")
    assert first.entries == []
    assert second.entry["message"] == "[hidden]"
    assert len(logging.getLogger().handlers) == 1


def test_the_standard_output_is_where_logs_go(capsys: pytest.CaptureFixture[str]):
    configure("INFO")
    log.info("hello")
    assert json.loads(capsys.readouterr().out)["message"] == "hello"


@pytest.mark.parametrize("chatty", ["httpx", "httpcore"])
def test_who_logs_urls_is_kept_quiet(chatty: str):
    written = Written("DEBUG")
    logging.getLogger(chatty).info("HTTP Request: POST https://x/")
    assert written.entries == []


@pytest.mark.parametrize(
    ("headers", "span", "sampled"),
    [
        ({"traceparent": f"00-{TRACE}-00f067aa0ba902b7-01"}, "00f067aa0ba902b7", True),
        ({"traceparent": f"00-{TRACE}-00f067aa0ba902b7-00"}, "00f067aa0ba902b7", False),
        ({"traceparent": f"00-{TRACE}-00f067aa0ba902b7-03"}, "00f067aa0ba902b7", True),
        ({"x-cloud-trace-context": f"{TRACE}/67667974448284343;o=1"}, "00f067aa0ba902b7", True),
        ({"x-cloud-trace-context": f"{TRACE}/1"}, "0000000000000001", False),
        ({"x-cloud-trace-context": TRACE}, "0000000000000000", False),
        ({"x-cloud-trace-context": f"{TRACE}/{2**64 - 1}"}, "f" * 16, False),
        ({"x-cloud-trace-context": f"{TRACE}/{2**64}"}, "0000000000000000", False),
        ({"traceparent": f"00-{TRACE}-00f067aa0ba902b7-01", "x-cloud-trace-context": "x"}, "00f067aa0ba902b7", True),
        ({"traceparent": "rubbish", "x-cloud-trace-context": f"{TRACE}/1;o=0"}, "0000000000000001", False),
        ({"traceparent": f"00-{'0' * 32}-{'1' * 16}-01", "x-cloud-trace-context": f"{TRACE}/1"}, f"{1:016x}", False),
    ],
)
def test_a_trace_is_read_from_either_header(headers: dict[str, str], span: str, sampled: bool):
    context = trace_context(headers)
    assert trace_fields(context, "shop") == {
        "logging.googleapis.com/trace": f"projects/shop/traces/{TRACE}",
        "logging.googleapis.com/spanId": span,
        "logging.googleapis.com/trace_sampled": sampled,
    }


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"traceparent": ""},
        {"traceparent": f"00-{TRACE[1:]}-00f067aa0ba902b7-01"},
        {"traceparent": f"00-{'0' * 32}-00f067aa0ba902b7-01"},
        {"x-cloud-trace-context": "1"},
        {"x-cloud-trace-context": f"{'0' * 32}/1;o=1"},
        {"x-cloud-trace-context": f"{TRACE}/{'7' * 4400}"},
        {"x-cloud-trace-context": f"{TRACE}/٣"},
    ],
)
def test_without_a_usable_header_there_is_no_trace(headers: dict[str, str]):
    assert trace_fields(trace_context(headers), "shop") == {}


@pytest.mark.parametrize("flags", ["00", "01"])
def test_a_trace_goes_on_as_it_came(flags: str):
    header = f"00-{TRACE}-00f067aa0ba902b7-{flags}"
    with bind(**trace_fields(trace_context({"traceparent": header}), "shop")):
        assert traceparent() == {"traceparent": header}


def test_without_a_trace_or_a_span_nothing_goes_on():
    assert traceparent() == {}
    with bind(**trace_fields(trace_context({"x-cloud-trace-context": TRACE}), "shop")):
        assert traceparent() == {}


def test_bound_ids_are_on_every_entry_inside():
    written = Written()
    with bind(event="e1"):
        with bind(job="j1", event="e2"):
            log.info("inner")
        log.info("outer")
    log.info("outside")
    inner, outer, outside = written.entries
    assert (inner["event"], inner["job"]) == ("e2", "j1")
    assert outer["event"] == "e1"
    assert "job" not in outer
    assert "event" not in outside


def test_ids_are_let_go_of_when_the_block_fails():
    with pytest.raises(ValueError, match="x"), bind(event="e1"):
        raise ValueError("x")
    assert bound() == {}


async def test_tasks_inherit_ids_and_keep_their_own_to_themselves():
    written = Written()

    async def work(number: int) -> None:
        with bind(job=str(number)):
            await asyncio.sleep(0)
            log.info("%s", number)

    with bind(event="e1"):
        await asyncio.gather(*(work(number) for number in range(3)))
        assert bound() == {"event": "e1"}
    assert [(entry["event"], entry["job"] == entry["message"]) for entry in written.entries] == [("e1", True)] * 3


@pytest.mark.parametrize(
    ("text", "clean"),
    [
        (f"token {BOT_TOKEN}.", "token [hidden]."),
        (BOT_TOKEN, "[hidden]"),
        (f"'{BOT_TOKEN}'", "'[hidden]'"),
        (f"https://api.x/bot{BOT_TOKEN}/getMe", "https://api.x/bot[hidden]/getMe"),
        (f"https://api.x/file/bot{BOT_TOKEN}/a.jpg", "https://api.x/file/bot[hidden]/a.jpg"),
        ("https://api.x/bot1:short/getMe", "https://api.x/bot[hidden]/getMe"),
        (f"https://p.x/rest/1/{HOOK_KEY}/batch.json", "https://p.x/rest/[hidden]/batch.json"),
        (f"https://p.x/rest/1/{HOOK_KEY}/", "https://p.x/rest/[hidden]/"),
        (f"https://p.x/rest/1/{HOOK_KEY}", "https://p.x/rest/[hidden]"),
        (f"GET /rest/1/{HOOK_KEY}\n", "GET /rest/[hidden]\n"),
        (f"?auth={HOOK_KEY}&start=5", "?auth=[hidden]&start=5"),
        (f"access_token={HOOK_KEY}", "access_token=[hidden]"),
        (f"REFRESH_TOKEN={HOOK_KEY} x", "REFRESH_TOKEN=[hidden] x"),
        (f"client_secret={HOOK_KEY}", "client_secret=[hidden]"),
        (f"auth[application_token]={HOOK_KEY}&x=1", "auth[application_token]=[hidden]&x=1"),
        (f"auth%5Bapplication_token%5D={HOOK_KEY}&x=1", "auth%5Bapplication_token%5D=[hidden]&x=1"),
        (f'{{"access_token": "{HOOK_KEY}", "x": 1}}', '{"access_token": "[hidden]", "x": 1}'),
        (f"{{'application_token':'{HOOK_KEY}'}}", "{'application_token':'[hidden]'}"),
        (f'{{"body": "{{\\"auth\\": \\"{HOOK_KEY}\\"}}"}}', '{"body": "{\\"auth\\": \\"[hidden]\\"}"}'),
        (f"Authorization: Bearer {HOOK_KEY}", "Authorization: Bearer [hidden]"),
        (f"authorization: bearer {HOOK_KEY}", "authorization: bearer [hidden]"),
    ],
)
def test_whatever_looks_like_a_secret_is_hidden(text: str, clean: str):
    assert redact(text) == clean


@pytest.mark.parametrize(
    "text", ["order 1234567: paid", "12:30", "/rest/", "https://p.x/rest/batch.json", "the author=me", "auth: no"]
)
def test_what_is_no_secret_stays(text: str):
    assert redact(text) == text


@pytest.mark.parametrize("name", ["auth", "access_token", "Refresh_Token", "client_secret", "application_token"])
def test_a_value_under_a_secrets_name_is_hidden_whatever_it_looks_like(name: str):
    written = Written()
    log.info("x", extra={"fields": {"answer": {name: HOOK_KEY, "other": [{name: 17}]}}})
    assert written.entry["answer"] == {name: "[hidden]", "other": [{name: "[hidden]"}]}


def test_what_is_inside_such_a_value_may_be_seen_when_it_has_names_of_its_own():
    written = Written()
    log.info("x", extra={"fields": {"auth": {"access_token": HOOK_KEY, "domain": "p.x"}}})
    assert written.entry["auth"] == {"access_token": "[hidden]", "domain": "p.x"}


def test_a_secret_inside_another_leaves_no_tail():
    written = Written("INFO", "abcd", "abcdefgh")
    log.info("abcdefgh abcd")
    assert written.entry["message"] == "[hidden] [hidden]"


def test_a_secret_too_short_to_be_one_does_not_eat_the_words():
    written = Written("INFO", "a", "")
    log.info("a word")
    assert written.entry["message"] == "a word"


secrets = st.text("abcdefgh0123456789_-", min_size=8, max_size=30)
fillers = st.text("xyz ,:/'\"", max_size=6)
wraps = st.sampled_from(["plain", "key", "list", "map", "argument", "bound", "object", "error"])


class Shown:
    """Something whose text is all that is known of it."""

    def __init__(self, text: str) -> None:
        self.text = text

    def __str__(self) -> str:
        return self.text


def wrapped(way: str, text: str) -> dict[str, Any]:
    """Return fields that hold the text that way."""
    shapes: dict[str, Any] = {
        "key": {text: 1},
        "list": [[text], (text,)],
        "map": {"a": {"b": [{"c": text}]}},
        "object": [Shown(text)],
    }
    return {"field": shapes.get(way, text)}


@given(secrets, fillers, fillers, wraps)
def test_a_secret_of_the_settings_never_survives(secret: str, before: str, after: str, way: str):
    assume(secret not in "[hidden]")
    text = before + secret + after
    record = logging.LogRecord("l", logging.INFO, "p", 1, text, None, None)
    if way == "argument":
        record = logging.LogRecord("l", logging.INFO, "p", 1, "%s", (text,), None)
    if way == "error":
        error = ValueError(text)
        record.exc_info = (ValueError, error, None)
    vars(record)["fields"] = wrapped(way, text)
    with bind(id=text if way == "bound" else ""):
        line = JsonFormatter([secret]).format(record)
    assert secret not in line
    assert "[hidden]" in line
    assert "\n" not in line
    assert json.loads(line)["severity"] == "INFO"


class Unspeakable:
    """Cannot say what it is."""

    def __str__(self) -> str:
        raise ValueError(BOT_TOKEN)


def test_half_a_surrogate_pair_is_written_as_a_question_mark(capsys: pytest.CaptureFixture[str]):
    written = Written("INFO", HOOK_KEY)
    log.info("said \ud800 %s", HOOK_KEY, extra={"fields": {"name\udfff": "\udc00"}})
    assert written.entry["message"] == "said ? [hidden]"
    assert written.entry["name?"] == "?"
    assert capsys.readouterr().err == ""


@pytest.mark.parametrize("logged", [("%d", "no number"), ("%s", Unspeakable())])
def test_an_entry_that_cannot_be_written_says_so_and_nothing_of_it(logged: Any, capsys: pytest.CaptureFixture[str]):
    written = Written()
    log.info(logged[0], logged[1])
    log.info("next")
    assert [entry["message"] for entry in written.entries] == ["an entry could not be written", "next"]
    assert BOT_TOKEN not in written.stream.getvalue()
    assert capsys.readouterr().err == ""
