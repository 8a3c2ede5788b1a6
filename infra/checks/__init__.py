"""Checks that need programs beside Python, and what to say where these are not there."""
