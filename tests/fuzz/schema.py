"""JSON of the Bot API's own shape with hostile values in it, drawn from aiogram's models of every kind of update."""

from __future__ import annotations

import types
from collections.abc import Sequence
from typing import Any, Literal, Union, get_args, get_origin

from hypothesis import strategies as st
from pydantic import BaseModel

from shared.assistant.routers import build
from shared.telegram.api import CallbackData, Update

assert callable(build), "what routes to all buttons is loaded"

KINDS = sorted(set(Update.model_fields) - {"update_id"})
"""Every kind of update of the Bot API as aiogram knows it."""

DEPTH = 3
"""So deep optional parts nest; what is required below is drawn all the same."""

MOST_FIELDS = 5
"""Optional parts of one object at most."""

FEWEST_BUTTONS = 40
"""The bot has more kinds of buttons than this."""

TEXTS = (
    "", " ", "дрель", "DF333DWYE x 3\nбита ph2 — 10 шт", "/start", "/start x", "/track 77", "/cancel", "5", "0", "-1",
    "1e400", "9" * 4000, "1,5 м", "½ м", "\ud800", "a\udfffb", "\x00", "\u202eдрель\u202c", "\uff24\uff26333", "dгель",
    "а" * 4096, "<b>дрель</b>", "&lt;<script>", "{{7*7}}", "$result[order][ID]", "../../etc/passwd", "' OR 1=1 --",
    "👩\u200d👧" * 50, "=cmd|'/C calc'!A0", "%00", "\u200b", "\r\n\r\n", "x:y:z", "null", "NaN", "+7 (999) 123-45-67",
    "@bot дрель", "\n".join(f"{number}. сверло {number} мм" for number in range(80)),
)  # fmt: skip
NUMBERS = (0, 1, -1, 42, 2**31, 2**53 + 1, 2**63 - 1, -(2**63), 2**64, 10**30)

hostile_texts = st.sampled_from(TEXTS) | st.text(max_size=12)
rubbish: st.SearchStrategy[Any] = st.sampled_from((None, True, [], {}, [[]], "", 0, -1, 0.5, {"": None}, 10**30))
_NUMERIC = st.sampled_from(NUMBERS) | st.integers(0, 2**33)
_PLAIN: dict[Any, st.SearchStrategy[Any]] = {
    str: hostile_texts,
    bool: st.booleans(),
    float: st.floats(allow_nan=False, allow_infinity=False) | st.sampled_from((55.75, -181.0, 1e308)),
}
"""What is not here is a number: ids, moments, lengths."""


def updates_of(kind: str, people: Sequence[int], chats: Sequence[dict[str, Any]]) -> st.SearchStrategy[dict[str, Any]]:
    """Return updates of this kind. Who does something is one of the people, where he does it one of the chats."""
    event = _Drawing(people, chats).value(Update.model_fields[kind].annotation, 0)
    return st.fixed_dictionaries({"update_id": st.integers(0, 2**31), kind: event})


def buttons() -> st.SearchStrategy[str]:
    """Return what a button of ours says, forged: a known prefix and any parts."""
    prefixes = sorted(each.__prefix__ for each in CallbackData.__subclasses__() if hasattr(each, "__prefix__"))
    assert len(prefixes) > FEWEST_BUTTONS
    parts = st.sampled_from(("", "1", "77", "0", "-1", "add", "a b", "..", "__x__", "\ud800", "9" * 40))
    anything = st.lists(parts | st.text(max_size=4), max_size=5)
    return st.builds(lambda prefix, rest: ":".join([prefix, *rest]), st.sampled_from(prefixes), anything)


def payloads() -> st.SearchStrategy[str]:
    """Return what follows /start, forged: a product, an order, an invite, or anything."""
    ids = st.sampled_from(("1", "77", "0" * 62, "__x__", "a-b", "9" * 61)) | st.text(max_size=8)
    return st.builds(lambda start, rest: start + rest, st.sampled_from(("p_", "o_", "i_", "bot", "", "P_")), ids)


class _Drawing:
    """Draws values of annotated types."""

    def __init__(self, people: Sequence[int], chats: Sequence[dict[str, Any]]) -> None:
        self._people = people
        self._chats = chats
        self._known: dict[tuple[str, int], st.SearchStrategy[Any]] = {}

    def value(self, hint: Any, depth: int) -> st.SearchStrategy[Any]:
        key = (str(hint), depth)
        if key not in self._known:
            self._known[key] = self._made(hint, depth)
        return self._known[key]

    def _made(self, hint: Any, depth: int) -> st.SearchStrategy[Any]:
        arguments = get_args(hint)
        if isinstance(hint, type) and issubclass(hint, BaseModel):
            return self._object(hint, depth)
        if get_origin(hint) in (Union, types.UnionType):
            kinds = [each for each in arguments if each is not types.NoneType]
            return st.sampled_from(kinds).flatmap(lambda each: self.value(each, depth))
        if get_origin(hint) is Literal:
            return st.sampled_from(arguments)
        if get_origin(hint) is list:
            return st.lists(self.value(arguments[0], depth + 1), max_size=2)
        return self.value(arguments[0], depth) if arguments else _PLAIN.get(hint, _NUMERIC)

    def _object(self, model: type[BaseModel], depth: int) -> st.SearchStrategy[dict[str, Any]]:
        if model.__name__ == "User":
            return self._person()
        if model.__name__ == "Chat" and depth < DEPTH:
            return st.sampled_from(self._chats)
        fields = {each.alias or name: each for name, each in model.model_fields.items()}
        optional = [name for name, each in fields.items() if not each.is_required()]
        chosen = st.lists(st.sampled_from(optional), max_size=MOST_FIELDS, unique=True) if optional else st.just([])

        @st.composite
        def drawn(draw: st.DrawFn) -> dict[str, Any]:
            names = [name for name in fields if name not in optional]
            names += draw(chosen) if depth < DEPTH else []
            value = {name: draw(self.value(fields[name].annotation, depth + 1)) for name in names}
            return value | draw(_unseen(sorted(fields)) if depth else self._meant(set(fields)))

        return drawn()

    def _meant(self, fields: set[str]) -> st.SearchStrategy[dict[str, Any]]:
        """Return what makes an event one for us: its person, and what he says or taps."""
        words = hostile_texts | payloads().map("/start {}".format)
        sure = {"from": self._person(), "data": buttons() | hostile_texts}
        own = {name: drawn for name, drawn in sure.items() if name in fields}
        return st.fixed_dictionaries(own, optional={"text": words} if "text" in fields else {})

    def _person(self) -> st.SearchStrategy[dict[str, Any]]:
        return st.fixed_dictionaries(
            {"id": st.sampled_from(self._people), "is_bot": st.just(False), "first_name": hostile_texts},
            optional={"username": hostile_texts, "language_code": hostile_texts},
        )


def _unseen(fields: list[str]) -> st.SearchStrategy[dict[str, Any]]:
    """Return now and then a part of another shape than aiogram knows, below what the event itself needs."""
    odd = st.dictionaries(st.sampled_from([*fields, "brand_new"]), rubbish, max_size=1)
    return st.integers(0, 4).flatmap(lambda dice: odd if dice == 0 else st.just({}))
