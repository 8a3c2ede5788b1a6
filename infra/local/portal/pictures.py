"""Pictures of products, drawn on first request: a card with the shelf's icon, the article and the name.

The same product always gets the same picture on the same machine. Cyrillic needs a font file of the system; where none
is found the card does without the name.
"""

from __future__ import annotations

import asyncio
import io
import textwrap
from functools import cache

from PIL import Image, ImageDraw, ImageFont

from infra.local.portal.catalogue import Product
from infra.local.portal.catalogue.model import Picture
from infra.local.portal.icons import COLOURS, draw_icon

SIZE = 800
_HUGE = 30 * 1024 * 1024
"""Larger than Telegram takes."""
_OVERSAMPLING = 2  # lines are drawn twice as large and scaled down: smooth edges
_FONTS = ("DejaVuSans-Bold.ttf", "Arial Bold.ttf", "arialbd.ttf", "LiberationSans-Bold.ttf", "NotoSans-Bold.ttf")
_INK = (38, 43, 51)
_PAPER = (250, 250, 248)


class Pictures:
    """Draws each picture once and keeps it."""

    def __init__(self) -> None:
        self._drawn: dict[tuple[str, int], bytes] = {}

    async def get(self, product: Product, number: int = 0) -> bytes:
        """Return one of a product's pictures, 800 × 800, as JPEG if nothing else is asked of it; 0 is the first."""
        key = (product.id, number)
        if key not in self._drawn:
            self._drawn[key] = await asyncio.to_thread(draw_picture, product, number)
        content = self._drawn[key]
        if product.picture is Picture.HUGE:
            return content + bytes(_HUGE - len(content))  # a JPEG ends where it says, whatever follows
        return await asyncio.to_thread(_as_webp, content) if product.picture is Picture.WEBP else content


def has_file(product: Product) -> bool:
    """Say whether a picture's file is on the disk: its id may be left in the product when it is not."""
    return product.has_picture and product.picture is not Picture.MISSING


def media_type(product: Product) -> str:
    """Return the type of a product's pictures."""
    return "image/webp" if product.picture is Picture.WEBP else "image/jpeg"


def _as_webp(content: bytes) -> bytes:
    out = io.BytesIO()
    Image.open(io.BytesIO(content)).save(out, "WEBP")
    return out.getvalue()


def draw_picture(product: Product, number: int = 0) -> bytes:
    """Draw the card of a product; every other picture has the colours the other way round."""
    big = SIZE * _OVERSAMPLING
    image = Image.new("RGB", (big, big), _PAPER)
    draw = ImageDraw.Draw(image)
    colours = COLOURS[product.category]
    light, dark = colours if number % 2 == 0 else colours[::-1]
    draw.rounded_rectangle((80, 80, big - 80, big - 560), radius=90, fill=light)
    draw_icon(draw, product.category, dark, light)
    _write(draw, product)
    out = io.BytesIO()
    image.resize((SIZE, SIZE), Image.Resampling.LANCZOS).save(out, "JPEG", quality=86)
    return out.getvalue()


def _write(draw: ImageDraw.ImageDraw, product: Product) -> None:
    big = SIZE * _OVERSAMPLING
    name_font = _cyrillic(78)
    if name_font is not None:
        lines = textwrap.wrap(product.name, 28, max_lines=3, placeholder="…")
        draw.multiline_text((90, big - 500), "\n".join(lines), _INK, name_font, spacing=22)
    article_font = _cyrillic(58) or ImageFont.load_default(58)
    article = product.article if name_font is not None else product.article.encode("ascii", "ignore").decode()
    draw.text((90, big - 110), article, COLOURS[product.category][1], article_font)


@cache
def _cyrillic(size: int) -> ImageFont.FreeTypeFont | None:
    """Return a font of the system that has Russian letters, or None."""
    for name in _FONTS:
        try:
            return ImageFont.truetype(name, size)
        except OSError:
            continue
    return None
