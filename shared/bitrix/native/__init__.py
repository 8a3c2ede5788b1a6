"""The dialect `native`: the real Bitrix24 REST as documented (shared/bitrix/README.md)."""

from shared.bitrix.native.portal import NativePortal
from shared.bitrix.native.settings import NativeSettings

__all__ = ["NativePortal", "NativeSettings"]
