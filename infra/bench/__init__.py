"""Measurements of what the bot is good at, on a corpus and a simulated portal: `assistant bench`."""
