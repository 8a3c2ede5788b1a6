"""The project's own pages: their texts, their headings and what they cite."""

import re
from pathlib import Path

from tests.architecture.sources import ROOT

_FOLDERS = (".github", "functions", "shared", "infra", "tests")
_FENCE = re.compile(r"^```.*?^```", re.DOTALL | re.MULTILINE)


def pages() -> dict[str, Path]:
    """Return every page by its path from the root."""
    found = [ROOT / "README.md", *(path for folder in _FOLDERS for path in sorted((ROOT / folder).rglob("*.md")))]
    return {path.relative_to(ROOT).as_posix(): path for path in found}


def text(name: str) -> str:
    return (ROOT / name).read_text(encoding="utf-8")


def headings(page: str) -> list[str]:
    """Return the headings of a page's text, code left out."""
    return [line.lstrip("#").strip() for line in _FENCE.sub("", page).splitlines() if re.match(r"#{1,6} ", line)]


def section(page: str, heading: str) -> str:
    """Return what stands under a heading, up to the next one of any rank. ValueError when there is none."""
    found = re.search(rf"^#+ {re.escape(heading)}\n(.*?)(?=^#+ |\Z)", page, re.DOTALL | re.MULTILINE)
    if found is None:
        raise ValueError(f"no heading «{heading}»")
    return found[1]
