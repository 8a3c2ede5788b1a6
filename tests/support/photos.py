"""Photos as a telephone sends them: of goods, and of barcodes."""

from __future__ import annotations

import io
from typing import Any

import zxingcpp
from PIL import Image

SHADES = 144


def snapshot(shade: int) -> bytes:
    """Return a picture that no other shade below `SHADES` makes."""
    target = io.BytesIO()
    Image.new("RGB", (32, 32), (20 * (shade % 12), 90, 20 * (shade // 12))).save(target, "JPEG")
    return target.getvalue()


def label(
    text: str, kind: zxingcpp.BarcodeFormat = zxingcpp.BarcodeFormat.EAN13, suffix: str = "JPEG", *, gs1: bool = False
) -> bytes:
    """Return a photo of a label, held a little askew; with `gs1` the text's numbers in brackets name its parts."""
    # It has the interface of an array, which its types do not tell.
    code: Any = zxingcpp.create_barcode(text, kind, gs1=gs1).to_image(scale=4)
    photo, file = Image.new("L", (1280, 960), 230), io.BytesIO()
    photo.paste(Image.fromarray(code), (200, 300))
    photo.rotate(12, fillcolor=230).save(file, suffix)
    return file.getvalue()
