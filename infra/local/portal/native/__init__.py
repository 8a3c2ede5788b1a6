"""The dialect `native`: what a real Bitrix24 portal does."""
