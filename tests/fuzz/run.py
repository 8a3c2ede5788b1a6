"""`make fuzz`: hostile input at each of the three public surfaces, for so many minutes each.

`MINUTES` (10) for each surface, `SURFACE` for one alone, `FUZZ_EXAMPLES` (60) of each kind in a round. A round is a run
of the tests with dice of its own; the seed that found something is printed, and given again by `FUZZ_SEED`.
"""

# ruff: noqa: T201 - it says how far it is

from __future__ import annotations

import os
import random
import subprocess
import sys
import time
from collections.abc import Mapping

SURFACES = {"updates": "test_updates.py", "portal": "test_events.py", "buttons": "test_buttons.py"}
SEEDS = 2**32


def main(given: Mapping[str, str]) -> int:
    """Go through the surfaces; end with 1 at the first finding."""
    minutes = float(given.get("MINUTES", "10"))
    for name in [given["SURFACE"]] if given.get("SURFACE") else SURFACES:
        ends, rounds = time.monotonic() + minutes * 60, 0
        while rounds == 0 or time.monotonic() < ends:
            seed = int(given.get("FUZZ_SEED") or random.SystemRandom().randrange(SEEDS))
            if not _round(name, seed, given):
                print(f"{name}: found something; FUZZ_SEED={seed} SURFACE={name} MINUTES=0 shows it again")
                return 1
            rounds += 1
        print(f"{name}: {rounds} rounds without a finding", flush=True)
    return 0


def _round(surface: str, seed: int, given: Mapping[str, str]) -> bool:
    environment = {**given, "FUZZ_EXAMPLES": given.get("FUZZ_EXAMPLES") or "60"}
    what = ["-q", "-x", "--timeout", "0", "-p", "no:cacheprovider", f"--hypothesis-seed={seed}"]
    how = [sys.executable, "-m", "pytest", *what, "-n", given.get("JOBS") or "2", f"tests/fuzz/{SURFACES[surface]}"]
    done = subprocess.run(how, env=environment, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        print(done.stdout[-20_000:], done.stderr[-2_000:])
    return done.returncode == 0


if __name__ == "__main__":
    sys.exit(main(os.environ))
