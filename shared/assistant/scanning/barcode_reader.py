"""The program that finds the barcodes on one picture (`shared.assistant.reader_process`)."""

from __future__ import annotations

import io
from typing import Final

from shared.assistant import reader_process

MOST_PIXELS: Final = 30_000_000
"""Of a picture, as it says before it is unpacked; Telegram's photos have a tenth of it."""

SIDE: Final = 2000
"""Pixels of the longer side that are looked at."""

FORMATS: Final = ("JPEG", "PNG", "WEBP")


def codes(content: bytes) -> list[str]:
    """Return what the barcodes say; nothing of what is no picture, or a too large one."""
    import zxingcpp  # noqa: PLC0415 - in this process alone
    from PIL import Image  # noqa: PLC0415 - in this process alone

    try:
        with Image.open(io.BytesIO(content), formats=FORMATS) as picture:
            if picture.width * picture.height > MOST_PIXELS:
                return []
            # A JPEG is unpacked no larger than is looked at.
            picture.draft("L", (SIDE, SIDE))
            grey = picture.convert("L")
    except (OSError, ValueError, SyntaxError, MemoryError, Image.DecompressionBombError):
        return []
    grey.thumbnail((SIDE, SIDE))
    return [found.text for found in zxingcpp.read_barcodes(grey) if found.valid]


if __name__ == "__main__":
    reader_process.answer(codes)
