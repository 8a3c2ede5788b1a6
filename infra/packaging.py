"""What each deployed function needs of this project, told by its imports.

Terraform zips a function's `main.py`, the part of `shared/` it needs and its own pinned requirements. What «needs»
means is found here, and tests hold Terraform to it: the modules that a function can ever import, those inside its
functions included, the distributions these import, and the settings of the views they import.

`python -m infra.packaging DIRECTORY` writes what each function asks of the package index, one file per function, for
`make requirements` to pin.
"""

from __future__ import annotations

import re
import sys
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import grimp

from shared.entry import setting_views
from shared.settings import SettingsView

ROOT = Path(__file__).parents[1]
ROOMS = ("functions", "shared")
VIEWS = setting_views.__name__

DISTRIBUTIONS = {
    "PIL": "pillow",
    "aiogram": "aiogram",
    "functions_framework": "functions-framework",
    "google.cloud.firestore": "google-cloud-firestore",
    "google.cloud.secretmanager_v1": "google-cloud-secret-manager",
    "google.cloud.tasks_v2": "google-cloud-tasks",
    "httpx": "httpx",
    "openpyxl": "openpyxl",
    "opentelemetry.exporter.otlp.proto.http": "opentelemetry-exporter-otlp-proto-http",
    "pydantic": "pydantic",
    "rapidfuzz": "rapidfuzz",
    "zoneinfo": "tzdata",
    "zxingcpp": "zxing-cpp",
}
"""Imported name → the distribution that has it. `zoneinfo` is the standard library's, but its data is not."""

BROUGHT_ALONG = (
    "aiohttp",
    "google.api_core",
    "google.auth",
    "grpc",
    "opentelemetry",
    "pydantic_core",
    "requests",
    "starlette",
)
"""Imported names that come with a distribution above."""


@dataclass(frozen=True)
class Needs:
    """What one function needs. `modules` are dotted names, `settings` the variables' names in lower case."""

    modules: set[str]
    distributions: set[str]
    settings: set[str]


def functions() -> list[str]:
    """Return the names of the deployed functions."""
    return sorted(path.parent.name for path in (ROOT / "functions").glob("*/main.py"))


def needs(function: str) -> Needs:
    """Return what the function can ever need. LookupError for an import of unknown origin."""
    main = f"functions.{function}.main"
    reached = _reached(main)
    outside = {name for module in reached for name in _imports_from_outside(module)}
    return Needs(
        modules={module for module in reached if module.partition(".")[0] == "shared"},
        distributions=set(filter(None, map(_distribution, outside))),
        settings={name for module in reached for name in _settings(module)},
    )


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


@cache
def _graph() -> grimp.ImportGraph:
    """Return who imports whom, without what only type checkers read.

    Without a cache, which saves 30 ms: one keeps a file's old imports when it was written again in the same second.
    """
    return grimp.build_graph(*ROOMS, include_external_packages=True, exclude_type_checking_imports=True, cache_dir=None)


def _reached(start: str) -> set[str]:
    """Return the modules of ours that are imported with this one, their packages included."""
    found: set[str] = set()
    waiting = {start}
    while waiting:
        module = waiting.pop()
        found.add(module)
        package = module.rpartition(".")[0]
        near = {name for name in _graph().find_modules_directly_imported_by(module) if _is_ours(name)}
        waiting |= (near | ({package} if package else set())) - found
    return found


def _is_ours(module: str) -> bool:
    return module.partition(".")[0] in ROOMS


def _imports_from_outside(module: str) -> Iterator[str]:
    """Return the dotted names that the module imports of others' packages; the graph knows their first words only."""
    for top in _graph().find_modules_directly_imported_by(module):
        if _is_ours(top):
            continue
        for line in _graph().get_import_details(importer=module, imported=top):
            words = line["line_contents"].split()
            yield f"{words[1]}.{words[3]}" if words[:2] == ["from", "google.cloud"] else words[1]


def _distribution(name: str) -> str | None:
    """Return the distribution of an imported name; None for the standard library's and what another brings along."""
    for prefix, distribution in DISTRIBUTIONS.items():
        if f"{name}.".startswith(f"{prefix}."):
            return distribution
    known = name.partition(".")[0] in sys.stdlib_module_names
    if not known and not any(f"{name}.".startswith(f"{each}.") for each in BROUGHT_ALONG):
        raise LookupError(f"which distribution has «{name}»? Say so in infra/packaging.py")
    return None


def _settings(module: str) -> set[str]:
    if VIEWS not in _graph().find_modules_directly_imported_by(module):
        return set()
    words = set(re.findall(r"\w+", (ROOT / f"{module.replace('.', '/')}.py").read_text(encoding="utf-8")))
    found = (getattr(setting_views, name) for name in words if hasattr(setting_views, name))
    views = (view for view in found if isinstance(view, type) and issubclass(view, SettingsView))
    return {name for view in views for name in view.names()}


if __name__ == "__main__":
    main(Path(sys.argv[1]))
