"""One function as a process of its own, served by functions-framework's own command, with a clock that is off.

`python -m tests.kill.instance NAME PORT SECONDS`: the seconds its clock is ahead, or behind with a minus. It ends when
its standard input does, so that none outlives whoever started it.
"""

from __future__ import annotations

import os
import sys
import threading
from datetime import UTC, datetime, timedelta

import shared.clock


def main(name: str, port: str, ahead: str) -> None:
    """Serve until killed."""
    threading.Thread(target=_end_with_parent, daemon=True).start()
    off = timedelta(seconds=float(ahead))
    # Before a function is imported: from then on everybody has the clock by its name.
    setattr(shared.clock, "utc_now", lambda: datetime.now(UTC) + off)  # noqa: B010 - mypy would not have a function assigned
    from functions_framework._cli import _cli  # noqa: PLC0415 - see above

    source = f"functions/{name}/main.py"
    _cli(["--target", name, "--source", source, "--host", "127.0.0.1", "--port", port, "--asgi"])


def _end_with_parent() -> None:
    sys.stdin.buffer.read()
    os._exit(1)


if __name__ == "__main__":
    main(*sys.argv[1:])
