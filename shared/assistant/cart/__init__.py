"""What a master is going to order."""
