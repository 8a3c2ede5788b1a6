"""What the portal tells: every event means «look again»."""
