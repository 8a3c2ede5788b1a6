"""The fields of pydantic models, collected at the first look at them instead of when the class is made.

A part of `shared.telegram.lazy_aiogram`, and like it for proven versions only: pydantic collects a class's fields, and
makes the hash of a frozen one of them, in the moment the class is made, also where it defers the building. For 600
classes that is most of an import. While `postponing` runs, three functions of pydantic's class maker note what they
would have done to the classes of some modules, and a descriptor does it as soon as anybody asks a class for its fields:
a subclass, a model that is built, an instance. Nothing has an instance before its model is built.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from pydantic import BaseModel
from pydantic._internal import _model_construction as making
from pydantic._internal._mock_val_ser import set_model_mocks

LOCK = threading.RLock()
"""Held while a model changes: pydantic's building is not safe to run twice at a time."""

_FIELDS = "__pydantic_fields__"
_collect, _complete, _hash = making.set_model_fields, making.complete_model_class, making.set_default_hash_func


@dataclass(eq=False)
class LateFields:
    """Stands in a class's `__pydantic_fields__` until somebody looks there."""

    model: type[BaseModel]
    config: Any
    names: Any
    hashed: tuple[type, ...] | None = None

    def __get__(self, instance: object, owner: type) -> Any:  # noqa: ANN401 - pydantic's mapping of fields
        with LOCK:
            if vars(self.model).get(_FIELDS) is self:
                # pydantic looks into the class's own dictionary meanwhile, where it expects no descriptor.
                delattr(self.model, _FIELDS)
                _collect(self.model, self.config, self.names)
                if self.hashed is not None:
                    _hash(self.model, self.hashed)
        return self.model.__pydantic_fields__


@dataclass
class PostponedModels:
    """What was noted: classes that would have been completed, with what pydantic needs for it."""

    completions: list[tuple[type[BaseModel], Any, Any]] = field(default_factory=list)

    def make_up(self) -> None:
        """Do what was postponed of the classes."""
        for model, config, names in self.completions:
            _complete(model, config, names, raise_errors=False)


@contextmanager
def postponing(modules: Sequence[str]) -> Iterator[PostponedModels]:
    """Postpone the fields of classes of these modules (and of those below) that are made in the block."""
    postponed = PostponedModels()

    def is_late(model: type) -> bool:
        return any(f"{model.__module__}.".startswith(f"{module}.") for module in modules)

    def collect(cls: type[BaseModel], config_wrapper: Any, ns_resolver: Any) -> None:  # noqa: ANN401 - pydantic's
        if is_late(cls):
            setattr(cls, _FIELDS, LateFields(cls, config_wrapper, ns_resolver))
        else:
            _collect(cls, config_wrapper, ns_resolver)

    def complete(cls: type[BaseModel], config_wrapper: Any, ns_resolver: Any, **options: Any) -> bool:  # noqa: ANN401
        if not is_late(cls):
            return _complete(cls, config_wrapper, ns_resolver, **options)
        postponed.completions.append((cls, config_wrapper, ns_resolver))
        set_model_mocks(cls)
        return False

    def hashed(cls: type[BaseModel], bases: tuple[type, ...]) -> None:
        late = vars(cls).get(_FIELDS)
        if isinstance(late, LateFields):
            late.hashed = bases
        else:
            _hash(cls, bases)

    making.set_model_fields, making.complete_model_class, making.set_default_hash_func = collect, complete, hashed
    try:
        yield postponed
    finally:
        making.set_model_fields, making.complete_model_class, making.set_default_hash_func = _collect, _complete, _hash
