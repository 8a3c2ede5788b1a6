"""The simulator's page knows every list and every control end point."""

from __future__ import annotations

import re
from pathlib import Path

import infra.local.portal
from infra.local.portal import Portal
from tests.architecture.pages import section

FOLDER = Path(infra.local.portal.__file__).parent
PAGE = (FOLDER / "README.md").read_text(encoding="utf-8")


def test_every_list_has_its_family(make_portal):
    portal: Portal = make_portal(dialect="native")
    rows = set(re.findall(r"^\| `([a-z.]+)` \|", section(PAGE, "Families of lists"), re.MULTILINE))
    lists = {name for name in portal.rest._runner._dialect if name.endswith(("list", "getchildren"))}
    assert rows == lists


def test_every_control_end_point_is_named():
    sources = [(FOLDER / name).read_text(encoding="utf-8") for name in ("control.py", "native_control.py")]
    paths = {path for source in sources for path in re.findall(r'Route\("(/[a-z/]+)', source)}
    assert paths
    assert sorted(path for path in paths if f"/_sim{path.rstrip('/')}" not in PAGE) == []
