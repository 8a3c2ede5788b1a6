"""What the sandbox shows of itself: the machine room, the weather, and stories that play themselves."""
