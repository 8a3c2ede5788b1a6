"""Every screen a master can meet, by capability: what the golden files show."""

from importlib import import_module
from pathlib import Path

import shared.assistant
from tests.assistant.gallery.case import Case

CAPABILITIES = (
    "onboarding", "search", "inline", "lists", "cart", "checkout", "orders", "returns", "notifications", "preferences",
    "support", "watching", "saved_lists", "scanning",
)  # fmt: skip

GALLERY: dict[str, list[Case]] = {name: import_module(f"{__name__}.test_{name}").CASES for name in CAPABILITIES}
"""The golden file of each list has its name."""

_ROOM = Path(shared.assistant.__file__).parent

MODULES = [
    import_module(".".join(("shared.assistant", *path.relative_to(_ROOM).with_suffix("").parts)))
    for path in sorted(_ROOM.rglob("*screens.py"))
]
"""Where screens are made: each public function of these is in the gallery."""
