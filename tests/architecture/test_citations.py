"""Nothing leads nowhere: citations of pages, links, anchors, and paths and modules named in backticks."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

from tests.architecture.pages import headings, pages
from tests.architecture.sources import ROOT, modules

PAGES = {name: path.read_text(encoding="utf-8") for name, path in pages().items()}
HEADINGS = {name: set(headings(page)) for name, page in PAGES.items()}
SUFFIXES = {".py", ".tf", ".hcl", ".tfvars", ".js", ".css", ".html", ".toml"}
SOURCES = [
    path
    for folder in ("functions", "shared", "infra", "tests")
    for path in sorted((ROOT / folder).rglob("*"))
    if path.suffix in SUFFIXES
]
TREE = "shared|infra|tests|functions"
_BREAK = re.compile(r"\s*\n[ \t]*(?:#|//|\*)?[ \t]*")
_CITATION = re.compile(r"(?<![\w/.-])((?:[\w.-]+/)*[\w.-]+\.md)`?((?:(?:,| and) «[^»]+»)+)")
_PAGE = re.compile(r"(?<![\w/.:-])((?:\.github|functions|shared|infra|tests)/[\w./-]*\.md)\b")


def anchor(heading: str) -> str:
    """Return the name a heading has in an address, as code hosts make it."""
    return re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-")


def citations(source: str) -> Iterator[tuple[str, str]]:
    """Find page and heading of each citation such as `shared/README.md`, «Records», also over the ends of lines."""
    for page, cited in _CITATION.findall(_BREAK.sub(" ", source)):
        yield from ((page, heading) for heading in re.findall(r"«([^»]+)»", cited))


def named_pages(source: str) -> set[str]:
    return set(_PAGE.findall(source))


def _dead_citations(source: str) -> list[tuple[str, str]]:
    return [(page, heading) for page, heading in citations(source) if heading not in HEADINGS.get(page, ())]


@cache
def _python_parts() -> tuple[frozenset[str], frozenset[str]]:
    """Return the dotted names of all modules, and of what they define at their top."""
    found, defined = set(), set()
    tests = {".".join(path.relative_to(ROOT).with_suffix("").parts): path for path in (ROOT / "tests").rglob("*.py")}
    for name, path in {**modules(), **tests}.items():
        module = name.removesuffix(".__init__")
        found.add(module)
        defined |= {f"{module}.{top}" for top in _names(ast.parse(path.read_text(encoding="utf-8")))}
    return frozenset(found), frozenset(defined)


def _names(tree: ast.Module) -> set[str]:
    definitions = (ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)
    names = {node.name for node in tree.body if isinstance(node, definitions)}
    targets = [target for node in tree.body if isinstance(node, ast.Assign) for target in node.targets]
    targets += [node.target for node in tree.body if isinstance(node, ast.AnnAssign)]
    imported = {
        alias.asname or alias.name for node in tree.body if isinstance(node, ast.ImportFrom) for alias in node.names
    }
    return names | imported | {target.id for target in targets if isinstance(target, ast.Name)}


def test_a_citation_is_found_in_pages_and_in_wrapped_comments():
    source = "# See `shared/README.md`, «Records»\n# and «Three\n    # ideas», or (infra/README.md, «Costs»)."
    assert list(citations(source)) == [
        ("shared/README.md", "Records"),
        ("shared/README.md", "Three ideas"),
        ("infra/README.md", "Costs"),
    ]
    assert _dead_citations("shared/README.md, «Nowhere»; nowhere/README.md, «Records»") == [
        ("shared/README.md", "Nowhere"),
        ("nowhere/README.md", "Records"),
    ]


@pytest.mark.parametrize("name", PAGES)
def test_a_page_cites_headings_that_are_there(name: str):
    assert _dead_citations(PAGES[name]) == []


@pytest.mark.parametrize("name", PAGES)
def test_a_page_sends_its_reader_to_headings_of_its_own(name: str):
    named = re.findall(r"(?<!, )\bsee «([^»]+)»", PAGES[name])
    assert [heading for heading in named if heading not in HEADINGS[name]] == []


@pytest.mark.parametrize("name", PAGES)
def test_links_and_their_anchors_lead_somewhere(name: str):
    dead = []
    for target, part in re.findall(r"\]\((?!https?:)([^)#\s]*)(?:#([^)\s]*))?\)", PAGES[name]):
        path = ((ROOT / name).parent / target).resolve() if target else ROOT / name
        page = HEADINGS.get(path.relative_to(ROOT).as_posix(), set())
        if not path.exists() or (part and part not in {anchor(heading) for heading in page}):
            dead.append((target, part))
    assert dead == []


def dead_paths(source: str) -> list[str]:
    """Return the files and folders that are named in backticks, from the root, and not there."""
    paths = re.findall(rf"`((?:{TREE}|\.github)/[\w./-]*)`", source)
    return [path for path in paths if not (ROOT / path).exists()]


@pytest.mark.parametrize("name", PAGES)
def test_paths_in_backticks_are_there(name: str):
    assert dead_paths(PAGES[name]) == []


@pytest.mark.parametrize("name", PAGES)
def test_a_heading_is_found_once(name: str):
    """A citation names one place."""
    found = headings(PAGES[name])
    assert [heading for heading in found if found.count(heading) > 1] == []


def test_every_page_is_named_by_another():
    """Whoever begins with README finds them all."""
    others = {name: "".join(page for other, page in PAGES.items() if other != name) for name in PAGES}
    assert [name for name in PAGES if name != "README.md" and name not in others[name]] == []


def _cited(path: Path) -> list[tuple[str, str]]:
    source = path.read_text(encoding="utf-8")
    gone = [(name, "") for name in sorted(named_pages(source)) if name not in PAGES]
    return [*gone, *_dead_citations(source)]


def test_the_sources_cite_what_is_there():
    here = Path(__file__)  # has dead ones on purpose
    found = {str(path.relative_to(ROOT)): _cited(path) for path in SOURCES if path != here}
    assert {name: dead for name, dead in found.items() if dead} == {}


def dead_modules(source: str) -> list[str]:
    """Return the modules, or what they define, that are named in backticks and not there."""
    found, defined = _python_parts()
    named = set(re.findall(r"`((?:shared|infra|tests)(?:\.\w+)+)`", source))
    return sorted(name for name in named - found - defined if name.rpartition(".")[0] not in defined)


def test_a_module_that_is_not_there_is_found():
    assert dead_modules("`shared.settings`, `shared.settings.Settings.timezone`, `shared.nothing`") == [
        "shared.nothing"
    ]


@pytest.mark.parametrize("name", PAGES)
def test_a_page_names_modules_that_are_there(name: str):
    assert dead_modules(PAGES[name]) == []
