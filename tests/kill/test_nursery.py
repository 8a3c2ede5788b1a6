"""No process outlives whoever started it."""

from __future__ import annotations

import os
import subprocess
import sys

LEFT_ALONE = """
import os, time
from tests.kill.nursery import end_with
child = os.fork()
if child == 0:
    time.sleep(600)
print(child, flush=True)
end_with(0)
"""


def test_an_instance_ends_with_its_children_when_the_nursery_does():
    command = [sys.executable, "-c", LEFT_ALONE]
    parent = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, start_new_session=True)
    assert parent.stdin is not None
    assert parent.stdout is not None
    child = int(parent.stdout.readline())
    os.kill(child, 0)
    parent.stdin.close()
    # The child holds this end too: it is over when both are gone.
    assert parent.stdout.read() == b""
    assert parent.wait(10) == -9
    parent.stdout.close()
