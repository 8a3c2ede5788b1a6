"""The simulator's page knows every list and every control end point."""

from __future__ import annotations

import re
from pathlib import Path

from starlette.routing import Route

import infra.local.portal
from infra.local.portal import Portal
from tests.architecture.pages import section

FOLDER = Path(infra.local.portal.__file__).parent
ROW = r"^\| (.+?) \| (.+) \| (.+) \| `(\w+\.py)`, `(\w+)` \|$"
CONTROLS = ("control.py", "native_control.py", "manager_control.py")
TESTS = Path(__file__).parent / "native"
PAGE = (FOLDER / "README.md").read_text(encoding="utf-8")


def test_every_list_has_its_family(make_portal):
    portal: Portal = make_portal(dialect="native")
    rows = set(re.findall(r"^\| `([a-z.]+)` \|", section(PAGE, "Families of lists"), re.MULTILINE))
    lists = {name for name in portal.rest._runner._dialect if name.endswith(("list", "getchildren"))}
    assert rows == lists


def test_every_control_end_point_is_named():
    sources = [(FOLDER / name).read_text(encoding="utf-8") for name in CONTROLS]
    paths = {path for source in sources for path in re.findall(r'Route\("(/[a-z/]+)', source)}
    assert paths
    assert sorted(path for path in paths if f"/_sim{path.rstrip('/')}" not in PAGE) == []


def test_every_state_has_a_control_end_point_a_page_and_a_test(make_portal):
    portal: Portal = make_portal(dialect="native")
    routes = {route.path for route in portal.app.routes if isinstance(route, Route)}
    rows = re.findall(
        r"^\| (.+?) \| (.+) \| (.+) \| `(\w+\.py)`, `(\w+)` \|$", section(PAGE, "States of a portal"), re.MULTILINE
    )
    assert len(rows) > 15
    for state, end_point, pages, file, test in rows:
        assert "/_sim/" in end_point, state
        assert set(re.findall(r"`(/[a-z]*)`", pages)) <= routes, state
        assert re.findall(r"`(/[a-z]*)`", pages), state
        assert f"def {test}(" in (TESTS / file).read_text(encoding="utf-8"), state


def test_no_state_is_without_one_of_them():
    rows = [row for row in section(PAGE, "States of a portal").splitlines() if row.startswith("| ")]
    assert [row for row in rows[1:] if row.count(" | ") != 3] == []
