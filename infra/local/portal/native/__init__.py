"""The dialect `native`: what a real Bitrix24 portal does, as shared/bitrix/README.md has it."""
