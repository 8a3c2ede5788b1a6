"""The store: one port, two adapters, and the unit of work on top."""
