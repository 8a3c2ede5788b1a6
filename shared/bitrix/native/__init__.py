"""The dialect `native`: the real Bitrix24 REST as documented (bitrix24 reference §5 to §9)."""

from shared.bitrix.native.portal import NativePortal
from shared.bitrix.native.settings import NativeSettings

__all__ = ["NativePortal", "NativeSettings"]
