"""What tests of several packages share: one Firestore emulator a session, started when the first test asks for it."""

import gc
import os
import sys
from collections.abc import Generator, Iterator
from contextlib import contextmanager
from functools import cache
from importlib import import_module
from pathlib import Path
from pkgutil import walk_packages

import pytest
from httpx._transports import default as httpx_transports
from hypothesis import settings

import functions
import shared
from infra.local.firestore_emulator import EmulatorMissingError, FirestoreEmulator
from tests.support.clock import Clock
from tests.support.door import LONGEST
from tests.support.logs import same_logging

# httpcore tries this import for every lock it makes, and nothing here installs it. With pytest's own finder a vain
# search costs half a millisecond, a fifth of a conversation's time in all; None says at once that it is not there.
sys.modules.setdefault("sniffio", None)  # type: ignore[arg-type] # the import system's own sign

# Every client reads the machine's certificates, 26 ms of work, and here clients are made by the thousand.
httpx_transports.create_ssl_context = cache(httpx_transports.create_ssl_context)  # type: ignore[attr-defined]


# How long an example takes is the machine's business, which may be busy.
settings.register_profile("patient", settings.default, deadline=None)
settings.load_profile("patient")

same_logging_after_each_file = pytest.fixture(scope="module", autouse=True)(same_logging)
"""A command that a test ran in this process leaves the log at what it wants: others would hear nothing of theirs."""

TRACED = ("assistant", "bitrix", "domain", "entry", "functions", "pipeline", "store", "telegram")
"""Folders whose tests are for a module each: they hold the bar of coverage. The others walk the same lines thousands of
times, or test what is not measured, and under a tracer Python takes three times as long."""


def folder_of(path: Path) -> str:
    """Return the folder in `tests/` that a test's file lies in, of a file beside this one its own name."""
    return path.relative_to(Path(__file__).parent).parts[0]


@contextmanager
def untraced() -> Iterator[None]:
    """Trace nothing for a while. pytest-cov's own `no_cover` does not reach into xdist's workers."""
    tracer = sys.gettrace()
    sys.settrace(None)
    try:
        yield
    finally:
        sys.settrace(tracer)


@pytest.hookimpl(wrapper=True)
def pytest_collection() -> Generator[None, None, None]:
    """Trace how the measured modules are loaded, but not how pytest finds the tests, which is most of it."""
    if sys.gettrace() is not None:
        for package in (functions, shared):
            for module in walk_packages(package.__path__, f"{package.__name__}."):
                import_module(module.name)
    with untraced():
        return (yield)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_protocol(item: pytest.Item) -> Generator[None, bool | None, bool | None]:
    """Trace the tests of each part, from their fixtures on, and nothing of the others."""
    folder = folder_of(item.path)
    if folder in TRACED or folder.endswith(".py"):
        return (yield)
    with untraced():
        return (yield)


LONG = ("infra", "conversations", "faults", "chaos", "browser", "sandbox")
"""Folders of the files that take longest."""


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Put the longest files first: xdist's workers take a file at a time, and one begun last leaves the others idle."""
    items.sort(key=lambda item: folder_of(item.path) not in LONG)


@pytest.hookimpl(trylast=True)
def pytest_collection_finish() -> None:
    """Keep the garbage collector off what stays until the end: tens of thousands of tests, and all that is loaded."""
    gc.collect()
    gc.freeze()


@pytest.fixture
def clock() -> Clock:
    """Time that stands still until it is moved, where a folder has none of its own."""
    return Clock()


@pytest.fixture(scope="session")
def firestore_host() -> Iterator[str]:
    """`host:port` of a Firestore emulator: that of FIRESTORE_EMULATOR_HOST if it is set, else one of our own.

    Without gcloud or Java the test is skipped; where CI is «true» it fails instead.
    """
    given = os.environ.get("FIRESTORE_EMULATOR_HOST")
    if given:
        yield given
        return
    emulator = FirestoreEmulator(patience=LONGEST)
    try:
        emulator.start()
    except EmulatorMissingError as missing:
        if os.environ.get("CI") == "true":
            pytest.fail(f"CI needs the Firestore emulator: {missing}")
        pytest.skip(f"no Firestore emulator: {missing}")
    try:
        yield emulator.host
    finally:
        emulator.stop()
