"""The gallery is whole: every screen and every text hangs in it, and no golden file is left over."""

from __future__ import annotations

import inspect
import pkgutil
from collections.abc import Callable

import pytest

from shared.assistant import texts
from tests.assistant.gallery import GALLERY, MODULES
from tests.assistant.gallery.painting import FOLDER


def test_no_golden_file_is_left_over() -> None:
    assert {file.name for file in FOLDER.iterdir()} == {f"{name}.txt" for name in GALLERY}


@pytest.mark.parametrize("name", GALLERY)
def test_titles_are_unique(name: str) -> None:
    titles = [item.title for item in GALLERY[name]]
    assert len(set(titles)) == len(titles)


def test_every_screen_there_is_hangs_in_the_gallery() -> None:
    made = {
        function
        for module in MODULES
        for name, function in inspect.getmembers(module, inspect.isfunction)
        if function.__module__ == module.__name__ and not name.startswith("_")
    }
    shown = {item.make for items in GALLERY.values() for item in items}
    missing = {function.__name__ for function in made - shown}
    parts = {"answer_stale", "ask_manager", "payment_buttons", "shipment_lines", "tracking_buttons", "ways_elsewhere"}
    assert missing == parts | {"canceled_keyboard", "keyboard_from_json", "pages_of", "rest_of"}, (
        "these make no screens"
    )


def test_every_text_there_is_hangs_in_the_gallery(monkeypatch: pytest.MonkeyPatch) -> None:
    said: set[str] = set()

    def noting(name: str, function: Callable[..., str]) -> Callable[..., str]:
        def noted(*args: object, **more: object) -> str:
            said.add(name)
            return function(*args, **more)

        return noted

    sentences: set[str] = set()
    for module in (getattr(texts, found.name) for found in pkgutil.iter_modules(texts.__path__)):
        for name, function in inspect.getmembers(module, inspect.isfunction):
            if function.__module__ == module.__name__ and not name.startswith("_"):
                sentences.add(f"{module.__name__}.{name}")
                monkeypatch.setattr(module, name, noting(f"{module.__name__}.{name}", function))
    for item in [item for items in GALLERY.values() for item in items]:
        item.screen()
    assert sentences - said == set()
