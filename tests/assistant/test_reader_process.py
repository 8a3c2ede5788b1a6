"""What people sent is read by a process of its own, which is ended when it takes too much."""

from __future__ import annotations

import sys

import pytest

from shared.assistant import reader_process
from shared.assistant.reader_process import MOST_MEMORY, MOST_SECONDS, ReaderError, TooMuchWorkError


def _python(program: str) -> tuple[str, ...]:
    return (sys.executable, "-c", program)


@pytest.mark.parametrize(
    ("end", "seconds"),
    [
        ("import time; time.sleep(60)", 0.5),
        ("import os, signal; os.kill(os.getpid(), signal.SIGXCPU)", 60),
        ("import os, signal; os.kill(os.getpid(), signal.SIGKILL)", 60),
    ],
)
def test_one_that_takes_too_long_is_ended(end: str, seconds: float) -> None:
    with pytest.raises(TooMuchWorkError):
        reader_process.read(_python(end), b"", seconds)


def test_it_has_little_time_little_memory_and_no_secret(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TELEGRAM_BOT_TOKEN", "secret")
    bounds = "[r.getrlimit(r.RLIMIT_CPU), r.getrlimit(r.RLIMIT_AS)]"
    program = (
        "import os, resource as r; from shared.assistant import reader_process;"
        f"reader_process.answer(lambda content: [{bounds}, sorted(os.environ), content.decode()])"
    )
    time_and_memory, names, content = reader_process.read(_python(program), b"file", 60)
    assert time_and_memory == [[MOST_SECONDS] * 2, [MOST_MEMORY] * 2]
    assert "TELEGRAM_BOT_TOKEN" not in names
    assert content == "file"


def test_a_bug_of_ours_is_one_and_tells_nothing_of_the_file() -> None:
    with pytest.raises(ReaderError, match=r"^ended with 1: ValueError$"):
        reader_process.read(_python("raise ValueError('what stands in the file')"), b"", 60)
