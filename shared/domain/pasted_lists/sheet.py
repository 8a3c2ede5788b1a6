"""A sheet of a workbook as texts, whoever read it. Pure."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Sheet:
    """A sheet of a workbook: the texts of its cells as they are shown, a row each."""

    name: str
    rows: Sequence[Sequence[str]]


SheetsReader = Callable[[bytes], Sequence[Sheet]]
"""Reads a workbook's sheets. Raises FileTroubleError."""
