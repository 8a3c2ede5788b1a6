"""Every screen as a person can review it: the files in `golden/`, compared exactly.

A file has its screens one after another: a title, the text, the rows of buttons with what they do. `⍽` stands for a
no-break space. After a wanted change write the files anew, and read the difference before it is committed::

    REWRITE_GOLDEN=1 python -m pytest tests/assistant/test_screens.py
"""

from __future__ import annotations

import inspect
import os
import pkgutil
from collections.abc import Callable
from pathlib import Path

import pytest

from shared.assistant import texts
from shared.assistant.chat_view import Screen
from shared.domain.text import NBSP
from shared.telegram.api import InlineKeyboardButton
from tests.assistant.gallery import GALLERY, MODULES

FOLDER = Path(__file__).parent / "golden"
VISIBLE = "⍽"


def _button(button: InlineKeyboardButton) -> str:
    copied = f"⧉ {button.copy_text.text}" if button.copy_text else None
    return f"[{button.text} → {button.url or button.callback_data or copied}]"


def painted(title: str, screen: Screen) -> str:
    """Return a screen as the files have it."""
    rows = screen.keyboard.inline_keyboard if screen.keyboard else []
    text = [screen.text] if screen.text else []
    lines = [f"═══ {title} ═══", *text, *("  ".join(_button(button) for button in row) for row in rows)]
    return "\n".join(lines).replace(NBSP, VISIBLE)


def gallery(name: str) -> str:
    return "\n\n".join(painted(item.title, item.screen()) for item in GALLERY[name]) + "\n"


@pytest.mark.parametrize("name", GALLERY)
def test_screens_are_as_reviewed(name: str) -> None:
    file = FOLDER / f"{name}.txt"
    if os.environ.get("REWRITE_GOLDEN"):
        file.write_text(gallery(name), encoding="utf-8")
    assert gallery(name) == file.read_text(encoding="utf-8")


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
    parts = {"answer_stale", "payment_buttons", "shipment_lines", "tracking_buttons", "ways_elsewhere"}
    assert missing == parts | {"keyboard_from_json", "pages_of", "rest_of"}, "these make no screens"


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
