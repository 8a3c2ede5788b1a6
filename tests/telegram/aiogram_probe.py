"""Runs in a process of its own: imports aiogram lazily or eagerly, tries things, prints what came out as JSON.

Usage: python -m tests.telegram.aiogram_probe lazy|eager|doubt PROBE…, with the probes named at the end of this file.
«doubt» is the way back: recorded as if to be lazy, then built after all.
"""

import asyncio
import json
import re
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from importlib import import_module
from threading import Barrier
from types import ModuleType
from typing import Any

import httpx
import pydantic
from pydantic import BaseModel, ValidationError

from tests.support.updates import BAD_UPDATES, UPDATES

TOKEN = "123456:AAH-secret_KEY"


def api() -> ModuleType:
    """Import late: the mode decides what happens at that import."""
    return import_module("shared.telegram.api")


def all_models() -> dict[str, type[BaseModel]]:
    """Return every public type and method of aiogram that is a pydantic model."""
    found: dict[str, type[BaseModel]] = {}
    for name in ("types", "methods"):
        module = import_module(f"aiogram.{name}")
        for member in module.__all__:
            model = getattr(module, member)
            if isinstance(model, type) and issubclass(model, BaseModel):
                found[f"{name}.{member}"] = model
    return found


def built() -> list[str]:
    return sorted(name for name, model in all_models().items() if model.__pydantic_complete__ and name[0] == "t")


def probe_built() -> Any:
    """Count models after the import, after one update, and after a little conversation."""
    names = api()
    after_import = built()
    collected = [name for name, model in all_models().items() if isinstance(vars(model)["__pydantic_fields__"], dict)]
    names.Update.model_validate(UPDATES[0], context={"bot": None})
    after_update = built()
    asyncio.run(conversation())
    own = BaseModel.__dict__["model_rebuild"].__func__
    return {
        "lazy": names.LOADED.lazy,
        "why": names.LOADED.why,
        "deferred": names.LOADED.deferred,
        "all_types": sum(name.startswith("types.") for name in all_models()),
        "after_import": after_import,
        "collected": collected,
        "after_update": after_update,
        "after_conversation": built(),
        "pydantic_unpatched": own.__module__ == "pydantic.main" and own.__qualname__ == "BaseModel.model_rebuild",
        "pydantic": pydantic.VERSION,
    }


def probe_models() -> Any:
    api()
    return {name: describe(model) for name, model in all_models().items()}


def describe(model: type[BaseModel]) -> Any:
    empty = trouble(model, {})
    assert model.__pydantic_complete__, f"the first use does not build {model}"
    fields = {
        name: [field.alias, field.is_required(), without_addresses([field.annotation, field.default, field.metadata])]
        for name, field in model.model_fields.items()
    }
    return {"fields": fields, "title": model.__pydantic_validator__.title, "empty": empty}


def without_addresses(value: object) -> str:
    """Return the repr without what differs from process to process."""
    return re.sub(r" at 0x[0-9a-f]+", "", repr(value))


def trouble(model: type[BaseModel], data: Any) -> list[list[str]]:
    """Return what validation says: the places and kinds of errors."""
    try:
        model.model_validate(data)
    except ValidationError as error:
        return [[".".join(map(str, problem["loc"])), problem["type"]] for problem in error.errors()]
    except TypeError as error:
        return [["", str(error)]]
    return []


def probe_behaviour() -> Any:
    """Read updates, refuse bad ones, and write requests."""
    names = api()
    read = [names.Update.model_validate(update, context={"bot": None}) for update in UPDATES]
    return {
        "read": [[update.event_type, json.loads(dump(update)), repr(update.event)] for update in read],
        "event": [json.loads(dump(update.event)) for update in read],
        "equal": [first == names.Update.model_validate(data) for first, data in zip(read, UPDATES, strict=True)],
        "copied": [repr(update.event.model_copy(update={"id": 1})) for update in read],
        "refused": [trouble(names.Update, update) for update in BAD_UPDATES],
        "asked": asyncio.run(conversation()),
    }


def dump(model: BaseModel) -> str:
    return model.model_dump_json(exclude_none=True, warnings=False)


async def conversation() -> list[list[str]]:
    """Feed the updates to a dispatcher whose handlers answer in all the ways that the project uses."""
    names = api()
    asked: list[list[str]] = []

    def answer(request: httpx.Request) -> httpx.Response:
        method = request.url.path.rpartition("/")[2]
        asked.append([method, request.content.decode()])
        talk = method.startswith(("sendM", "sendP", "edit"))
        result: Any = UPDATES[0]["message"] if talk else True
        return httpx.Response(200, json={"ok": True, "result": result})

    router = names.Router()
    keyboard = (
        import_module("aiogram.utils.keyboard").InlineKeyboardBuilder().button(text="Да", callback_data="y").as_markup()
    )

    async def on_message(message: Any) -> None:
        sent = await message.answer("Привет", reply_markup=keyboard)
        edit = names.EditMessageText(chat_id=42, message_id=sent.message_id, text="Ещё раз", reply_markup=keyboard)
        await message.bot(edit)
        await message.bot(names.SendPhoto(chat_id=42, photo="AgAC", caption="Дрель"))
        photo = names.InputMediaPhoto(media="AgAC", caption="Бита")
        await message.bot(names.EditMessageMedia(chat_id=42, message_id=1, media=photo))
        await message.bot(names.EditMessageCaption(chat_id=42, message_id=1, caption="Бита"))
        await message.bot(names.DeleteMessage(chat_id=42, message_id=1))

    async def on_tap(query: Any) -> None:
        await query.answer("Добавлено")
        await query.message.edit_reply_markup(reply_markup=keyboard)

    router.message.register(on_message)
    router.callback_query.register(on_tap)
    dispatcher = names.Dispatcher()
    dispatcher.include_router(router)
    make_bot = import_module("shared.telegram.session").make_bot
    async with httpx.AsyncClient(transport=httpx.MockTransport(answer)) as http:
        bot = make_bot(TOKEN, "http://botapi.test", http)
        for update in UPDATES:
            await dispatcher.feed_raw_update(bot, update)
    return asked


def probe_threads() -> Any:
    """Use the same models for the first time in many threads at once."""
    names = api()
    workers = 8
    barrier = Barrier(workers)

    def first_use(number: int) -> str:
        barrier.wait(timeout=30)
        update = names.Update.model_validate(UPDATES[number % len(UPDATES)])
        method = names.SendMessage(
            chat_id=1, text=str(number), reply_markup=names.ReplyKeyboardRemove(remove_keyboard=True)
        )
        return f"{dump(update)} {method!r}"

    with ThreadPoolExecutor(workers) as pool:
        together = list(pool.map(first_use, range(workers)))
    barrier = Barrier(1)
    return {"same": together == [first_use(number) for number in range(workers)]}


def doubt() -> None:
    lazy_aiogram = import_module("shared.telegram.lazy_aiogram")
    for name in [name for name in sys.modules if f"{name}.".startswith("aiogram.")]:
        del sys.modules[name]
    loaded = lazy_aiogram.load(replace(lazy_aiogram.AIOGRAM, bases=(("aiogram.types.base", "Missing"),)))
    assert not loaded.lazy
    assert len(built()) > 400


PROBES: dict[str, Callable[[], Any]] = {
    "built": probe_built,
    "models": probe_models,
    "behaviour": probe_behaviour,
    "threads": probe_threads,
}

if __name__ == "__main__":
    mode, *probes = sys.argv[1:]
    if mode == "eager":
        # Imported first by somebody else: too late to be lazy.
        import_module("aiogram")
    if mode == "doubt":
        doubt()
    json.dump({name: PROBES[name]() for name in probes}, sys.stdout)
