"""The project's own pages: their texts, their headings and what they cite."""

import re
from collections.abc import Iterator
from pathlib import Path

from tests.architecture.sources import ROOT

_FOLDERS = (".github", "functions", "shared", "infra", "tests")
_FENCE = re.compile(r"^```.*?^```", re.DOTALL | re.MULTILINE)
_BREAK = re.compile(r"\s*\n[ \t]*(?:#|//|\*)?[ \t]*")
_CITATION = re.compile(r"(?<![\w/.-])((?:[\w.-]+/)*[\w.-]+\.md)`?((?:(?:,| and) «[^»]+»)+)")
_PAGE = re.compile(r"(?<![\w/.:-])((?:\.github|functions|shared|infra|tests)/[\w./-]*\.md)\b")


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


def anchor(heading: str) -> str:
    """Return the name a heading has in an address, as code hosts make it."""
    return re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-")


def citations(source: str) -> Iterator[tuple[str, str]]:
    """Find page and heading of each citation such as `shared/README.md`, «Records», also over the ends of lines."""
    for page, cited in _CITATION.findall(_BREAK.sub(" ", source)):
        yield from ((page, heading) for heading in re.findall(r"«([^»]+)»", cited))


def named_pages(source: str) -> set[str]:
    return set(_PAGE.findall(source))
