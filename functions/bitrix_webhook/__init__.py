"""Bitrix events at /webhook/bitrix: public, proven by the signature."""
