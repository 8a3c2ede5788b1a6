"""Metadata of dataclass fields that tell how job payloads hold them (`shared.pipeline.payloads`)."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

COUNT: Final[Mapping[str, bool]] = MappingProxyType({"count": True})
"""Of a quantity, which is held as records hold it: whole ones as an int (`shared.domain.quantities`)."""

UNLESS_DEFAULT: Final[Mapping[str, bool]] = MappingProxyType({"unless_default": True})
"""Of a field that is stored only when it says something."""
