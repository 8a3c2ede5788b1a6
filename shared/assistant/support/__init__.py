"""Talking with the operators: /support, and a topic of their chat for each master."""
