"""The lazy import of aiogram in processes of their own, and the ways it gives up on packages made up here."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from importlib import import_module
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from pydantic import BaseModel
from pydantic._internal import _model_construction as making
from pydantic._internal._decorators import DecoratorInfos

from shared.telegram.late_fields import LateFields
from shared.telegram.lazy_aiogram import AIOGRAM, LOADED, LazyPackage, Loaded, load

ROOT = Path(__file__).parents[2]


def probe(mode: str, *probes: str) -> dict[str, Any]:
    """Run `aiogram_probe` with warnings as errors; return what it saw."""
    command = [sys.executable, "-W", "error", "-m", "tests.telegram.aiogram_probe", mode, *probes]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=100, check=False)
    assert done.returncode == 0, done.stderr[-2000:]
    seen: dict[str, Any] = json.loads(done.stdout)
    return seen


@pytest.fixture(scope="module")
def lazy() -> dict[str, Any]:
    """One process for all: what is built is counted first, before anything else is used."""
    return probe("lazy", "built", "behaviour", "models")


@pytest.fixture(scope="module")
def eager() -> dict[str, Any]:
    return probe("eager", "behaviour", "models")


@pytest.fixture(scope="module")
def built(lazy: dict[str, Any]) -> dict[str, Any]:
    seen: dict[str, Any] = lazy["built"]
    return seen


def test_the_installed_aiogram_is_imported_lazily(built: dict[str, Any]) -> None:
    assert (built["lazy"], built["why"]) == (True, "")
    assert built["deferred"] == built["all_types"] > 400


def test_the_import_builds_no_types_and_collects_few_fields(built: dict[str, Any]) -> None:
    assert built["after_import"] == []
    assert len(built["collected"]) < 30, "of classes that others are made of"


def test_only_what_is_used_is_built(built: dict[str, Any]) -> None:
    assert built["after_update"] == ["types.Update"]
    assert "types.InlineKeyboardMarkup" in built["after_conversation"]
    assert len(built["after_conversation"]) <= 10


def test_pydantic_is_left_as_it_was(built: dict[str, Any]) -> None:
    assert built["pydantic_unpatched"] is True


def test_all_types_and_methods_of_aiogram_are_built_the_same(lazy: dict[str, Any], eager: dict[str, Any]) -> None:
    assert len(lazy["models"]) > 580
    different = [name for name, seen in lazy["models"].items() if seen != eager["models"][name]]
    assert different == []
    assert lazy["models"].keys() == eager["models"].keys()


@pytest.mark.parametrize("what", ["read", "event", "equal", "copied", "refused"])
def test_updates_are_read_and_refused_the_same(lazy: dict[str, Any], eager: dict[str, Any], what: str) -> None:
    assert lazy["behaviour"][what] == eager["behaviour"][what]


def test_updates_are_read_right(lazy: dict[str, Any]) -> None:
    kinds = [kind for kind, _, _ in lazy["behaviour"]["read"]]
    assert kinds.count("message") == 8
    assert {"callback_query", "inline_query", "chosen_inline_result", "my_chat_member"} < set(kinds)
    assert all(lazy["behaviour"]["equal"])
    assert all(lazy["behaviour"]["refused"])


def test_requests_are_written_the_same(lazy: dict[str, Any], eager: dict[str, Any]) -> None:
    assert lazy["behaviour"]["asked"] == eager["behaviour"]["asked"]
    methods = {method for method, _ in lazy["behaviour"]["asked"]}
    assert {"sendMessage", "sendPhoto", "editMessageMedia", "answerCallbackQuery", "deleteMessage"} <= methods


def test_the_way_back_is_the_eager_import(eager: dict[str, Any]) -> None:
    after_all = probe("doubt", "behaviour", "models")
    different = [name for name, seen in after_all["models"].items() if seen != eager["models"][name]]
    assert different == []
    assert after_all == eager


def test_the_first_use_may_come_from_many_threads() -> None:
    assert probe("lazy", "threads") == {"threads": {"same": True}}


def test_this_process_knows_how_it_went() -> None:
    assert LOADED.lazy is not bool(LOADED.why)


BASE = """
from pydantic import BaseModel, ConfigDict
class Thing(BaseModel):
    model_config = ConfigDict(defer_build=True)
"""
USER = """
from .base import Thing
class User(Thing):
    name: str
"""
NOTE = """
from __future__ import annotations
from typing import TYPE_CHECKING
from .base import Thing
if TYPE_CHECKING:
    from .user import User
class Note(Thing):
    author: User
    answer: Note | None = None
"""
TYPES = """
from .base import Thing
from .note import Note
from .user import User
__all__ = ("Note", "User")
names = {name: globals()[name] for name in __all__}
for name in __all__:
    globals()[name].model_rebuild(_types_namespace=names)
"""


NUMBERS = count(1)


class Package:
    """A package with aiogram's shape: deferred types, a loop that rebuilds them, and a class of its own beside."""

    def __init__(self, folder: Path, name: str) -> None:
        self.folder, self.name = folder / name, name
        self.target = LazyPackage(
            package=name,
            types=f"{name}.types",
            bases=((f"{name}.types.base", "Thing"),),
            proven={"pydantic": "2."},
        )
        self.write("__init__", "from . import types\n")
        self.write("types/__init__", TYPES)
        self.write("types/base", BASE)
        self.write("types/user", USER)
        self.write("types/note", NOTE)

    def write(self, module: str, text: str) -> None:
        path = self.folder / f"{module}.py"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)

    def change(self, module: str, old: str, new: str) -> None:
        path = self.folder / f"{module}.py"
        text = path.read_text()
        assert old in text
        path.write_text(text.replace(old, new))

    def type(self, name: str) -> type[BaseModel]:
        found = getattr(import_module(f"{self.name}.types"), name)
        assert isinstance(found, type)
        assert issubclass(found, BaseModel)
        return found

    def works(self) -> bool:
        """Return whether the types can be used, nested and named only by a forward reference."""
        read = self.type("Note").model_validate({"author": {"name": "Иван"}, "answer": {"author": {"name": "Пётр"}}})
        return bool(read.model_dump()["answer"]["author"]["name"] == "Пётр")


@pytest.fixture
def package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Package]:
    monkeypatch.syspath_prepend(str(tmp_path))
    rebuild = BaseModel.__dict__["model_rebuild"]
    name = f"made_up_{next(NUMBERS)}"
    yield Package(tmp_path, name)
    assert BaseModel.__dict__["model_rebuild"] is rebuild, "pydantic was left patched"
    assert making.set_model_fields.__module__ == making.__name__, "and so was its maker of classes"
    assert vars(making)["DecoratorInfos"] is DecoratorInfos
    for module in [module for module in sys.modules if module.split(".")[0] == name]:
        del sys.modules[module]


def test_a_package_of_that_shape_is_imported_lazily(package: Package) -> None:
    assert load(package.target) == Loaded(lazy=True, why="", deferred=2)
    assert not package.type("Note").__pydantic_complete__
    assert package.works()
    assert package.type("Note").__pydantic_complete__


def fields_wait(package: Package) -> bool:
    return isinstance(vars(package.type("Note"))["__pydantic_fields__"], LateFields)


def test_the_fields_of_such_a_package_wait_for_the_first_look(package: Package) -> None:
    package.target = replace(package.target, late=(f"{package.name}.types",))
    package.change("types/base", "(defer_build=True)", "(defer_build=True, frozen=True)")
    assert load(package.target) == Loaded(lazy=True, why="", deferred=2)
    assert fields_wait(package)
    assert set(package.type("Note").model_fields) == {"author", "answer"}
    assert not fields_wait(package)
    assert package.works()
    ivan, again = (package.type("User").model_validate({"name": "Иван"}) for _ in range(2))
    assert {ivan} == {again}, "a frozen model's hash is made of its fields"


VALIDATED = """
from pydantic import BaseModel, ConfigDict, field_validator as field_validator, model_validator
class Thing(BaseModel):
    model_config = ConfigDict(defer_build=True)
    @model_validator(mode="before")
    @classmethod
    def signed(cls, values):
        return {"sign": cls.__name__, **values}
    sign: str = ""
"""


def test_inherited_validators_are_bound_to_each_class_at_its_first_use(package: Package) -> None:
    package.target = replace(package.target, late=(f"{package.name}.types",))
    package.write("types/base", VALIDATED)
    upper = "    @field_validator('name')\n    @classmethod\n    def big(cls, name):\n        return name.upper()\n"
    package.change("types/user", "    name: str\n", f"    name: str\n{upper}class Master(User):\n    pass\n")
    package.change("types/user", "from .base import Thing", "from .base import Thing, field_validator")
    assert load(package.target).lazy
    user, note = package.type("User"), package.type("Note")
    thing = import_module(f"{package.name}.types.base").Thing
    assert vars(note)["__pydantic_decorators__"] is vars(thing)["__pydantic_decorators__"], "until it is used"
    master = import_module(f"{package.name}.types.user").Master
    read = [made.model_validate({"name": "b"}).model_dump() for made in (master, user)]
    assert read == [{"sign": "Master", "name": "B"}, {"sign": "User", "name": "B"}]
    assert note.model_validate({"author": {"name": "b"}}).model_dump()["sign"] == "Note"


def test_what_was_postponed_is_done_after_all_when_in_doubt(package: Package) -> None:
    package.write("types/method", "from pydantic import BaseModel\nclass Method(BaseModel):\n    size: int\n")
    package.change("types/__init__", "from .note", "from .method import Method\nfrom .note")
    package.target = replace(package.target, late=(f"{package.name}.types",))
    package.change("types/__init__", "=names", "=dict(names)")
    gives_up(package, "one namespace")
    assert package.type("Method").__pydantic_complete__


def test_an_unused_callable_is_imported_when_it_is_called(package: Package) -> None:
    package.write("heavy", "def make(size, *, of):\n    return size * of\n")
    package.write("__init__", "from . import types\nfrom .heavy import make\n")
    package.target = replace(package.target, unused=((f"{package.name}.heavy", "make"),))
    assert load(package.target).lazy
    assert f"{package.name}.heavy" not in sys.modules
    assert import_module(package.name).make(2, of="ab") == "abab"
    assert f"{package.name}.heavy" in sys.modules


def test_a_model_may_be_rebuilt_by_hand(package: Package) -> None:
    load(package.target)
    assert package.type("User").model_rebuild() is True
    assert package.type("User").model_rebuild() is None
    assert package.type("User").model_rebuild(force=True) is True


def test_classes_that_are_not_its_types_are_built_by_pydantic_at_once(package: Package) -> None:
    own = """
from __future__ import annotations
from pydantic import BaseModel
def make():
    class Inner(BaseModel):
        outer: Late
    class Late(BaseModel):
        size: int
    Inner.model_rebuild()
    return Inner
Inner = make()
Again = None
class Open(BaseModel):
    size: "Size"
Open.model_rebuild(_types_namespace={"Size": int})
"""
    package.write("own", own)
    package.write("__init__", "from . import own, types\n")
    assert load(package.target).lazy
    module = import_module(f"{package.name}.own")
    assert module.Inner.__pydantic_complete__
    assert module.Open.__pydantic_complete__


def gives_up(package: Package, why: str) -> None:
    """Expect the ordinary import: everything is built, and the reason is told."""
    loaded = load(package.target)
    assert not loaded.lazy
    assert why in loaded.why
    assert package.type("Note").__pydantic_complete__
    assert package.works()


def test_a_package_that_is_already_there_stays_as_it_is(package: Package) -> None:
    import_module(package.name)
    gives_up(package, "already imported")


def test_another_version_is_not_touched(package: Package) -> None:
    package.target = replace(package.target, proven={"pydantic": "1."})
    gives_up(package, "is not 1.x")


def test_an_unknown_version_is_not_touched(package: Package) -> None:
    package.target = replace(package.target, proven={"no-such-distribution-at-all": "1."})
    gives_up(package, "version of no-such-distribution-at-all is unknown")


def test_without_the_loop_nothing_is_changed(package: Package) -> None:
    package.change("types/__init__", "(_types_namespace=names)", "()")
    package.change("types/note", "if TYPE_CHECKING:", "if True:")
    gives_up(package, "no rebuild loop")


def test_a_namespace_for_each_is_not_the_known_pattern(package: Package) -> None:
    package.change("types/__init__", "=names", "=dict(names)")
    gives_up(package, "one namespace")


def test_a_class_under_another_name_is_not_the_known_pattern(package: Package) -> None:
    package.change("types/__init__", "for name in __all__:", "names['User'] = Thing\nfor name in ['Note', 'User']:")
    package.change("types/note", "if TYPE_CHECKING:", "if True:")
    loaded = load(package.target)
    assert loaded == Loaded(lazy=False, why="User is not in its namespace")


def test_types_that_do_not_defer_are_not_the_known_pattern(package: Package) -> None:
    package.change("types/base", "defer_build=True", "defer_build=False")
    gives_up(package, "not a deferred model")


def test_types_of_another_base_are_not_the_known_pattern(package: Package) -> None:
    package.change("types/user", "class User(Thing):", "class Other(Thing): pass\nclass User(Thing):")
    package.target = replace(package.target, bases=((f"{package.name}.types.user", "Other"),))
    gives_up(package, "of a known base")


def test_a_missing_base_is_not_the_known_pattern(package: Package) -> None:
    package.target = replace(package.target, bases=((f"{package.name}.types.base", "Missing"),))
    gives_up(package, "Missing")


def test_a_base_with_its_own_rebuild_is_not_the_known_pattern(package: Package) -> None:
    own = "    @classmethod\n    def model_rebuild(cls, **options):\n        return super().model_rebuild(**options)\n"
    package.write("types/base", BASE + own)
    gives_up(package, "its own model_rebuild")


def test_an_import_that_fails_under_the_recorder_is_done_again_without(package: Package) -> None:
    check = "assert Thing.model_rebuild.__name__ == 'model_rebuild'"
    package.change("types/__init__", "__all__ =", f"{check}\n__all__ =")
    gives_up(package, "AssertionError while recording")


def test_an_import_that_fails_anyway_fails_as_usual(package: Package) -> None:
    package.write("__init__", "import no_such_module_at_all\n")
    with pytest.raises(ModuleNotFoundError, match="no_such_module_at_all"):
        load(package.target)


def test_the_versions_that_were_proven_are_those_of_the_requirements() -> None:
    requirements = (ROOT / "pyproject.toml").read_text()
    for name, prefix in AIOGRAM.proven.items():
        assert f'"{name}>={prefix.rstrip(".")}' in requirements
