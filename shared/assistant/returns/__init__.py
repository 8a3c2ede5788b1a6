"""Returning goods: from an order to a registered return, exactly once, and what became of it."""
