"""What each deployed function needs of this project, read from the source without running it.

Terraform zips a function's `main.py`, the part of `shared/` it needs and its own pinned requirements. What «needs»
means is found here, and tests hold Terraform to it: the modules a function can ever import, the distributions these
import, the settings they read, the parts (`shared/entry/container.py`) they use.

`python -m infra.packaging DIRECTORY` writes what each function asks of the package index, one file per function, for
`make requirements` to pin.
"""

from __future__ import annotations

import ast
import re
import sys
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

from shared.settings import Settings

ROOT = Path(__file__).parents[1]
PARTS = "shared.entry.container"
PORTALS = "shared.entry.portal_factory"

UNUSED: Mapping[str, frozenset[str]] = {"bitrix_webhook": frozenset({"delivery"})}
"""Function → parts it never comes to, though its code could: an event of the portal only says «look again», it writes
jobs and no message. So the function that everybody can reach has neither aiogram nor the bot's token."""

DISTRIBUTIONS = {
    "aiogram": "aiogram",
    "functions_framework": "functions-framework",
    "google.cloud.firestore": "google-cloud-firestore",
    "google.cloud.secretmanager_v1": "google-cloud-secret-manager",
    "google.cloud.tasks_v2": "google-cloud-tasks",
    "httpx": "httpx",
    "pydantic": "pydantic",
    "pydantic_settings": "pydantic-settings",
    "rapidfuzz": "rapidfuzz",
    "zoneinfo": "tzdata",
}
"""Imported name → the distribution that has it. `zoneinfo` is the standard library's, but its data is not."""

ADAPTERS = {"google-cloud-secret-manager": "vault", "google-cloud-tasks": "queue"}
"""Distribution → the part without which nothing of it is ever imported: both are imported by the first call."""

BROUGHT_ALONG = frozenset({"aiohttp", "google.api_core", "google.auth", "grpc", "pydantic_core", "starlette"})
"""Imported names that come with a distribution above."""


@dataclass
class Needs:
    """What one function needs. `modules` are dotted names, `settings` the variables' names in lower case."""

    modules: set[str] = field(default_factory=set)
    distributions: set[str] = field(default_factory=set)
    settings: set[str] = field(default_factory=set)
    parts: set[str] = field(default_factory=set)


def functions() -> list[str]:
    """Return the names of the deployed functions."""
    return sorted(path.parent.name for path in (ROOT / "functions").glob("*/main.py"))


def needs(function: str) -> Needs:
    """Return what the function can ever need. LookupError for an import of unknown origin."""
    search = _Search(UNUSED.get(function, frozenset()))
    search.module(f"functions.{function}.main")
    search.found.modules -= {f"functions.{function}.main", f"functions.{function}", "functions"}
    idle = {distribution for distribution, part in ADAPTERS.items() if part not in search.found.parts}
    search.found.distributions -= idle
    return search.found


def requirements(function: str) -> list[str]:
    """Return what the function asks of the package index, as pyproject.toml words it."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    wanted = needs(function).distributions
    found = {re.split(r"[<>=!~ ]", line)[0]: line for line in project["dependencies"]}
    return sorted(found[name] for name in wanted)


def main(directory: Path) -> None:
    """Write each function's requirements."""
    directory.mkdir(parents=True, exist_ok=True)
    for function in functions():
        lines = "\n".join(requirements(function))
        (directory / f"{function}.in").write_text(f"{lines}\n", encoding="utf-8")


class _Search:
    """Follows imports, those inside functions included.

    Two modules are followed definition by definition, because each function uses its own corner of them: the class that
    wires everything together, and the making of the portal. What the others define is needed as a whole.
    """

    def __init__(self, unused: frozenset[str]) -> None:
        self.found = Needs()
        self._unused = unused
        self._seen: set[tuple[str, str]] = set()

    def module(self, name: str) -> None:
        """Follow a whole module, or of a wiring one only what runs when it is imported."""
        if not _is_module(name) or name in self.found.modules:
            return
        self.found.modules.add(name)
        parent = name.rpartition(".")[0]
        if parent:
            self.module(parent)
        tree = _tree(name)
        wiring = name in (PARTS, PORTALS)
        self._nodes(name, _top_level(tree) if wiring else _without_types(tree))
        if name == PARTS:
            self.definition(PARTS, "__init__")

    def definition(self, module: str, name: str) -> None:
        """Follow one definition of a wiring module."""
        node = _definitions(module).get(name)
        if node is None or (module, name) in self._seen or name in self._unused:
            return
        self._seen.add((module, name))
        if module == PARTS:
            self.found.parts.add(name)
        self.module(module)
        self._nodes(module, _without_types(node))

    def _nodes(self, module: str, nodes: Iterable[ast.AST]) -> None:
        for node in nodes:
            for imported in _imported(node):
                self._import(imported)
            if isinstance(node, ast.Attribute):
                self._attribute(module, node)
            elif isinstance(node, ast.Name):
                self.definition(module, node.id)
            elif isinstance(node, ast.Constant) and isinstance(node.value, str):
                self._setting(node.value)

    def _attribute(self, module: str, node: ast.Attribute) -> None:
        if node.attr in Settings.model_fields and _text(node.value).endswith(("settings", "config", "settings()")):
            self.found.settings.add(node.attr)
        elif _text(node.value) == "portals":
            self.definition(PORTALS, node.attr)
        elif module.startswith("shared.entry"):
            self.definition(PARTS, node.attr)

    def _setting(self, text: str) -> None:
        """Take the names of required variables, which are texts."""
        if text.isupper() and text.lower() in Settings.model_fields:
            self.found.settings.add(text.lower())

    def _import(self, name: str) -> None:
        if name.split(".", maxsplit=1)[0] in ("shared", "functions"):
            self.module(name)
            return
        for prefix, distribution in DISTRIBUTIONS.items():
            if f"{name}.".startswith(f"{prefix}."):
                self.found.distributions.add(distribution)
                return
        top = name.split(".", maxsplit=1)[0]
        known = top in sys.stdlib_module_names or any(f"{name}.".startswith(f"{each}.") for each in BROUGHT_ALONG)
        if not known and not any(each.startswith(f"{name}.") for each in DISTRIBUTIONS):
            raise LookupError(f"which distribution has «{name}»? Say so in infra/packaging.py")


def _path(module: str) -> Path | None:
    base = ROOT.joinpath(*module.split("."))
    return next((path for path in (base.with_suffix(".py"), base / "__init__.py") if path.is_file()), None)


def _is_module(name: str) -> bool:
    return _path(name) is not None


@cache
def _tree(module: str) -> ast.Module:
    path = _path(module)
    return ast.parse(path.read_text(encoding="utf-8") if path else "")


@cache
def _definitions(module: str) -> dict[str, ast.AST]:
    """Return the definitions of a wiring module: its functions, and the methods of its class; none of another's."""
    if module not in (PARTS, PORTALS):
        return {}
    kinds = (ast.FunctionDef, ast.AsyncFunctionDef)
    return {node.name: node for node in ast.walk(_tree(module)) if isinstance(node, kinds)}


def _top_level(tree: ast.Module) -> Iterator[ast.AST]:
    """Return what runs when the module is imported, without the bodies of its functions and classes."""
    for statement in tree.body:
        if isinstance(statement, ast.Import | ast.ImportFrom | ast.Assign | ast.AnnAssign):
            yield from ast.walk(statement)


def _without_types(tree: ast.AST) -> Iterator[ast.AST]:
    """Walk the tree, but not into what only type checkers read."""
    waiting = [tree]
    while waiting:
        node = waiting.pop()
        yield node
        if isinstance(node, ast.If) and _text(node.test) == "TYPE_CHECKING":
            waiting += node.orelse
        else:
            waiting += ast.iter_child_nodes(node)


def _imported(node: ast.AST) -> Iterator[str]:
    if isinstance(node, ast.Import):
        yield from (alias.name for alias in node.names)
    elif isinstance(node, ast.ImportFrom) and node.module and node.module != "__future__":
        yield node.module
        if _is_module(node.module) or node.module == "google.cloud":
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def _text(node: ast.AST) -> str:
    return ast.unparse(node)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
