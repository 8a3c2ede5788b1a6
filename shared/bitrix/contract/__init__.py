"""The dialect `contract`: the spec's table in §2 to the letter."""

from shared.bitrix.contract.dialect import ContractPortal

__all__ = ["ContractPortal"]
