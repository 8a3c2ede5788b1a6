"""The fields of pydantic models, collected at the first look at them instead of when the class is made.

A part of `shared.telegram.lazy_aiogram`, and like it for proven versions only: pydantic collects a class's fields, and
makes the hash of a frozen one of them, in the moment the class is made, also where it defers the building. For 600
classes that is most of an import. While `postponing` runs, four functions of pydantic's class maker note what they
would have done to the classes of some modules, and a descriptor does it as soon as anybody asks a class for its fields:
a subclass, a model that is built, an instance. Nothing has an instance before its model is built.

The validators that a class inherits are bound to it at the same moment: until then a class that decorates nothing
itself has those of its base, which is all that a subclass of it needs to find them.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from types import SimpleNamespace
from typing import Any

from pydantic import BaseModel
from pydantic._internal import _model_construction as making
from pydantic._internal._decorators import DecoratorInfos, PydanticDescriptorProxy
from pydantic._internal._mock_val_ser import set_model_mocks

LOCK = threading.RLock()
"""Held while a model changes: pydantic's building is not safe to run twice at a time."""

_FIELDS, _DECORATORS = "__pydantic_fields__", "__pydantic_decorators__"
_INFOS = "DecoratorInfos"
"""By this name pydantic's class maker knows what finds a class's validators and serializers."""

_collect, _complete, _hash = making.set_model_fields, making.complete_model_class, making.set_default_hash_func


@dataclass(eq=False)
class LateFields:
    """Stands in a class's `__pydantic_fields__` until somebody looks there."""

    model: type[BaseModel]
    config: Any
    names: Any
    borrowed: bool
    """Whether its decorators are those of its base."""
    hashed: tuple[type, ...] | None = None

    def __get__(self, instance: object, owner: type) -> Any:  # noqa: ANN401 - pydantic's mapping of fields
        with LOCK:
            if vars(self.model).get(_FIELDS) is self:
                # pydantic looks into the class's own dictionary meanwhile, where it expects no descriptor.
                delattr(self.model, _FIELDS)
                if self.borrowed:
                    setattr(self.model, _DECORATORS, DecoratorInfos.build(self.model))
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


def _is_below(modules: Sequence[str], model: type) -> bool:
    return any(f"{model.__module__}.".startswith(f"{module}.") for module in modules)


def _borrowed(model: type[BaseModel]) -> DecoratorInfos | None:
    """Return the decorators of a class's base, where they do for it; None where it has some of its own."""
    inherited: DecoratorInfos | None = getattr(model.__base__, _DECORATORS, None)
    own = any(isinstance(value, PydanticDescriptorProxy) for value in vars(model).values())
    # Computed fields are changed by each class's configuration.
    return None if own or inherited is None or inherited.computed_fields else inherited


@contextmanager
def postponing(modules: Sequence[str]) -> Iterator[PostponedModels]:
    """Postpone the fields of classes of these modules (and of those below) that are made in the block."""
    postponed = PostponedModels()

    is_late = partial(_is_below, modules)

    def collect(cls: type[BaseModel], config_wrapper: Any, ns_resolver: Any) -> None:  # noqa: ANN401 - pydantic's
        if is_late(cls):
            borrowed = vars(cls)[_DECORATORS] is getattr(cls.__base__, _DECORATORS, None)
            setattr(cls, _FIELDS, LateFields(cls, config_wrapper, ns_resolver, borrowed))
        else:
            _collect(cls, config_wrapper, ns_resolver)

    def decorators(cls: type[BaseModel], *, replace_wrapped_methods: bool) -> DecoratorInfos:
        borrowed = _borrowed(cls) if is_late(cls) else None
        return borrowed or DecoratorInfos.build(cls, replace_wrapped_methods=replace_wrapped_methods)

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
    setattr(making, _INFOS, SimpleNamespace(build=decorators))
    try:
        yield postponed
    finally:
        making.set_model_fields, making.complete_model_class, making.set_default_hash_func = _collect, _complete, _hash
        setattr(making, _INFOS, DecoratorInfos)
