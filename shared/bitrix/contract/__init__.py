"""The dialect `contract`: the spec's table in §2 to the letter."""

from shared.bitrix.contract.portal import ContractPortal
from shared.bitrix.contract.settings import ContractSettings

__all__ = ["ContractPortal", "ContractSettings"]
