"""Telegram's webhook: public, proven by the secret token."""
