"""Inline mode: goods found from any chat, «@bot дрель», as cards that lead back to the bot."""
