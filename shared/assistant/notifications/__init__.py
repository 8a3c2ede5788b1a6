"""News of orders: every event of the portal means «look again»."""
