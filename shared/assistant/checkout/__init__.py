"""From the cart to an order, exactly once."""
