"""The dialect `native`: what a real Bitrix24 portal does, as the bitrix24 reference has it (§1 to §9)."""
