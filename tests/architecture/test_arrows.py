"""Dependencies point one way (ARCHITECTURE §2)."""

import pytest

from tests.architecture.sources import imports, modules

LAYERS = {
    "shared.entry": {"assistant", "pipeline", "bitrix", "telegram", "domain", "store", "ground"},
    "shared.assistant": {"pipeline", "bitrix", "telegram", "domain", "store", "ground"},
    "shared.pipeline": {"domain", "store", "ground"},
    "shared.bitrix": {"domain", "store", "ground"},
    "shared.telegram": {"domain", "store", "ground"},
    "shared.domain": {"store", "ground"},
    "shared.store": {"ground"},
}
"""What each package may import beside itself; «ground» is the single modules directly in shared/."""

GROUND = {"shared.settings", "shared.logs", "shared.clock", "shared.status"}


GOOGLE = {"shared.pipeline.tasks", "shared.bitrix.secrets"}
"""Adapters of Google services, beside the Firestore store."""


def _layer(module: str) -> str:
    package = ".".join(module.split(".")[:2])
    return "ground" if package in GROUND else package.removeprefix("shared.")


def _own(name: str) -> list[str]:
    return sorted(
        {found for found in imports(modules()[name]) if found.startswith(("shared.", "infra.", "functions."))}
    )


@pytest.mark.parametrize("name", [name for name in modules() if name.startswith("shared.")])
def test_shared_modules_import_only_what_lies_below_them(name: str) -> None:
    package = ".".join(name.split(".")[:2])
    allowed = LAYERS.get(package, set() if package != "shared.settings" else {"ground"}) | {_layer(name), "ground"}
    found = _own(name)
    assert not [other for other in found if other.startswith(("infra.", "functions."))]
    assert not [other for other in found if _layer(other) not in allowed]


@pytest.mark.parametrize("name", [name for name in modules() if name.endswith(".main")])
def test_a_function_imports_only_its_entrance(name: str) -> None:
    function = name.split(".")[1]
    assert set(_own(name)) <= {"shared.entry", "shared.entry.http", f"shared.entry.{function}"}


@pytest.mark.parametrize("name", list(modules()))
def test_only_one_module_imports_aiogram(name: str) -> None:
    heavy = [found for found in imports(modules()[name]) if found.split(".")[0] == "aiogram"]
    fenced = name in {"shared.telegram.api", "shared.telegram.lazy_aiogram"} or name.startswith("infra.local.telegram")
    assert fenced or not heavy


@pytest.mark.parametrize("name", [name for name in modules() if name.startswith("shared.")])
def test_google_libraries_are_imported_only_by_their_adapters(name: str) -> None:
    google = [found for found in imports(modules()[name], for_types=False) if found.split(".")[0] in {"google", "grpc"}]
    assert name.startswith("shared.store.firestore") or name in GOOGLE or not google
