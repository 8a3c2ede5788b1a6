"""The whole system on one machine (ARCHITECTURE §9)."""
