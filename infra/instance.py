"""The container of a command of this machine's, made of its environment."""

from __future__ import annotations

import sys
from collections.abc import Awaitable, Callable
from typing import TypeVar

from google.auth.exceptions import GoogleAuthError

from shared import logs
from shared.entry.container import Container
from shared.settings import read_settings

T = TypeVar("T")


_LOG_IN = "log in to Google first: gcloud auth application-default login (infra/README.md, «Deploying», step 6)"


def out_of_reach(error: Exception) -> RuntimeError:
    """Return what a command ends with that cannot get at the project; a library's text is left out: it may quote."""
    why = f"the project is out of reach: {type(error).__name__}"
    return RuntimeError(f"{why}; {_LOG_IN}" if isinstance(error, GoogleAuthError) else why)


async def with_parts(use: Callable[[Container], Awaitable[T]]) -> T:
    """Do something with the parts, and let go of them. SettingsError names bad variables."""
    here = Container(read_settings())
    # A command tells by itself what is wrong, and its stdout may be read by a program.
    logs.configure("CRITICAL", here.settings.secrets(), sys.stderr)
    try:
        return await use(here)
    finally:
        await here.close()
