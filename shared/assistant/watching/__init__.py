"""Watching a product: the master is told once when it is back in stock, or each time it gets cheaper."""
