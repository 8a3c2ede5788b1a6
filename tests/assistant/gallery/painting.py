"""Screens as a golden file has them.

One after another: a title, the text, the rows of buttons with what they do. `⍽` stands for a no-break space.
"""

from collections.abc import Sequence
from pathlib import Path

from shared.assistant.chat_view import Screen
from shared.domain.text import NBSP
from shared.telegram.api import InlineKeyboardButton
from tests.assistant.gallery.case import Case

FOLDER = Path(__file__).parents[1] / "golden"
VISIBLE = "⍽"


def painted(cases: Sequence[Case]) -> str:
    return "\n\n".join(_painted(case.title, case.screen()) for case in cases) + "\n"


def _painted(title: str, screen: Screen) -> str:
    rows = screen.keyboard.inline_keyboard if screen.keyboard else []
    text = [screen.text] if screen.text else []
    lines = [f"═══ {title} ═══", *text, *("  ".join(_button(button) for button in row) for row in rows)]
    return "\n".join(lines).replace(NBSP, VISIBLE)


def _button(button: InlineKeyboardButton) -> str:
    copied = f"⧉ {button.copy_text.text}" if button.copy_text else None
    return f"[{button.text} → {button.url or button.callback_data or copied}]"
