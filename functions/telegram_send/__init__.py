"""Cloud Tasks target: messages that could not go out at once. Private."""
