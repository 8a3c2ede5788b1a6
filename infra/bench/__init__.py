"""Measurements of how fast the bot is and of what it is good at: `assistant bench`."""
