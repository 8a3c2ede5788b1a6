"""The import of aiogram without building its 400 models at once. The one place of clever metaprogramming.

Why: the last lines of `aiogram/types/__init__.py` call `model_rebuild(_types_namespace=…)` on every type it exports,
and each call walks the whole graph of types. That loop is 80 % of aiogram's import time and 100 MB of memory, on a
function that scales to zero and needs about ten of those models (shared/telegram/README.md, «Import time»).

How: while the package is being imported, and only then, `pydantic.BaseModel.model_rebuild` is replaced by a recorder.
It notes the classes of `aiogram.types` and the namespace they were to be built with, and passes every other
class on to pydantic. After the import pydantic gets its own method back, and the common bases of aiogram's models get a
`model_rebuild` that adds the recorded namespace. pydantic itself calls that method when a model that was not built
yet is first used (aiogram sets `defer_build=True`), so a model is built by its first validation or dump.

What is relied on, all of it checked at import:

- versions that the tests have proven (`PROVEN`), because both packages may change their insides at will;
- one loop over `aiogram.types`, with one namespace in which each class is found under its own name;
- all those classes defer their building and inherit `model_rebuild` from `BaseModel` through a base listed here.

The fields of all those classes, and what else pydantic makes of methods, are collected as late
(`shared.telegram.late_fields`). And aiogram imports aiohttp for a session that is not used here: a stand-in takes its
place meanwhile, which becomes the real one when somebody wants a session made.

How it fails: on any doubt the recorded calls are made after all, and the result is the ordinary eager import, only
slow. `LOADED` says which way it went and why; the caller may log it.

Threads: pydantic's `model_rebuild` is not safe to run twice at a time, so first uses are serialised by one lock; a
model that is already built never takes it.
"""

from __future__ import annotations

import importlib
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from importlib.metadata import PackageNotFoundError, version
from types import ModuleType
from typing import Any, Final

from pydantic import BaseModel

from shared.telegram.late_fields import LOCK, PostponedModels, postponing

_METHOD: Final = "model_rebuild"

Rebuild = Callable[..., bool | None]
"""The function under pydantic's classmethod: takes the class and the keyword arguments of `model_rebuild`."""


@dataclass(frozen=True)
class LazyPackage:
    """A package whose models are to be built on first use.

    `types` is the module (and the prefix of the modules) whose classes its loop rebuilds; `bases` are the classes, as
    (module, name), from which all its models inherit; `proven` maps distributions to version prefixes. `late` are the
    modules whose classes' fields can wait; `unused` the (module, name) of functions or classes that nobody needs, whose
    modules are imported when one is called.
    """

    package: str
    types: str
    bases: tuple[tuple[str, str], ...]
    proven: Mapping[str, str]
    late: tuple[str, ...] = ()
    unused: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class Loaded:
    """How the package was imported: lazily or not, why not, and how many models wait for their first use."""

    lazy: bool
    why: str
    deferred: int = 0


@dataclass
class Recorder:
    """What the package's loop asked for: the classes in order, and the namespaces (there should be one)."""

    types: str
    calls: list[tuple[type[BaseModel], Mapping[str, Any]]] = field(default_factory=list)

    def records(self, model: type[BaseModel]) -> bool:
        """Return whether the model is one of the package's types: other classes are none of our business."""
        return f"{model.__module__}.".startswith(f"{self.types}.")


@contextmanager
def _recording(types: str, original: Rebuild) -> Iterator[Recorder]:
    """Replace pydantic's `model_rebuild` by a recorder for the time of the block."""
    recorder = Recorder(types)
    own = BaseModel.__dict__[_METHOD]

    def record(
        cls: type[BaseModel],
        /,
        *,
        _parent_namespace_depth: int = 2,
        _types_namespace: Mapping[str, Any] | None = None,
        **options: bool,
    ) -> bool | None:
        if _types_namespace is not None and recorder.records(cls):
            recorder.calls.append((cls, _types_namespace))
            return None
        # One frame deeper than the caller thinks: pydantic looks for local names in the caller's frame.
        depth = _parent_namespace_depth + 1
        return original(cls, _parent_namespace_depth=depth, _types_namespace=_types_namespace, **options)

    setattr(BaseModel, _METHOD, classmethod(record))
    try:
        yield recorder
    finally:
        setattr(BaseModel, _METHOD, own)


def _on_first_use(original: Rebuild, namespace: Mapping[str, Any]) -> Rebuild:
    """Return a `model_rebuild` that knows the names of aiogram's types and runs one at a time."""

    def rebuild(
        cls: type[BaseModel],
        /,
        *,
        _parent_namespace_depth: int = 2,
        _types_namespace: Mapping[str, Any] | None = None,
        **options: bool,
    ) -> bool | None:
        # pydantic's own default, the names of the caller's frame, is no use here: the namespace has all names.
        del _parent_namespace_depth
        with LOCK:
            return original(cls, _types_namespace={**namespace, **(_types_namespace or {})}, **options)

    return rebuild


def _unproven(proven: Mapping[str, str]) -> str | None:
    """Return why the installed versions are not the ones the tests have seen, or None."""
    for name, prefix in proven.items():
        try:
            found = version(name)
        except PackageNotFoundError:
            return f"the version of {name} is unknown"
        if not found.startswith(prefix):
            return f"{name} {found} is not {prefix}x"
    return None


def _bases(target: LazyPackage) -> list[type[BaseModel]]:
    """Return the classes that are to carry the new `model_rebuild`; AttributeError when one is missing."""
    return [getattr(importlib.import_module(module), name) for module, name in target.bases]


def _unfamiliar(recorder: Recorder, bases: list[type[BaseModel]], original: Rebuild) -> str | None:
    """Return what in the recorded pattern is not as described above, or None."""
    if not recorder.calls:
        return "no rebuild loop was seen"
    first = recorder.calls[0][1]
    if any(namespace is not first for _, namespace in recorder.calls):
        return "the models do not share one namespace"
    for model, namespace in recorder.calls:
        if namespace.get(model.__name__) is not model:
            return f"{model.__name__} is not in its namespace"
        if not issubclass(model, tuple(bases)) or not model.model_config.get("defer_build"):
            return f"{model.__name__} is not a deferred model of a known base"
    if any(getattr(base.model_rebuild, "__func__", None) is not original for base in bases):
        return "a base has its own model_rebuild"
    return None


@contextmanager
def _standing_in(unused: Sequence[tuple[str, str]]) -> Iterator[None]:
    """Have callables that import their module when they are called, instead of the modules, in the block."""
    absent = [(module, name) for module, name in unused if module not in sys.modules]
    for module, name in absent:
        stand_in = ModuleType(module)
        setattr(stand_in, name, _on_call(module, name))
        sys.modules[module] = stand_in
    try:
        yield
    finally:
        for module, _ in absent:
            del sys.modules[module]


def _on_call(module: str, name: str) -> Callable[..., Any]:
    def real(*args: Any, **options: Any) -> Any:  # noqa: ANN401 - whatever the real one takes and returns
        return getattr(importlib.import_module(module), name)(*args, **options)

    return real


def _build_all(recorder: Recorder, postponed: PostponedModels, original: Rebuild) -> None:
    """Do what the package's loop would have done, and what was postponed."""
    for model, namespace in recorder.calls:
        original(model, _types_namespace=namespace)
    postponed.make_up()


def _forget(package: str) -> None:
    """Remove a half-imported package, so that the next import starts afresh."""
    for name in [name for name in sys.modules if f"{name}.".startswith(f"{package}.")]:
        del sys.modules[name]


def _import_lazily(target: LazyPackage) -> Loaded:
    """Import under the recorder, then either hand the building over to first use or do it now."""
    original: Rebuild = BaseModel.__dict__[_METHOD].__func__
    with (
        _recording(target.types, original) as recorder,
        postponing(target.late) as postponed,
        _standing_in(target.unused),
    ):
        importlib.import_module(target.package)
    try:
        bases = _bases(target)
    except (ImportError, AttributeError) as error:
        _build_all(recorder, postponed, original)
        return Loaded(lazy=False, why=str(error))
    if doubt := _unfamiliar(recorder, bases, original):
        _build_all(recorder, postponed, original)
        return Loaded(lazy=False, why=doubt)
    for base in bases:
        setattr(base, _METHOD, classmethod(_on_first_use(original, recorder.calls[0][1])))
    return Loaded(lazy=True, why="", deferred=len(recorder.calls))


def load(target: LazyPackage) -> Loaded:
    """Import `target.package`, lazily if all that it takes is as the tests have seen it, else as usual."""
    with LOCK:
        if target.package in sys.modules:
            return Loaded(lazy=False, why="already imported")
        if doubt := _unproven(target.proven):
            importlib.import_module(target.package)
            return Loaded(lazy=False, why=doubt)
        try:
            return _import_lazily(target)
        except Exception as error:  # noqa: BLE001 - whatever went wrong, the plain import decides if it is fatal
            _forget(target.package)
            importlib.import_module(target.package)
            return Loaded(lazy=False, why=f"{type(error).__name__} while recording")


AIOGRAM: Final = LazyPackage(
    package="aiogram",
    types="aiogram.types",
    bases=(
        ("aiogram.types.base", "TelegramObject"),
        ("aiogram.methods.base", "TelegramMethod"),
        # The envelope of every answer; `Response[Message]` is made at run time and inherits from it.
        ("aiogram.methods.base", "Response"),
    ),
    proven={"aiogram": "3.31.", "pydantic": "2.13."},
    late=("aiogram.types", "aiogram.methods"),
    unused=(("aiogram.client.session.aiohttp", "AiohttpSession"),),
)

LOADED: Final = load(AIOGRAM)
